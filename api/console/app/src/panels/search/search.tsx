// All that a text finds, in groups.
import { PanelLink } from "../../parts/panel_link";
import { useAnswer } from "../../state/asked";
import { sentLanguage, words } from "../../words/words";
import { SEARCH, groupsOf, searched } from "./found";
import "../../parts/panel.css";
import "./search.css";

const EACH = 50;

export function SearchPanel({ text }: { text: string }) {
  const { answer, problem } = useAnswer(SEARCH, () => searched(text, EACH), [text]);
  const said = words.value;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!answer.value) return <p>{said.page.loading}</p>;
  const groups = groupsOf(answer.value, text, said);
  return (
    <article class="search-panel">
      <h2>{said.search.results(text)}</h2>
      {!groups.length && <p>{said.search.nothing}</p>}
      {groups.map(({ kind, hits, hasMore }) => (
        <section key={kind}>
          <h3>{said.search.kinds[kind]}</h3>
          <ul>
            {hits.map((hit) => (
              <li key={hit.panel.of}>
                <PanelLink to={hit.panel} lang={hit.isSent ? sentLanguage.value : undefined}>
                  {hit.isSent ? <span dir="ltr">{hit.name}</span> : hit.name}
                </PanelLink>
                {hit.about && <span class="about">{hit.about}</span>}
              </li>
            ))}
          </ul>
          {hasMore && <p class="lead">{said.search.refine(EACH)}</p>}
        </section>
      ))}
    </article>
  );
}
