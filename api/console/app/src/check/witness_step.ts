// Whether witnesses saw the same log: their cosignatures, under a checkpoint that the newest one
// continues.
import { type VerifierKey, readKey, verdict, witnessedAt, written } from "./notes";
import { proven } from "./memory_step";
import { fetchNote } from "./server";
import { type Signed, type Trusted, signedIn } from "./signature_step";
import { type Found, failed, hash, open, passed, short, text } from "./steps";

export async function witnessesOf(
  index: number,
  signed: Signed | null,
  trusted: Trusted | null,
  given: string,
  signal: AbortSignal,
): Promise<[Found, void]> {
  if (!signed || !trusted) return [open((said) => said.nothingToWitness), undefined];
  const lines = given.split("\n").filter((line) => line.trim());
  if (!lines.length) return [open((said) => said.noWitnesses), undefined];
  const keys = await Promise.all(lines.map(witnessKey));
  const note = await fetchNote("cosigned", signal);
  const cosigned = note === null ? null : signedIn(note);
  if (!cosigned) throw failed((said) => said.notCosigned, (said) => said.means.notCosigned);
  const names = await cosigners(cosigned, trusted.key, keys);
  const { size, root } = cosigned.checkpoint;
  const values = [...names, short("sizeCosigned", size), hash("rootCosigned", written(root))];
  if (names.length * 2 <= keys.length) {
    throw failed(
      (said) => said.fewWitnesses(names.length, keys.length),
      (said) => said.means.notCosigned,
      ...values,
    );
  }
  await refuseOther(cosigned, signed, signal);
  // Of an entry that came later no witness has spoken yet.
  if (index >= size) return [open((said) => said.cosignedBefore(size), ...values), undefined];
  return [passed((said) => said.cosigned(names.length, keys.length), ...values), undefined];
}

async function witnessKey(line: string): Promise<VerifierKey> {
  // Behind a key there may be the address of the witness.
  const key = await readKey(line.trim().split(/\s/)[0]!);
  if (key?.type !== "witness") throw failed((said) => said.badWitnessKey(line), (said) => said.means.badKey);
  return key;
}

/** The witnesses that cosigned, each with its time. */
async function cosigners(cosigned: Signed, log: VerifierKey, keys: VerifierKey[]) {
  const made = [];
  for (const key of [log, ...keys]) {
    const found = await verdict(cosigned.note, key);
    if (found === "forged" || (key === log && found === "absent")) {
      throw failed((said) => said.forged(key.name), (said) => said.means.forged, text("key", key.line));
    }
    if (key !== log && found === "genuine") {
      const at = new Date(witnessedAt(cosigned.note, key) * 1000).toISOString();
      made.push(short("witness", `${key.name}, ${at}`));
    }
  }
  return made;
}

async function refuseOther(cosigned: Signed, signed: Signed, signal: AbortSignal): Promise<void> {
  const [smaller, larger] = [cosigned, signed]
    .map(({ checkpoint }) => checkpoint)
    .sort((one, other) => one.size - other.size);
  const isSame = cosigned.checkpoint.origin === signed.checkpoint.origin;
  const proof = isSame ? await proven(smaller!, larger!, signal) : null;
  if (proof === "by other tiles") throw failed((said) => said.tilesDiffer, (said) => said.means.tilesDiffer);
  if (proof !== null) return;
  const notes = [text("noteCosigned", cosigned.written), text("note", signed.written)];
  throw failed((said) => said.witnessedOther, (said) => said.means.rewritten, ...notes);
}
