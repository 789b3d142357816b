// What a person points at, with the mouse or the keyboard, on the map, in the list or the legend.
import { signal } from "@preact/signals";

/** Numbers of places in the list. */
export const pointed = signal<{ places: readonly number[]; from: "map" | "list" } | null>(null);

/** The actor whose places stand out on the map. */
export const onlyActor = signal<string | null>(null);

window.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") pointed.value = null;
});
