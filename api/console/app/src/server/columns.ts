// The map as columns: the places once, and for each moment the look of each. The bytes are those of
// GET /map/column, as docs/map.md tells.
import { fetched } from "./ask";

export interface Places {
  version: string;
  id: string[];
  name: string[];
  kind: string[];
  latitude: (number | null)[];
  longitude: (number | null)[];
  geoScale: (string | null)[];
  geoCode: (number | null)[];
  within: (string | null)[];
}

export type Status = "HELD" | "CONTESTED" | "VACANT" | "DISPUTED" | "UNKNOWN";

/** What the map shows of a place. */
export interface Look {
  status: Status;
  /** Ids of actors, best corroborated first; of a contested place, the contenders. */
  holders: string[];
  certain: boolean;
  disputed: boolean;
  /** False of a region of which nobody speaks. */
  told: boolean;
  siege: "CERTAIN" | "POSSIBLE" | null;
}

export interface Column {
  position: number;
  at: string;
  /** The version of the list of places that the numbers count in. */
  places: string;
  looks: Look[];
  /** For each place the number of its look. */
  numbers: Uint32Array;
  /** For each place the day of the latest word, since 1970; NEVER where there is none. */
  lastHeard: Int32Array;
}

export const NEVER = -2147483648;
const HEAD = 32;

export async function readPlaces(position: number | null): Promise<Places> {
  const url = position === null ? "/map/places" : `/map/places?position=${position}`;
  const response = await fetched(url);
  const version = (response.headers.get("ETag") ?? "").replace(/^W\//, "").replaceAll('"', "");
  return { ...((await response.json()) as Omit<Places, "version">), version };
}

export async function readColumn(said: URLSearchParams, signal: AbortSignal): Promise<Column> {
  const headers = { Accept: "application/octet-stream" };
  const response = await fetched(`/map/column?${said}`, { headers, signal });
  return decodeColumn(await response.arrayBuffer());
}

export function decodeColumn(bytes: ArrayBuffer): Column {
  const view = new DataView(bytes);
  if (view.getUint32(0) !== 0x544e4d43 || view.getUint16(4, true) !== 1) {
    throw new Error("This is no column of a map that this page can read.");
  }
  const count = view.getUint32(8, true);
  const length = view.getUint32(12, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, HEAD, length)));
  return {
    ...(head as Pick<Column, "position" | "at" | "places" | "looks">),
    numbers: new Uint32Array(bytes, HEAD + length, count),
    lastHeard: new Int32Array(bytes, HEAD + length + 4 * count, count),
  };
}

export interface ChangeDates {
  dates: string[];
  changes: number[];
}

/** The days, months or years after which the map shows something else. */
export async function readDates(said: URLSearchParams): Promise<ChangeDates> {
  return (await (await fetched(`/map/dates?${said}`)).json()) as ChangeDates;
}
