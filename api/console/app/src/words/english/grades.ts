// What the page says of grades: the Admiralty code (AJP-2.1).
import type { Reliability } from "../../made/graphql";

export const grades = {
  grade: (grade: string) => `Grade ${grade}`,
  reliability: {
    A: "completely reliable source",
    B: "usually reliable source",
    C: "fairly reliable source",
    D: "not usually reliable source",
    E: "unreliable source",
    F: "source whose reliability cannot be judged",
  } satisfies Record<Reliability, string>,
  /** From 1 on. */
  credibility: [
    "confirmed by others",
    "probably true",
    "possibly true",
    "doubtful",
    "improbable",
    "truth cannot be judged",
  ],
};
