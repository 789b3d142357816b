// Names beside places, and the number of places in a group. An area's name is in italics and
// stands where the area is, not on a point.
import type { GeoJSONSource, Map as MapLibre, SymbolLayerSpecification } from "maplibre-gl";
import type { Places } from "../server/columns";
import { FONT } from "./basemap";
import type { Group } from "./groups";
import { SHAPE, type Symbols, shapeOf } from "./symbols";

const SOURCE = "labels";
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export class Labels {
  private said = "";

  constructor(
    private readonly map: MapLibre,
    isDark: boolean,
  ) {
    map.addSource(SOURCE, { type: "geojson", data: EMPTY });
    for (const layer of layers(isDark)) map.addLayer(layer);
  }

  show(places: Places, groups: readonly Group[], symbols: Symbols): void {
    const features = groups.flatMap((group) => labelOf(places, group, symbols) ?? []);
    // Labels are laid out anew only where their texts change: it takes longer than a frame.
    const said = features.map((each) => each.properties.key).join();
    if (said === this.said) return;
    this.said = said;
    const source = this.map.getSource<GeoJSONSource>(SOURCE);
    source?.setData({ type: "FeatureCollection", features });
  }
}

interface Label {
  key: string;
  text: string;
  size: "name" | "area" | "count";
  order: number;
}

function labelOf(
  places: Places,
  group: Group,
  symbols: Symbols,
): GeoJSON.Feature<GeoJSON.Point, Label> | null {
  const shown = group.members.filter((place) => symbols.isShown[place]);
  const only = shown[0];
  if (only === undefined) return null;
  const isAlone = shown.length === 1;
  const isArea = isAlone && shapeOf(places, only) === SHAPE.area;
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [group.longitude, group.latitude] },
    properties: {
      key: isAlone ? places.id[only]! : `${only}+${shown.length}`,
      text: isAlone ? places.name[only]! : String(shown.length),
      size: isAlone ? (isArea ? "area" : "name") : "count",
      order: isAlone ? (places.kind[only] === "town" ? 1 : 2) : 0,
    },
  };
}

function layers(isDark: boolean): SymbolLayerSpecification[] {
  const ink = isDark
    ? { "text-color": "#e8ebed", "text-halo-color": "#14181b", "text-halo-width": 1.4 }
    : { "text-color": "#222", "text-halo-color": "#fff", "text-halo-width": 1.4 };
  const base = { type: "symbol" as const, source: SOURCE };
  const is = (size: Label["size"]) => ["==", ["get", "size"], size] as ["==", unknown[], string];
  return [
    {
      ...base,
      id: "names",
      filter: is("name") as never,
      layout: {
        "text-field": ["get", "text"],
        "text-font": FONT,
        "text-size": 12,
        "text-anchor": "left",
        "text-offset": [0.9, 0],
        "symbol-sort-key": ["get", "order"],
      },
      paint: ink,
    },
    {
      ...base,
      id: "areas",
      filter: is("area") as never,
      layout: {
        "text-field": ["get", "text"],
        "text-font": ["italic system-ui", "sans-serif"],
        "text-size": 13,
        "text-letter-spacing": 0.15,
      },
      paint: ink,
    },
    {
      ...base,
      id: "counts",
      filter: is("count") as never,
      layout: {
        "text-field": ["get", "text"],
        "text-font": FONT,
        "text-size": 12,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { ...ink, "text-halo-width": 2 },
    },
  ];
}
