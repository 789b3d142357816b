// Places, actors, sources and reports, found by what is typed, in any script; and their names.
import { signal } from "@preact/signals";
import { graphql } from "../made";
import { ask } from "../server/ask";

/** What can be found. */
export type Kind = "LOCATION" | "ACTOR" | "SOURCE" | "REPORT" | "EVENT";

export interface Hit {
  slug: string;
  name: string;
  /** What tells it from others of that name. */
  about: string;
}

const MOST = 8;

const PLACES = graphql(`
  query FoundPlaces($text: String!, $first: Int!) {
    locations(search: $text, first: $first) { nodes { slug name kind aliases within { name } } }
  }
`);
const ACTORS = graphql(`
  query FoundActors($text: String!, $first: Int!) {
    actors(search: $text, first: $first) { nodes { slug name kind aliases } }
  }
`);
const SOURCES = graphql(`
  query FoundSources($text: String, $first: Int!) {
    sources(filter: { text: $text }, first: $first) { nodes { slug name reliability } }
  }
`);
const REPORTS = graphql(`
  query FoundReports($text: String, $first: Int!) {
    reports(filter: { text: $text }, first: $first) {
      nodes { slug title source { name } published { earliest } }
    }
  }
`);
const NAMES = graphql(`
  query FoundNames($id: ID!, $ofPlace: Boolean!, $ofActor: Boolean!, $ofSource: Boolean!, $ofReport: Boolean!) {
    location(id: $id) @include(if: $ofPlace) { name }
    actor(id: $id) @include(if: $ofActor) { name }
    source(id: $id) @include(if: $ofSource) { name }
    report(id: $id) @include(if: $ofReport) { title }
  }
`);

/** What the text finds, the best first. */
export async function find(kind: Kind, typed: string, stop: AbortSignal): Promise<Hit[]> {
  const asked = { text: typed.trim(), first: MOST };
  const hits = await found(kind, asked, stop);
  for (const { slug, name } of hits) keep(kind, slug, name);
  return hits;
}

async function found(
  kind: Kind,
  { text, first }: { text: string; first: number },
  stop: AbortSignal,
): Promise<Hit[]> {
  switch (kind) {
    case "LOCATION": {
      const { locations } = await ask(PLACES, { text, first }, stop);
      return (locations?.nodes ?? []).map(({ slug, name, kind, within, aliases }) => ({
        slug,
        name,
        about: parts(other(text, name, aliases), inWords(kind), within?.name),
      }));
    }
    case "ACTOR": {
      const { actors } = await ask(ACTORS, { text, first }, stop);
      return (actors?.nodes ?? []).map(({ slug, name, kind, aliases }) => ({
        slug,
        name,
        about: parts(other(text, name, aliases), inWords(kind)),
      }));
    }
    case "SOURCE": {
      const { sources } = await ask(SOURCES, { text: text || null, first }, stop);
      return (sources?.nodes ?? []).map(({ slug, name, reliability }) => ({ slug, name, about: reliability }));
    }
    case "REPORT": {
      const { reports } = await ask(REPORTS, { text: text || null, first }, stop);
      return (reports?.nodes ?? []).map(({ slug, title, source, published }) => ({
        slug,
        name: title,
        about: parts(source?.name, published?.earliest.slice(0, 10)),
      }));
    }
    case "EVENT":
      return [];
  }
}

/** The other name by which a text found it, where that is no part of its name. */
function other(text: string, name: string, aliases: readonly string[]): string | undefined {
  const wanted = plain(text);
  if (!wanted || plain(name).includes(wanted)) return undefined;
  return aliases.find((each) => plain(each).includes(wanted));
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function inWords(kind: string): string {
  return kind.toLowerCase().replaceAll("_", " ");
}

function parts(...given: (string | null | undefined)[]): string {
  return given.filter(Boolean).join(" · ");
}

const names = signal<Record<string, string>>({});
const asked = new Set<string>();

/** The name of what an id names; the id, until it is known. */
export function nameOf(kind: Kind, slug: string): string {
  const key = `${kind}:${slug}`;
  if (!(key in names.value) && !asked.has(key)) {
    asked.add(key);
    void readName(kind, slug);
  }
  return names.value[key] ?? slug;
}

async function readName(kind: Kind, slug: string): Promise<void> {
  const of = { ofPlace: kind === "LOCATION", ofActor: kind === "ACTOR", ofSource: kind === "SOURCE", ofReport: kind === "REPORT" };
  const told = await ask(NAMES, { id: slug, ...of }).catch(() => null);
  const name = told?.location?.name ?? told?.actor?.name ?? told?.source?.name ?? told?.report?.title;
  if (name) keep(kind, slug, name);
}

function keep(kind: Kind, slug: string, name: string): void {
  if (names.peek()[`${kind}:${slug}`] !== name) {
    names.value = { ...names.peek(), [`${kind}:${slug}`]: name };
  }
}
