// Boxes in the square of Mercator.
import { type Map as MapLibre, MercatorCoordinate } from "maplibre-gl";

/** From its corner in the north-west to the one in the south-east. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What is on the screen. */
export function screenOf(map: MapLibre): Box {
  const bounds = map.getBounds();
  const { x: left, y: top } = MercatorCoordinate.fromLngLat(bounds.getNorthWest());
  const { x: right, y: bottom } = MercatorCoordinate.fromLngLat(bounds.getSouthEast());
  return { left, top, right, bottom };
}

/** The box with half its width and height on each side. */
export function around({ left, top, right, bottom }: Box): Box {
  const [x, y] = [(right - left) / 2, (bottom - top) / 2];
  return { left: left - x, top: top - y, right: right + x, bottom: bottom + y };
}

export const isIn = (x: number, y: number, box: Box): boolean =>
  x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

export const isWithin = (inner: Box, outer: Box): boolean =>
  isIn(inner.left, inner.top, outer) && isIn(inner.right, inner.bottom, outer);
