// What the page says of pinning, citing and taking along.

export const share = {
  title: "Pin, cite, take along",
  lead: "Pinned to a position of the ledger, the map shows the same for ever, whatever is recorded later.",
  pin: (position: number) => `Pin to position ${position}`,
  at: (moment: string) => (moment.length === 10 ? `at the close of ${moment} (UTC)` : `at ${moment}`),
  known: "all that is known at this position",
  compared: (side: string) => `compared with: ${side}`,
  published: (moment: string) => `as public on ${moment}`,
  recorded: (moment: string) => `as recorded by ${moment}`,
  position: (position: number) => `position ${position} of the ledger`,
  according: (whose: string) => `according to ${whose}`,
  link: "Link that shows this for ever",
  token: "Token, for `tenure situation --token`",
  cite: "Citation",
  citation: (basis: string, rule: string, link: string, day: string) =>
    `Tenure, who controlled what, ${basis}${rule && `; ${rule}`}. ${link} (read ${day}).`,
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser does not let the page copy; select the text and copy it.",
  files: "Files",
  picture: "Picture (PNG)",
  pictureTitle: "Who controlled what",
  csv: "Table (CSV)",
  geojson: "GeoJSON",
  print: "Print",
};
