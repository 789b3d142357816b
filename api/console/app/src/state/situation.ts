// What the map shows: its places, the column of the moment, and what went wrong. The column follows
// what is shown; of several on their way only the last one asked for is taken.
import { batch, computed, effect, signal } from "@preact/signals";
import { colourOf, giveColours, giveColoursTo, placesOf } from "../map/colours";
import { type Symbols, shapesOf, symbolsOf } from "../map/symbols";
import { type Column, type Places, readColumn, readPlaces } from "../server/columns";
import { dayNumber } from "./days";
import { onlyActor } from "./pointed";
import { basisInUrl, basisOf, otherPosition } from "./knowledge";
import { news, readAgain, sawEnd } from "./news";
import { isCompared } from "./address";
import { shown } from "./shown";
import { token } from "../server/ask";

export const places = signal<Places | null>(null);
export const column = signal<Column | null>(null);
/** The column of the other side of a comparison. */
export const otherColumn = signal<Column | null>(null);
export const problem = signal<Error | null>(null);
export const isReading = signal(false);

// A text, so that it is another one only where something else is asked: not when the map moves.
const asked = computed(() => {
  const said = basisInUrl(basisOf(shown.value));
  said.set("at", shown.value.at);
  return said.toString();
});

/** The shape of each place of the list. */
export const shapes = computed(() => (places.value ? shapesOf(places.value) : new Uint8Array()));

export const symbols = computed<Symbols | null>(() => {
  if (!places.value || !column.value) return null;
  return symbolsOf(
    shapes.value,
    column.value,
    dayNumber(column.value.at),
    colourOf.value,
    onlyActor.value,
  );
});

/** What the other side of a comparison shows; null without a comparison, and while its list of
 * places is another one. */
export const otherSymbols = computed<Symbols | null>(() => {
  const other = otherColumn.value;
  if (!places.value || !other || other.places !== places.value.version) return null;
  return symbolsOf(shapes.value, other, dayNumber(other.at), colourOf.value, null);
});

/** Whether there is a map to show. */
export const isThere = computed(() => symbols.value !== null);

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
      const first = places.peek() ? null : readPlaces(shown.peek().position).catch(() => null);
      const wanted = new URLSearchParams(said);
      const found = await readColumn(wanted, underway.signal);
      const list = await listOf(found, first);
      batch(() => {
        places.value = list;
        giveColours(found);
        column.value = found;
        if (problem.peek()) readAgain(); // what stands beside the map failed with it
        problem.value = null;
        if (!wanted.has("position") && !wanted.has("knownAt")) sawEnd(found.position);
      });
    } catch (error) {
      problem.value = error as Error;
    }
  }
  underway = null;
  isReading.value = false;
}

/** The list that the numbers of a column count in. */
async function listOf(found: Column, first: Promise<Places | null> | null): Promise<Places> {
  const list = (await first) ?? places.peek();
  return list?.version === found.places ? list : readPlaces(found.position);
}

effect(() => {
  void token.value;
  read(asked.value);
});

const otherAsked = computed(() => {
  if (!isCompared(shown.value)) return null;
  const { other, words } = shown.value;
  const position = otherPosition(shown.value);
  const said = basisInUrl(basisOf({ knowledge: other.knowledge, words, position }));
  said.set("at", other.at);
  return said.toString();
});

effect(() => {
  const said = otherAsked.value;
  void token.value;
  void news.value;
  if (said === null) {
    otherColumn.value = null;
    return undefined;
  }
  const over = new AbortController();
  readColumn(new URLSearchParams(said), over.signal).then(
    (found) => {
      giveColoursTo(placesOf(found).keys());
      otherColumn.value = found;
    },
    () => {}, // the panel of the comparison tells what is wrong
  );
  return () => over.abort();
});
