// What the colours mean: each actor of the map and how many places it has.
import { computed } from "@preact/signals";
import { cssColour } from "../map/colours";
import { open } from "../state/shown";
import { column } from "../state/situation";
import { actorName } from "../state/actors";
import { words } from "../words/words";

/** How many places each actor has on the map, alone or with others; the most first. */
export const counted = computed(() => {
  const counts = new Map<string, number>();
  const shown = column.value;
  if (!shown) return [];
  for (const number of shown.numbers) {
    const look = shown.looks[number]!;
    if (!look.told) continue;
    for (const holder of look.holders) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1]);
});

export function Legend() {
  return (
    <ul class="legend" aria-label={words.value.map.legend}>
      {counted.value.map(([actor, places]) => (
        <li key={actor}>
          <button type="button" onClick={() => open({ name: "actor", of: actor })}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <circle cx="5" cy="5" r="5" fill={cssColour(actor)} />
            </svg>
            {actorName(actor)} <span class="count">{places}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
