// The bytes of the entry, from the bundle in which the log serves them.
import { Refusal } from "../server/ask";
import type { Bytes } from "./bytes";
import { written } from "./notes";
import { leafHash } from "./merkle";
import { fetchTile } from "./server";
import { type Found, hash, open, passed, short } from "./steps";
import { BadTile, WIDTH, leavesIn, tilePath } from "./tiles";

/** Null where the server doesn't show entries to this reader. */
export async function entryOf(
  index: number,
  size: number,
  signal: AbortSignal,
): Promise<[Found, Bytes | null]> {
  const path = tilePath("entries", Math.floor(index / WIDTH), size);
  let bundle: Bytes;
  try {
    bundle = await fetchTile(path, signal);
  } catch (error) {
    // Without any token that is 401, though all else may be read.
    if (!(error instanceof Refusal) || ![401, 403].includes(error.status)) throw error;
    return [open((said) => said.entriesAreForAuditors), null];
  }
  const leaf = leavesIn(path, bundle)[index % WIDTH];
  if (!leaf) throw new BadTile(path);
  const values = [short("leaf", index), short("bytes", leaf.length)];
  const digest = hash("leafHash", written(await leafHash(leaf)));
  return [passed((said) => said.entry(index, leaf.length), ...values, digest), leaf];
}
