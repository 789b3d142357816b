// Days, months and spans of time in the words of the chosen language, in UTC.
import type { WindowFragment } from "../made/graphql";
import { graphql } from "../made";
import { DAY } from "../state/days";
import { language } from "./words";

graphql(`
  fragment Window on Occurred { earliest latest precision day zone }
`);

const LOCALES: Record<string, string> = { en: "en-GB" };
const SHAPES = {
  day: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
  time: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const made = new Map<string, Intl.DateTimeFormat>();

function format(shape: keyof typeof SHAPES, zone = "UTC"): Intl.DateTimeFormat {
  const key = `${language.value} ${shape} ${zone}`;
  let found = made.get(key);
  if (!found) {
    const locale = LOCALES[language.value] ?? language.value;
    found = new Intl.DateTimeFormat(locale, { ...SHAPES[shape], timeZone: zone });
    made.set(key, found);
  }
  return found;
}

/** A window of time, no more exactly than it is known. */
export function inDates(window: WindowFragment): string {
  const [earliest, latest] = [Date.parse(window.earliest), Date.parse(window.latest)];
  const zone = window.zone ? ` (${window.zone})` : "";
  if (window.precision === "DAY") return dayInWords(window.day ?? window.earliest) + zone;
  // The clocks of a zone may put the beginning of a month into another month of UTC.
  const middle = (earliest + latest) / 2;
  if (window.precision === "MONTH") return format("month").format(middle) + zone;
  if (window.precision === "YEAR") return format("year").format(middle) + zone;
  if (window.precision === "HOUR") return `${format("time").formatRange(earliest, latest)} UTC`;
  if (window.precision !== "RANGE") return instantInWords(window.earliest);
  return daysIn(window.zone).formatRange(earliest, Math.max(earliest, latest - 1)) + zone;
}

/** Days by the clocks of a zone; of one that the browser does not know, days of UTC. */
function daysIn(zone: string | null | undefined): Intl.DateTimeFormat {
  try {
    return format("day", zone ?? "UTC");
  } catch {
    return format("day");
  }
}

/** A day, or the day of an instant. */
export function dayInWords(moment: string): string {
  return format("day").format(Date.parse(moment.slice(0, 10)));
}

export function instantInWords(instant: string): string {
  return `${format("time").format(Date.parse(instant))} UTC`;
}

/** A moment as the address has it: a day, or an instant. */
export function momentInWords(moment: string): string {
  return moment.length === 10 ? dayInWords(moment) : instantInWords(moment);
}

/** Whole days from the end of a window to a moment; 0 where it has not ended by then. */
export function daysSince(window: WindowFragment, instant: number): number {
  return Math.max(0, Math.floor((instant + 1 - Date.parse(window.latest)) / DAY));
}
