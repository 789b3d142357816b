// What the page says of the situation page.

export const situation = {
  title: "The situation",
  within: "Within",
  everywhere: "everywhere",
  lately: "Told of the last",
  days: (count: number) => (count === 365 ? "year" : `${count} days`),
  ask: "Show",
  notes: "Notes",
  event: "the event",
};
