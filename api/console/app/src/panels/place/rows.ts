// The periods of a timeline as rows of days. A day has the answer of its close, as on the whole page.
import { DAY, dayNumber } from "../../state/days.ts";
import type { TimelinePeriod } from "./timeline";

export interface Row {
  from: string | null;
  to: string | null;
  control: TimelinePeriod["control"];
  /** From when on a moment belongs to the row, in milliseconds. */
  opens: number;
  /** The first and the last day; null where it is over before the day is. */
  days: { first: number; last: number } | null;
}

export function rowsOf(periods: readonly TimelinePeriod[]): Row[] {
  const rows: Row[] = [];
  let opens: number | null = null;
  for (const period of periods) {
    const { from, to, control } = period;
    opens ??= from ? Date.parse(from) : Number.NEGATIVE_INFINITY;
    const days = daysOf(period);
    if (!days && isUntold(period)) continue;
    const last = rows.at(-1);
    if (last?.days && days && saysTheSame(last.control, control)) {
      rows[rows.length - 1] = { ...last, to: to ?? null, days: { ...last.days, last: days.last } };
    } else {
      rows.push({ from: from ?? null, to: to ?? null, control, opens, days });
    }
    opens = null;
  }
  return rows;
}

/** The days whose close lies in the period; null where none does. */
function daysOf({ from, to }: TimelinePeriod): Row["days"] {
  const first = from ? dayNumber(from) : Number.NEGATIVE_INFINITY;
  const last = to ? Math.floor(Date.parse(to) / DAY) - 1 : Number.POSITIVE_INFINITY;
  return first <= last ? { first, last } : null;
}

/** A day until its close, which tells what became of it; and the last microsecond of a window. */
function isUntold({ from, to }: TimelinePeriod): boolean {
  const [begins, ends] = [Date.parse(from!), Date.parse(to!)];
  return ends - begins < 1000 || (begins % DAY === 0 && ends - begins === DAY - 1);
}

function saysTheSame(one: Row["control"], other: Row["control"]): boolean {
  return told(one) === told(other);
}

function told({ status, certain, disputed, holders, contenders }: Row["control"]): string {
  const who = [...holders, ...contenders].map(({ slug }) => slug);
  return JSON.stringify([status, status === "UNKNOWN" || certain, disputed, who]);
}
