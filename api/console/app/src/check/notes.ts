// Signed notes, checkpoints and the keys that check them: C2SP signed-note, tlog-checkpoint and
// tlog-cosignature, with Ed25519.
import { type Bytes, base64, bytesOfBase64, equal, hex, joined, sha256, utf8 } from "./bytes.ts";
import { HASH_BYTES } from "./merkle.ts";

export interface Signature {
  name: string;
  keyId: Bytes;
  made: Bytes;
}

export interface Note {
  /** The signed text, with its last line break. */
  text: string;
  signatures: Signature[];
}

/** The state of a log: the root covers every entry up to the size. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

export type KeyType = "log" | "witness";

export interface VerifierKey {
  /** The whole line. */
  line: string;
  name: string;
  type: KeyType;
  id: Bytes;
  public: Bytes;
}

/** How a signature looks under a key. */
export type Verdict = "genuine" | "forged" | "absent";

const TYPES: Record<number, KeyType> = { 0x01: "log", 0x04: "witness" };
const ID_BYTES = 4;
const TIME_BYTES = 8;

/** Null for a text that is no signed note. */
export function readNote(note: string): Note | null {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(note)) return null;
  const lines = note.slice(end + 2, -1).split("\n");
  const signatures = lines.map(readSignature);
  if (!signatures.every((each) => each !== null)) return null;
  return { text: note.slice(0, end + 1), signatures };
}

function readSignature(line: string): Signature | null {
  const form = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
  const bytes = form && bytesOfBase64(form[2]!);
  if (!bytes || bytes.length <= ID_BYTES) return null;
  return { name: form[1]!, keyId: bytes.slice(0, ID_BYTES), made: bytes.slice(ID_BYTES) };
}

/** Null for a text that is no checkpoint. */
export function readCheckpoint(text: string): Checkpoint | null {
  const form = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  const root = form && bytesOfBase64(form[3]!);
  if (!root || root.length !== HASH_BYTES) return null;
  return { origin: form[1]!, size: Number(form[2]), root };
}

/** Null for a text that is no verifier key, or none of a known type, or altered. */
export async function readKey(given: string): Promise<VerifierKey | null> {
  const line = given.trim();
  const form = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line);
  const material = form && bytesOfBase64(form[3]!);
  const type = material && TYPES[material[0]!];
  if (!form || !type || material.length !== 1 + 32) return null;
  const name = form[1]!;
  const id = (await sha256(joined(utf8(`${name}\n`), material))).slice(0, ID_BYTES);
  if (hex(id) !== form[2]) return null;
  return { line, name, type, id, public: material.slice(1) };
}

/** Whether a note bears a signature of that key. One that names the key and was not made with it
 * is forged, whatever stands beside it. */
export async function verdict(note: Note, key: VerifierKey): Promise<Verdict> {
  const named = signaturesOf(note, key);
  if (!named.length) return "absent";
  const genuine = await Promise.all(named.map((each) => isMade(note.text, each, key)));
  return genuine.every(Boolean) ? "genuine" : "forged";
}

/** The second since 1970 at which a witness says that it saw the checkpoint. */
export function witnessedAt(note: Note, key: VerifierKey): number {
  return Number(timeOf(signaturesOf(note, key)[0]!));
}

function signaturesOf(note: Note, key: VerifierKey): Signature[] {
  return note.signatures.filter((each) => each.name === key.name && equal(each.keyId, key.id));
}

async function isMade(text: string, signature: Signature, key: VerifierKey): Promise<boolean> {
  const imported = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
  if (key.type === "log") {
    return crypto.subtle.verify("Ed25519", imported, signature.made, utf8(text));
  }
  if (signature.made.length <= TIME_BYTES) return false;
  const message = utf8(`cosignature/v1\ntime ${timeOf(signature)}\n${text}`);
  return crypto.subtle.verify("Ed25519", imported, signature.made.slice(TIME_BYTES), message);
}

function timeOf(signature: Signature): bigint {
  return new DataView(signature.made.buffer).getBigUint64(0);
}

/** A hash as checkpoints write it. */
export const written = base64;

/** Whether this browser knows Ed25519; not all that are in use do. */
export async function knowsEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", KNOWN_KEY, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

// The first public key in RFC 8032, section 7.1.
const KNOWN_KEY = bytesOfBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")!;
