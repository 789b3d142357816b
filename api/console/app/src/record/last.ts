// What was recorded last, to be told beside it.
import { signal } from "@preact/signals";

export const recorded = signal<{ event: string; position: number; duplicate: boolean } | null>(null);
