// The colours of actors. tests/palette.test.ts holds how far they lie apart for people with any
// colour vision, and how far the edges of symbols stand out from the map.

/** The number of the colour of all that have none of their own. */
export const OTHERS = 0;
export const PALETTE = [
  "#808080",
  "#125cc6",
  "#d87219",
  "#2fcfd8",
  "#81360f",
  "#adc30b",
  "#845384",
  "#5c95d4",
  "#bb4d27",
  "#354090",
  "#d09b85",
] as const;

/** Around the places of which the sides of a comparison differ. */
export const HALO = "#ffd400";

/** The hue of each colour: blue, orange, cyan, lime and purple. */
export const HUES = [0, 1, 2, 3, 2, 4, 5, 1, 2, 1, 2] as const;

/** The colours around the symbols: of edges, between symbols, and of rings of sieges. */
export interface Inks {
  edge: string;
  ground: string;
  siege: string;
}

/** Those of a light and of a dark page. */
export const INKS = {
  light: { edge: "#1c1f21", ground: "#ffffff", siege: "#b3001b" },
  dark: { edge: "#f2f4f5", ground: "#14181b", siege: "#ff7a6b" },
} as const satisfies Record<string, Inks>;

/** Red, green and blue, from 0 to 1. */
export function rgb(colour: string): [number, number, number] {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}
