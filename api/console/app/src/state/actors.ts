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

const names = signal<ReadonlyMap<string, string>>(new Map());

export const actorName = (slug: string): string => names.value.get(slug) ?? slug;

effect(() => {
  const looks = column.value?.looks ?? [];
  const isKnown = looks.every((look) => look.holders.every((each) => names.peek().has(each)));
  if (!isKnown) void read();
});

let reads = false;
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
  } finally {
    reads = false;
  }
}
