// What a person points at, with the mouse or the keyboard, on the map, in the list or the legend.
import { computed, effect, signal } from "@preact/signals";
import { panel } from "./shown";

/** Numbers of places in the list. */
export const pointed = signal<{ places: readonly number[]; from: "map" | "list" } | null>(null);

/** The actor that is pointed at in the legend. */
export const pointedActor = signal<string | null>(null);

/** The actor whose places stand out on the map: the one that is pointed at, else that of the panel. */
export const onlyActor = computed(() => {
  const shown = panel.value;
  return pointedActor.value ?? (shown.name === "actor" ? shown.of : null);
});

// What was pointed at goes with the list that it stood in.
effect(() => {
  void panel.value;
  pointed.value = null;
});

window.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") pointed.value = null;
});
