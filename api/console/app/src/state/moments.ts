// Moments as people type them: a day, as in an address or in words, or an instant with its offset, in
// the form of RFC 3339.

const DAY_FORM = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const WORDED_FORM = /^(\d{1,2})(?:er|\.)? (\p{L}{3,})\.? (\d{4})$/u;
const INSTANT_FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|[+-]\d{2}:\d{2})?$/i;

/** The moment in the form of addresses and questions; null for what is none. An instant without an
 * offset is taken as UTC, as the whole page is. */
export function momentTyped(text: string): string | null {
  const said = text.trim();
  const day = DAY_FORM.exec(said);
  if (day) return existing(`${day[1]}-${day[2]!.padStart(2, "0")}-${day[3]!.padStart(2, "0")}`);
  if (WORDED_FORM.test(said)) return dayInWords(said);
  const instant = INSTANT_FORM.exec(said);
  if (!instant) return null;
  const [, date, clock, zone] = instant;
  if (!existing(date!)) return null;
  const time = clock!.length === 5 ? `${clock}:00` : clock; // the server wants seconds
  const made = `${date}T${time}${(zone ?? "Z").toUpperCase()}`;
  return Number.isNaN(Date.parse(made)) ? null : made;
}

/** The day that is typed as the page writes days, "20 Nov 2023"; null for anything else. */
export function dayInWords(text: string): string | null {
  const worded = WORDED_FORM.exec(text.trim());
  const month = worded && monthCalled(worded[2]!);
  return month && existing(`${worded[3]}-${month}-${worded[1]!.padStart(2, "0")}`);
}

/** The number of the month that alone begins so in a language of the page; null without one. */
function monthCalled(typed: string): string | null {
  const begin = typed.toLowerCase();
  for (const names of MONTHS) {
    const found = names.filter((name) => name.startsWith(begin));
    if (found.length === 1) return String(names.indexOf(found[0]!) + 1).padStart(2, "0");
  }
  return null;
}

const MONTHS = ["en", "fr"].map((locale) => {
  const format = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2000, month)).toLowerCase());
});

function existing(day: string): string | null {
  const parsed = new Date(day);
  // 30 February is read as 1 March.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day) ? day : null;
}
