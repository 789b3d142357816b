// How colours look to people who lack a kind of cone, and how far two colours lie apart to the eye.

type Three = readonly [number, number, number];
type Matrix = readonly [Three, Three, Three];

/** Machado, Oliveira and Fernandes 2009, for people without one kind of cone; linear RGB. */
export const VISION: Readonly<Record<string, Matrix>> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (part: number): number =>
  part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;

const through = (matrix: Matrix, [r, g, b]: Three): Three =>
  matrix.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Three;

/** OKLab (Ottosson 2020). */
function oklab(colour: Three): Three {
  const cones = through(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  ).map((each) => Math.cbrt(Math.max(0, each))) as unknown as Three;
  return through(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

/** The distance of two colours in OKLab as somebody sees them; about 0.02 can just be told. */
export function distance(one: Three, other: Three, vision: Matrix): number {
  const seen = (colour: Three) => {
    const lit = through(vision, colour.map(linear) as unknown as Three);
    return oklab(lit.map((part) => Math.min(1, Math.max(0, part))) as unknown as Three);
  };
  const [a, b] = [seen(one), seen(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The contrast of WCAG 2.2, from 1 to 21. */
export function contrast(one: Three, other: Three): number {
  const light = (colour: Three) =>
    0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}
