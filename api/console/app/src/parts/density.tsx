// How many places change on each day, above the slider. Nearby days share a bar.
import { useEffect, useRef } from "preact/hooks";
import { isDark } from "./dark";
import { changes, span } from "../state/dates";
import { dayNumber } from "../state/days";

const BAR = 3; // pixels

export function Density() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [first, last] = span.value;
  const { dates, changes: counts } = changes.value;
  const dark = isDark.value;
  useEffect(() => {
    const drawn = canvas.current!;
    const draw = () => drawBars(drawn, bars(drawn.clientWidth, dates, counts, first, last));
    const watch = new ResizeObserver(draw);
    watch.observe(drawn);
    return () => watch.disconnect();
  }, [dates, counts, first, last, dark]);
  return <canvas class="density" ref={canvas} aria-hidden="true" />;
}

function bars(width: number, dates: string[], counts: number[], first: number, last: number): number[] {
  const found = new Array<number>(Math.max(1, Math.floor(width / BAR))).fill(0);
  dates.forEach((date, at) => {
    const bar = Math.floor(((dayNumber(date) - first) / Math.max(1, last - first)) * (found.length - 1));
    if (bar >= 0 && bar < found.length) found[bar]! += counts[at]!;
  });
  return found;
}

function drawBars(drawn: HTMLCanvasElement, heights: number[]): void {
  const context = drawn.getContext("2d")!;
  drawn.width = drawn.clientWidth * devicePixelRatio;
  drawn.height = drawn.clientHeight * devicePixelRatio;
  context.fillStyle = getComputedStyle(drawn).color;
  const most = Math.max(1, ...heights);
  const width = drawn.width / heights.length;
  heights.forEach((count, at) => {
    if (!count) return;
    const height = Math.max(2, drawn.height * Math.sqrt(count / most));
    context.fillRect(at * width, drawn.height - height, width * 0.8, height);
  });
}
