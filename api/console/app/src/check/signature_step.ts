// The checkpoint of the log, and whether its holder of the key signed it.
import { allSeen, seenOf } from "./kept";
import {
  type Checkpoint,
  type Note,
  type VerifierKey,
  knowsEd25519,
  readCheckpoint,
  readKey,
  readNote,
  verdict,
  written,
} from "./notes";
import { fetchNote } from "./server";
import { type Found, failed, hash, open, passed, short, text } from "./steps";

/** A checkpoint with its signatures. */
export interface Signed {
  note: Note;
  written: string;
  checkpoint: Checkpoint;
}

/** The key that a signature was checked with, and whose word for the key there is. */
export interface Trusted {
  key: VerifierKey;
  isGiven: boolean;
}

export function signedIn(written: string): Signed | null {
  const note = readNote(written);
  const checkpoint = note && readCheckpoint(note.text);
  return note && checkpoint ? { note, written, checkpoint } : null;
}

export async function checkpointOf(
  index: number,
  given: string,
  signal: AbortSignal,
): Promise<[Found, Signed | null]> {
  const note = await fetchNote("checkpoint", signal);
  if (note === null) {
    refuseSilence(given);
    return [open((said) => said.unsigned), null];
  }
  const signed = signedIn(note);
  if (!signed) throw failed((said) => said.noCheckpoint, (said) => said.means.noAnswer, text("note", note));
  const { origin, size, root } = signed.checkpoint;
  const values = [short("log", origin), short("size", size), hash("root", written(root)), text("note", note)];
  if (index >= size) throw failed((said) => said.notSigned(size), (said) => said.means.notSigned, ...values);
  return [passed((said) => said.checkpoint(origin, size), ...values), signed];
}

/** A server that could leave its signature away would be held to nothing that it signed before. */
function refuseSilence(given: string): void {
  const before = Object.values(allSeen()).at(-1);
  if (before) {
    throw failed(
      (said) => said.signsNoMore(before.at),
      (said) => said.means.signsNoMore,
      text("noteSeen", before.note),
    );
  }
  if (given.trim()) throw failed((said) => said.signsNothing, (said) => said.means.signsNoMore);
}

export async function signatureOf(
  signed: Signed | null,
  given: string,
  told: string | null,
): Promise<[Found, Trusted | null]> {
  if (!signed) return [open((said) => said.noSignature), null];
  if (!(await knowsEd25519())) return [open((said) => said.noEd25519), null];
  const before = seenOf(signed.checkpoint.origin);
  const line = given.trim() || told || before?.key;
  if (!line) return [open((said) => said.noKey), null];
  const key = await readKey(line);
  if (key?.type !== "log") throw failed((said) => said.badKey(line), (said) => said.means.badKey);
  const isGiven = given.trim() !== "";
  if (!isGiven && before && before.key !== key.line) {
    const values = [text("keyBefore", before.key), text("key", key.line)];
    throw failed((said) => said.otherKeyTold(before.at), (said) => said.means.otherKeyTold, ...values);
  }
  await refuseUnsigned(signed, key);
  const says: Found["says"] = (said) =>
    isGiven ? said.signedByGiven(key.name) : said.signedByTold(key.name);
  const found = passed(says, text("key", key.line));
  const but: Found["says"] = (said) => said.outcomes.toldKey;
  return [isGiven ? found : { ...found, but }, { key, isGiven }];
}

async function refuseUnsigned(signed: Signed, key: VerifierKey): Promise<void> {
  const found = await verdict(signed.note, key);
  if (found === "forged") {
    throw failed((said) => said.forged(key.name), (said) => said.means.forged, text("key", key.line));
  }
  // A key signs the log of its own name: else one log could pass for another.
  if (found === "absent" || signed.checkpoint.origin !== key.name) {
    const names = signed.note.signatures.map(({ name }) => name).join(", ");
    throw failed(
      (said) => said.otherKey(key.name, names),
      (said) => said.means.otherKey,
      text("key", key.line),
    );
  }
}
