// What the page says of both times.

export const times = {
  both: "Both times",
  moment: "Moment in the world",
  knowledge: "What was known",
  now: "All that is known now",
  published: "As public on",
  recorded: "As we knew on",
  together: "move both together",
  play: "Play",
  pause: "Pause",
  before: "Step to the change before",
  after: "Step to the next change",
  noMoment: "Write a day as 2023-11-20, or an instant as 2023-11-20T18:00Z.",
  pinned: (position: number) => `Pinned to position ${position} of the ledger`,
  unpin: "Unpin",
  notRecorded: (day: string) => `Nothing was recorded before ${day}.`,
  notPublished: (day: string) => `Nothing was public before ${day}.`,
  nothingYet: "Nothing has been recorded yet.",
  goToFirst: "Go to that day",
  between: (first: string, last: string) => `between ${first} and ${last}`,
};
