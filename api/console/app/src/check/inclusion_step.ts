// Whether the entry is in the signed tree: the proof is made from the tiles, and has to lead from
// the entry to the signed root.
import { type Bytes, equal } from "./bytes";
import { inclusionProof, leafHash, rootByInclusion, rootOver } from "./merkle";
import { written } from "./notes";
import { fetchTile } from "./server";
import type { Signed } from "./signature_step";
import { type Found, failed, hash, passed, short, text } from "./steps";
import { subtrees } from "./tiles";

export async function inclusionOf(
  index: number,
  size: number,
  bytes: Bytes | null,
  signed: Signed | null,
  signal: AbortSignal,
): Promise<[Found, void]> {
  const subtree = subtrees(size, (path) => fetchTile(path, signal));
  const inTile = await subtree(0, index);
  const leaf = bytes ? await leafHash(bytes) : inTile;
  const proof = await inclusionProof(index, size, subtree);
  const root = await rootByInclusion(leaf, index, size, proof);
  const expected = signed?.checkpoint.root ?? (await rootOver(0, size, subtree));
  const values = [
    hash("leafHash", written(leaf)),
    short("size", size),
    text("proof", proof.map(written).join("\n")),
    hash("rootFound", root ? written(root) : "–"),
    ...(signed ? [hash("rootSigned", written(expected))] : []),
  ];
  if (root && equal(root, expected)) {
    const says: Found["says"] = (said) => (signed ? said.included(size) : said.includedUnsigned(size));
    return [passed(says, ...values), undefined];
  }
  // The tile's own hash of the leaf tells which of them was altered.
  const byTile = await rootByInclusion(inTile, index, size, proof);
  const isEntry = byTile !== null && equal(byTile, expected);
  throw failed(
    (said) => (isEntry ? said.entryDiffers : said.tilesDiffer),
    (said) => (isEntry ? said.means.entryDiffers : said.means.tilesDiffer),
    ...values,
  );
}
