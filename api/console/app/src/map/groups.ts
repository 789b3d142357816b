// Which places stand so near to each other at a zoom that they are drawn as one. The places do not
// move, so this is found once for each zoom. Areas are never drawn as one with points.
import Supercluster from "supercluster";
import type { Places } from "../server/columns";
import { SHAPE } from "./symbols";

/** A place alone, or several in one. */
export interface Group {
  longitude: number;
  latitude: number;
  /** Numbers of the places in the list; towns first. */
  members: readonly number[];
  isArea: boolean;
}

/** The closest zoom of the map. Places that are one there can't be told apart on the map. */
export const CLOSEST = 14;
const NEAR = 14; // pixels between the middles of two points that are drawn as one
const NEAR_AREAS = 40;

type Index = Supercluster<{ place: number }>;

export class Groups {
  private readonly points: Index;
  private readonly areas: Index;
  private readonly at = new Map<number, Group[]>();

  constructor(
    private readonly places: Places,
    shapes: Uint8Array,
  ) {
    const isArea = (place: number) => shapes[place] === SHAPE.area;
    this.points = indexOf(places, NEAR, (place) => !isArea(place));
    this.areas = indexOf(places, NEAR_AREAS, isArea);
  }

  /** The groups at a zoom: areas, then points over them. */
  of(zoom: number): readonly Group[] {
    const level = Math.max(0, Math.min(CLOSEST, Math.floor(zoom)));
    let found = this.at.get(level);
    if (!found) {
      const areas = this.groupsOf(this.areas, level, true);
      found = [...areas, ...this.groupsOf(this.points, level, false)];
      this.at.set(level, found);
    }
    return found;
  }

  /** The group of a place at a zoom. */
  with(place: number, zoom: number): Group | null {
    return this.of(zoom).find((group) => group.members.includes(place)) ?? null;
  }

  /** Whether some zoom draws the members as more than one. */
  isSeparable(group: Group): boolean {
    const [first] = group.members;
    if (group.members.length < 2 || first === undefined) return false;
    return this.with(first, CLOSEST)!.members.length < group.members.length;
  }

  private groupsOf(index: Index, level: number, isArea: boolean): Group[] {
    return index.getClusters([-180, -85, 180, 85], level).map((each) => {
      const [longitude, latitude] = each.geometry.coordinates as [number, number];
      const { properties } = each;
      const members =
        "cluster_id" in properties
          ? index
              .getLeaves(properties.cluster_id, Number.POSITIVE_INFINITY)
              .map((leaf) => (leaf.properties as { place: number }).place)
          : [properties.place];
      return { longitude, latitude, members: this.townsFirst(members), isArea };
    });
  }

  private townsFirst(members: number[]): number[] {
    const rank = (place: number) => (this.places.kind[place] === "town" ? 0 : 1);
    return members.sort((one, other) => rank(one) - rank(other) || one - other);
  }
}

function indexOf(places: Places, near: number, belongs: (place: number) => boolean): Index {
  const index: Index = new Supercluster({ radius: near, extent: 256, maxZoom: CLOSEST });
  const points = places.id.flatMap((_, place) => {
    const [longitude, latitude] = [places.longitude[place], places.latitude[place]];
    if (longitude == null || latitude == null || !belongs(place)) return [];
    return [
      {
        type: "Feature" as const,
        properties: { place },
        geometry: { type: "Point" as const, coordinates: [longitude, latitude] },
      },
    ];
  });
  index.load(points);
  return index;
}
