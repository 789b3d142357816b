// What the page says of an event.

/** "TownSeized" as "Town seized", "syndicated_from" as "syndicated from". */
const spaced = (name: string) =>
  name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").replaceAll("_", " ").toLowerCase();
const label = (name: string) => spaced(name).replace(/^./, (first) => first.toUpperCase());

export const event = {
  isAbout: "It is about:",
  types: label,
  field: label,
  unknown: "There is no such event.",
  happened: (when: string) => `Happened ${when}`,
  retracted: "taken back",
  isRetracted: "This was taken back: no answer uses it any more.",
  notRecordedYet: "This had not been recorded at the time of knowledge that you look at.",
  notPublicYet: (moment: string) => `This was not public on ${moment}, the time of knowledge that you look at.`,
  history: "Taken back, reinstated, corrected",
  replacedBy: "Corrected as:",
  word: "Whose word it is",
  passage: "Where in the report",
  about: "About",
  recorded: "In the ledger",
  recordedAt: "Recorded",
  recordedBy: "Recorded by",
  position: "Entry",
  id: "Id",
  fields: "All that was recorded",
};
