// The places of which the two sides of a comparison differ, as far as the map shows them.
import { computed } from "@preact/signals";
import type { Look } from "../server/columns";
import { column, otherColumn } from "./situation";

/** Numbers of places in the list; none without a comparison. */
export const differing = computed<readonly number[]>(() => {
  const [now, other] = [column.value, otherColumn.value];
  if (!now || !other || now.places !== other.places) return [];
  const [before, behind] = [other.looks.map(told), now.looks.map(told)];
  const found: number[] = [];
  for (let place = 0; place < now.numbers.length; place++) {
    if (before[other.numbers[place]!] !== behind[now.numbers[place]!]) found.push(place);
  }
  return found;
});

const told = ({ status, holders, certain, disputed }: Look): string =>
  JSON.stringify([status, [...holders].sort(), certain, disputed]);
