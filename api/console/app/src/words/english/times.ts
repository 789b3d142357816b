// What the page says of both times.

export const times = {
  moment: "Moment in the world",
  knowledge: "What was known",
  now: "All that is known now",
  published: "As public on",
  recorded: "As we knew on",
  play: "Play",
  pause: "Pause",
  before: "Step to the change before",
  after: "Step to the next change",
};
