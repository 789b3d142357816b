// The colours of the map below the places, for light and dark pages.
import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";

export interface Paint {
  sea: string;
  land: string;
  border: string;
  name: string;
  ink: string;
}

const LIGHT: Paint = {
  sea: "#dce5ea",
  land: "#f7f5f0",
  border: "#bdb8ad",
  name: "#736d64",
  ink: "#1c1f21",
};
const DARK: Paint = {
  sea: "#14191d",
  land: "#262b2f",
  border: "#4d555b",
  name: "#9aa2a8",
  ink: "#e8ebed",
};

export const paintFor = (isDark: boolean): Paint => (isDark ? DARK : LIGHT);

/** Gives layers that are on the map the colours of the same layers painted otherwise. */
export function repaint(map: MapLibre, layers: readonly LayerSpecification[]): void {
  for (const layer of layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, name as never, value as never);
    }
  }
}
