// An entry of the ledger: its canonical bytes (RFC 8785), the id that its content gives it, and
// whether it says what the page shows of the event.
import { type Bytes, bytesOfHex, equal, hex, joined, sha1, textOf, utf8 } from "./bytes.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Entry {
  event: { [name: string]: Json };
  id: string;
  recorded_at: string;
  recorded_by: string;
  revision: number;
  type: string;
}

/** What stands in the log for an entry that is too long for a bundle. */
interface LongEntry {
  bytes: number;
  sha256: string;
}

/** What the server tells of the event, which the entry has to say too. */
export interface Told {
  type: string;
  id: string;
  recordedAt: string;
  recordedBy: string | null;
  credibility: number | null;
  summary: string | null;
  passage: string | null;
  occurred: string | null;
  report: string | null;
  /** The slugs of all places and actors that it names. */
  named: string[];
}

const NAMESPACE = bytesOfHex("6f0d1b3c5a0e5a5e9c587b1f5f1f2f0a");

/** Null for bytes that are no JSON in its canonical form. */
export function readLeaf(leaf: Bytes): Entry | LongEntry | null {
  try {
    const found = JSON.parse(textOf(leaf)) as Json;
    return equal(utf8(canonical(found)), leaf) ? (found as unknown as Entry | LongEntry) : null;
  } catch {
    return null;
  }
}

export function isLong(found: Entry | LongEntry): found is LongEntry {
  return "sha256" in found && !("event" in found);
}

/** The form of RFC 8785: members by the UTF-16 units of their names, numbers as in ECMAScript. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join(",")}}`;
}

/** The UUID of version 5 that the content of an entry gives it. */
export async function idOf(entry: Entry): Promise<string> {
  const event = Object.fromEntries(
    Object.entries(entry.event).map(([name, value]) => [name, asWritten(value)]),
  );
  const content = utf8(canonical({ type: entry.type, ...event }));
  const digest = (await sha1(joined(NAMESPACE, content))).slice(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return hex(digest).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const TIME = /^\d{4}[\d-]*(T[\d:.]+)?(Z|\[[^\]]*\])?(\/\d{4}[\d-]*(T[\d:.]+)?(Z|\[[^\]]*\])?)?$/;
const OFFSET = "[+-]\\d{2}:[0-5]\\d(?::[0-5]\\d)?";
const LOOKED_UP = new RegExp(`(^|/)([0-9Tt-]+)\\[${OFFSET}(?:/${OFFSET})? `, "g");
const AT_OFFSET = /(\d{4}-\d{2}-\d{2})T(\d{2})(?::(\d{2}:\d{2})(\.\d+)?)?\[([+-]\d{2}:\d{2})\]/g;

/** Ids don't cover offsets that were looked up for a zone, and a clock at a bare offset counts as
 * told in UTC. */
function asWritten(value: Json): Json {
  if (typeof value !== "string" || !value.includes("[") || !TIME.test(value)) return value;
  return inUtc(value).replace(LOOKED_UP, "$1$2[");
}

function inUtc(text: string): string {
  const changed = text.replace(AT_OFFSET, (whole, day, hour, rest, fraction, offset) => {
    const instant = new Date(`${day}T${hour}:${rest ?? "00:00"}${offset}`);
    const shown = instant.toISOString();
    if (rest) return `${shown.slice(0, 19)}${fraction ?? ""}Z`;
    return shown.slice(14, 16) === "00" ? `${shown.slice(0, 13)}Z` : whole;
  });
  if (changed === text) return text;
  // A range in which only one end is in a zone names the zone of the other end too.
  const ends = /^([^[/]*(?:\[[^\]]*\])?)\/(.*)$/.exec(changed)?.slice(1);
  if (!ends?.some((end) => end.includes("["))) return changed;
  return ends.map((end) => (/^\d{4}(-\d{2}){0,2}$/.test(end) ? `${end}[+00:00]` : end)).join("/");
}

/** The first thing that the page shows and the entry doesn't say; null where it says all of it. */
export function differenceTo(entry: Entry, told: Told): [what: string, page: string] | null {
  const { event } = entry;
  const pairs: [string, Json | undefined, Json][] = [
    ["type", entry.type, told.type],
    ["id", entry.id, told.id],
    // Who recorded it is not told to everybody.
    ["recorded_by", entry.recorded_by, told.recordedBy ?? entry.recorded_by],
    ["credibility", event["credibility"], told.credibility],
    ["summary", event["summary"], told.summary],
    ["passage", event["passage"], told.passage],
    ["occurred", event["occurred"], told.occurred],
    ["report", event["report"], told.report],
  ];
  const other = pairs.find(([, said, shown]) => (said ?? null) !== shown);
  if (other) return [other[0], String(other[2] ?? "–")];
  // An entry counts as recorded no earlier than the entry before it, whatever its own clock said.
  if (Date.parse(told.recordedAt) < Date.parse(entry.recorded_at)) {
    return ["recorded_at", told.recordedAt];
  }
  const said = new Set(textsIn(event));
  const missing = told.named.find((slug) => !said.has(slug));
  return missing === undefined ? null : ["event", missing];
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}
