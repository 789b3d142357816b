// The names of the actors on the map, as they were at the moment. They are read again once the
// moment rests: no name changes while a slider moves.
import { computed, effect, signal } from "@preact/signals";
import { graphql } from "../made";
import type { ActorNamesQuery } from "../made/graphql";
import { ask, token } from "../server/ask";
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
const REST = 300; // milliseconds

const names = signal<ReadonlyMap<string, string>>(new Map());

/** The name in use at the moment; the slug, until names are there. */
export const actorName = (slug: string): string => names.value.get(slug) ?? slug;

const isMapRead = computed(() => column.value !== null);
let waiting: number | undefined;
effect(() => {
  const { at } = shown.value;
  void token.value;
  void news.value;
  if (!isMapRead.value) return;
  clearTimeout(waiting);
  waiting = window.setTimeout(() => void read(at), names.peek().size ? REST : 0);
});

async function read(at: string): Promise<void> {
  const found = new Map<string, string>();
  let after: string | null = null;
  try {
    do {
      const { actors }: ActorNamesQuery = await ask(ACTORS, { after, at });
      for (const each of actors?.nodes ?? []) found.set(each.slug, each.names[0] ?? each.name);
      after = actors?.pageInfo.hasNextPage ? (actors.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
  } catch {
    return; // the map tells of the problem; the names that are there stay
  }
  if (at === shown.peek().at) names.value = found;
}
