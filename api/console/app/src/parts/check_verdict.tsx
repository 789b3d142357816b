// What comes of a check, in a sentence, and how many steps it rests on.
import type { Check } from "../check/check";
import type { Outcome, Step } from "../check/steps";
import { type Words, words } from "../words/words";

const MARKS = { passed: "✓", told: "(✓)", failed: "✗", open: "–" } as const;

export function CheckVerdict({ check }: { check: Check | null }) {
  const said = words.value.check;
  if (check?.problem) return null;
  if (!check || check.isRunning) return <p role="status" class="verdict">{said.running}</p>;
  const failed = check.steps.find(({ outcome }) => outcome === "failed");
  if (failed) {
    return (
      <p role="alert" class="verdict failed">
        <span aria-hidden="true">{MARKS.failed} </span>
        {said.failedAt(said.names[failed.name])} {said.results.failed}
      </p>
    );
  }
  const outcome = proves(check.steps);
  return (
    <div role="status">
      <p class={`verdict ${outcome}`}>
        <span aria-hidden="true">{MARKS[outcome]} </span>
        {said.verdicts[outcome]}
      </p>
      <p class="quiet">{tally(check.steps, said)}</p>
    </div>
  );
}

/** Whether signature, proof and content passed, and with whose word for the key. */
function proves(steps: Step[]): "passed" | "told" | "open" {
  const wanted = steps.filter(({ name }) => ["signature", "inclusion", "content"].includes(name));
  if (wanted.some(({ outcome }) => outcome !== "passed")) return "open";
  return wanted.some(({ but }) => but) ? "told" : "passed";
}

function tally(steps: Step[], said: Words["check"]): string {
  const of = (wanted: Outcome) => steps.filter(({ outcome }) => outcome === wanted);
  const passed = of("passed");
  const bounded = passed.filter(({ but }) => but).length;
  return said.tally(passed.length - bounded, bounded, of("open").length);
}
