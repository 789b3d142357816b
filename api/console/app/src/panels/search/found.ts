// What a text finds: places, actors, sources, reports and events, by any name and in any script.
import { graphql } from "../../made";
import type { SearchEverythingQuery } from "../../made/graphql";
import type { Panel } from "../../state/address";
import { lookInWords } from "../../state/look_in_words";
import { happenedInDates, inDates } from "../../words/dates";
import { type Words, sentence } from "../../words/words";

export const SEARCH = graphql(`
  query SearchEverything(
    $text: String!
    $words: String!
    $first: Int!
    $id: ID!
    $isId: Boolean!
  ) {
    event(id: $id) @include(if: $isId) { ...FoundEvent }
    locations(search: $text, first: $first) {
      nodes { slug name kind aliases within { name } }
      pageInfo { hasNextPage }
    }
    actors(search: $text, first: $first) {
      nodes { slug name kind aliases }
      pageInfo { hasNextPage }
    }
    sources(filter: { text: $text }, first: $first) {
      nodes { slug name reliability }
      pageInfo { hasNextPage }
    }
    reports(filter: { text: $text }, first: $first) {
      nodes { slug title published { ...Window } source { name } }
      pageInfo { hasNextPage }
    }
    events(filter: { text: $words }, last: $first) {
      nodes { ...FoundEvent }
      pageInfo { hasPreviousPage }
    }
  }
`);

graphql(`
  fragment FoundEvent on Event { __typename eventId statement summary occurred { ...Window } }
`);

const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Hit {
  panel: Panel & { of: string };
  name: string;
  /** What tells it from others of that name. */
  about: string;
  /** Whether the name is in the language of the server. */
  isSent: boolean;
}

export interface Group {
  kind: "places" | "actors" | "sources" | "reports" | "events";
  hits: Hit[];
  hasMore: boolean;
}

/** The arguments of a search: words of an event may be beginnings too, and its id finds it. */
export function searched(given: string, first: number) {
  const text = given.trim();
  const words = text.includes('"') ? text : text.split(/\s+/).map((each) => `${each}*`).join(" ");
  return { text, words, first, id: text.toLowerCase(), isId: EVENT_ID.test(text) };
}

/** The groups that have anything, in the order in which they are shown. */
export function groupsOf(found: SearchEverythingQuery, text: string, said: Words): Group[] {
  const { locations, actors, sources, reports, events, event } = found;
  const groups: Group[] = [
    {
      kind: "places",
      hasMore: locations?.pageInfo.hasNextPage ?? false,
      hits: (locations?.nodes ?? []).map((each) => ({
        panel: { name: "place", of: each.slug },
        name: named(each, text),
        about: parts(said.place.kind[each.kind], each.within?.name, lookInWords(each.slug)),
        isSent: false,
      })),
    },
    {
      kind: "actors",
      hasMore: actors?.pageInfo.hasNextPage ?? false,
      hits: (actors?.nodes ?? []).map((each) => ({
        panel: { name: "actor", of: each.slug },
        name: named(each, text),
        about: said.search.actorKind[each.kind],
        isSent: false,
      })),
    },
    {
      kind: "sources",
      hasMore: sources?.pageInfo.hasNextPage ?? false,
      hits: (sources?.nodes ?? []).map((each) => ({
        panel: { name: "source", of: each.slug },
        name: each.name,
        about: `${each.reliability}: ${said.grades.reliability[each.reliability]}`,
        isSent: false,
      })),
    },
    {
      kind: "reports",
      hasMore: reports?.pageInfo.hasNextPage ?? false,
      hits: (reports?.nodes ?? []).map((each) => ({
        panel: { name: "report", of: each.slug },
        name: each.title,
        about: parts(each.source?.name, inDates(each.published)),
        isSent: false,
      })),
    },
    {
      kind: "events",
      hasMore: events?.pageInfo.hasPreviousPage ?? false,
      hits: [...(event ? [event] : []), ...(events?.nodes ?? []).toReversed()].map((each) => ({
        panel: { name: "event", of: each.eventId },
        name: each.statement ? sentence(each.statement) : said.event.types(each.__typename),
        about: parts(each.occurred && happenedInDates(each.__typename, each.occurred), each.summary),
        isSent: Boolean(each.statement),
      })),
    },
  ];
  return groups.filter(({ hits }) => hits.length);
}

/** The name, and the other name that the text is a part of, where the name is none. */
function named({ name, aliases }: { name: string; aliases: readonly string[] }, text: string): string {
  const wanted = plain(text);
  if (plain(name).includes(wanted)) return name;
  const other = aliases.find((each) => plain(each).includes(wanted));
  return other ? `${name} (${other})` : name;
}

function plain(text: string): string {
  return text.trim().normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function parts(...given: (string | null | undefined)[]): string {
  return given.filter(Boolean).join(" · ");
}
