// A halo around the places of which the two sides of a comparison differ; a bolder one around those
// that are pointed at.
import type { CircleLayerSpecification, GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { repaint } from "./base_paint";
import type { Group } from "./groups";
import { HALO, INKS } from "./palette";

const SOURCE = "differences";
const AROUND = 5; // pixels around a symbol

export interface Halo {
  group: Group;
  radius: number;
  isPointed: boolean;
}

export class Differences {
  private isEmpty = true;

  constructor(
    private readonly map: MapLibre,
    isDark: boolean,
  ) {
    map.addSource(SOURCE, { type: "geojson", data: collection([]) });
    map.addLayer(layer(isDark));
  }

  show(halos: readonly Halo[]): void {
    if (!halos.length && this.isEmpty) return;
    this.isEmpty = !halos.length;
    this.map.getSource<GeoJSONSource>(SOURCE)?.setData(collection(halos));
  }

  repaint(isDark: boolean): void {
    repaint(this.map, [layer(isDark)]);
  }
}

function collection(halos: readonly Halo[]): GeoJSON.FeatureCollection {
  const features = halos.map(({ group: { longitude, latitude }, radius, isPointed }) => ({
    type: "Feature" as const,
    geometry: { type: "Point" as const, coordinates: [longitude, latitude] },
    properties: { radius: radius + AROUND, width: isPointed ? 4 : 1.5 },
  }));
  return { type: "FeatureCollection", features };
}

function layer(isDark: boolean): CircleLayerSpecification {
  return {
    id: SOURCE,
    type: "circle",
    source: SOURCE,
    paint: {
      "circle-radius": ["get", "radius"],
      "circle-color": HALO,
      "circle-opacity": 0.5,
      "circle-stroke-color": (isDark ? INKS.dark : INKS.light).edge,
      "circle-stroke-width": ["get", "width"],
    },
  };
}
