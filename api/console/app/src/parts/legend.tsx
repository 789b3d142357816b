// What colours and signs mean: each actor of the map with the number of its places, and each sign.
import { computed } from "@preact/signals";
import { cssColour, placesOf } from "../map/colours";
import { actorName } from "../state/actors";
import { pointedActor } from "../state/pointed";
import { open } from "../state/shown";
import { column, otherColumn } from "../state/situation";
import { slowly } from "../state/slowly";
import { words } from "../words/words";
import "./legend.css";
import { Signs } from "./signs";

export interface Holder {
  actor: string;
  places: number;
  /** Left of the line of a comparison; null without one. */
  left: number | null;
}

/** How many places each actor has on the map, alone or with others; the most first. */
export const counted = computed<Holder[]>(() => {
  if (!column.value) return [];
  const right = placesOf(column.value);
  const left = otherColumn.value && placesOf(otherColumn.value);
  const most = ({ places, left }: Holder) => Math.max(places, left ?? 0);
  return [...new Set([...right.keys(), ...(left?.keys() ?? [])])]
    .map((actor) => ({ actor, places: right.get(actor) ?? 0, left: left && (left.get(actor) ?? 0) }))
    .sort((one, other) => most(other) - most(one));
});

export const countInWords = ({ places, left }: Holder): string =>
  left === null ? String(places) : words.value.compare.counts(left, places);
const shown = slowly(counted);
/** On a phone the legend would cover the map. */
const isWide = window.matchMedia("(min-width: 45rem)").matches;

export function Legend() {
  const said = words.value.map;
  return (
    <details class="legend" open={isWide}>
      <summary>{said.legend}</summary>
      <ul aria-label={said.holders}>
        {shown.value.map((holder) => <HolderItem key={holder.actor} holder={holder} />)}
      </ul>
      <details>
        <summary>{said.signs}</summary>
        <Signs />
      </details>
    </details>
  );
}

function HolderItem({ holder }: { holder: Holder }) {
  const { actor, places, left } = holder;
  const point = () => (pointedActor.value = actor);
  const leave = () => (pointedActor.value = null);
  return (
    <li>
      <button
        type="button"
        onClick={() => open({ name: "actor", of: actor })}
        onMouseEnter={point}
        onFocus={point}
        onMouseLeave={leave}
        onBlur={leave}
      >
        <svg viewBox="-6 -6 12 12" aria-hidden="true">
          <circle class="edge" r="5" fill={cssColour(actor)} />
        </svg>
        <bdi>{actorName(actor)}</bdi>{" "}
        {left === null ? (
          <span class="count">{places}</span>
        ) : (
          <span class="count" title={countInWords(holder)}>
            <span aria-hidden="true" dir="ltr">{`${left} | ${places}`}</span>
            <span class="hidden">{countInWords(holder)}</span>
          </span>
        )}
      </button>
    </li>
  );
}
