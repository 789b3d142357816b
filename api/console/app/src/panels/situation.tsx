// The situation everywhere, or within a place: the page in words, each sentence with its notes.
import "../parts/panel.css";
import "./situation.css";
import { useComputed, useSignal } from "@preact/signals";
import { WithinField } from "../finder/within";
import { graphql } from "../made";
import { PanelLink } from "../parts/panel_link";
import { useAnswer } from "../state/asked";
import { basisOf } from "../state/knowledge";
import { shown } from "../state/shown";
import { sentLanguage, words } from "../words/words";
import { type Note, pieces, takenApart } from "./situation_text";

const SITUATION = graphql(`
  query SituationPage(
    $at: Moment!
    $knownAt: Moment
    $position: Int
    $within: ID
    $days: Int!
    $perspective: PerspectiveInput
  ) {
    situation(
      at: $at
      knownAt: $knownAt
      position: $position
      within: $within
      perspective: $perspective
    ) {
      explanation(days: $days)
    }
  }
`);
const LATELY = [7, 30, 90, 365] as const;

export function SituationPanel() {
  const said = words.value.situation;
  const days = useSignal<number>(30);
  const within = useSignal("");
  const { answer, problem, isReading } = useAnswer(SITUATION, () => ({
    at: shown.value.at,
    days: days.value,
    ...(within.value ? { within: within.value } : {}),
    ...basisOf(shown.value),
  }));
  const page = useComputed(() => {
    const text = answer.value?.situation?.explanation;
    return text ? takenApart(text) : null;
  });
  return (
    <article class="situation" aria-busy={isReading.value}>
      <h2>{said.title}</h2>
      <div class="asked">
        <WithinField id="situation-within" within={within} />
        <label>
          {said.lately}{" "}
          <select
            value={days.value}
            onChange={(event) => (days.value = Number(event.currentTarget.value))}
          >
            {LATELY.map((each) => (
              <option key={each} value={each}>
                {said.days(each)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {problem.value && <p role="alert">{problem.value.message}</p>}
      {!page.value && !problem.value && <p>{words.value.page.loading}</p>}
      {page.value && (
        <div lang={sentLanguage.value}>
          <p class="lead">{page.value.title}</p>
          {page.value.sections.map(({ heading, text }) => (
            <section key={heading}>
              <h3>{heading}</h3>
              <p>
                {pieces(text).map((piece, at) =>
                  typeof piece === "string" ? (
                    piece.trimEnd()
                  ) : (
                    <sup key={at}>
                      <a href={`#note-${piece.note}`} onClick={goTo(`note-${piece.note}`)}>
                        {piece.note}
                      </a>
                    </sup>
                  ),
                )}
              </p>
            </section>
          ))}
          <Notes notes={page.value.notes} />
        </div>
      )}
    </article>
  );
}

function Notes({ notes }: { notes: Note[] }) {
  if (!notes.length) return null;
  return (
    <section>
      <h3>{words.value.situation.notes}</h3>
      <ol class="notes">
        {notes.map(({ number, text, event }) => (
          <li key={number} id={`note-${number}`} value={Number(number)} tabIndex={-1}>
            {text}{" "}
            {event && (
              <PanelLink to={{ name: "event", of: event }}>{words.value.situation.event}</PanelLink>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

// A fragment would become part of the address, which holds what is shown.
function goTo(id: string): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
}
