// Why an answer is disputed no longer, where no report but the rule ended the dispute.
import { graphql } from "../../made";
import { Statement } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { DAY } from "../../state/days";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { words } from "../../words/words";

const DISPUTE_END = graphql(`
  query PlaceDisputeEnd(
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
      outweighed {
        because
        event { __typename eventId statement retracted occurred { ...Window } }
      }
    }
  }
`);

/** By the rule, a word that needs another counts for so long after its time. */
const CURRENT = 30 * DAY;
const BY_TIME: ReadonlySet<string> = new Set(["UNCONFIRMED", "FIGHT_UNSEEN"]);

export function DisputeEnd({ slug, at }: { slug: string; at: string }) {
  const { answer } = useAnswer(
    DISPUTE_END,
    () => ({ location: slug, at, ...basisOf(shown.value) }),
    [slug, at],
  );
  const said = words.value;
  const lapsed = answer.value?.control?.outweighed.filter(
    ({ because, event: { occurred } }) =>
      BY_TIME.has(because) && occurred && Math.abs(Date.parse(occurred.latest) + CURRENT - Date.parse(at)) < DAY,
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
