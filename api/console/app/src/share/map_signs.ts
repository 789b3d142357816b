// The signs that occur on the part of the map that is on the screen.
import type { Map as MapLibre } from "maplibre-gl";
import { groups } from "../map/grouped";
import { SHAPE, fading } from "../map/symbols";
import { SIGN_SHAPES, type Sign } from "../parts/sign_shapes";
import { type Column, type Look, NEVER } from "../server/columns";
import { dayNumber } from "../state/days";
import { differing } from "../state/differences";
import { column, otherColumn, shapes } from "../state/situation";

/** In the order of the legend. */
export function signsOn(map: MapLibre): Sign[] {
  const found = new Set<Sign>();
  const bounds = map.getBounds();
  const differ = new Set(differing.peek());
  const columns = [column.peek(), otherColumn.peek()].filter((each) => each !== null);
  for (const { longitude, latitude, members } of groups.peek()?.of(map.getZoom()) ?? []) {
    if (!bounds.contains([longitude, latitude])) continue;
    if (members.some((place) => differ.has(place))) found.add("differs");
    for (const side of columns) {
      const shown = members.filter((place) => side.looks[side.numbers[place]!]!.told);
      if (shown.length > 1) found.add("group");
      for (const place of shown) for (const sign of signsOf(place, side)) found.add(sign);
    }
  }
  return (Object.keys(SIGN_SHAPES) as Sign[]).filter((sign) => found.has(sign));
}

function signsOf(place: number, side: Column): Sign[] {
  const look = side.looks[side.numbers[place]!]!;
  const shape = shapes.peek()[place];
  const heard = side.lastHeard[place]!;
  const isOld = heard === NEVER || fading(dayNumber(side.at), heard) > 0;
  const signs: (Sign | false)[] = [
    statusOf(look),
    look.siege !== null && "siege",
    look.holders.length > 0 && (!look.certain || isOld) && "faded",
    shape === SHAPE.near && "near",
    shape === SHAPE.area && "area",
  ];
  return signs.filter((sign) => sign !== false);
}

function statusOf({ status, disputed, holders }: Look): Sign | false {
  if (status === "CONTESTED" || status === "DISPUTED") return "contested";
  if (status === "VACANT") return "vacant";
  if (status === "UNKNOWN") return "unknown";
  if (disputed) return "disputed";
  return holders.length > 1 && "shared";
}
