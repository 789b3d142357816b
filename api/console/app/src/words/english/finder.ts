// What the page says of fields that find things.

export const finder = {
  find: {
    LOCATION: "Type a place",
    ACTOR: "Type an actor",
    SOURCE: "Type a source",
    REPORT: "Type a title, or a word of it",
    EVENT: "Type the id of an event",
  },
  nothingFound: "Nothing goes by that name.",
  remove: (name: string) => `${name}: choose another`,
  within: "Within",
  everywhere: "everywhere",
};
