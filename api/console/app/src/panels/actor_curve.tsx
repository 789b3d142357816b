// How many places an actor held over time, read from columns of the map.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { cssColour } from "../map/colours";
import { readColumn } from "../server/columns";
import { changes, moveTo, span } from "../state/dates";
import { dayAt, dayNumber } from "../state/days";
import { basisInUrl, basisOf } from "../state/knowledge";
import { shown } from "../state/shown";
import { column } from "../state/situation";
import { words } from "../words/words";

const [WIDTH, HEIGHT, MOST] = [380, 70, 60];

interface Count {
  day: number;
  places: number;
}

/** At most so many days of change, evenly among them, with the ends of the span. */
export function sampled(days: readonly number[], first: number, last: number): number[] {
  const step = Math.max(1, days.length / MOST);
  const chosen = new Set([first, last]);
  for (let at = 0; at < days.length; at += step) chosen.add(days[Math.floor(at)]!);
  return [...chosen].filter((day) => day >= first && day <= last).sort((one, other) => one - other);
}

/** Whether the curve leaves out days on which something changed. */
export const isSampled = (days: number): boolean => days > MOST;

export function HoldingsCurve({ actor }: { actor: string }) {
  const counts = useSignal<Count[]>([]);
  const [first, last] = span.value;
  const { dates } = changes.value;
  const { knowledge, words: whose, position } = shown.value;
  const asked = basisInUrl(basisOf({ knowledge, words: whose, position }));
  const head = column.value?.position;
  // All columns from one state of knowledge: the first one that the map showed.
  if (head !== undefined && !asked.has("knownAt")) asked.set("position", String(position ?? head));
  const text = head === undefined ? null : asked.toString();
  useEffect(() => {
    if (text === null) return;
    const stopped = new AbortController();
    void read(text, sampled(dates.map(dayNumber), first, last), actor, stopped.signal).then(
      (found) => (counts.value = found),
      () => {}, // the curve is left out; the map tells of the problem
    );
    return () => stopped.abort();
  }, [text, actor, dates, first, last]);
  if (counts.value.length < 2) return null;
  return <Curve actor={actor} counts={counts.value} />;
}

async function read(said: string, days: number[], actor: string, signal: AbortSignal): Promise<Count[]> {
  const counts: Count[] = [];
  for (const day of days) {
    const asked = new URLSearchParams(said);
    asked.set("at", dayAt(day));
    const found = await readColumn(asked, signal);
    const holds = found.looks.map((look) => look.status === "HELD" && look.holders.includes(actor));
    let places = 0;
    for (const number of found.numbers) if (holds[number]) places++;
    counts.push({ day, places });
  }
  return counts;
}

function Curve({ actor, counts }: { actor: string; counts: Count[] }) {
  const said = words.value.actor;
  const first = counts[0]!.day;
  const last = counts.at(-1)!.day;
  const most = Math.max(...counts.map((each) => each.places));
  const x = (day: number) => ((day - first) / Math.max(1, last - first)) * WIDTH;
  const y = (places: number) => HEIGHT - 4 - (places / Math.max(1, most)) * (HEIGHT - 14);
  const steps = counts.map(({ day, places }) => `H${x(day).toFixed(1)}V${y(places).toFixed(1)}`);
  const now = x(dayNumber(shown.value.at));
  const label = said.curve(most, dayAt(first), dayAt(last), isSampled(changes.value.dates.length));
  return (
    <figure class="curve">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={label}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const share = (event.clientX - box.left) / box.width;
          moveTo(dayAt(Math.round(first + share * (last - first))));
        }}
      >
        <path d={`M0 ${y(counts[0]!.places)}${steps.join("")}H${WIDTH}`} stroke={cssColour(actor)} />
        <line x1={now} x2={now} y1="0" y2={HEIGHT} />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
