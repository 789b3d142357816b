// The colour of each actor: hues that people with any colour vision tell apart (Okabe and Ito 2008;
// Tol 2021, "muted"). An actor keeps its colour as long as the page is open.
import { signal } from "@preact/signals";
import type { Column } from "../server/columns";

/** The number of the colour of all that have none of their own. */
export const OTHERS = 0;
export const PALETTE = [
  "#7a7a7a",
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#882255",
  "#999933",
  "#332288",
  "#aa4499",
  "#661100",
] as const;

export const colourOf = signal<ReadonlyMap<string, number>>(new Map());

export function cssColour(actor: string): string {
  return PALETTE[colourOf.value.get(actor) ?? OTHERS]!;
}

/** Gives colours to the actors of a column that have none yet: those with most places first, each
 * the colour that its name stands for, or the next that is free. */
export function giveColours(column: Column): void {
  const given = colourOf.value;
  const places = new Map<string, number>();
  for (const number of column.numbers) {
    for (const holder of column.looks[number]!.holders) {
      places.set(holder, (places.get(holder) ?? 0) + 1);
    }
  }
  const fresh = [...places.keys()].filter((actor) => !given.has(actor));
  if (!fresh.length) return;
  fresh.sort((one, other) => places.get(other)! - places.get(one)! || (one < other ? -1 : 1));
  giveColoursTo(fresh);
}

function freeColour(actor: string, taken: ReadonlySet<number>): number {
  const colours = PALETTE.length - 1;
  const first = hash(actor) % colours;
  for (let step = 0; step < colours; step++) {
    const colour = 1 + ((first + step) % colours);
    if (!taken.has(colour)) return colour;
  }
  return OTHERS;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}

/** Gives colours to actors of whom no column has spoken yet, as those of a timeline. */
export function giveColoursTo(actors: Iterable<string>): void {
  const fresh = [...new Set(actors)].filter((actor) => !colourOf.value.has(actor));
  if (!fresh.length) return;
  const given = new Map(colourOf.value);
  const taken = new Set(given.values());
  for (const actor of fresh) {
    const own = freeColour(actor, taken);
    given.set(actor, own);
    if (own !== OTHERS) taken.add(own);
  }
  colourOf.value = given;
}
