// What this browser keeps for checks: the keys that a person gave it, and of each log the last
// checkpoint that it found sound.
import { signal } from "@preact/signals";

/** The verifier key of the log, as it was pasted. */
export const logKey = kept("check.log-key");
/** The verifier keys of witnesses, each on a line. */
export const witnessKeys = kept("check.witness-keys");

export interface Seen {
  /** The signed note. */
  note: string;
  /** The verifier key that the signature was checked with. */
  key: string;
  /** When, as an instant. */
  at: string;
}

const SEEN = "check.seen";

export function seenOf(log: string): Seen | null {
  return allSeen()[log] ?? null;
}

/** The names of the other logs that this browser saw at this address. */
export function otherLogs(log: string): string[] {
  return Object.keys(allSeen()).filter((each) => each !== log);
}

export function remember(log: string, seen: Seen): void {
  localStorage.setItem(SEEN, JSON.stringify({ ...allSeen(), [log]: seen }));
}

export function forgetAll(): void {
  localStorage.removeItem(SEEN);
}

/** What was seen of each log, by its name. */
export function allSeen(): Record<string, Seen> {
  return JSON.parse(localStorage.getItem(SEEN) ?? "{}") as Record<string, Seen>;
}

function kept(name: string) {
  const value = signal(localStorage.getItem(name) ?? "");
  value.subscribe((text) => localStorage.setItem(name, text));
  return value;
}
