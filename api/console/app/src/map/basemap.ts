// The map below the places: countries and lakes of Natural Earth as shipped with the page, or a
// style or a PMTiles archive that the node names in its settings.
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { addProtocol } from "maplibre-gl";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import countriesFile from "world-atlas/countries-50m.json?url";
import { settings } from "../server/settings";

const LIGHT = { sea: "#dfe7ec", land: "#f7f5f0", border: "#b9b4a8", name: "#8a8478", halo: "#f7f5f0" };
const DARK = { sea: "#171c20", land: "#262b2f", border: "#4a5157", name: "#8d959b", halo: "#262b2f" };

export const FONT = ["system-ui", "Noto Sans", "sans-serif"];

export async function baseStyle(isDark: boolean): Promise<StyleSpecification | string> {
  if (settings.mapStyle) return settings.mapStyle;
  const paint = isDark ? DARK : LIGHT;
  if (settings.mapTiles) return styleOfTiles(settings.mapTiles, paint);
  const countries = await shippedCountries();
  return {
    version: 8,
    sources: {
      countries: {
        type: "geojson",
        data: countries,
        attribution: "Natural Earth",
      },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": paint.sea } },
      { id: "land", type: "fill", source: "countries", paint: { "fill-color": paint.land } },
      {
        id: "borders",
        type: "line",
        source: "countries",
        paint: { "line-color": paint.border, "line-width": 1 },
      },
      countryNames("countries", paint),
    ],
  };
}

async function shippedCountries(): Promise<GeoJSON.FeatureCollection> {
  const topology = (await (await fetch(countriesFile)).json()) as Topology<{
    countries: GeometryCollection<{ name: string }>;
  }>;
  return feature(topology, topology.objects.countries);
}

function countryNames(source: string, paint: typeof LIGHT): LayerSpecification {
  return {
    id: "country-names",
    type: "symbol",
    source,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 12,
      "text-letter-spacing": 0.1,
      "text-transform": "uppercase",
      "text-max-width": 7,
    },
    paint: { "text-color": paint.name, "text-halo-color": paint.halo, "text-halo-width": 1 },
  };
}

/** A plain style for tiles in the OpenMapTiles or the Protomaps schema: water, land use, borders. */
async function styleOfTiles(url: string, paint: typeof LIGHT): Promise<StyleSpecification> {
  const { Protocol } = await import("pmtiles");
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const tiles = { type: "vector" as const, url: `pmtiles://${new URL(url, location.href)}` };
  const line = (id: string, layer: string): LayerSpecification => ({
    id,
    type: "line",
    source: "tiles",
    "source-layer": layer,
    paint: { "line-color": paint.border, "line-width": 1 },
  });
  const fill = (id: string, layer: string, colour: string): LayerSpecification => ({
    id,
    type: "fill",
    source: "tiles",
    "source-layer": layer,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour },
  });
  return {
    version: 8,
    sources: { tiles },
    layers: [
      { id: "land", type: "background", paint: { "background-color": paint.land } },
      fill("water", "water", paint.sea),
      line("roads", "roads"),
      line("boundaries", "boundaries"),
      line("boundary", "boundary"),
    ],
  };
}
