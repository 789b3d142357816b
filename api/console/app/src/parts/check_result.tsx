// What a check proves, and what it does not: only what its steps found.
import type { Name, Step } from "../check/steps";
import { words } from "../words/words";

export function CheckResult({ steps }: { steps: Step[] }) {
  const said = words.value.check;
  if (steps.some(({ outcome }) => outcome === "failed")) return null;
  const passed = new Map(steps.map((step) => [step.name, step.outcome === "passed"]));
  const has = (name: Name) => passed.get(name) === true;
  const { proves, provesNot, never } = said.results;
  const isSigned = has("signature") && has("inclusion");
  const isOfGivenKey = isSigned && !steps.find(({ name }) => name === "signature")!.but;
  const shown = [
    isOfGivenKey && proves.included,
    isSigned && !isOfGivenKey && proves.agree,
    !isSigned && has("inclusion") && proves.unsigned,
    has("content") && proves.content,
    has("memory") && proves.memory,
    has("witnesses") && proves.witnessed,
  ].filter((each) => each !== false);
  const notShown = [
    ...(isOfGivenKey ? [] : [provesNot.key]),
    ...(has("content") ? [] : [provesNot.content]),
    ...(has("memory") ? [] : [provesNot.before]),
    ...(has("witnesses") ? [] : [provesNot.others]),
    provesNot.truth,
    provesNot.counts,
  ];
  return (
    <section class="result">
      <h3>{said.results.shows}</h3>
      <List of={shown} />
      <h3>{said.results.showsNot}</h3>
      <List of={notShown} />
      <details>
        <summary>{said.results.more}</summary>
        <List of={Object.values(never)} />
      </details>
    </section>
  );
}

function List({ of }: { of: readonly string[] }) {
  return <ul>{of.map((each) => <li key={each}>{each}</li>)}</ul>;
}
