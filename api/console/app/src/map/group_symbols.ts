// What a group of places shows: the symbol of its only shown place, or of all where they look the
// same, else the shares of the holders.
import type { Group } from "./groups";
import { OTHERS, PALETTE } from "./palette";
import { FILL, RING, SHAPE, type Symbols, WORDS } from "./symbols";

/** Writes the three words of a group's symbol; zeros where none of its places is shown. */
export function symbolOfGroup(
  group: Group,
  { words, isShown }: Symbols,
  into: Uint32Array,
  to: number,
): void {
  let first = -1;
  let isSame = true;
  let shape = 0;
  for (const place of group.members) {
    if (!isShown[place]) continue;
    const at = place * WORDS;
    const its = words[at + 2]! & SHAPE_BITS;
    if (first < 0) {
      [first, shape] = [at, its];
    } else {
      isSame &&= looksAs(words, first, at);
      if (its !== shape) shape = SHAPE.point; // some of them stand where the symbol stands
    }
  }
  if (first < 0) {
    into[to] = into[to + 1] = into[to + 2] = 0;
    return;
  }
  if (isSame) into.set(words.subarray(first, first + WORDS), to);
  else shares(group, { words, isShown }, into, to);
  into[to + 2] = (into[to + 2]! & SHAPES_ASIDE) | shape;
}

const SHAPE_BITS = 0x00ff0000;
const SHAPES_ASIDE = 0xff00ffff;

/** Whether two places have the same symbol but for their shape and their fading. */
function looksAs(words: Uint32Array, one: number, other: number): boolean {
  return (
    words[one] === words[other] &&
    words[one + 1] === words[other + 1] &&
    (words[one + 2]! & 0xffff) === (words[other + 2]! & 0xffff)
  );
}

const weights = new Float64Array(PALETTE.length);

function shares(group: Group, { words, isShown }: Symbols, into: Uint32Array, to: number): void {
  weights.fill(0);
  let [all, opacity, ring] = [0, 0, 0];
  let isDoubted = false;
  for (const place of group.members) {
    if (!isShown[place]) continue;
    const at = place * WORDS;
    const [colours, parts, style] = [words[at]!, words[at + 1]!, words[at + 2]!];
    const fill = style & 255;
    all++;
    opacity += style >>> 24;
    ring ||= ((style >>> 8) & 255) === RING.siege ? RING.siege : 0;
    isDoubted ||= fill === FILL.hatched || fill === FILL.doubted;
    if (fill === FILL.hollow || fill === FILL.unknown) continue;
    for (let bits = 0; bits < 32; bits += 8) {
      weights[(colours >>> bits) & 255]! += (parts >>> bits) & 255;
    }
  }
  const [colours, parts] = largest(all * 255);
  into[to] = colours;
  into[to + 1] = parts;
  const fill = isDoubted ? FILL.doubted : parts ? FILL.plain : FILL.unknown;
  into[to + 2] = fill | (ring << 8) | (Math.round(opacity / all) << 24);
}

/** The three largest shares and the rest as one; what nobody holds stays empty. */
function largest(total: number): [number, number] {
  let [colours, parts] = [0, 0];
  for (let part = 0; part < 3; part++) {
    let most = -1;
    for (let colour = 0; colour < weights.length; colour++) {
      if (weights[colour]! > 0 && (most < 0 || weights[colour]! > weights[most]!)) most = colour;
    }
    if (most < 0) return [colours, parts];
    colours |= most << (8 * part);
    parts |= Math.floor((255 * weights[most]!) / total) << (8 * part);
    weights[most] = 0;
  }
  const rest = weights.reduce((one, other) => one + other);
  colours |= OTHERS << 24;
  return [colours, parts | (Math.floor((255 * rest) / total) << 24)];
}
