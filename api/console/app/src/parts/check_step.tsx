// A step of a check: its outcome in a mark and a word, what was found, and the values behind it.
import type { Step, Value } from "../check/steps";
import { words } from "../words/words";

const MARKS = { running: "…", passed: "✓", failed: "✗", open: "–" } as const;

export function CheckStep({ step }: { step: Step }) {
  const said = words.value.check;
  return (
    <li class={step.outcome}>
      <h3>
        <span class="outcome-mark" aria-hidden="true">{MARKS[step.outcome]}</span>
        {said.names[step.name]}{" "}
        <span class="outcome">{said.outcomes[step.outcome]}</span>
      </h3>
      <p>{step.says(said)}</p>
      {step.means && <p class="means">{step.means(said)}</p>}
      {step.values && step.values.length > 0 && (
        <details open={step.name === "content"}>
          <summary>{said.shown}</summary>
          <dl>
            {step.values.map((value, number) => (
              <div key={number}>
                <dt>{said.values[value.label]}</dt>
                <dd><Shown value={value} /></dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

const SHORT = 9;

function Shown({ value: { kind, value } }: { value: Value }) {
  if (kind === "short") return <>{value}</>;
  if (kind === "text") return <pre tabIndex={0}>{value}</pre>;
  return (
    <details class="hash">
      <summary><code>{`${value.slice(0, SHORT)}…`}</code></summary>
      <code>{value}</code>
    </details>
  );
}
