// Names beside places. A few places in one are named by the first, as "Kidal +1"; their number stands
// on them (count_program.ts). An area's name is in italics in the middle of it.
import type { GeoJSONSource, Map as MapLibre, SymbolLayerSpecification } from "maplibre-gl";
import type { Places } from "../server/columns";
import { repaint } from "./base_paint";
import type { Group } from "./groups";
import { INKS } from "./palette";
import { type Symbols, isSame } from "./symbols";

const SOURCE = "labels";
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
/** The most places in one that are named by the first of them. */
const FEW = 3;

export class Labels {
  private groups: readonly Group[] | null = null;
  private isShown: Uint8Array = new Uint8Array();

  constructor(
    private readonly map: MapLibre,
    private readonly font: string[],
    isDark: boolean,
  ) {
    map.addSource(SOURCE, { type: "geojson", data: EMPTY });
    for (const layer of layers(font, isDark)) map.addLayer(layer);
  }

  repaint(isDark: boolean): void {
    repaint(this.map, layers(this.font, isDark));
  }

  /** Labels are laid out anew only where other places are shown: it takes longer than a frame. */
  show(places: Places, groups: readonly Group[], { isShown }: Symbols): void {
    if (groups === this.groups && isSame(isShown, this.isShown)) return;
    this.groups = groups;
    this.isShown = isShown;
    const features = groups.flatMap((group) => labelOf(places, group, isShown) ?? []);
    const source = this.map.getSource<GeoJSONSource>(SOURCE);
    source?.setData({ type: "FeatureCollection", features });
  }
}

const LONGEST = 40;

function shortened(name: string): string {
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("").trimEnd()}…` : name;
}

interface Label {
  text: string;
  kind: "name" | "area";
  order: number;
  isSeveral: boolean;
}

function labelOf(
  places: Places,
  group: Group,
  isShown: Uint8Array,
): GeoJSON.Feature<GeoJSON.Point, Label> | null {
  const shown = group.members.filter((place) => isShown[place]);
  const [first] = shown;
  if (first === undefined) return null;
  const more = shown.length - 1;
  if (shown.length > FEW) return null;
  const name = more ? `${shortened(places.name[first]!)} +${more}` : shortened(places.name[first]!);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [group.longitude, group.latitude] },
    properties: {
      text: name,
      kind: group.isArea ? "area" : "name",
      order: places.kind[first] === "town" ? 1 : 2,
      isSeveral: more > 0,
    },
  };
}

function layers(font: string[], isDark: boolean): SymbolLayerSpecification[] {
  const { edge, ground } = isDark ? INKS.dark : INKS.light;
  const paint = { "text-color": edge, "text-halo-color": ground, "text-halo-width": 1.4 };
  const base = { type: "symbol" as const, source: SOURCE };
  const is = (kind: Label["kind"]) => ["==", ["get", "kind"], kind] as ["==", never, string];
  const text = { "text-field": ["get", "text"] as ["get", string], "text-size": 12 };
  return [
    {
      ...base,
      id: "areas",
      filter: is("area"),
      layout: { ...text, "text-font": italic(font), "text-letter-spacing": 0.12 },
      paint,
    },
    {
      ...base,
      id: "names",
      filter: is("name"),
      layout: {
        ...text,
        "text-font": font,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": ["case", ["get", "isSeveral"], 1.25, 0.95],
        "text-justify": "auto",
        "symbol-sort-key": ["get", "order"],
      },
      paint,
    },
  ];
}

/** Fonts of the system are drawn by the browser, which takes the word; others are files. */
const italic = (font: string[]): string[] =>
  font[0] === "system-ui" ? ["italic system-ui", ...font.slice(1)] : font;
