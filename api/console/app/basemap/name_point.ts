// Where the name of a country stands: inside its largest part, far from its borders.

type Position = readonly number[];
type Ring = readonly Position[];

const STEPS = 28;
/** Names are wide: they need more room to the left and right than above and below. */
const WIDE = 0.6;

/** The point, and the square root of the area of the largest part in degrees. */
export function namePoint(shape: GeoJSON.Polygon | GeoJSON.MultiPolygon): {
  point: [number, number];
  size: number;
} {
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const largest = parts.reduce((one, other) => (area(one[0]!) >= area(other[0]!) ? one : other));
  const outer = largest[0]!;
  const [west, east] = bounds(outer.map((each) => each[0]!));
  const [south, north] = bounds(outer.map((each) => each[1]!));
  let best: [number, number] = [(west + east) / 2, (south + north) / 2];
  let most = -1;
  for (let across = 0.5; across < STEPS; across++) {
    for (let up = 0.5; up < STEPS; up++) {
      const point: [number, number] = [
        west + ((east - west) * across) / STEPS,
        south + ((north - south) * up) / STEPS,
      ];
      if (!isInside(outer, point)) continue;
      const room = (wide: number) =>
        Math.min(...largest.map((ring) => distance(ring, point, wide)));
      const found = room(WIDE) + room(1) / 10;
      if (found > most) [best, most] = [point, found];
    }
  }
  const size = Math.sqrt(area(outer));
  return { point: [short(best[0]), short(best[1])], size: short(size) };
}

const short = (degrees: number): number => Number(degrees.toFixed(2));

function bounds(values: readonly number[]): [number, number] {
  return [
    values.reduce((one, other) => Math.min(one, other)),
    values.reduce((one, other) => Math.max(one, other)),
  ];
}

function area(ring: Ring): number {
  let sum = 0;
  for (let at = 1; at < ring.length; at++) {
    const [x, y] = ring[at - 1]! as [number, number];
    const [nextX, nextY] = ring[at]! as [number, number];
    sum += (x * nextY - nextX * y) * Math.cos((((y + nextY) / 2) * Math.PI) / 180);
  }
  return Math.abs(sum) / 2;
}

function isInside(ring: Ring, [x, y]: readonly [number, number]): boolean {
  let inside = false;
  for (let at = 1; at < ring.length; at++) {
    const [x1, y1] = ring[at - 1]! as [number, number];
    const [x2, y2] = ring[at]! as [number, number];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** The distance to the nearest edge, in degrees of latitude. */
function distance(ring: Ring, [x, y]: readonly [number, number], wide: number): number {
  const narrow = wide * Math.cos((y * Math.PI) / 180);
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < ring.length; at++) {
    const [x1, y1] = [(ring[at - 1]![0]! - x) * narrow, ring[at - 1]![1]! - y];
    const [x2, y2] = [(ring[at]![0]! - x) * narrow, ring[at]![1]! - y];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(x1 + along * dx, y1 + along * dy));
  }
  return least;
}
