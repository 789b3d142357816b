// Was an entry there to be known at the state of knowledge that the page shows?
import { instantOf } from "./days";
import { shown } from "./shown";

interface Entry {
  position: number;
  recordedAt: string;
  report?: { published: { latest: string } } | null | undefined;
}

export type Unknown = "not recorded" | "not public";

/** Why it was not known; null where it was. Entries without a report are ours, and public. */
export function whyUnknown({ position, recordedAt, report }: Entry): Unknown | null {
  const { knowledge, position: pinned } = shown.value;
  if (pinned !== null && position > pinned) return "not recorded";
  if (knowledge.by === "now") return null;
  const then = instantOf(knowledge.at);
  if (knowledge.by === "recorded") {
    return pinned === null && Date.parse(recordedAt) > then ? "not recorded" : null;
  }
  return report && Date.parse(report.published.latest) - 1 > then ? "not public" : null;
}
