// Which places stand so near to each other at a zoom that they are drawn as one. The places do not
// move, so this is found once for each zoom; what a group shows is counted for each moment.
import Supercluster from "supercluster";
import type { Places } from "../server/columns";
import { OTHERS } from "./colours";
import { BYTES, FILL, RING, SHAPE, type Symbols } from "./symbols";

/** A place alone, or several in one. */
export interface Group {
  longitude: number;
  latitude: number;
  /** Numbers of the places in the list. */
  members: readonly number[];
}

/** The closest zoom that draws several places as one. */
export const LAST_GROUPED = 8;
const NEAR = 14; // pixels between the middles of two that are drawn as one

export class Groups {
  private readonly index: Supercluster<{ place: number }>;
  private readonly at = new Map<number, Group[]>();

  constructor(places: Places) {
    this.index = new Supercluster({ radius: NEAR, extent: 256, maxZoom: LAST_GROUPED });
    const points = places.id.flatMap((_, place) => {
      const [longitude, latitude] = [places.longitude[place], places.latitude[place]];
      if (longitude == null || latitude == null) return [];
      return [
        {
          type: "Feature" as const,
          properties: { place },
          geometry: { type: "Point" as const, coordinates: [longitude, latitude] },
        },
      ];
    });
    this.index.load(points);
  }

  /** The groups at a zoom, in no particular order. */
  of(zoom: number): readonly Group[] {
    const level = Math.max(0, Math.min(LAST_GROUPED + 1, Math.floor(zoom)));
    let found = this.at.get(level);
    if (!found) {
      found = this.index.getClusters([-180, -85, 180, 85], level).map((each) => {
        const [longitude, latitude] = each.geometry.coordinates as [number, number];
        const { properties } = each;
        const members =
          "cluster_id" in properties
            ? this.index
                .getLeaves(properties.cluster_id, Number.POSITIVE_INFINITY)
                .map((leaf) => (leaf.properties as { place: number }).place)
            : [properties.place];
        return { longitude, latitude, members };
      });
      this.at.set(level, found);
    }
    return found;
  }
}

/** What a group shows: the symbol of its only shown place, else the shares of its holders. */
export function symbolOfGroup(group: Group, symbols: Symbols, into: Uint8Array, start: number): number {
  let shown = 0;
  let only = 0;
  for (const place of group.members) {
    if (!symbols.isShown[place]) continue;
    shown++;
    only = place;
  }
  if (shown === 1) {
    into.set(symbols.bytes.subarray(only * BYTES, only * BYTES + BYTES), start);
  } else if (shown > 1) {
    into.set(shares(group, symbols), start);
  }
  return shown;
}

function shares(group: Group, symbols: Symbols): Uint8Array {
  const weights = new Map<number, number>();
  let held = 0;
  let [isHatched, isBesieged, opacity, all] = [false, false, 0, 0];
  for (const place of group.members) {
    if (!symbols.isShown[place]) continue;
    const start = place * BYTES;
    const fill = symbols.bytes[start + 8];
    all++;
    opacity += symbols.bytes[start + 11]!;
    isHatched ||= fill === FILL.hatched || fill === FILL.doubted;
    isBesieged ||= symbols.bytes[start + 9] === RING.siege;
    if (fill === FILL.hollow || fill === FILL.unknown) continue;
    for (let part = 0; part < 4; part++) {
      const share = symbols.bytes[start + 4 + part]!;
      if (!share) continue;
      const colour = symbols.bytes[start + part]!;
      weights.set(colour, (weights.get(colour) ?? 0) + share);
      held += share;
    }
  }
  const bytes = new Uint8Array(BYTES);
  const total = all * 255; // what nobody holds stays empty in the ring of shares
  const sorted = [...weights].sort((one, other) => other[1] - one[1]);
  sorted.slice(0, 3).forEach(([colour, weight], at) => {
    bytes[at] = colour;
    bytes[4 + at] = Math.floor((255 * weight) / total);
    held -= weight;
  });
  bytes[3] = OTHERS;
  bytes[7] = Math.floor((255 * Math.max(0, held)) / total);
  bytes[8] = isHatched ? FILL.doubted : FILL.plain;
  bytes[9] = isBesieged ? RING.siege : RING.none;
  bytes[10] = SHAPE.point;
  bytes[11] = Math.round(opacity / all);
  return bytes;
}
