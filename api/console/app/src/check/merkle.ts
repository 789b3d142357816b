// Merkle trees of RFC 6962 (RFC 9162, section 2.1): hashes, proofs from the roots of perfect
// subtrees, and what a proof proves.
import { type Bytes, equal, joined, sha256 } from "./bytes.ts";

export const HASH_BYTES = 32;

/** The root of a perfect subtree of 2**level leaves, by its number from 0 on. */
export type Subtree = (level: number, number: number) => Promise<Bytes>;

export function leafHash(leaf: Bytes): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(0), leaf));
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(1), left, right));
}

export function emptyRoot(): Promise<Bytes> {
  return sha256(new Uint8Array());
}

/** The root over a row of 1, 2, 4, 8 … hashes. */
export async function perfectRoot(row: readonly Bytes[]): Promise<Bytes> {
  let hashes = [...row];
  while (hashes.length > 1) {
    const pairs = Array.from({ length: hashes.length / 2 }, (_, at) => at * 2);
    hashes = await Promise.all(pairs.map((at) => nodeHash(hashes[at]!, hashes[at + 1]!)));
  }
  return hashes[0]!;
}

/** The hashes that lead from a leaf to the root of the tree of that size, the lowest first. */
export function inclusionProof(index: number, size: number, subtree: Subtree): Promise<Bytes[]> {
  return path(index, 0, size, subtree);
}

/** The hashes that show that the tree of `larger` leaves begins with the tree of `smaller` ones. */
export async function consistencyProof(
  smaller: number,
  larger: number,
  subtree: Subtree,
): Promise<Bytes[]> {
  return smaller === 0 ? [] : subproof(smaller, 0, larger, subtree);
}

/** The root to which the proof leads from the leaf: RFC 9162, section 2.1.3.2. Null for a proof of
 * another length than the tree's. */
export async function rootByInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
): Promise<Bytes | null> {
  if (index < 0 || index >= size || !areHashes([leaf, ...proof])) return null;
  let [node, last, found] = [index, size - 1, leaf];
  for (const each of proof) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      found = await nodeHash(each, found);
      [node, last] = upFromTheRight(node, last);
    } else {
      found = await nodeHash(found, each);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? found : null;
}

/** Whether one tree begins with another: RFC 9162, section 2.1.4.2. */
export async function isConsistent(
  smaller: { size: number; root: Bytes },
  larger: { size: number; root: Bytes },
  proof: readonly Bytes[],
): Promise<boolean> {
  if (smaller.size > larger.size || !areHashes([smaller.root, larger.root, ...proof])) return false;
  if (smaller.size === larger.size) {
    return proof.length === 0 && equal(smaller.root, larger.root);
  }
  if (smaller.size === 0) return proof.length === 0 && equal(smaller.root, await emptyRoot());
  const hashes = isPowerOfTwo(smaller.size) ? [smaller.root, ...proof] : [...proof];
  const [first, ...rest] = hashes;
  if (!first) return false;
  let [node, last] = [smaller.size - 1, larger.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [foundSmaller, foundLarger] = [first, first];
  for (const each of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      foundSmaller = await nodeHash(each, foundSmaller);
      foundLarger = await nodeHash(each, foundLarger);
      [node, last] = upFromTheRight(node, last);
    } else {
      foundLarger = await nodeHash(foundLarger, each);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(foundSmaller, smaller.root) && equal(foundLarger, larger.root);
}

/** The root over the leaves from `start` up to `end`. */
export async function rootOver(start: number, end: number, subtree: Subtree): Promise<Bytes> {
  const width = end - start;
  if (width === 0) return emptyRoot();
  if (isPowerOfTwo(width)) return subtree(Math.log2(width), start / width);
  const middle = start + split(width);
  return nodeHash(await rootOver(start, middle, subtree), await rootOver(middle, end, subtree));
}

async function path(index: number, start: number, end: number, subtree: Subtree): Promise<Bytes[]> {
  if (end - start === 1) return [];
  const middle = start + split(end - start);
  return index < middle
    ? [...(await path(index, start, middle, subtree)), await rootOver(middle, end, subtree)]
    : [...(await path(index, middle, end, subtree)), await rootOver(start, middle, subtree)];
}

async function subproof(
  smaller: number,
  start: number,
  end: number,
  subtree: Subtree,
): Promise<Bytes[]> {
  // The root of the smaller tree itself is known to whoever checks.
  if (smaller === end) return start === 0 ? [] : [await rootOver(start, end, subtree)];
  const middle = start + split(end - start);
  return smaller <= middle
    ? [...(await subproof(smaller, start, middle, subtree)), await rootOver(middle, end, subtree)]
    : [...(await subproof(smaller, middle, end, subtree)), await rootOver(start, middle, subtree)];
}

/** The largest power of two below a number of leaves. */
function split(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

function upFromTheRight(node: number, last: number): [number, number] {
  while (node !== 0 && node % 2 === 0) [node, last] = [half(node), half(last)];
  return [node, last];
}

function areHashes(given: readonly Bytes[]): boolean {
  return given.every((each) => each.length === HASH_BYTES);
}

// Sizes of logs exceed the 32 bits of the operators for bits.
function half(number: number): number {
  return Math.floor(number / 2);
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}
