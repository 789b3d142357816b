// How a timeline is drawn: which days it spans, the colours of a period, and the years below.
import { cssColour } from "../../map/colours";
import { DAY, dayAt, dayNumber } from "../../state/days";
import type { TimelinePeriod } from "./timeline";

/** The first and the last day of a strip: all changes, the moment, and the span of the slider's
 * end, with a little around. */
export function daysOf(
  periods: readonly TimelinePeriod[],
  slider: readonly [number, number],
  at: string,
): [number, number] {
  const changes = periods.flatMap(({ from, to }) => [from, to].filter((each) => each != null));
  const days = [...changes.map(dayNumber), dayNumber(at), slider[1]];
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const around = Math.max(3, (last - first) / 40);
  return [first - around, last + 1];
}

/** The colours of the holders side by side, and hatched where no one of them has it alone. */
export function backgroundOf(control: TimelinePeriod["control"]): string {
  const { status, holders, contenders } = control;
  if (status === "UNKNOWN" || status === "VACANT") return "transparent";
  const colours = (holders.length ? holders : contenders).map(({ slug }) => cssColour(slug));
  if (!colours.length) colours.push(cssColour(""));
  const isHatched = status === "CONTESTED" || status === "DISPUTED";
  if (isHatched) {
    const other = colours[1] ?? "var(--ground)";
    return `repeating-linear-gradient(135deg, ${colours[0]} 0 4px, ${other} 4px 8px)`;
  }
  const share = 100 / colours.length;
  const stops = colours.map((colour, at) => `${colour} ${at * share}% ${(at + 1) * share}%`);
  return `linear-gradient(${stops.join(", ")})`;
}

/** A moment within the period: its first day, if that day's close is in it, else its beginning. */
export function momentIn({ from, to }: TimelinePeriod): string {
  if (!from) return to ? dayAt(dayNumber(to) - 1) : dayAt(0);
  const close = (dayNumber(from) + 1) * DAY - 1;
  return !to || close < Date.parse(to) ? dayAt(dayNumber(from)) : from;
}

/** At most six years to write below, each with its first day. */
export function years(first: number, last: number): { year: number; day: number }[] {
  const yearOf = (day: number) => new Date(day * DAY).getUTCFullYear();
  const [from, to] = [yearOf(first) + 1, yearOf(last)];
  const step = [1, 2, 5, 10, 20, 50, 100].find((each) => (to - from) / each < 6) ?? 500;
  const found: { year: number; day: number }[] = [];
  const room = (last - first) / 20; // a label is centred on its day
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) {
    const day = Date.UTC(year, 0, 1) / DAY;
    if (day - first > room && last - day > room) found.push({ year, day });
  }
  return found;
}
