// What the page shows, and the address that holds all of it.
import { momentTyped } from "./moments.ts";

/** Which records count: all that is known now, what had been recorded by a moment, or what could
 * be read by one. Moments are days (their close, UTC) or instants. */
export type Knowledge =
  | { by: "now" }
  | { by: "recorded"; at: string }
  | { by: "published"; at: string };

export interface Words {
  /** Slugs of sources that don't count. */
  without: readonly string[];
  /** The least reliability of a source that counts, A to F; F lets all count. */
  reliability: string;
  /** The least credibility of a statement that counts, 1 to 6; 6 lets all count. */
  credibility: number;
}

/** A panel, and the slug or id of what it is about; of a search, the text. */
export type Panel =
  | { name: "none" | "situation" | "compare" | "record" | "words" | "share" | "keys" }
  | { name: "place" | "here" | "actor" | "event" | "check" | "correct" | "retract" | "reinstate" | "source" | "report" | "search"; of: string };

export interface Shown {
  /** The moment in the world. */
  at: string;
  knowledge: Knowledge;
  /** The position of the ledger that the page is pinned to. */
  position: number | null;
  words: Words;
  panel: Panel;
  /** The other moment and knowledge of a comparison. */
  other: { at: string; knowledge: Knowledge };
  /** Whether it is a comparison that is shared, while the panel of sharing is open. */
  isComparisonShared: boolean;
  view: { longitude: number; latitude: number; zoom: number } | null;
}

export const EVERYBODY: Words = { without: [], reliability: "F", credibility: 6 };
const ABOUT = ["place", "here", "actor", "event", "check", "correct", "retract", "reinstate", "source", "report", "search"] as const;
const ALONE = ["situation", "compare", "record", "words", "share", "keys"] as const;
const MOMENTS = ["at", "recorded", "published", "with", "with-recorded", "with-published"];

/** What an address says; `today` where it does not say a moment. What can't be read is left out. */
export function readAddress(search: string, today: string): Shown {
  const given = new URLSearchParams(search);
  const at = moment(given.get("at")) ?? today;
  return {
    at,
    knowledge: knowledgeIn(given, "recorded", "published"),
    position: whole(given.get("position")),
    words: {
      without: given.getAll("without"),
      reliability: reliabilityIn(given.get("reliability")) ?? "F",
      credibility: within(whole(given.get("credibility")), 1, 6) ?? 6,
    },
    panel: panelIn(given),
    other: {
      at: moment(given.get("with")) ?? at,
      knowledge: knowledgeIn(given, "with-recorded", "with-published"),
    },
    isComparisonShared: moment(given.get("with")) !== null,
    view: viewIn(given.get("map")),
  };
}

/** Whether two sides are shown. */
export function isCompared({ panel, isComparisonShared }: Pick<Shown, "panel" | "isComparisonShared">): boolean {
  return panel.name === "compare" || (panel.name === "share" && isComparisonShared);
}

/** The parts of an address that say what is shown and can't be read, as they are written. */
export function unreadIn(search: string): string[] {
  const given = new URLSearchParams(search);
  const readers: [string, (said: string) => unknown][] = [
    ...MOMENTS.map((name): [string, (said: string) => unknown] => [name, moment]),
    ["position", whole],
    ["reliability", reliabilityIn],
    ["credibility", (said) => within(whole(said), 1, 6)],
  ];
  return readers.flatMap(([name, read]) => {
    const said = given.get(name);
    return said !== null && read(said) === null ? [`${name}=${said.slice(0, 40)}`] : [];
  });
}

/** The address of what is shown, from its question mark on; empty parts are left out. */
export function writeAddress(shown: Shown): string {
  const said = new URLSearchParams();
  said.set("at", shown.at);
  sayKnowledge(said, shown.knowledge, "recorded", "published");
  if (shown.position !== null) said.set("position", String(shown.position));
  for (const source of shown.words.without) said.append("without", source);
  if (shown.words.reliability !== "F") said.set("reliability", shown.words.reliability);
  if (shown.words.credibility !== 6) said.set("credibility", String(shown.words.credibility));
  const panel = shown.panel;
  if ("of" in panel) said.set(panel.name, panel.of);
  else if (panel.name !== "none") said.set("show", panel.name);
  if (isCompared(shown)) {
    said.set("with", shown.other.at);
    sayKnowledge(said, shown.other.knowledge, "with-recorded", "with-published");
  }
  if (shown.view) {
    const { longitude, latitude, zoom } = shown.view;
    said.set("map", `${zoom.toFixed(2)}/${latitude.toFixed(4)}/${longitude.toFixed(4)}`);
  }
  return `?${said.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
}

function knowledgeIn(given: URLSearchParams, recorded: string, published: string): Knowledge {
  const byThen = moment(given.get(recorded));
  if (byThen) return { by: "recorded", at: byThen };
  const read = moment(given.get(published));
  return read ? { by: "published", at: read } : { by: "now" };
}

function sayKnowledge(
  said: URLSearchParams,
  knowledge: Knowledge,
  recorded: string,
  published: string,
): void {
  if (knowledge.by === "recorded") said.set(recorded, knowledge.at);
  if (knowledge.by === "published") said.set(published, knowledge.at);
}

function panelIn(given: URLSearchParams): Panel {
  for (const name of ABOUT) {
    const of = given.get(name);
    if (of) return { name, of };
  }
  const name = ALONE.find((each) => each === given.get("show"));
  return { name: name ?? "none" };
}

function viewIn(said: string | null): Shown["view"] {
  const [zoom, latitude, longitude] = (said ?? "").split("/").map(Number);
  if (zoom === undefined || latitude === undefined || longitude === undefined) return null;
  const isPlace = Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= 22;
  return isPlace ? { zoom, latitude, longitude } : null;
}

function moment(said: string | null): string | null {
  return said === null ? null : momentTyped(said);
}

function reliabilityIn(said: string | null): string | null {
  return said !== null && /^[A-F]$/.test(said) ? said : null;
}

function whole(said: string | null): number | null {
  return said !== null && /^\d{1,15}$/.test(said) ? Number(said) : null;
}

function within(number: number | null, least: number, most: number): number | null {
  return number !== null && number >= least && number <= most ? number : null;
}
