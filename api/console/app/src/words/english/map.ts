// What the page says of the map, its legend and its list.
import type { Status } from "../../server/columns";

export const map = {
  map: "Map of who controls each place",
  legend: "Who holds how many places",
  filter: "Filter by place or actor",
  more: (count: number) => `and ${count} more; filter to see them`,
  status: {
    HELD: "held by",
    CONTESTED: "contested between",
    VACANT: "held by nobody",
    DISPUTED: "disputed between",
    UNKNOWN: "not known",
  } satisfies Record<Status, string>,
  uncertain: "not certain",
  isDisputed: "disputed",
  siege: "besieged",
  possibleSiege: "possibly besieged",
};
