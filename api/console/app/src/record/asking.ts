// What the server says of a draft: what the answers would become, and what became of recording it.
import { computed, effect, signal } from "@preact/signals";
import { graphql } from "../made";
import type { SupposeStatementQuery } from "../made/graphql";
import { Refusal, ask, tell } from "../server/ask";
import { refresh } from "../state/situation";
import { open } from "../state/shown";
import { type Refused, begin, input, refused } from "./draft";
import { recorded } from "./last";

const SUPPOSE = graphql(`
  query SupposeStatement($input: StatementInput!) {
    supposed(input: $input) {
      __typename
      ... on Refused { code message field }
      ... on Supposition {
        at
        duplicate
        statement
        changes {
          differs
          location { slug name }
          before { status certain disputed holders { slug name } contenders { slug name } explanation }
          after { status certain disputed holders { slug name } contenders { slug name } explanation }
        }
      }
    }
  }
`);
const RECORD = graphql(`
  mutation RecordStatement($input: StatementInput!) {
    recordStatement(input: $input) {
      __typename
      ... on Refused { code message field }
      ... on Recorded { position duplicate event { eventId } }
    }
  }
`);

export type Supposition = Extract<
  NonNullable<SupposeStatementQuery["supposed"]>,
  { __typename: "Supposition" }
>;

export const supposition = signal<Supposition | null>(null);
export const isSupposing = signal(false);
export const isRecording = signal(false);

const PAUSE = 400;

/** Asks what would become of the draft, whenever it is whole and a person pauses. */
export function supposeWhileDrafting(): () => void {
  const asked = computed(() => JSON.stringify(input.value));
  let underway: AbortController | null = null;
  let waiting: number | undefined;
  const halt = () => {
    clearTimeout(waiting);
    underway?.abort();
  };
  const stop = effect(() => {
    const said = asked.value;
    halt();
    supposition.value = null;
    isSupposing.value = said !== "null";
    if (said === "null") return;
    const mine = (underway = new AbortController());
    waiting = window.setTimeout(() => void suppose(JSON.parse(said), mine.signal), PAUSE);
  });
  return () => {
    stop();
    halt();
  };
}

async function suppose(given: NonNullable<typeof input.value>, stop: AbortSignal): Promise<void> {
  const told = await ask(SUPPOSE, { input: given }, stop).catch(saidAgainst);
  if (stop.aborted) return;
  isSupposing.value = false;
  const said = "supposed" in told ? told.supposed : told;
  if (said && "changes" in said) supposition.value = said;
  else refused.value = said && "message" in said ? { ...said, field: said.field ?? null } : null;
}

/** Records the draft; the page then shows the event. Answers whether it was recorded. */
export async function record(): Promise<boolean> {
  const given = input.peek();
  if (!given || isRecording.peek()) return false;
  isRecording.value = true;
  const told = await tell(RECORD, { input: given }).catch(saidAgainst);
  isRecording.value = false;
  const said = "recordStatement" in told ? told.recordStatement : told;
  if (said && "event" in said) {
    const { position, duplicate, event } = said;
    recorded.value = { event: event.eventId, position, duplicate };
    begin({ name: "record" });
    refresh();
    open({ name: "event", of: event.eventId });
    return true;
  }
  refused.value = said && "message" in said ? { ...said, field: said.field ?? null } : null;
  return false;
}

const IN_THE_WORDS_OF_GRAPHQL = /^Expected value of type '\w+', but encountered error '(.+?)'(?:; .*)?$/s;
const MISREAD = /invalid value at \.([\w.]+): (.+?)(?= Variable '\$|$)/;

/** A value that the schema does not admit, or a server that can't be reached, as a refusal. */
function saidAgainst(error: unknown): Refused {
  const message = error instanceof Error ? error.message : String(error);
  const found = MISREAD.exec(message);
  const code = error instanceof Refusal && error.status === 0 ? "Unreachable" : "Misread";
  if (!found) return { code, field: null, message };
  const [, field, why] = found;
  return { code, field: field!, message: IN_THE_WORDS_OF_GRAPHQL.exec(why!)?.[1] ?? why! };
}
