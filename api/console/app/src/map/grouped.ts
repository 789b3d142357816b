// The groups of the places, and which of them the map draws together with a place.
import { computed, signal } from "@preact/signals";
import { numbers, places, shapes, symbols } from "../state/situation";
import { CLOSEST, Groups } from "./groups";

/** The zoom of the map, also where the address says none. */
export const zoom = signal(CLOSEST);

export const groups = computed(() =>
  places.value ? new Groups(places.value, shapes.value) : null,
);

/** The numbers of the places that are drawn as one with this place at the zoom of the map. */
export function drawnWith(slug: string): readonly number[] {
  const number = numbers.value.get(slug);
  if (number === undefined) return [];
  const group = groups.value?.with(number, zoom.value);
  const isShown = symbols.value?.isShown;
  return (group?.members ?? [number]).filter((place) => isShown?.[place]);
}
