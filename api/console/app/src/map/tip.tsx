// What stands beside the places that a person points at: the sentence of each, of both sides where two
// are compared. It stays on the map.
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { actorName } from "../state/actors";
import { differing } from "../state/differences";
import { pointed } from "../state/pointed";
import { column, otherColumn, places } from "../state/situation";
import { PlaceWords } from "../parts/place_words";
import type { Column } from "../server/columns";
import { inWords } from "../words/in_words";
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
const MARGIN = 6; // pixels to the edges of the map and to the symbol

export function TipBox() {
  const element = useRef<HTMLDivElement>(null);
  const now = tip.value;
  const isThere = now && places.value && column.value;
  useLayoutEffect(() => {
    if (now && element.current) keepWithin(element.current, now);
  });
  if (!isThere) return null;
  const shown = now.places.slice(0, MOST);
  return (
    <div class="tip" role="tooltip" ref={element} onMouseLeave={() => (pointed.value = null)}>
      {shown.map((place) => (
        <p key={place}>
          {otherColumn.value && differing.value.includes(place) ? (
            <BothSides place={place} left={otherColumn.value} right={column.value!} />
          ) : (
            <PlaceWords place={place} now={column.value!} isDated />
          )}
        </p>
      ))}
      {now.places.length > MOST && <p>{words.value.map.others(now.places.length - MOST)}</p>}
    </div>
  );
}

function BothSides({ place, left, right }: { place: number; left: Column; right: Column }) {
  const said = words.value;
  const look = (side: Column) => inWords(side.looks[side.numbers[place]!]!, actorName, said);
  return (
    <>
      <strong>{places.value!.name[place]}</strong>
      <span class="side">{said.compare.onLeft(look(left))}</span>
      <span class="side">{said.compare.onRight(look(right))}</span>
    </>
  );
}

/** Above or below the symbol, and no farther to a side than the map. */
function keepWithin(box: HTMLElement, { x, y, radius, isLow }: Tip): void {
  const map = box.parentElement!;
  const within = (at: number, size: number, all: number) =>
    Math.max(MARGIN, Math.min(at, all - size - MARGIN));
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const top = isLow ? y - radius - MARGIN - height : y + radius + MARGIN;
  box.style.left = `${within(x - width / 2, width, map.clientWidth)}px`;
  box.style.top = `${within(top, height, map.clientHeight)}px`;
}
