// The line between the two sides of a comparison, which a person draws over the map: left of it the
// other side, right of it what the page shows.
import { signal } from "@preact/signals";
import "./swipe.css";
import { type Caption, captions } from "../share/basis";
import { words } from "../words/words";

/** Where the line stands, as a share of the map's width. */
export const split = signal(0.5);

const [LEAST, MOST, STEP] = [0.02, 0.98, 0.02];
const ROOM = 80; // pixels for the caption of a side, where the line begins
/** Whether a person has moved the line, and for which other side it was placed. */
let [isByHand, placedFor] = [false, ""];

function move(to: number): void {
  isByHand = true;
  split.value = Math.min(MOST, Math.max(LEAST, to));
}

/** Places the line amid what differs, given as pixels of the map's width, once for each other side. */
export function beginLine(differing: readonly number[], width: number, otherSide: string): void {
  if (isByHand || !differing.length || placedFor === otherSide) return;
  placedFor = otherSide;
  const middle = (Math.min(...differing) + Math.max(...differing)) / 2;
  split.value = Math.min(width - ROOM, Math.max(ROOM, middle)) / width;
}

export function endLine(): void {
  [isByHand, placedFor, split.value] = [false, "", 0.5];
}

export function Swipe() {
  const said = words.value.compare;
  const share = Math.round(split.value * 100);
  const at = `${split.value * 100}%`;
  const drag = (event: PointerEvent) => {
    const bar = event.currentTarget as HTMLElement;
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = bar.parentElement!.getBoundingClientRect();
    move((event.clientX - box.left) / box.width);
  };
  const [left, right] = captions.value;
  return (
    <div class="swipe" dir="ltr">
      <div class="side left" style={{ inlineSize: at }}>
        <Text of={left} />
      </div>
      <div class="side right" style={{ insetInlineStart: at }}>
        <Text of={right} />
      </div>
      <div
        class="bar"
        role="slider"
        tabIndex={0}
        aria-label={said.swipe}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
        aria-valuetext={said.swiped(share)}
        style={{ insetInlineStart: at }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
          if (!step) return;
          event.preventDefault();
          move(split.value + step);
        }}
      />
    </div>
  );
}

/** Where there is little room, what tells the sides apart. */
function Text({ of: { all, short } }: { of: Caption }) {
  return (
    <p>
      <span class="all">{all}</span>
      <span class="short" aria-hidden="true">{short}</span>
    </p>
  );
}
