// Whose word counts: sources on and off, and the least grades of sources and of what they say.
import { useSignal } from "@preact/signals";
import "./whose_word.css";
import { graphql } from "../made";
import { EVERYBODY, type Words } from "../state/address";
import { useAnswer } from "../state/asked";
import { show, shown } from "../state/shown";
import { words } from "../words/words";

const SOURCES = graphql(`
  query WhoseWordSources($after: String) {
    sources(first: 200, after: $after) {
      nodes { slug name reliability ended { latest } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const RELIABILITIES = ["A", "B", "C", "D", "E", "F"] as const;
const CREDIBILITIES = [1, 2, 3, 4, 5, 6] as const;

export function count(change: Partial<Words>): void {
  show({ words: { ...shown.peek().words, ...change } }, true);
}

/** In a few words whose word counts, for the button that opens the panel. */
export function whoseWord(asked: Words): string {
  const said = words.value.whose;
  const parts: string[] = [];
  if (asked.without.length) parts.push(said.left(asked.without.length));
  if (asked.reliability !== "F") parts.push(said.atLeast(asked.reliability));
  if (asked.credibility !== 6) parts.push(said.atLeast(String(asked.credibility)));
  return parts.length ? parts.join(", ") : said.everybody;
}

export function WhoseWordPanel() {
  const said = words.value.whose;
  const asked = shown.value.words;
  return (
    <article class="whose-word">
      <h2>{said.title}</h2>
      <p>{said.lead}</p>
      <fieldset>
        <legend>{said.reliability}</legend>
        <select
          aria-label={said.reliability}
          value={asked.reliability}
          onChange={(event) => count({ reliability: event.currentTarget.value })}
        >
          {RELIABILITIES.map((grade) => (
            <option key={grade} value={grade}>
              {said.reliabilities[grade]}
            </option>
          ))}
        </select>
      </fieldset>
      <fieldset>
        <legend>{said.credibility}</legend>
        <select
          aria-label={said.credibility}
          value={asked.credibility}
          onChange={(event) => count({ credibility: Number(event.currentTarget.value) })}
        >
          {CREDIBILITIES.map((grade) => (
            <option key={grade} value={grade}>
              {said.credibilities[grade]}
            </option>
          ))}
        </select>
      </fieldset>
      <Sources asked={asked} />
      <button type="button" onClick={() => show({ words: EVERYBODY }, true)}>
        {said.reset}
      </button>
    </article>
  );
}

function Sources({ asked }: { asked: Words }) {
  const said = words.value.whose;
  const wanted = useSignal("");
  const after = useSignal<string | null>(null);
  const { answer, problem } = useAnswer(SOURCES, () => ({ after: after.value }), []);
  const sources = answer.value?.sources;
  const text = wanted.value.trim().toLocaleLowerCase();
  const found = sources?.nodes.filter((each) => each.name.toLocaleLowerCase().includes(text));
  const turn = (slug: string, isOn: boolean) =>
    count({ without: isOn ? asked.without.filter((each) => each !== slug) : [...asked.without, slug] });
  return (
    <fieldset>
      <legend>{said.sources}</legend>
      {problem.value && <p role="alert">{problem.value.message}</p>}
      <input
        type="search"
        placeholder={said.filter}
        aria-label={said.filter}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <ul>
        {found?.map(({ slug, name, reliability }) => (
          <li key={slug}>
            <label>
              <input
                type="checkbox"
                checked={!asked.without.includes(slug)}
                onChange={(event) => turn(slug, event.currentTarget.checked)}
              />
              <span class="letter" title={said.reliabilities[reliability]}>
                {reliability}
              </span>
              {name}
            </label>
          </li>
        ))}
      </ul>
      {sources?.pageInfo.hasNextPage && (
        <button type="button" onClick={() => (after.value = sources.pageInfo.endCursor ?? null)}>
          {said.further}
        </button>
      )}
    </fieldset>
  );
}
