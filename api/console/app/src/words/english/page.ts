// What the page says of the frame of the page.

export const page = {
  title: "Who controlled what",
  close: "Close",
  beside: "Beside the map",
  loading: "Reading …",
  notLoaded: "It could not be read; try again.",
  unread: (parts: string) => `The address could not be read whole; left out: ${parts}`,
  retry: "Try again",
  language: "Language",
  and: " and ",
  line: { connecting: "connecting", live: "live", offline: "offline: shows what was last read" },
  position: (shown: number, head: number) =>
    shown === head ? `${shown} entries` : `${shown} of ${head} entries`,
  positionMeans: "The ledger grows by an entry with all that is recorded, and nothing leaves it. Position 3 is the ledger with its first 3 entries.",
  lag: (entries: number) => `${entries} entries behind`,
  token: "Token",
  tokenWanted: "This server answers with a token only.",
  useToken: "Use it",
  menu: "Panels",
  situation: "Situation",
  compare: "Compare",
  share: "Share",
  keys: "Shortcuts",
  record: "Record",
  search: "Search",
};
