// Whether the ledger has grown since the page read it: then all that follows it is read again.
import { signal } from "@preact/signals";

/** How often the page saw the end of the ledger at another position than before. */
export const news = signal(0);

let last: number | null = null;

/** The map was read at the end of the ledger. */
export function sawEnd(position: number): void {
  if (last !== null && position !== last) news.value++;
  last = position;
}
