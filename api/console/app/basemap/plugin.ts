// Makes the files of the shipped map while the page is built: countries in two resolutions as
// GeoJSON, which a worker reads without the page, and one point for the name of each country.
import { readFileSync } from "node:fs";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";
import { cut } from "./antimeridian";
import { namePoint } from "./name_point";

type Countries = Topology<{ countries: GeometryCollection<{ name: string }> }>;
const NAMED = "countries:";
const ATLAS = new URL("../node_modules/world-atlas/", import.meta.url);

/** `import url from "countries:50m"`, "countries:110m" or "countries:names". */
export function countries(): Plugin {
  return {
    name: "countries",
    resolveId: (id) => (id.startsWith(NAMED) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${NAMED}`)) return null;
      const asked = id.slice(NAMED.length + 1);
      const source = asked === "names" ? names() : outlines(asked);
      const name = `countries-${asked}.json`;
      const file = this.emitFile({ type: "asset", name, source: JSON.stringify(source) });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}

function outlines(resolution: string): GeoJSON.FeatureCollection {
  const found = countriesAt(resolution);
  const features = found.features.map(({ geometry }) => ({
    type: "Feature" as const,
    properties: {},
    geometry: rounded(geometry, resolution === "50m" ? 3 : 2),
  }));
  return { type: "FeatureCollection", features };
}

function names(): GeoJSON.FeatureCollection {
  const found = countriesAt("50m");
  const features = found.features.map(({ id, properties, geometry }) => {
    const { point, size } = namePoint(geometry);
    return {
      type: "Feature" as const,
      properties: { code: String(id ?? ""), name: properties.name, size },
      geometry: { type: "Point" as const, coordinates: point },
    };
  });
  return { type: "FeatureCollection", features };
}

type Shape = GeoJSON.MultiPolygon;

function countriesAt(resolution: string): GeoJSON.FeatureCollection<Shape, { name: string }> {
  const text = readFileSync(new URL(`countries-${resolution}.json`, ATLAS), "utf8");
  const topology = JSON.parse(text) as Countries;
  const found = feature(topology, topology.objects.countries);
  const features = found.features.map((each) => ({
    ...each,
    geometry: cut(each.geometry as GeoJSON.Polygon | GeoJSON.MultiPolygon),
  }));
  return { ...found, features };
}

function rounded(shape: Shape, places: number): Shape {
  const round = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(round) : Number((value as number).toFixed(places));
  return { type: shape.type, coordinates: round(shape.coordinates) as Shape["coordinates"] };
}
