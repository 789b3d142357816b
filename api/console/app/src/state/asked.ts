// A question to the server that follows what is shown.
import { type Signal, computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { TypedDocumentString } from "../made/graphql";
import { ask, token } from "../server/ask";

export interface Asked<Result> {
  /** The last answer, which stays until the next one is there. */
  answer: Signal<Result | null>;
  problem: Signal<Error | null>;
  isReading: Signal<boolean>;
}

/** Asks again whenever a signal that `variablesOf` reads has another value, or one of `also`. */
export function useAnswer<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variablesOf: () => Variables,
  also: unknown[] = [],
): Asked<Result> {
  const asked = useMemo<Asked<Result>>(
    () => ({ answer: signal(null), problem: signal(null), isReading: signal(true) }),
    [],
  );
  useEffect(() => {
    let underway: AbortController | null = null;
    // As text, so that what does not change the question does not ask it again.
    const asks = computed(() => JSON.stringify(variablesOf()));
    const stop = effect(() => {
      const variables = JSON.parse(asks.value) as Variables;
      void token.value;
      underway?.abort();
      const mine = (underway = new AbortController());
      asked.isReading.value = true;
      ask(document, variables, mine.signal).then(
        (answer) => {
          asked.answer.value = answer;
          asked.problem.value = null;
          asked.isReading.value = false;
        },
        (error: Error) => {
          if (mine.signal.aborted) return;
          asked.problem.value = error;
          asked.isReading.value = false;
        },
      );
    });
    return () => {
      stop();
      underway?.abort();
    };
  }, also);
  return asked;
}
