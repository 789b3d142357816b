// The days on which the map changes, for the strip under the slider and the steps.
import { computed, effect, signal } from "@preact/signals";
import { type ChangeDates, readDates } from "../server/columns";
import { Refusal, token } from "../server/ask";
import { dayAt, dayNumber, dayOf, today } from "./days";
import { basisInUrl, basisOf } from "./knowledge";
import { news } from "./news";
import { movesTogether, show, shown } from "./shown";

export const changes = signal<ChangeDates>({ dates: [], changes: [] });

const FIRST = "0001-01-01";
const asked = computed(() => {
  const { knowledge, words, position } = shown.value;
  const said = basisInUrl(basisOf({ knowledge, words, position }));
  said.set("from", FIRST);
  said.set("to", dayOf(Date.now()));
  return said.toString();
});

effect(() => {
  void token.value;
  void news.value;
  void read(asked.value);
});

/** Days are told first; a map with too many of them tells its months, then its years. */
async function read(said: string): Promise<void> {
  for (const unit of ["day", "month", "year"]) {
    const wanted = new URLSearchParams(said);
    wanted.set("unit", unit);
    try {
      const found = await readDates(wanted);
      if (asked.peek() === said) changes.value = wholeDays(found);
      return;
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 400) return;
    }
  }
}

function wholeDays({ dates, changes }: ChangeDates): ChangeDates {
  const padded = dates.map((date) => `${date}-01-01`.slice(0, 10).replace(/^(\d{4}-\d{2})-01-0$/, "$1-01"));
  return { dates: padded, changes };
}

/** The days between which the slider moves: those of the changes, and a little around them. */
export const span = computed<[number, number]>(() => {
  const { dates } = changes.value;
  if (!dates.length) return [today() - 365, today()];
  const first = dayNumber(dates[0]!);
  const last = Math.min(today(), dayNumber(dates[dates.length - 1]!));
  const around = Math.max(7, Math.round((last - first) / 50));
  return [first - around, Math.min(today(), last + around)];
});

/** The first day of the slider of knowledge: nothing could be read before anything changed. */
export const earliestKnown = computed(() => span.value[0]);

/** Moves the moment in the world; what was known of that day by its close, where both are one. */
export function moveTo(at: string): void {
  const { knowledge } = shown.peek();
  if (!movesTogether.peek() || knowledge.by === "now") {
    show({ at });
    return;
  }
  show({ at, knowledge: { ...knowledge, at: upToToday(at) } });
}

/** Moves what was known; the moment in the world too, where both are one. */
export function moveKnowledge(known: string): void {
  const { knowledge } = shown.peek();
  if (knowledge.by === "now") return;
  show({ knowledge: { ...knowledge, at: known }, ...(movesTogether.peek() ? { at: known } : {}) });
}

/** Makes the two times one, at the moment in the world, or lets them go apart. */
export function setTogether(together: boolean): void {
  movesTogether.value = together;
  if (together) moveTo(shown.peek().at);
}

/** Nothing is known by a day that is still to come. */
export const upToToday = (moment: string): string =>
  dayNumber(moment) > today() ? dayAt(today()) : moment;

/** Moves to the next day with a change, or to the one before; false where there is none. */
export function stepToChange(direction: 1 | -1): boolean {
  const now = dayNumber(shown.value.at);
  const days = changes.value.dates.map(dayNumber);
  const found = direction > 0 ? days.find((day) => day > now) : days.findLast((day) => day < now);
  if (found === undefined) return false;
  moveTo(dayAt(found));
  return true;
}
