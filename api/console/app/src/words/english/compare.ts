// What the page says of a comparison.

export const compare = {
  title: "Compare",
  lead: "What the map shows, beside another moment or another state of knowledge. Places that differ have a yellow halo.",
  left: "Left of the line",
  right: "Right of the line",
  moment: "Moment left of the line",
  setBelow: "Both times below the map set this side.",
  share: "Share this comparison",
  exchange: "Exchange the sides",
  swipe: "Line between the sides",
  swiped: (share: number) => `the left side on ${share} % of the map`,
  then: "then",
  found: (count: number) =>
    count === 0
      ? "The two say the same of every place."
      : count === 1
        ? "The two differ about 1 place."
        : `The two differ about ${count} places.`,
  counts: (left: number, right: number) => `left ${left}, right ${right}`,
  onLeft: (look: string) => `Left: ${look}`,
  onRight: (look: string) => `Right: ${look}`,
};
