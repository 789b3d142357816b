// The line between the two sides of a comparison, which a person draws over the map: before it the
// other side, behind it what the page shows.
import { signal } from "@preact/signals";
import "./swipe.css";
import { sideInWords } from "../share/basis";
import { shown } from "../state/shown";
import { words } from "../words/words";

/** Where the line stands, as a share of the map's width. */
export const split = signal(0.5);

const [LEAST, MOST, STEP] = [0.02, 0.98, 0.02];

function move(to: number): void {
  split.value = Math.min(MOST, Math.max(LEAST, to));
}

export function Swipe() {
  const said = words.value.compare;
  const { at, knowledge, other } = shown.value;
  const share = Math.round(split.value * 100);
  const drag = (event: PointerEvent) => {
    const bar = event.currentTarget as HTMLElement;
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = bar.parentElement!.getBoundingClientRect();
    move((event.clientX - box.left) / box.width);
  };
  return (
    <div class="swipe" dir="ltr">
      <p class="before">{sideInWords(other)}</p>
      <p class="behind">{sideInWords({ at, knowledge })}</p>
      <div
        class="bar"
        role="slider"
        tabIndex={0}
        aria-label={said.swipe}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
        aria-valuetext={said.swiped(share)}
        style={{ insetInlineStart: `${split.value * 100}%` }}
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
