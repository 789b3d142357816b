// What the page says of whose word counts. The grades are those of the Admiralty code.

export const whose = {
  title: "Whose word counts",
  lead: "The map and every panel answer from the words that count here.",
  everybody: "everybody’s word",
  left: (count: number) => (count === 1 ? "1 source left out" : `${count} sources left out`),
  atLeast: (grade: string) => `at least ${grade}`,
  sources: "Sources",
  filter: "Filter the sources",
  further: "Further sources",
  reset: "Let everybody’s word count",
  reliability: "Reliability of the source, at least",
  reliabilities: {
    A: "A, completely reliable",
    B: "B, usually reliable",
    C: "C, fairly reliable",
    D: "D, not usually reliable",
    E: "E, unreliable",
    F: "F, not judged: every source counts",
  },
  credibility: "Credibility of what is said, at least",
  credibilities: {
    1: "1, confirmed",
    2: "2, probably true",
    3: "3, possibly true",
    4: "4, doubtful",
    5: "5, improbable",
    6: "6, not judged: everything counts",
  },
};
