// What the page says of an actor.

export const actor = {
  unknown: "There is no such actor.",
  kinds: {
    STATE_FORCE: "State force",
    ARMED_GROUP: "Armed group",
    COALITION: "Coalition",
    MISSION: "Mission",
    PRIVATE_FORCE: "Private force",
    STATE: "State",
    CIVILIANS: "Civilians",
  },
  also: (names: string) => `also ${names}`,
  now: (name: string) => `now ${name}`,
  holds: (count: number) =>
    count === 0 ? "Holds no place" : count === 1 ? "Holds 1 place" : `Holds ${count} places`,
  with: (others: string) => `with ${others}`,
  since: (day: string) => `since ${day}`,
  until: (day: string) => `until ${day}`,
  allies: "Allies",
  patrons: "Leans on",
  sieges: "Besieges",
  missions: "Deployed",
  convoys: "Convoys",
  phases: {
    MOVING: "moving",
    STALLED: "stalled",
    UNKNOWN: "where it is, is not known",
    ARRIVED: "arrived",
  },
  haltedBy: (others: string) => `halted by ${others}`,
  lineage: "Where it comes from, and whom it belongs to",
  predecessors: "Came from",
  successors: "Became",
  parents: "Belongs to",
  coalitions: "In coalitions",
  members: "Members",
  affiliates: "Affiliates",
  names: "Names through time",
  curve: (most: number, first: string, last: string, isSampled: boolean) =>
    `Places held from ${first} to ${last}, ${isSampled ? `on the days drawn at most ${most}` : `at most ${most}`}`,
};
