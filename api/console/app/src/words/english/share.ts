// What the page says of pinning, citing and taking along.

export const share = {
  title: "Pin, cite, take along",
  lead: (position: number) =>
    `Pinned to a position of the ledger, the map shows the same for ever, whatever is recorded later. Position ${position} is the ledger with its first ${position} entries.`,
  pin: (position: number) => `Pin to position ${position}`,
  at: (moment: string) => (moment.length === 10 ? `at the close of ${moment} (UTC)` : `at ${moment}`),
  known: "all that is known at this position",
  knownNow: "as known now",
  compared: (side: string) => `compared with: ${side}`,
  published: (moment: string) => `as public on ${moment}`,
  recorded: (moment: string) => `as recorded by ${moment}`,
  position: (position: number) => `position ${position} of the ledger`,
  according: (whose: string) => `according to ${whose}`,
  link: "Link that shows this for ever",
  loopback:
    "This node is reached on this machine only, and so is the link: for others to open it, the node has to be served at an address of its own.",
  wherever: "It opens wherever this node can be reached.",
  token: "Token, for `tenure situation --token`",
  tokenOfRight: "Token of the right side, for `tenure situation --token`",
  tablesOfRight: "The picture has both sides; the tables have the right one.",
  rule: (version: string) => `rule of control, version ${version}`,
  cite: "Citation",
  citation: (basis: string, rule: string, link: string, day: string) =>
    `Tenure, who controlled what, ${basis}${rule && `; ${rule}`}. ${link} (read ${day}).`,
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser does not let the page copy; select the text and copy it.",
  files: "Files",
  credit: (whose: string) => `Map: ${whose}`,
  picture: "Picture (PNG)",
  pictureTitle: "Who controlled what",
  csv: "Table (CSV)",
  geojson: "GeoJSON",
  print: "Print",
};
