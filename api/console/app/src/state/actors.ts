// The names of the actors on the map.
import { effect, signal } from "@preact/signals";
import { graphql } from "../made";
import type { ActorNamesQuery } from "../made/graphql";
import { ask } from "../server/ask";
import { column } from "./situation";

const ACTORS = graphql(`
  query ActorNames($after: String) {
    actors(first: 500, after: $after) {
      nodes { slug name }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

let reads = false;
const names = signal<ReadonlyMap<string, string>>(new Map());

export const actorName = (slug: string): string => names.value.get(slug) ?? slug;

/** The actors of the map that had no name when the names were read. */
let nameless = new Set<string>();

const holders = (): string[] => (column.value?.looks ?? []).flatMap((look) => look.holders);

effect(() => {
  const isKnown = (actor: string) => names.peek().has(actor) || nameless.has(actor);
  if (!holders().every(isKnown)) void read();
});
void read(); // without waiting for the map

async function read(): Promise<void> {
  if (reads) return;
  reads = true;
  try {
    const found = new Map<string, string>();
    let after: string | null = null;
    do {
      const { actors }: ActorNamesQuery = await ask(ACTORS, { after });
      for (const { slug, name } of actors?.nodes ?? []) found.set(slug, name);
      after = actors?.pageInfo.hasNextPage ? (actors.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    names.value = found;
    nameless = new Set(holders().filter((actor) => !found.has(actor)));
  } catch {
    // Until they can be read, ids stand for names; what is wrong the map says.
  } finally {
    reads = false;
  }
}
