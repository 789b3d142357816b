// How the answer for this place and moment changed as reports were recorded.
import { useSignal } from "@preact/signals";
import { graphql } from "../../made";
import { Testimony } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { instantInWords, momentInWords } from "../../words/dates";
import { words } from "../../words/words";
import { readingInWords } from "./readings";

const PAGE = 50;

const REVISIONS = graphql(`
  query PlaceRevisions($location: ID!, $at: Moment!, $perspective: PerspectiveInput) {
    revisions(location: $location, at: $at, perspective: $perspective) {
      position
      recordedAt
      event { ...Testimony }
      before { ...Revised }
      control { ...Revised }
    }
  }
`);

graphql(`
  fragment Revised on Control {
    status
    certain
    disputed
    holders { name }
    contenders { name }
  }
`);

export function Revisions({ slug, known }: {
  slug: string;
  /** The position that is looked at: what was recorded later was not known. */
  known: number;
}) {
  const { answer, problem } = useAnswer(
    REVISIONS,
    () => {
      const { perspective } = basisOf(shown.value);
      return { location: slug, at: shown.value.at, ...(perspective && { perspective }) };
    },
    [slug],
  );
  const most = useSignal(PAGE);
  const said = words.value;
  const revisions = answer.value?.revisions;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!revisions) return <p>{said.page.loading}</p>;
  return (
    <>
      <p class="lead">{said.place.revised(momentInWords(shown.value.at), revisions.length)}</p>
      {revisions.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += PAGE)}>
          {said.place.earlierChanges(revisions.length - most.value)}
        </button>
      )}
      <ol class="revisions">
        {revisions.slice(-most.value).map(({ position, recordedAt, event, before, control }) => (
          <li key={position} class={position > known ? "later" : ""}>
            <p class="recorded">
              {said.place.position(position)}
              {recordedAt && <> · {instantInWords(recordedAt)}</>}
              {position > known && <span class="tag">{said.place.notKnown}</span>}
            </p>
            <p class="change">
              {before ? asWords(before) : said.place.noAnswer} <span aria-hidden="true">→</span>
              <span class="hidden"> {said.place.then} </span> <strong>{asWords(control)}</strong>
            </p>
            <Testimony event={event} />
          </li>
        ))}
      </ol>
    </>
  );
}

function asWords(control: Parameters<typeof readingInWords>[0] & { certain: boolean; disputed: boolean }): string {
  const said = words.value.map;
  const marks = [!control.certain && said.uncertain, control.disputed && said.isDisputed];
  return [readingInWords(control), ...marks].filter(Boolean).join(", ");
}
