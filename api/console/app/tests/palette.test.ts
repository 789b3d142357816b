// Do the colours of the map stay apart for everybody, and its symbols stand out from the map?
import assert from "node:assert/strict";
import { test } from "node:test";
import { paintFor } from "../src/map/base_paint.ts";
import { INKS, PALETTE, rgb } from "../src/map/palette.ts";
import { VISION, contrast, distance } from "./colour_vision.ts";

/** Four times what can just be told. */
const APART = 0.09;
/** WCAG 2.2, 1.4.11 for signs and 1.4.3 for text. */
const [SIGN, TEXT] = [3, 4.5];

for (const [name, vision] of Object.entries(VISION)) {
  test(`with ${name} no two colours of actors are alike`, () => {
    PALETTE.forEach((one, at) => {
      for (const other of PALETTE.slice(0, at)) {
        const apart = distance(rgb(one), rgb(other), vision);
        assert.ok(apart >= APART, `${one} and ${other}: ${apart.toFixed(3)}`);
      }
    });
  });

  test(`with ${name} a colour is not taken for an empty symbol`, () => {
    for (const colour of PALETTE) {
      for (const ground of ["#ffffff", paintFor(false).land, paintFor(true).land]) {
        assert.ok(distance(rgb(colour), rgb(ground), vision) >= APART, `${colour} on ${ground}`);
      }
    }
  });
}

for (const mode of ["light", "dark"] as const) {
  const paint = paintFor(mode === "dark");
  test(`the edges and rings of symbols stand out from a ${mode} map`, () => {
    for (const ink of [INKS[mode].edge, INKS[mode].siege]) {
      for (const ground of [paint.land, paint.sea, INKS[mode].ground]) {
        const found = contrast(rgb(ink), rgb(ground));
        assert.ok(found >= SIGN, `${ink} on ${ground}: ${found.toFixed(2)}`);
      }
    }
  });

  test(`the names on a ${mode} map can be read`, () => {
    for (const [ink, ground] of [
      [INKS[mode].edge, INKS[mode].ground],
      [paint.name, paint.land],
    ] as const) {
      const found = contrast(rgb(ink), rgb(ground));
      assert.ok(found >= TEXT, `${ink} on ${ground}: ${found.toFixed(2)}`);
    }
  });
}
