// What the check asks of the server: the event as the page shows it, and the files of the log.
import { graphql } from "../made";
import { Refusal, ask, fetched } from "../server/ask";
import type { Bytes } from "./bytes";
import type { Told } from "./entry";

/** The event that is checked, and where in the log the server says that it stands. */
export interface Subject {
  statement: string | null;
  told: Told;
  /** Null until the log has taken the entry in. */
  leaf: { index: number; size: number } | null;
  /** The key that the server tells. */
  toldKey: string | null;
}

const CHECKED_EVENT = graphql(`
  query CheckedEvent($id: ID!) {
    event(id: $id) {
      __typename
      eventId
      recordedAt
      recordedBy
      credibility
      summary
      passage
      statement
      occurred { written }
      report { slug }
      locations { slug }
      actors { slug }
      inclusionProof { index size }
    }
    ledger { verifierKey }
  }
`);

/** Null where there is no such event. */
export async function askSubject(id: string, signal: AbortSignal): Promise<Subject | null> {
  const { event, ledger } = await ask(CHECKED_EVENT, { id }, signal);
  if (!event) return null;
  return {
    statement: event.statement ?? null,
    told: {
      type: event.__typename,
      id: event.eventId,
      recordedAt: event.recordedAt,
      recordedBy: event.recordedBy ?? null,
      credibility: event.credibility ?? null,
      summary: event.summary ?? null,
      passage: event.passage ?? null,
      occurred: event.occurred?.written ?? null,
      report: event.report?.slug ?? null,
      named: [...event.locations, ...event.actors].map(({ slug }) => slug),
    },
    leaf: event.inclusionProof ?? null,
    toldKey: ledger?.verifierKey ?? null,
  };
}

/** A signed note of the log; null where the server has none. */
export async function fetchNote(
  name: "checkpoint" | "cosigned",
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await (await fetchedAnew(name, signal)).text();
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}

/** A tile of hashes, or a bundle of entries. */
export async function fetchTile(path: string, signal: AbortSignal): Promise<Bytes> {
  return new Uint8Array(await (await fetchedAnew(path, signal)).arrayBuffer());
}

// Tiles may be kept for ever, and so would one that was altered once on its way.
function fetchedAnew(path: string, signal: AbortSignal): Promise<Response> {
  return fetched(`/tlog/${path}`, { cache: "no-store", signal });
}
