// Does the name of a country stand within the country?
import assert from "node:assert/strict";
import { test } from "node:test";
import { namePoint } from "../basemap/name_point.ts";

const square = (west: number, south: number, side: number): GeoJSON.Position[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];

test("the name stands in the middle of a square", () => {
  const { point, size } = namePoint({ type: "Polygon", coordinates: [square(0, 0, 10)] });
  assert.ok(Math.abs(point[0] - 5) < 0.5 && Math.abs(point[1] - 5) < 0.5, String(point));
  assert.ok(Math.abs(size - 10) < 0.3);
});

test("the name stands on the largest part", () => {
  const shape = [[square(0, 0, 1)], [square(40, 0, 10)], [square(80, 0, 2)]];
  const { point } = namePoint({ type: "MultiPolygon", coordinates: shape });
  assert.ok(point[0] > 40 && point[0] < 50);
});

test("the name stands on the land where the country is a bow around water", () => {
  const bow = [[0, 0], [10, 0], [10, 3], [3, 3], [3, 7], [10, 7], [10, 10], [0, 10], [0, 0]];
  const { point } = namePoint({ type: "Polygon", coordinates: [bow] });
  const isInBay = point[0] > 3 && point[1] > 3 && point[1] < 7;
  assert.ok(!isInBay, String(point));
});

test("the name stays out of a country within the country", () => {
  const coordinates = [square(0, 0, 10), square(3, 3, 4)];
  const { point } = namePoint({ type: "Polygon", coordinates });
  const isWithin = point[0] > 3 && point[0] < 7 && point[1] > 3 && point[1] < 7;
  assert.ok(!isWithin, String(point));
});
