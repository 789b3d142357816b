// The signs of the map as shapes around a middle, each drawn as shaders.ts draws it: for the legend and
// for pictures. A symbol is ten across.
import { HALO, PALETTE } from "../map/palette";
import type { Words } from "../words/words";

export type Sign = keyof Words["map"]["sign"];

/** The lines that shapes are drawn with; the white one stands between colours. */
export type Line = "edge" | "broken" | "siege" | "white";

export interface Shape {
  /** A disc or ring of that radius, or else a path of SVG, or a text. */
  radius?: number;
  middle?: readonly [number, number];
  path?: string;
  text?: string;
  fill?: string;
  line?: Line;
  opacity?: number;
  /** Whether nothing of it is drawn outside the symbol. */
  isClipped?: boolean;
}

export const LINES = {
  edge: { width: 1, dash: [] },
  broken: { width: 1, dash: [1.6, 1.4] },
  siege: { width: 2, dash: [] },
  white: { width: 1.1, dash: [] },
} as const satisfies Record<Line, { width: number; dash: readonly number[] }>;

const [, ONE, OTHER] = PALETTE;
const disc = (fill: string): Shape => ({ radius: 5, fill, line: "edge" });
const ring = (radius: number, line: Line): Shape => ({ radius, line });
const EDGE = ring(5, "edge");
const GRID = [-6, -3, 0, 3, 6];

export const SIGN_SHAPES: Record<Sign, readonly Shape[]> = {
  shared: [disc(ONE), { path: "M0-5A5 5 0 0 1 0 5Z", fill: OTHER }, EDGE],
  contested: [
    disc(ONE),
    { path: "M-8 3 3-8h4L-8 7ZM-4 9 9-4v5L1 9Z", fill: OTHER, line: "white", isClipped: true },
    EDGE,
  ],
  disputed: [
    disc(ONE),
    { path: "M-4.5-1.5 1.5 4.5M-3.5-3.5 3.5 3.5M-1.5-4.5 4.5 1.5", line: "white", isClipped: true },
  ],
  siege: [disc(ONE), ring(7.2, "siege")],
  vacant: [EDGE],
  unknown: [ring(5, "broken")],
  faded: [{ radius: 5, fill: ONE, opacity: 0.4 }, ring(5, "broken")],
  near: [{ radius: 3.6, fill: ONE, line: "edge" }, ring(6.6, "broken")],
  area: GRID.flatMap((x) => GRID.map((y): Shape => ({ radius: 1.1, middle: [x, y], fill: ONE }))).filter(
    ({ middle }) => Math.hypot(...middle!) < 7.5,
  ),
  group: [
    { radius: 7, fill: ONE, line: "edge" },
    { path: "M0 0V-7A7 7 0 0 1 0 7Z", fill: OTHER },
    { text: "9" },
  ],
  differs: [{ radius: 7.2, fill: HALO, opacity: 0.5 }, ring(7.2, "edge"), { radius: 3.6, fill: ONE, line: "edge" }],
};
