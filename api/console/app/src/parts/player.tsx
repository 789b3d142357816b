// Plays the moments, and steps from one change to the next.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { moveTo, span, stepToChange } from "../state/dates";
import { dayAt, dayNumber } from "../state/days";
import { shown } from "../state/shown";
import { words } from "../words/words";

const SECONDS = 30; // that a whole span takes
/** Days that pass in a second. */
const SPEEDS = { all: null, month: 30, week: 7, day: 1 } as const;
const speed = signal<keyof typeof SPEEDS>("all");
const LONGEST = 0.25; // seconds between two moments: a page in the background does not catch up

export const isPlaying = signal(false);

export function togglePlay(): void {
  isPlaying.value = !isPlaying.value;
}

function begin(): () => void {
  const [first, last] = span.peek();
  if (dayNumber(shown.peek().at) >= last) moveTo(dayAt(first));
  let moment = shown.peek().at;
  let day = dayNumber(moment);
  let before = performance.now();
  const step = (now: number) => {
    if (shown.peek().at !== moment) day = dayNumber(shown.peek().at); // moved by somebody
    day += (SPEEDS[speed.peek()] ?? (last - first) / SECONDS) * Math.min((now - before) / 1000, LONGEST);
    before = now;
    moment = dayAt(Math.min(Math.floor(day), last));
    if (moment !== shown.peek().at) moveTo(moment);
    if (day >= last) isPlaying.value = false;
    else frame = requestAnimationFrame(step);
  };
  let frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}

export function Player() {
  const said = words.value.times;
  useEffect(() => (isPlaying.value ? begin() : undefined), [isPlaying.value]);
  const play = isPlaying.value ? said.pause : said.play;
  // Time runs to the right in every script, as on the strips of the panels.
  return (
    <span class="player" dir="ltr">
      <Button label={said.before} path="M3 3h2v10H3zM13 3v10L6 8z" press={() => stepToChange(-1)} />
      <Button
        label={play}
        path={isPlaying.value ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11L13 8z"}
        press={togglePlay}
      />
      <Button label={said.after} path="M11 3h2v10h-2zM3 3v10l7-5z" press={() => stepToChange(1)} />
      <select
        aria-label={said.speed}
        title={said.speed}
        value={speed.value}
        onChange={(event) => (speed.value = event.currentTarget.value as keyof typeof SPEEDS)}
      >
        {Object.entries(said.speeds).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

function Button({ label, path, press }: { label: string; path: string; press: () => unknown }) {
  return (
    <button type="button" class="icon" title={label} aria-label={label} onClick={() => void press()}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} fill="currentColor" />
      </svg>
    </button>
  );
}
