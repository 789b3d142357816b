// What the page says of the situation page.

export const situation = {
  title: "The situation",
  lately: "Told of the last",
  days: (count: number) => (count === 365 ? "year" : `${count} days`),
  notes: "Notes",
  event: "the event",
};
