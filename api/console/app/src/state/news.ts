// Whether the ledger has grown since the page read it, or could not be read and can be now: then all
// that follows it is read again.
import { signal } from "@preact/signals";

/** How often there was a reason to read again. */
export const news = signal(0);

export function readAgain(): void {
  news.value++;
}

let last: number | null = null;

/** The map was read at the end of the ledger. */
export function sawEnd(position: number): void {
  if (last !== null && position !== last) readAgain();
  last = position;
}
