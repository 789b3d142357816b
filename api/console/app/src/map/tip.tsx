// What stands beside the places that a person points at: the sentence of each.
import { signal } from "@preact/signals";
import { pointed } from "../state/pointed";
import { column, places } from "../state/situation";
import { PlaceWords } from "../parts/place_words";
import { words } from "../words/words";

export interface Tip {
  /** Where the symbol stands in the map, in pixels, and half its width. */
  x: number;
  y: number;
  radius: number;
  /** Whether it stands in the lower half, so that there is more room above. */
  isLow: boolean;
  places: readonly number[];
}

export const tip = signal<Tip | null>(null);
/** Why the style that the node names is not there. */
export const baseProblem = signal<Error | null>(null);

const MOST = 6;

export function TipBox() {
  const now = tip.value;
  if (!now || !places.value || !column.value) return null;
  const { x, y, radius, isLow } = now;
  const top = isLow ? y - radius : y + radius;
  const shown = now.places.slice(0, MOST);
  return (
    <div
      class={isLow ? "tip above" : "tip"}
      role="tooltip"
      style={{ left: `${x}px`, top: `${top}px` }}
      onMouseLeave={() => (pointed.value = null)}
    >
      {shown.map((place) => (
        <p key={place}>
          <PlaceWords place={place} now={column.value!} isDated />
        </p>
      ))}
      {now.places.length > MOST && <p>{words.value.map.others(now.places.length - MOST)}</p>}
    </div>
  );
}
