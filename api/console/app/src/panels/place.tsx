// One place at the moment: the answer in words, and what it rests on.
import { graphql } from "../made";
import { basisOf } from "../state/knowledge";
import { CheckButton } from "../parts/check_button";
import { useAnswer } from "../state/asked";
import { shown } from "../state/shown";
import { words } from "../words/words";

const PLACE = graphql(`
  query Place(
    $location: ID!
    $at: Moment!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
  ) {
    control(
      location: $location
      at: $at
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      status
      explanation
      location { slug name }
      evidence { id eventId statement }
    }
  }
`);

export function PlacePanel({ slug }: { slug: string }) {
  const { answer, problem } = useAnswer(
    PLACE,
    () => ({ location: slug, at: shown.value.at, ...basisOf(shown.value) }),
    [slug],
  );
  const said = words.value;
  const control = answer.value?.control;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!control) return <p>{said.page.loading}</p>;
  return (
    <article>
      <h2>{control.location.name}</h2>
      <pre class="told">{control.explanation}</pre>
      <h3>{said.place.evidence}</h3>
      <ul>
        {control.evidence.map((event) => (
          <li key={event.id}>
            {event.statement} <CheckButton event={event.eventId} />
          </li>
        ))}
      </ul>
    </article>
  );
}
