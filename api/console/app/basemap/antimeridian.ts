// Cuts areas that cross the antimeridian, for maps that are drawn flat. The atlas joins them, as on a
// globe: drawn as they are, Russia and Fiji have edges across the whole map, and land in the Atlantic.

type Position = number[];
type Ring = Position[];

const POLE = -90;

/** The same area in parts that stay between -180 and 180 degrees. */
export function cut(shape: GeoJSON.Polygon | GeoJSON.MultiPolygon): GeoJSON.MultiPolygon {
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  return { type: "MultiPolygon", coordinates: parts.flatMap(cutPart) };
}

function cutPart(all: Ring[]): Ring[][] {
  // On a globe Antarctica has another ring, around the pole; flat it is closed along the pole.
  const rings = all.filter((ring) => ring.some(([, y]) => y! > POLE + 1));
  const [outer, ...holes] = rings;
  if (!outer) return [];
  if (!outer.some((_, at) => at > 0 && isCrossing(outer, at))) return [rings];
  const whole = unrolled(outer);
  const middles = [-360, 0, 360];
  return middles.flatMap((middle) => {
    const part = between(whole, middle - 180, middle + 180);
    if (part.length < 4) return [];
    const inside = holes
      .map((hole) => between(unrolled(hole), middle - 180, middle + 180))
      .filter((hole) => hole.length >= 4);
    return [[part, ...inside].map((ring) => ring.map(([x, y]) => [x! - middle, y!]))];
  });
}

const isCrossing = (ring: Ring, at: number): boolean =>
  Math.abs(ring[at]![0]! - ring[at - 1]![0]!) > 180;

/** The ring with longitudes that go on beyond 180 degrees. One around the south pole ends a whole
 * turn from where it began, and is closed along the pole. */
function unrolled(ring: Ring): Ring {
  let turn = 0;
  const found = ring.map(([x, y], at) => {
    if (at > 0 && isCrossing(ring, at)) turn += x! < ring[at - 1]![0]! ? 360 : -360;
    return [x! + turn, y!];
  });
  if (!turn) return found;
  const [first, last] = [found[0]!, found.at(-1)!];
  return [...found, [last[0]!, POLE], [first[0]!, POLE], first];
}

/** What of a closed ring lies between two meridians (Sutherland and Hodgman). */
function between(ring: Ring, west: number, east: number): Ring {
  const found = clipped(clipped(ring, west, 1), east, -1);
  const [first] = found;
  return first ? [...found, first] : [];
}

function clipped(ring: Ring, edge: number, side: 1 | -1): Ring {
  const open = ring.at(-1) === ring[0] || isSame(ring[0], ring.at(-1)) ? ring.slice(0, -1) : ring;
  return open.flatMap((point, at) => {
    const before = open.at(at - 1)!;
    const isIn = (each: Position) => side * (each[0]! - edge) >= 0;
    const crossing = isIn(point) === isIn(before) ? [] : [meetingPoint(before, point, edge)];
    return isIn(point) ? [...crossing, point] : crossing;
  });
}

const isSame = (one?: Position, other?: Position): boolean =>
  one?.[0] === other?.[0] && one?.[1] === other?.[1];

function meetingPoint(one: Position, other: Position, edge: number): Position {
  const share = (edge - one[0]!) / (other[0]! - one[0]!);
  return [edge, one[1]! + share * (other[1]! - one[1]!)];
}
