// A step of a check: its outcome in a mark and a word, what was found, and the values behind it.
import type { Step, Value } from "../check/steps";
import { words } from "../words/words";

const MARKS = { running: "…", passed: "✓", failed: "✗", open: "–" } as const;

export function CheckStep({ step }: { step: Step }) {
  const said = words.value.check;
  const { outcome, but } = step;
  return (
    <li class={but ? "bounded" : outcome}>
      <h4>
        <span class="outcome-mark" aria-hidden="true">{but ? "(✓)" : MARKS[outcome]}</span>
        <span>{said.names[step.name]}</span>{" "}
        <span class="outcome">{but ? but(said) : said.outcomes[outcome]}</span>
      </h4>
      <p>{step.says(said)}</p>
      {step.means && <p class="means">{step.means(said)}</p>}
      {step.values && step.values.length > 0 && (
        <details>
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
  if (kind === "text") return <pre>{value}</pre>;
  return (
    <details class="hash">
      <summary><code>{`${value.slice(0, SHORT)}…`}</code></summary>
      <code>{value}</code>
    </details>
  );
}
