// What a check proves, and what it does not: only what its steps found.
import type { Name, Step } from "../check/steps";
import { logKey } from "../check/kept";
import { words } from "../words/words";

export function CheckResult({ steps }: { steps: Step[] }) {
  const said = words.value.check;
  const outcomes = new Map(steps.map(({ name, outcome }) => [name, outcome]));
  const has = (name: Name) => outcomes.get(name) === "passed";
  if ([...outcomes.values()].includes("failed")) {
    return <p class="result failed" role="alert">{said.results.failed}</p>;
  }
  const { proves, provesNot } = said.results;
  const isSigned = has("signature") && has("inclusion");
  const isOfGivenKey = isSigned && logKey.value !== "";
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
    provesNot.all,
    provesNot.when,
    provesNot.answer,
    provesNot.page,
  ];
  return (
    <section class="result">
      <h3>{said.results.shows}</h3>
      <ul>{shown.map((each) => <li key={each}>{each}</li>)}</ul>
      <h3>{said.results.showsNot}</h3>
      <ul>{notShown.map((each) => <li key={each}>{each}</li>)}</ul>
    </section>
  );
}
