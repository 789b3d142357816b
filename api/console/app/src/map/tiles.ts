// The map below the places from a PMTiles archive that the node serves: water, roads and borders of
// tiles in the schema of OpenMapTiles or of Protomaps.
import { addProtocol, type ExpressionSpecification, type LayerSpecification } from "maplibre-gl";
import { PMTiles, Protocol, type RangeResponse, type Source } from "pmtiles";
import { fetched } from "../server/ask";
import { type Paint, paintFor, repaint } from "./base_paint";
import { type Base, FONT } from "./basemap";

export function tiled(path: string, isDark: boolean): Base {
  const archive = new PMTiles(new Served(path));
  const protocol = new Protocol();
  protocol.add(archive);
  addProtocol("pmtiles", protocol.tile);
  return {
    style: {
      version: 8,
      sources: { tiles: { type: "vector", url: `pmtiles://${path}` } },
      layers: layers(paintFor(isDark)),
    },
    font: FONT,
    complete: async () => {},
    name: (map, language) => {
      for (const id of NAMES) map.setLayoutProperty(id, "text-field", nameIn(language));
    },
    repaint: (map, dark) => repaint(map, layers(paintFor(dark))),
  };
}

/** An archive behind the token of the node, unlike those that PMTiles reads by itself. */
class Served implements Source {
  constructor(private readonly path: string) {}

  getKey(): string {
    return this.path;
  }

  async getBytes(offset: number, length: number, signal?: AbortSignal): Promise<RangeResponse> {
    const headers = { Range: `bytes=${offset}-${offset + length - 1}` };
    const response = await fetched(this.path, { headers, ...(signal ? { signal } : {}) });
    if (response.status !== 206) throw new Error("The node serves no parts of the archive.");
    return { data: await response.arrayBuffer() };
  }
}

/** The layers of names, in either schema. */
const NAMES = ["names-of-protomaps", "names-of-openmaptiles"] as const;

const nameIn = (language: string): ExpressionSpecification => [
  "coalesce",
  ["get", `name:${language}`],
  ["get", "name"],
];

function layers(paint: Paint): LayerSpecification[] {
  const line = (layer: string, width: number): LayerSpecification => ({
    id: layer,
    type: "line",
    source: "tiles",
    "source-layer": layer,
    paint: { "line-color": paint.border, "line-width": width },
  });
  const fill = (layer: string, colour: string): LayerSpecification => ({
    id: layer,
    type: "fill",
    source: "tiles",
    "source-layer": layer,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour },
  });
  const names = (id: string, layer: string, kind: string): LayerSpecification => ({
    id,
    type: "symbol",
    source: "tiles",
    "source-layer": layer,
    filter: ["==", ["get", kind], "country"],
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 },
    paint: { "text-color": paint.name, "text-halo-color": paint.land, "text-halo-width": 1.2 },
  });
  return [
    { id: "ground", type: "background", paint: { "background-color": paint.land } },
    fill("earth", paint.land),
    fill("water", paint.sea),
    line("roads", 0.6),
    line("transportation", 0.6),
    line("boundaries", 1),
    line("boundary", 1),
    names(NAMES[0], "places", "kind"),
    names(NAMES[1], "place", "class"),
  ];
}
