// What colours and signs mean: each actor of the map with the number of its places, and each sign.
import { computed } from "@preact/signals";
import { cssColour, placesOf } from "../map/colours";
import { actorName } from "../state/actors";
import { pointedActor } from "../state/pointed";
import { open } from "../state/shown";
import { column } from "../state/situation";
import { slowly } from "../state/slowly";
import { words } from "../words/words";
import "./legend.css";
import { Signs } from "./signs";

/** How many places each actor has on the map, alone or with others; the most first. */
export const counted = computed(() =>
  column.value ? [...placesOf(column.value)].sort((one, other) => other[1] - one[1]) : [],
);
const shown = slowly(counted);
/** On a phone the legend would cover the map. */
const isWide = window.matchMedia("(min-width: 45rem)").matches;

export function Legend() {
  const said = words.value.map;
  const stopPointing = () => (pointedActor.value = null);
  return (
    <details class="legend" open={isWide}>
      <summary>{said.legend}</summary>
      <ul aria-label={said.holders}>
        {shown.value.map(([actor, places]) => (
          <li key={actor}>
            <button
              type="button"
              onClick={() => open({ name: "actor", of: actor })}
              onMouseEnter={() => (pointedActor.value = actor)}
              onFocus={() => (pointedActor.value = actor)}
              onMouseLeave={stopPointing}
              onBlur={stopPointing}
            >
              <svg viewBox="-6 -6 12 12" aria-hidden="true">
                <circle class="edge" r="5" fill={cssColour(actor)} />
              </svg>
              <bdi>{actorName(actor)}</bdi> <span class="count">{places}</span>
            </button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{said.signs}</summary>
        <Signs />
      </details>
    </details>
  );
}
