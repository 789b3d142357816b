// Whether the log continues what this browser saw of it before. The browser remembers the
// checkpoint of the last check in which nothing failed.
import { equal } from "./bytes";
import { type Seen, otherLogs, remember, seenOf } from "./kept";
import { consistencyProof, isConsistent, rootOver } from "./merkle";
import { type Checkpoint, written } from "./notes";
import { fetchTile } from "./server";
import { type Signed, type Trusted, signedIn } from "./signature_step";
import { type Found, failed, hash, open, passed, short, text } from "./steps";
import { subtrees } from "./tiles";

export async function memoryOf(
  signed: Signed | null,
  trusted: Trusted | null,
  signal: AbortSignal,
): Promise<[Found, void]> {
  if (!signed || !trusted) return [open((said) => said.nothingToRemember), undefined];
  const log = signed.checkpoint.origin;
  const before = seenOf(log);
  return [before ? await continued(before, signed, signal) : first(log), undefined];
}

/** Keeps what was found sound for the next check. */
export function rememberSound(signed: Signed, trusted: Trusted): void {
  const at = new Date().toISOString();
  remember(signed.checkpoint.origin, { note: signed.written, key: trusted.key.line, at });
}

function first(log: string): Found {
  const others = otherLogs(log).join(", ");
  return open((said) => (others ? said.firstBesideOthers(log, others) : said.first(log)));
}

async function continued(before: Seen, signed: Signed, signal: AbortSignal): Promise<Found> {
  const seen = signedIn(before.note)!.checkpoint;
  const now = signed.checkpoint;
  const values = [
    short("seenAt", before.at),
    short("sizeSeen", seen.size),
    hash("rootSeen", written(seen.root)),
    short("size", now.size),
    hash("root", written(now.root)),
  ];
  const notes = [text("noteSeen", before.note), text("note", signed.written)];
  if (now.size < seen.size) {
    throw failed(
      (said) => said.shorter(seen.size, now.size),
      (said) => said.means.shorter,
      ...values,
      ...notes,
    );
  }
  const proof = await proven(seen, now, signal);
  if (proof === "by other tiles") {
    throw failed((said) => said.tilesDiffer, (said) => said.means.tilesDiffer, ...values);
  }
  if (proof === null) {
    throw failed((said) => said.rewritten(before.at), (said) => said.means.rewritten, ...values, ...notes);
  }
  const says: Found["says"] = (said) =>
    now.size === seen.size ? said.same(before.at) : said.continues(before.at, now.size - seen.size);
  return passed(says, ...values, text("proof", proof.join("\n")));
}

/** The proof that the larger tree begins with the smaller one; null where it doesn't, though the
 * tiles are those that were signed. */
export async function proven(
  smaller: Checkpoint,
  larger: Checkpoint,
  signal: AbortSignal,
): Promise<string[] | null | "by other tiles"> {
  const subtree = subtrees(larger.size, (path) => fetchTile(path, signal));
  const proof = await consistencyProof(smaller.size, larger.size, subtree);
  if (await isConsistent(smaller, larger, proof)) return proof.map(written);
  const root = await rootOver(0, larger.size, subtree);
  return equal(root, larger.root) ? null : "by other tiles";
}
