// A question to the server that follows what is shown.
import { type Signal, batch, effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { TypedDocumentString } from "../made/graphql";
import { ask, token } from "../server/ask";
import type { Shown } from "./address";
import { news } from "./news";
import { shown } from "./shown";

export interface Asked<Result> {
  /** The last answer, which stays until the next one is there. */
  answer: Signal<Result | null>;
  /** What the page showed when the last answer was asked for: while the next is on its way, the page
   * shows something else already. */
  of: Signal<Shown>;
  problem: Signal<Error | null>;
  isReading: Signal<boolean>;
}

/** Asks again whenever a signal that `variablesOf` reads leads to other variables, one of `also` is
 * another, or the ledger that the page follows has grown. One question at a time: while a slider
 * moves, moments are skipped and not queued. */
export function useAnswer<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variablesOf: () => Variables,
  also: unknown[] = [],
): Asked<Result> {
  const asked = useMemo<Asked<Result>>(
    () => ({
      answer: signal(null),
      of: signal(shown.peek()),
      problem: signal(null),
      isReading: signal(true),
    }),
    [],
  );
  useEffect(() => {
    const over = new AbortController();
    let [said, underway, last] = ["", false, ""];
    let next: Variables | null = null;
    async function readNext(): Promise<void> {
      underway = asked.isReading.value = true;
      while (next !== null) {
        const variables: Variables = next;
        const of = shown.peek();
        next = null;
        try {
          const found = await ask(document, variables, over.signal);
          // The same answer is no other one: pages that were read on from it stay.
          const text = JSON.stringify(found);
          batch(() => {
            if (text !== last || !asked.answer.peek()) asked.answer.value = found;
            asked.of.value = of;
            asked.problem.value = null;
          });
          last = text;
        } catch (error) {
          if (over.signal.aborted) return;
          asked.problem.value = error as Error;
        }
      }
      underway = asked.isReading.value = false;
    }
    const stop = effect(() => {
      const variables = variablesOf();
      const now = JSON.stringify([variables, token.value, news.value]);
      if (now === said) return;
      said = now;
      next = variables;
      if (!underway) void readNext();
    });
    return () => {
      stop();
      over.abort();
    };
  }, also);
  return asked;
}
