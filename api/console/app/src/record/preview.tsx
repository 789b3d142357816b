// What the answer would become, before anything is recorded.
import { type Supposition, isSupposing, supposition } from "./asking";
import { draft } from "./draft";
import { dayInWords, instantInWords } from "../words/dates";
import { inWords } from "../words/in_words";
import { sentLanguage, words } from "../words/words";

export function Preview() {
  const said = words.value.record;
  const found = supposition.value;
  return (
    <section class="preview" aria-live="polite" aria-busy={isSupposing.value}>
      <h3>{said.preview}</h3>
      {found ? <Told supposition={found} /> : <p class="quiet">{isSupposing.value ? said.supposing : said.notYet}</p>}
    </section>
  );
}

function Told({ supposition }: { supposition: Supposition }) {
  const said = words.value.record;
  const { statement, changes, duplicate, at } = supposition;
  const { name } = draft.value.purpose;
  return (
    <>
      {statement && (
        <p class="statement">
          {name === "retract" && `${said.takenBack} `}
          {name === "reinstate" && `${said.countsAgain} `}
          <span lang={sentLanguage.value}>{words.value.sources.quoted(statement)}</span>
        </p>
      )}
      {duplicate && <p class="notice">{said.isDuplicate}</p>}
      {changes.length === 0 && <p>{said.noPlace}</p>}
      {changes.map((change) => (
        <Change key={change.location.slug} change={change} moment={inWordsAt(at)} />
      ))}
      <p class="quiet">{said.untold}</p>
    </>
  );
}

function inWordsAt(instant: string): string {
  const said = words.value.record;
  const isClose = instant.includes("T23:59:59.999");
  return isClose ? said.atClose(dayInWords(instant)) : said.at(instantInWords(instant));
}

type Answer = Supposition["changes"][number]["before"] | Supposition["changes"][number]["after"];

function Change({ change, moment }: { change: Supposition["changes"][number]; moment: string }) {
  const said = words.value.record;
  const { location, before, after, differs } = change;
  return (
    <div class="becomes">
      <h4>
        {location.name}, {moment}
      </h4>
      <dl>
        <dt>{said.before}</dt>
        <dd>{lookOf(before)}</dd>
        <dt>{said.after}</dt>
        <dd>{differs ? <strong>{lookOf(after)}</strong> : said.same}</dd>
      </dl>
      <details>
        <summary>{said.why}</summary>
        <p lang={sentLanguage.value}>{after.explanation}</p>
      </details>
    </div>
  );
}

function lookOf({ status, holders, contenders, certain, disputed }: Answer): string {
  const named = status === "CONTESTED" ? contenders : holders;
  const look = { status, holders: named.map(({ name }) => name), certain, disputed, told: true, siege: null };
  return inWords(look, (name) => name, words.value);
}
