// What the map shows: its places, the column of the moment, and what went wrong. The column follows
// what is shown; of several on their way only the last one asked for is taken.
import { computed, effect, signal } from "@preact/signals";
import { giveColours, colourOf } from "../map/colours";
import { type Symbols, symbolsOf } from "../map/symbols";
import { type Column, type Places, readColumn, readPlaces } from "../server/columns";
import { dayNumber } from "./days";
import { basisInUrl, basisOf } from "./knowledge";
import { shown } from "./shown";
import { token } from "../server/ask";

export const places = signal<Places | null>(null);
export const column = signal<Column | null>(null);
export const problem = signal<Error | null>(null);
export const isReading = signal(false);

const asked = computed(() => {
  const said = basisInUrl(basisOf(shown.value));
  said.set("at", shown.value.at);
  return said.toString();
});

export const symbols = computed<Symbols | null>(() => {
  if (!places.value || !column.value) return null;
  return symbolsOf(places.value, column.value, dayNumber(column.value.at), colourOf.value);
});

/** The number of a place in the list, by its id. */
export const numbers = computed(
  () => new Map(places.value?.id.map((id, number) => [id, number]) ?? []),
);

export const nameOf = (id: string): string => {
  const number = numbers.value.get(id);
  return (number !== undefined && places.value?.name[number]) || id;
};

/** Reads the column again although nothing else was asked, as when the ledger has grown. */
export function refresh(): void {
  read(asked.peek());
}

let underway: AbortController | null = null;
let next: string | null = null;

function read(said: string): void {
  next = said;
  if (!underway) void readNext();
}

// One request at a time: a slider that outruns the server skips moments instead of queueing them.
async function readNext(): Promise<void> {
  while (next !== null) {
    const said = next;
    next = null;
    underway = new AbortController();
    isReading.value = true;
    try {
      const found = await readColumn(new URLSearchParams(said), underway.signal);
      if (found.places !== places.value?.version) {
        places.value = await readPlaces(shown.value.position);
      }
      giveColours(found);
      column.value = found;
      problem.value = null;
    } catch (error) {
      problem.value = error as Error;
    }
  }
  underway = null;
  isReading.value = false;
}

effect(() => {
  void token.value;
  read(asked.value);
});
