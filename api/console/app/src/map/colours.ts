// The colour of each actor. An actor keeps its colour as long as the page is open.
import { signal } from "@preact/signals";
import type { Column } from "../server/columns";
import { HUES, OTHERS, PALETTE } from "./palette";

export const colourOf = signal<ReadonlyMap<string, number>>(coloursOfLink());

export function cssColour(actor: string): string {
  return PALETTE[colourOf.value.get(actor) ?? OTHERS]!;
}

/** Gives colours to the actors of the map that have none yet: those with most places first. */
export function giveColours(column: Column): void {
  const places = placesOf(column);
  const order = [...places.keys()].sort(
    (one, other) => places.get(other)! - places.get(one)! || (one < other ? -1 : 1),
  );
  give([...order, ...waiting]);
  waiting.clear();
  isMapRead = true;
}

/** How many places each actor has. */
export function placesOf(column: Column): Map<string, number> {
  const counts = new Uint32Array(column.looks.length);
  for (const number of column.numbers) counts[number]!++;
  const places = new Map<string, number>();
  column.looks.forEach((look, number) => {
    if (!counts[number] || !look.told) return;
    for (const holder of look.holders) {
      places.set(holder, (places.get(holder) ?? 0) + counts[number]!);
    }
  });
  return places;
}

/** The colour that the actor's name stands for, or the next that is free; first of those whose hue
 * fewest others have. */
function freeColour(actor: string, taken: ReadonlySet<number>): number {
  const colours = PALETTE.length - 1;
  const others = (colour: number) => [...taken].filter((each) => HUES[each] === HUES[colour]).length;
  const first = hash(actor) % colours;
  let best: number = OTHERS;
  for (let step = 0; step < colours; step++) {
    const colour = 1 + ((first + step) % colours);
    if (taken.has(colour)) continue;
    if (best === OTHERS || others(colour) < others(best)) best = colour;
  }
  return best;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}

/** Gives colours to actors beside the map, as those of a timeline. They wait for the map, so that the
 * same address has the same colours each time. */
export function giveColoursTo(actors: Iterable<string>): void {
  if (isMapRead) give(actors);
  else for (const actor of actors) waiting.add(actor);
}

/** The colours given, as a link carries them: "fama.7 csp.10". */
export function coloursForLink(): string {
  const given = [...colourOf.peek()].filter(([, colour]) => colour !== OTHERS);
  return given.map(([actor, colour]) => `${actor}.${colour}`).join(" ");
}

/** The colours of a link, so that whoever follows it sees those of whoever shared it. */
function coloursOfLink(): ReadonlyMap<string, number> {
  const said = new URLSearchParams(location.search).get("colours") ?? "";
  const found = new Map<string, number>();
  for (const [, actor, number] of said.matchAll(/(\S+)\.(\d+)/g)) {
    const colour = Number(number);
    if (colour > OTHERS && colour < PALETTE.length && ![...found.values()].includes(colour)) {
      found.set(actor!, colour);
    }
  }
  return found;
}

let isMapRead = false;
const waiting = new Set<string>();

function give(actors: Iterable<string>): void {
  const fresh = [...new Set(actors)].filter((actor) => !colourOf.peek().has(actor));
  if (!fresh.length) return;
  const given = new Map(colourOf.peek());
  const taken = new Set(given.values());
  for (const actor of fresh) {
    const own = freeColour(actor, taken);
    given.set(actor, own);
    if (own !== OTHERS) taken.add(own);
  }
  colourOf.value = given;
}
