// Which places are nearest to a place, how far away, and in which direction? Areas are no points,
// so they are not among them.
import type { Places } from "../../server/columns";

export interface Near {
  id: string;
  kilometres: number;
  /** The eighth of the compass: 0 north, 1 north-east … 7 north-west. */
  direction: number;
}

const EARTH = 6371.0088; // kilometres, the mean radius
const RADIANS = Math.PI / 180;

export function nearest(
  places: Places,
  from: number,
  without: ReadonlySet<string>,
  most: number,
): Near[] {
  const [latitude, longitude] = [places.latitude[from], places.longitude[from]];
  if (latitude == null || longitude == null) return [];
  const containers = around(places, from);
  const found: Near[] = [];
  places.id.forEach((id, number) => {
    const [y, x] = [places.latitude[number], places.longitude[number]];
    if (number === from || y == null || x == null || places.kind[number] === "region") return;
    if (without.has(id) || containers.has(id)) return;
    found.push({
      id,
      kilometres: distance(latitude, longitude, y, x),
      direction: direction(latitude, longitude, y, x),
    });
  });
  return found.sort((one, other) => one.kilometres - other.kilometres).slice(0, most);
}

function around(places: Places, from: number): ReadonlySet<string> {
  const found = new Set<string>();
  let next = places.within[from];
  while (next && !found.has(next)) {
    found.add(next);
    next = places.within[places.id.indexOf(next)] ?? null;
  }
  return found;
}

/** Along a great circle, in kilometres (haversine). */
export function distance(y1: number, x1: number, y2: number, x2: number): number {
  const [dy, dx] = [(y2 - y1) * RADIANS, (x2 - x1) * RADIANS];
  const part =
    Math.sin(dy / 2) ** 2 +
    Math.cos(y1 * RADIANS) * Math.cos(y2 * RADIANS) * Math.sin(dx / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(part)));
}

export function direction(y1: number, x1: number, y2: number, x2: number): number {
  const dx = (x2 - x1) * RADIANS;
  const [from, to] = [y1 * RADIANS, y2 * RADIANS];
  const east = Math.sin(dx) * Math.cos(to);
  const north = Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(dx);
  return (Math.round(Math.atan2(east, north) / (Math.PI / 4)) + 8) % 8;
}
