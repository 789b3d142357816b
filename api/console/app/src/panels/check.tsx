// The check of an event: the browser itself verifies what the server says. First what comes of it, then
// each step.
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Check, check } from "../check/check";
import { logKey, witnessKeys } from "../check/kept";
import { CheckKeys } from "../parts/check_keys";
import { CheckResult } from "../parts/check_result";
import { CheckStep } from "../parts/check_step";
import { CheckVerdict } from "../parts/check_verdict";
import { token } from "../server/ask";
import { words } from "../words/words";
import "./check.css";

/** Browsers compute digests and signatures for pages from https and from this machine alone. */
const CAN_CHECK = window.isSecureContext && crypto.subtle !== undefined;

export function CheckPanel({ event }: { event: string }) {
  const said = words.value.check;
  const [again, setAgain] = useState(0);
  const isKeyWrong = useSignal(false);
  const top = useRef<HTMLElement>(null);
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
  const isDone = done !== null && !done.isRunning && !done.problem;
  const isShown = !isKeyWrong.value;
  return (
    <article class="check" ref={top} aria-busy={done?.isRunning ?? true}>
      <h2>{said.title}</h2>
      {done?.subject && (
        <blockquote lang="en">
          {done.subject.statement ?? done.subject.told.type}
          {done.subject.told.occurred && <span class="quiet"> ({done.subject.told.occurred})</span>}
        </blockquote>
      )}
      {done?.problem && <p role="alert">{done.problem(said)}</p>}
      {isKeyWrong.value && <p class="verdict failed">{said.notWithThis}</p>}
      {isShown && <CheckVerdict check={done} />}
      {isShown && isDone && <CheckResult steps={done.steps} />}
      <CheckKeys
        toldKey={done?.subject?.toldKey ?? null}
        typedWrong={() => (isKeyWrong.value = true)}
        kept={() => {
          isKeyWrong.value = false;
          setAgain(again + 1);
          top.current?.scrollIntoView({ block: "start" });
        }}
      />
      {isShown && (
        <>
          <h3 class="steps">{said.steps}</h3>
          <p class="quiet">{said.intro}</p>
          <ol aria-label={said.steps}>
            {done?.steps.map((step) => <CheckStep key={step.name} step={step} />)}
          </ol>
          <button type="button" disabled={done?.isRunning ?? true} onClick={() => setAgain(again + 1)}>
            {said.again}
          </button>
        </>
      )}
    </article>
  );
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
