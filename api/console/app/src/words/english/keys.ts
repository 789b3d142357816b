// What the page says of its shortcuts.

export const keys = {
  title: "Shortcuts",
  on: "Use these shortcuts",
  escape: "Close the panel",
  does: {
    before: "Step to the change before",
    after: "Step to the next change",
    play: "Play, or pause",
    search: "Search",
    situation: "The situation page",
    compare: "Compare",
    whose: "Whose word counts",
    keys: "These shortcuts",
  },
};
