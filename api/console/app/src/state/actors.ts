// The names of the actors on the map, as they were at the moment, and as they were known where the
// page shows an earlier knowledge. They are read again once the
// moment rests: no name changes while a slider moves.
import { computed, effect, signal } from "@preact/signals";
import { graphql } from "../made";
import type { ActorNamesQuery } from "../made/graphql";
import { ask, token } from "../server/ask";
import { EVERYBODY, type Shown } from "./address";
import { basisOf } from "./knowledge";
import { news } from "./news";
import { shown } from "./shown";
import { column } from "./situation";

const ACTORS = graphql(`
  query ActorNames($after: String, $at: Moment!) {
    actors(first: 500, after: $after) {
      nodes { slug name names(at: $at) }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
// As a part of an answer they are told as known at its position.
const THEN = graphql(`
  query ActorNamesThen($at: Moment!, $knownAt: Moment, $position: Int) {
    situation(at: $at, knownAt: $knownAt, position: $position) {
      places {
        holders { slug name names(at: $at) }
        contenders { slug name names(at: $at) }
      }
    }
  }
`);
const REST = 300; // milliseconds

const names = signal<ReadonlyMap<string, string>>(new Map());

/** The name in use at the moment; the slug, until names are there. */
export const actorName = (slug: string): string => names.value.get(slug) ?? slug;

const isMapRead = computed(() => column.value !== null);
let waiting: number | undefined;
effect(() => {
  const asked = askedOf(shown.value);
  void token.value;
  void news.value;
  if (!isMapRead.value) return;
  clearTimeout(waiting);
  waiting = window.setTimeout(() => void read(asked), names.peek().size ? REST : 0);
});

type Asked = { at: string; knownAt?: string; position?: number };

function askedOf({ at, knowledge, position }: Shown): Asked {
  const { perspective: _, ...known } = basisOf({ knowledge, position, words: EVERYBODY });
  return { at, ...known };
}

async function read(asked: Asked): Promise<void> {
  const { at, ...then } = asked;
  const found = new Map<string, string>();
  let after: string | null = null;
  try {
    do {
      const { actors }: ActorNamesQuery = await ask(ACTORS, { after, at });
      for (const each of actors?.nodes ?? []) found.set(each.slug, each.names[0] ?? each.name);
      after = actors?.pageInfo.hasNextPage ? (actors.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    if (Object.keys(then).length) {
      const { situation } = await ask(THEN, asked);
      const actors = situation?.places.flatMap(({ holders, contenders }) => [...holders, ...contenders]);
      for (const each of actors ?? []) found.set(each.slug, each.names[0] ?? each.name);
    }
  } catch {
    return; // the map tells of the problem; the names that are there stay
  }
  if (JSON.stringify(asked) === JSON.stringify(askedOf(shown.peek()))) names.value = found;
}
