// What a place looks like: twelve bytes, which the shader of the layer reads.
import type { Column, Look, Places } from "../server/columns";
import { NEVER } from "../server/columns";
import { OTHERS } from "./palette";

/** Bytes of a symbol: four colours, their four shares of 255, fill, ring, shape and opacity. They
 * are written as three words of 32 bits, of which the first byte is the lowest. */
export const BYTES = 12;
export const WORDS = BYTES / 4;
export const FILL = { plain: 0, hatched: 1, hollow: 2, unknown: 3, doubted: 4 } as const;
export const RING = { none: 0, siege: 1, possibleSiege: 2, chosen: 4 } as const;
export const SHAPE = { point: 0, area: 1, near: 2 } as const;

/** Days after which the last word about a place counts as old, and as very old. */
export const OLD = 90;
export const VERY_OLD = 365;
const OPACITY = { sure: 255, unsure: 150 } as const;
const FADED = [1, 0.75, 0.5] as const;

export interface Symbols {
  /** The three words of each place. */
  words: Uint32Array;
  /** Which places are drawn at all: regions of which nobody speaks are not. */
  isShown: Uint8Array;
}

/** The symbols of a column, for each place in the order of the list; `shapes` are those of the
 * list, and places of which `isOutOf` says so stand back. */
export function symbolsOf(
  shapes: Uint8Array,
  column: Column,
  day: number,
  colours: ReadonlyMap<string, number>,
  only: string | null = null,
): Symbols {
  const looks = column.looks.map((look) => wordsOf(look, colours, isOutOf(look, only)));
  const count = column.numbers.length;
  const words = new Uint32Array(count * WORDS);
  const isShown = new Uint8Array(count);
  for (let place = 0, at = 0; place < count; place++, at += WORDS) {
    const look = looks[column.numbers[place]!]!;
    words[at] = look.colours;
    words[at + 1] = look.shares;
    words[at + 2] = look.style[fading(day, column.lastHeard[place]!)]! | (shapes[place]! << 16);
    isShown[place] = look.isTold;
  }
  return { words, isShown };
}

/** The shape of each place of a list. */
export function shapesOf(places: Places): Uint8Array {
  return Uint8Array.from(places.id, (_, place) => shapeOf(places, place));
}

/** Whether the coordinates say where the place is, or only where about. */
export function shapeOf(places: Places, place: number): number {
  if (places.kind[place] === "region") return SHAPE.area;
  // Codes of UCDP: 1 the place itself, 2 within 25 km, from 3 on an area's own point. Codes of ACLED:
  // 1 the town, 2 a part of a region, 3 a region, of which a town's point stands for the whole.
  const code = places.geoCode[place];
  if (code === null || code === undefined || code <= 1) return SHAPE.point;
  return code === 2 && places.geoScale[place] === "ucdp" ? SHAPE.near : SHAPE.area;
}

/** 0 where the last word is fresh, 1 where it is old, 2 where it is very old or there is none. */
export function fading(day: number, lastHeard: number): 0 | 1 | 2 {
  if (lastHeard === NEVER) return 2;
  const age = day - lastHeard;
  return age > VERY_OLD ? 2 : age > OLD ? 1 : 0;
}

/** Whether the same places are shown. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

const isOutOf = (look: Look, only: string | null): boolean =>
  only !== null && !look.holders.includes(only);

interface LookWords {
  colours: number;
  shares: number;
  /** The third word but for the shape, for each step of fading. */
  style: readonly number[];
  isTold: 0 | 1;
}

const BACK = 0.2;

function wordsOf(look: Look, colours: ReadonlyMap<string, number>, isBack: boolean): LookWords {
  const shown = look.holders.slice(0, 4);
  const share = shown.length ? Math.floor(255 / shown.length) : 0;
  const opacity = (look.certain ? OPACITY.sure : OPACITY.unsure) * (isBack ? BACK : 1);
  return {
    colours: word(shown.map((actor) => colours.get(actor) ?? OTHERS)),
    shares: shown.length ? word(shown.map(() => share)) : 255,
    style: FADED.map((faded) => word([fillOf(look), ringOf(look), 0, Math.round(opacity * faded)])),
    isTold: look.told ? 1 : 0,
  };
}

function word(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte, at) => (sum | (byte << (8 * at))) >>> 0, 0);
}

function ringOf(look: Look): number {
  if (!look.siege) return RING.none;
  return look.siege === "CERTAIN" ? RING.siege : RING.possibleSiege;
}

function fillOf(look: Look): number {
  if (look.status === "CONTESTED" || look.status === "DISPUTED") return FILL.hatched;
  if (look.status === "VACANT") return FILL.hollow;
  if (look.status === "UNKNOWN") return FILL.unknown;
  return look.disputed ? FILL.doubted : FILL.plain;
}
