// Why an answer is disputed no longer, where no report but the rule ended the dispute.
import { graphql } from "../../made";
import { Statement } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { words } from "../../words/words";

const DISPUTE_END = graphql(`
  query PlaceDisputeEnd(
    $location: ID!
    $at: Moment!
    $before: Moment!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
  ) {
    before: control(
      location: $location
      at: $before
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      rivals { evidence { eventId } }
    }
    control(
      location: $location
      at: $at
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      outweighed {
        because
        event { __typename eventId statement retracted occurred { ...Window } }
      }
    }
  }
`);

/** Reasons of the rule by which a word counts no more because of the time that has passed. */
const BY_TIME: ReadonlySet<string> = new Set(["UNCONFIRMED", "FIGHT_UNSEEN"]);

export function DisputeEnd({ slug, at }: { slug: string; at: string }) {
  const { answer } = useAnswer(
    DISPUTE_END,
    () => ({ location: slug, at, before: new Date(Date.parse(at) - 1).toISOString(), ...basisOf(shown.value) }),
    [slug, at],
  );
  const said = words.value;
  const disputed = answer.value?.before?.rivals.flatMap(({ evidence }) => evidence.map(({ eventId }) => eventId));
  const lapsed = answer.value?.control?.outweighed.filter(
    ({ because, event }) => BY_TIME.has(because) && disputed?.includes(event.eventId),
  );
  return (
    <>
      {lapsed?.map(({ because, event }) => (
        <p key={event.eventId} class="because">
          {said.place.disputeEnded} <Statement event={event} />. {said.because[because]}.
        </p>
      ))}
    </>
  );
}
