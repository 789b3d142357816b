// What the page says of a comparison.

export const compare = {
  title: "Compare",
  lead: "What the map shows, beside another moment or another state of knowledge.",
  other: "The other side",
  moment: "Moment of the other side",
  exchange: "Exchange the sides",
  swipe: "Line between the sides",
  swiped: (share: number) => `the other side on ${share} % of the map`,
  then: "then",
  found: (count: number) =>
    count === 0
      ? "They say the same of every place."
      : count === 1
        ? "They say otherwise of 1 place."
        : `They say otherwise of ${count} places.`,
};
