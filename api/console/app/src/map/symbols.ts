// What a place looks like: twelve bytes, which the shader of the layer reads.
import type { Column, Look, Places } from "../server/columns";
import { NEVER } from "../server/columns";
import { OTHERS } from "./colours";

/** Bytes of a symbol: four colours, their four shares of 255, fill, ring, shape and opacity. */
export const BYTES = 12;
export const FILL = { plain: 0, hatched: 1, hollow: 2, unknown: 3, doubted: 4 } as const;
export const RING = { none: 0, siege: 1, possibleSiege: 2 } as const;
export const SHAPE = { point: 0, area: 1, near: 2 } as const;

/** Days after which the last word about a place counts as old, and as very old. */
export const OLD = 90;
export const VERY_OLD = 365;
const OPACITY = { sure: 255, unsure: 150 } as const;
const FADED = { fresh: 1, old: 0.75, veryOld: 0.5 } as const;

export interface Symbols {
  bytes: Uint8Array;
  /** Which places are drawn at all: regions of which nobody speaks are not. */
  isShown: Uint8Array;
}

/** The symbols of a column, for each place in the order of the list. */
export function symbolsOf(
  places: Places,
  column: Column,
  day: number,
  colours: ReadonlyMap<string, number>,
): Symbols {
  const looks = column.looks.map((look) => bytesOf(look, colours));
  const bytes = new Uint8Array(column.numbers.length * BYTES);
  const isShown = new Uint8Array(column.numbers.length);
  for (let place = 0; place < column.numbers.length; place++) {
    const number = column.numbers[place]!;
    const start = place * BYTES;
    bytes.set(looks[number]!, start);
    bytes[start + 10] = shapeOf(places, place);
    bytes[start + 11] = Math.round(bytes[start + 11]! * fading(day, column.lastHeard[place]!));
    isShown[place] = column.looks[number]!.told ? 1 : 0;
  }
  return { bytes, isShown };
}

/** Whether the coordinates say where the place is, or only where about. */
export function shapeOf(places: Places, place: number): number {
  if (places.kind[place] === "region") return SHAPE.area;
  // Codes of UCDP: 1 the place itself, 2 within 25 km, from 3 on an area's own point.
  const code = places.geoCode[place];
  const isUCDP = places.geoScale[place] === "ucdp";
  if (!isUCDP || code === null || code === undefined || code <= 1) return SHAPE.point;
  return code === 2 ? SHAPE.near : SHAPE.area;
}

function fading(day: number, lastHeard: number): number {
  if (lastHeard === NEVER) return FADED.veryOld;
  const age = day - lastHeard;
  return age > VERY_OLD ? FADED.veryOld : age > OLD ? FADED.old : FADED.fresh;
}

function bytesOf(look: Look, colours: ReadonlyMap<string, number>): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  const shown = look.holders.slice(0, 4);
  shown.forEach((actor, at) => {
    bytes[at] = colours.get(actor) ?? OTHERS;
    bytes[4 + at] = Math.floor(255 / shown.length);
  });
  if (!shown.length) bytes[4] = 255;
  bytes[8] = fillOf(look);
  bytes[9] = look.siege === "CERTAIN" ? RING.siege : look.siege ? RING.possibleSiege : RING.none;
  bytes[11] = look.certain ? OPACITY.sure : OPACITY.unsure;
  return bytes;
}

function fillOf(look: Look): number {
  if (look.status === "CONTESTED" || look.status === "DISPUTED") return FILL.hatched;
  if (look.status === "VACANT") return FILL.hollow;
  if (look.status === "UNKNOWN") return FILL.unknown;
  return look.disputed ? FILL.doubted : FILL.plain;
}
