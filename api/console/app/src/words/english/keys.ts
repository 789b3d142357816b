// What the page says of its keys.

export const keys = {
  title: "Keys",
  on: "Listen to these keys",
  escape: "Close the panel",
  does: {
    before: "Step to the change before",
    after: "Step to the next change",
    play: "Play, or pause",
    search: "Search",
    situation: "The situation page",
    compare: "Compare",
    whose: "Whose word counts",
    keys: "These keys",
  },
};
