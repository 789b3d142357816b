// How far, in which direction, and which places are nearest?
import assert from "node:assert/strict";
import { test } from "node:test";
import { direction, distance, nearest } from "../src/panels/place/distances.ts";

const KIDAL = [18.441, 1.408] as const;
const ANEFIS = [18.041, 0.601] as const;

test("Anefis lies some 96 km south-west of Kidal", () => {
  assert.equal(Math.round(distance(...KIDAL, ...ANEFIS)), 96);
  assert.equal(direction(...KIDAL, ...ANEFIS), 5);
  assert.equal(direction(...ANEFIS, ...KIDAL), 1);
});

test("the way over the antimeridian is the short one", () => {
  assert.equal(Math.round(distance(0, 179.5, 0, -179.5)), 111);
  assert.equal(direction(0, 179.5, 0, -179.5), 2);
});

test("half the globe is measured, and a place is no way from itself", () => {
  assert.equal(Math.round(distance(0, 0, 0, 180)), 20015);
  assert.equal(distance(...KIDAL, ...KIDAL), 0);
});

test("areas, places without coordinates, and what contains the place are not near it", () => {
  const places = {
    version: "",
    id: ["camp", "town", "far", "near", "region", "nowhere", "inside"],
    name: [],
    kind: ["base", "town", "town", "town", "region", "town", "site"],
    latitude: [0, 0, 5, 1, 0.1, null, 0],
    longitude: [0, 0, 0, 0, 0, null, 0],
    geoScale: [],
    geoCode: [],
    within: ["town", "region", null, null, null, null, "camp"],
  };
  const found = nearest(places, 0, new Set(["inside"]), 5);
  assert.deepEqual(found.map(({ id, direction }) => [id, direction]), [["near", 0], ["far", 0]]);
  assert.deepEqual(nearest(places, 5, new Set(), 5), []);
  assert.deepEqual(nearest(places, 0, new Set(["inside"]), 1).map(({ id }) => id), ["near"]);
});
