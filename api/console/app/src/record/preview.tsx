// What the answer would become, before anything is recorded.
import { type Supposition, isSupposing, supposition } from "./asking";
import { draft } from "./draft";
import { momentInWords } from "./moments";
import { inWords } from "../words/in_words";
import { words } from "../words/words";

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
  const isRetraction = draft.value.purpose.name === "retract";
  return (
    <>
      {statement && (
        <p class="statement">
          {isRetraction && `${said.takenBack} `}
          <q lang="en">{statement}</q>
        </p>
      )}
      {duplicate && <p class="notice">{said.isDuplicate}</p>}
      {changes.length === 0 && <p>{said.noPlace}</p>}
      {changes.map((change) => (
        <Change key={change.location.slug} change={change} moment={momentInWords(at)} />
      ))}
    </>
  );
}

type Answer = Supposition["changes"][number]["before"] | Supposition["changes"][number]["after"];

function Change({ change, moment }: { change: Supposition["changes"][number]; moment: string }) {
  const said = words.value.record;
  const { location, before, after, differs } = change;
  return (
    <div class="becomes">
      <h4>
        {location.name}, {said.at(moment)}
      </h4>
      <dl>
        <dt>{said.before}</dt>
        <dd>{lookOf(before)}</dd>
        <dt>{said.after}</dt>
        <dd>{differs ? <strong>{lookOf(after)}</strong> : said.same}</dd>
      </dl>
      <details>
        <summary>{said.why}</summary>
        <p lang="en">{after.explanation}</p>
      </details>
    </div>
  );
}

function lookOf({ status, holders, contenders, certain, disputed }: Answer): string {
  const named = status === "CONTESTED" ? contenders : holders;
  const look = { status, holders: named.map(({ name }) => name), certain, disputed, told: true, siege: null };
  return inWords(look, (name) => name, words.value);
}
