// What the page says of both times.

export const times = {
  both: "Both times",
  moment: "Moment in the world",
  knowledge: "What was known",
  now: "All that is known now",
  published: "As public on",
  recorded: "As we knew on",
  together: "known that same day",
  play: "Play",
  pause: "Pause",
  speed: "How fast it plays",
  speeds: {
    all: "all in 30 s",
    month: "month / s",
    week: "week / s",
    day: "day / s",
  },
  before: "Step to the change before",
  after: "Step to the next change",
  noMoment: "Write a day as 2023-11-20 or 20 Nov 2023, or an instant as 2023-11-20T18:00Z.",
  pinned: (position: number) => `Pinned to position ${position} of the ledger`,
  unpin: "Unpin",
};
