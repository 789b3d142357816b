// The tiles of a log: their paths, what is in them, and the roots of subtrees (C2SP tlog-tiles).
import type { Bytes } from "./bytes.ts";
import { HASH_BYTES, type Subtree, perfectRoot } from "./merkle.ts";

const HEIGHT = 8;
export const WIDTH = 256;

/** The hashes of a tile as the server gives them. */
export type ReadTile = (path: string) => Promise<Bytes>;

/** The server gave something else than what stands at such a path. */
export class BadTile extends Error {}

/** The path of a tile behind /tlog/: as wide as in a log of that size. */
export function tilePath(level: number | "entries", number: number, size: number): string {
  const onLevel = level === "entries" ? size : Math.floor(size / WIDTH ** level);
  const width = Math.min(WIDTH, onLevel - number * WIDTH);
  const digits = String(number);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.../g)!;
  const last = groups.pop()!;
  const name = [...groups.map((group) => `x${group}`), last].join("/");
  return `tile/${level}/${name}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** The roots of perfect subtrees in a log of that size; each tile is read once. Raises BadTile. */
export function subtrees(size: number, read: ReadTile): Subtree {
  const rows = new Map<string, Promise<Bytes[]>>();
  return async (level, number) => {
    const row = Math.floor(level / HEIGHT);
    const count = 2 ** (level % HEIGHT);
    const first = number * count;
    const tile = Math.floor(first / WIDTH);
    const path = tilePath(row, tile, size);
    if (!rows.has(path)) rows.set(path, read(path).then((bytes) => hashesIn(path, bytes)));
    const hashes = (await rows.get(path)!).slice(first % WIDTH, (first % WIDTH) + count);
    if (hashes.length !== count) throw new BadTile(path);
    return perfectRoot(hashes);
  };
}

/** The leaves in a bundle of entries, each after its length. Raises BadTile. */
export function leavesIn(path: string, bundle: Bytes): Bytes[] {
  const leaves: Bytes[] = [];
  let at = 0;
  while (at < bundle.length) {
    const start = at + 2;
    if (start > bundle.length) throw new BadTile(path);
    at = start + bundle[at]! * 256 + bundle[at + 1]!;
    if (at > bundle.length) throw new BadTile(path);
    leaves.push(bundle.slice(start, at));
  }
  return leaves;
}

function hashesIn(path: string, bytes: Bytes): Bytes[] {
  const width = Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? WIDTH);
  if (bytes.length !== width * HASH_BYTES) throw new BadTile(path);
  return Array.from({ length: width }, (_, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
