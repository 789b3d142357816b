// When something happened, as far as its source says.
import { dayOf } from "../state/days";

export interface When {
  earliest: string;
  latest: string;
  day?: string | null;
  precision: string;
}

/** A day, a month, a year, or a window; `since` puts it into words, where there are some. */
export function inDays(when: When | null | undefined, said: { since: (day: string) => string } | null): string {
  if (!when) return "";
  const [first, last] = [dayOf(Date.parse(when.earliest)), dayOf(Date.parse(when.latest))];
  const text = textOf(when, first, last);
  return said ? said.since(text) : text;
}

function textOf(when: When, first: string, last: string): string {
  if (when.day) return when.day;
  if (when.precision === "MONTH") return first.slice(0, 7);
  if (when.precision === "YEAR") return first.slice(0, 4);
  return first === last ? first : `${first} – ${last}`;
}
