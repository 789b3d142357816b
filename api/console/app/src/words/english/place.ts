// What the page says of a place.
import type { LocationKind } from "../../made/graphql";

export const place = {
  kind: {
    TOWN: "Town",
    BASE: "Base",
    REGION: "Region",
    ROUTE: "Route",
    SITE: "Site",
  } satisfies Record<LocationKind, string>,
  lies: " in ",
  alsoCalled: (names: string) => `Also called ${names}`,
  answer: "The answer",
  on: (moment: string) => `On ${moment}`,
  corroborated: (count: number) =>
    count === 1 ? "1 source says so" : `${count} independent sources say so`,
  corroboratedAsOther: (count: number, names: string) =>
    count === 1 ? `1 source, which does not name ${names}` : `${count} independent sources, none of which names ${names}`,
  succeeded: (names: string) => `succeeded ${names}`,
  mergedFrom: (names: string) => `${names} merged into it`,
  splitFrom: (names: string) => `split from ${names}`,
  publicOn: (moment: string) => `as public on ${moment}`,
  recordedBy: (moment: string) => `as we knew on ${moment}`,
  upToEntry: (position: number) => `as known up to entry ${position}`,
  carried: (moment: string, known: string) =>
    `Nothing of ${moment} could be known on ${known}: what was known then is carried forward.`,
  sinceWhen: "Since",
  seenBy: "Seen so by",
  seen: "Seen so",
  untilWhen: "Next change",
  lastHeard: "Last heard of",
  daysBefore: (days: number) => (days === 1 ? "1 day before" : `${days} days before`),
  besiegedBy: "by",
  since: (when: string) => `since ${when}`,
  leftOut: (count: number) =>
    count === 1
      ? "One statement about this place does not count by your choice of sources and grades."
      : `${count} statements about this place do not count by your choice of sources and grades.`,
  notPublic: (count: number) =>
    count === 1
      ? "One statement about this place was not public by then."
      : `${count} statements about this place were not public by then.`,
  leftOutOrNotPublic: (count: number) =>
    count === 1
      ? "One statement about this place was not public by then, or does not count by your choice of sources and grades."
      : `${count} statements about this place were not public by then, or do not count by your choice of sources and grades.`,
  neverRecorded: "Nothing that says who holds this place has been recorded.",
  recordedLater: (position: number) =>
    `Nothing that says who holds it had been recorded by then; the first such entry is ${position}.`,
  nothingCounts:
    "What was recorded about it tells of other times, was taken back, or counts no more.",
  aroundIt: "The place around it,",
  byOthers: "(by sources that don’t count now)",
  more: (actor: string) => `More about ${actor}`,
  explanation: "Why we say so, in full",
  known: "Known",
  position: (position: number) => `entry ${position}`,
  whose: "Whose word",
  rule: "Rule of control",
  token: "Token",
  timeline: "Through time",
  periods: (count: number) => `The same as a list (${count})`,
  aroundMoment: "Only the periods around the moment are listed.",
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  fromOn: (from: string) => `from ${from} on`,
  upTo: (to: string) => `up to ${to}`,
  always: "at all times",
  disputeEnded: "No longer disputed:",
  evidence: "Evidence",
  rivals: "Who disputes it",
  possible: "Also possible",
  asPartOf: (place: string) => `as part of ${place}`,
  outweighed: (count: number) => `Outweighed (${count})`,
  chronicle: "What happened here",
  earlier: "Earlier events",
  later: "Later events",
  nothingEarlier: "Nothing is told of the time up to then.",
  nothingLater: "Nothing is told of the time after.",
  revisions: "How this answer changed",
  revised: (moment: string, count: number) =>
    count === 0
      ? `Nothing that is recorded changes the answer for ${moment}.`
      : count === 1
      ? `The answer for ${moment} has not changed since the first report.`
      : `The answer for ${moment} as reports were recorded:`,
  earlierChanges: (count: number) => (count === 1 ? "1 earlier change" : `${count} earlier changes`),
  notKnown: "learned later",
  takenBackSince: (count: number) =>
    count === 1 ? "A statement behind this was taken back later." : `${count} statements behind this were taken back later.`,
  takenBackIn: (position: number) => `Taken back in entry ${position}`,
  none: "none",
  noAnswer: "nothing recorded",
  then: "then",
  around: "In it and around it",
  liesIn: "It lies in",
  inside: "Places in it",
  nearest: "Nearest",
  onlyFirst: (count: number) => `Only the first ${count} are shown.`,
  away: (kilometres: number, direction: string) =>
    kilometres < 1 ? "at the same place" : `${Math.round(kilometres)} km ${direction}`,
  /** North, and on with the sun. */
  directions: ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
};
