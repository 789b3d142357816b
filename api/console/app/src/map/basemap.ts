// The map below the places: a style that the node names in its settings, tiles of a PMTiles archive
// that it serves, or else countries of Natural Earth, as shipped with the page.
import type {
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
  StyleSpecification,
} from "maplibre-gl";
import small from "countries:110m";
import large from "countries:50m";
import names from "countries:names";
import { settings } from "../server/settings";
import { type Paint, paintFor, repaint } from "./base_paint";

/** Fonts of the system, for maps that bring none. */
export const FONT = ["system-ui", "Noto Sans", "sans-serif"];

export interface Base {
  style: StyleSpecification;
  /** The font of the labels. */
  font: string[];
  /** Brings what need not be there for the first view. */
  complete(map: MapLibre, language: string): Promise<void>;
  /** Says the names of countries in another language. */
  name(map: MapLibre, language: string): void;
  repaint(map: MapLibre, isDark: boolean): void;
}

/** Raises where the style that the node names can't be read. */
export async function baseMap(isDark: boolean): Promise<Base> {
  if (settings.mapStyle) return styled(settings.mapStyle);
  if (settings.mapTiles) {
    const { tiled } = await import("./tiles");
    return tiled(settings.mapTiles, isDark);
  }
  return shipped(isDark);
}

async function styled(url: string): Promise<Base> {
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const style = (await response.json()) as StyleSpecification;
  const nothing = () => {};
  return { style, font: fontOf(style), complete: async () => {}, name: nothing, repaint: nothing };
}

/** A font that the style itself asks its server for, as the server may have no other. */
function fontOf(style: StyleSpecification): string[] {
  if (!style.glyphs) return FONT;
  for (const layer of style.layers) {
    const font = layer.type === "symbol" ? layer.layout?.["text-font"] : null;
    if (isFont(font)) return font;
  }
  return FONT;
}

const isFont = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

// ---- what the page brings ----------------------------------------------------------------------

/** Countries in the fewest points first; those in more points, and names, when the page has time. */
export function shipped(isDark: boolean): Base {
  const empty: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
  let texts: GeoJSON.FeatureCollection<GeoJSON.Point, Country> | null = null;
  const base: Base = {
    style: {
      version: 8,
      sources: {
        countries: { type: "geojson", data: small, attribution: "Natural Earth", tolerance: 0.2 },
        names: { type: "geojson", data: empty },
      },
      layers: layers(paintFor(isDark)),
    },
    font: FONT,
    async complete(map, language) {
      texts = (await (await fetch(names)).json()) as typeof texts;
      map.getSource<GeoJSONSource>("countries")?.setData(large);
      base.name(map, language);
    },
    name(map, language) {
      if (texts) map.getSource<GeoJSONSource>("names")?.setData(inLanguage(texts, language));
    },
    repaint: (map, dark) => repaint(map, layers(paintFor(dark))),
  };
  return base;
}

interface Country {
  /** The number of ISO 3166, or nothing where the country has none. */
  code: string;
  name: string;
  /** How large it is, in degrees. */
  size: number;
}

function inLanguage(
  countries: GeoJSON.FeatureCollection<GeoJSON.Point, Country>,
  language: string,
): GeoJSON.FeatureCollection {
  const known = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
  const features = countries.features.map((each) => {
    const { code, name } = each.properties;
    const region = code && new Intl.Locale(`und-${code}`).region;
    const properties = { ...each.properties, text: (region && known.of(region)) || name };
    return { ...each, properties };
  });
  return { type: "FeatureCollection", features };
}

function layers(paint: Paint): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": paint.sea } },
    {
      id: "land",
      type: "fill",
      source: "countries",
      paint: { "fill-color": paint.land, "fill-antialias": false },
    },
    {
      id: "borders",
      type: "line",
      source: "countries",
      paint: { "line-color": paint.border, "line-width": 1 },
    },
    {
      id: "country-names",
      type: "symbol",
      source: "names",
      // A country is named from the zoom on at which it is about 70 pixels wide.
      filter: [">=", ["*", ["get", "size"], ["^", 2, ["zoom"]]], 50],
      layout: {
        "text-field": ["get", "text"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["get", "size"], 2, 11, 20, 14],
        "text-letter-spacing": 0.12,
        "text-max-width": 7,
        "symbol-sort-key": ["-", 0, ["get", "size"]],
      },
      paint: { "text-color": paint.name, "text-halo-color": paint.land, "text-halo-width": 1.2 },
    },
  ];
}
