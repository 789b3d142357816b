// The check of an event: the browser itself verifies what the server says, and shows each step.
import { useEffect, useState } from "preact/hooks";
import { type Check, check } from "../check/check";
import { logKey, witnessKeys } from "../check/kept";
import type { Outcome } from "../check/steps";
import { CheckKeys } from "../parts/check_keys";
import { CheckResult } from "../parts/check_result";
import { CheckStep } from "../parts/check_step";
import { token } from "../server/ask";
import { type Words, words } from "../words/words";
import "./check.css";

/** Browsers compute digests and signatures for pages from https and from this machine alone. */
const CAN_CHECK = window.isSecureContext && crypto.subtle !== undefined;

export function CheckPanel({ event }: { event: string }) {
  const said = words.value.check;
  const [again, setAgain] = useState(0);
  const done = useCheck(event, again);
  if (!CAN_CHECK) {
    return (
      <article class="check">
        <h2>{said.title}</h2>
        <p role="alert">{said.insecure}</p>
        <pre class="told">tenure verify-log {location.origin}/tlog --key keys.txt</pre>
      </article>
    );
  }
  return (
    <article class="check" aria-busy={done?.isRunning ?? true}>
      <h2>{said.title}</h2>
      {done?.subject && (
        <blockquote lang="en">
          {done.subject.statement ?? done.subject.told.type}
          {done.subject.told.occurred && <span class="quiet"> ({done.subject.told.occurred})</span>}
        </blockquote>
      )}
      <p class="quiet">{said.intro}</p>
      <CheckKeys toldKey={done?.subject?.toldKey ?? null} />
      {done?.problem && <p role="alert">{done.problem(said)}</p>}
      <p role="status" class="tally">{done && !done.problem && tally(done, said)}</p>
      <ol aria-label={said.steps}>
        {done?.steps.map((step) => <CheckStep key={step.name} step={step} />)}
      </ol>
      {done && !done.isRunning && !done.problem && <CheckResult steps={done.steps} />}
      <button type="button" disabled={done?.isRunning ?? true} onClick={() => setAgain(again + 1)}>
        {said.again}
      </button>
    </article>
  );
}

/** How the check stands, in a line that is read out: the steps below it are many. */
function tally({ steps, isRunning }: Check, said: Words["check"]): string {
  if (isRunning) return said.running;
  const failed = steps.find(({ outcome }) => outcome === "failed");
  if (failed) return said.failedAt(said.names[failed.name]);
  const count = (wanted: Outcome) => steps.filter(({ outcome }) => outcome === wanted).length;
  return said.tally(count("passed"), count("open"));
}

function useCheck(event: string, again: number): Check | null {
  const [done, setDone] = useState<Check | null>(null);
  const [log, witnesses, bearer] = [logKey.value, witnessKeys.value, token.value];
  useEffect(() => {
    if (!CAN_CHECK) return;
    const stop = new AbortController();
    setDone(null);
    void check(event, { log, witnesses }, setDone, stop.signal);
    return () => stop.abort();
  }, [event, again, log, witnesses, bearer]);
  return done;
}
