// What the page says of the search.
import type { ActorKind } from "../../made/graphql";

export const search = {
  label: "Search places, actors, sources, reports and events",
  placeholder: "Search everything",
  found: "Found",
  all: (text: string) => `All that is found for “${text}”`,
  count: (count: number) => (count === 1 ? "1 result" : `${count} results`),
  results: (text: string) => `Found for “${text}”`,
  nothing: "Nothing has such a name. Another spelling, or fewer words, may find more.",
  refine: (count: number) => `Only the first ${count} are shown; more words find fewer.`,
  kinds: {
    places: "Places",
    actors: "Actors",
    sources: "Sources",
    reports: "Reports",
    events: "Events",
  },
  actorKind: {
    STATE_FORCE: "state force",
    ARMED_GROUP: "armed group",
    COALITION: "coalition",
    MISSION: "mission",
    PRIVATE_FORCE: "private force",
    STATE: "state",
    CIVILIANS: "civilians",
  } satisfies Record<ActorKind, string>,
};
