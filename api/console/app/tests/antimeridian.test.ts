// Does no country of the shipped map have an edge across the whole map?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { feature } from "topojson-client";
import { cut } from "../basemap/antimeridian.ts";

const ATLAS = new URL("../node_modules/world-atlas/", import.meta.url);

function atlas(resolution: string) {
  const topology = JSON.parse(readFileSync(new URL(`countries-${resolution}.json`, ATLAS), "utf8"));
  return (feature(topology, topology.objects.countries) as unknown as GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon>).features;
}

for (const resolution of ["110m", "50m"]) {
  test(`no edge of ${resolution} crosses the map`, () => {
    for (const { geometry } of atlas(resolution)) {
      for (const ring of cut(geometry).coordinates.flat()) {
        for (let at = 1; at < ring.length; at++) {
          const [[x, y], [beforeX]] = [ring[at]!, ring[at - 1]!] as [number[], number[]];
          assert.ok(Math.abs(x!) <= 180 && Math.abs(y!) <= 90);
          assert.ok(Math.abs(x! - beforeX!) <= 180 || y === -90);
        }
      }
    }
  });
}

test("an area on both sides becomes two areas", () => {
  const square = [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]];
  const { coordinates } = cut({ type: "Polygon", coordinates: square });
  const spans = coordinates.map(([ring]) => ring!.map(([x]) => x!));
  assert.deepEqual(
    spans.map((each) => [Math.min(...each), Math.max(...each)]).sort(),
    [[-180, -179], [179, 180]],
  );
});

test("Antarctica reaches from one end of the map to the other, and to the pole", () => {
  for (const resolution of ["110m", "50m"]) {
    const shape = atlas(resolution).find((each) => each.properties?.["name"] === "Antarctica")!;
    const rings = cut(shape.geometry).coordinates.filter(([ring]) => ring!.some(([, y]) => y === -90));
    const widths = rings.map(([ring]) => {
      const across = ring!.map(([x]) => x!);
      return Math.max(...across) - Math.min(...across);
    });
    assert.ok(Math.abs(widths.reduce((one, other) => one + other) - 360) < 1);
    assert.ok(rings.every((ring) => ring.length === 1));
  }
});
