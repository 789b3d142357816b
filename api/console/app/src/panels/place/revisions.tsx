// How the answer for this place and moment changed as reports were recorded.
import { useSignal } from "@preact/signals";
import { graphql } from "../../made";
import type { PlaceRevisionsQuery, RevisedFragment } from "../../made/graphql";
import { Statement, Testimony } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { instantInWords, momentInWords } from "../../words/dates";
import { words } from "../../words/words";
import { answerInWords, readingInWords } from "./readings";

const PAGE = 50;

const REVISIONS = graphql(`
  query PlaceRevisions($location: ID!, $at: Moment!, $perspective: PerspectiveInput) {
    revisions(location: $location, at: $at, perspective: $perspective) {
      position
      recordedAt
      event {
        ...Testimony
        ... on EventRetracted { reason about: event { ...Meant } }
        ... on EventReinstated { reason about: event { ...Meant } }
      }
      before { ...Revised }
      control { ...Revised }
    }
  }
`);

graphql(`
  fragment Meant on Event { __typename eventId statement retracted occurred { ...Window } }
`);

graphql(`
  fragment Revised on Control {
    status
    certain
    disputed
    corroboration
    holders { name }
    contenders { name }
    rivals { ...RevisedReading }
    possible { ...RevisedReading }
  }
`);

graphql(`
  fragment RevisedReading on ControlReading {
    status
    corroboration
    holders { name }
    contenders { name }
  }
`);

type Revision = NonNullable<PlaceRevisionsQuery["revisions"]>[number];

export function Revisions({ slug, known }: {
  slug: string;
  /** The position that is looked at: what was recorded later was not known. */
  known: number;
}) {
  const { answer, problem, of } = useAnswer(
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
  const changes = revisions.filter(({ before, control }) => !before || facetsOf(before, control).length);
  const takenBack = takenBackIn(revisions);
  return (
    <>
      <p class="lead">{said.place.revised(momentInWords(of.value.at), changes.length)}</p>
      {changes.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += PAGE)}>
          {said.place.earlierChanges(changes.length - most.value)}
        </button>
      )}
      <ol class="revisions">
        {changes.slice(-most.value).map(({ position, recordedAt, event, before, control }) => (
          <li key={position} class={position > known ? "later" : ""}>
            <p class="recorded">
              {said.place.position(position)}
              {recordedAt && <> · {instantInWords(recordedAt)}</>}
              {position > known && <span class="tag">{said.place.notKnown}</span>}
            </p>
            <p class="change">
              {before ? (
                <Change before={before} control={control} />
              ) : (
                <Became before={said.place.noAnswer} now={answerInWords(control)} />
              )}
            </p>
            <Testimony event={event} />
            {takenBack.has(event.eventId) && (
              <p class="because">{said.place.takenBackIn(takenBack.get(event.eventId)!)}</p>
            )}
            {"about" in event && (
              <p class="because">
                <Statement event={event.about} />
                {event.reason && <>: {event.reason}</>}
              </p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function Change({ before, control }: { before: RevisedFragment; control: RevisedFragment }) {
  const facets = facetsOf(before, control);
  const answer = answerInWords(control);
  const isSame = answerInWords(before) === answer;
  return (
    <>
      {isSame && `${answer}; `}
      {facets.map(([then, now], number) => (
        <span key={now}>
          {number > 0 && "; "}
          <Became before={then} now={now} />
        </span>
      ))}
    </>
  );
}

function Became({ before, now }: { before: string; now: string }) {
  return (
    <>
      {before} <span aria-hidden="true">→</span>
      <span class="hidden"> {words.value.place.then} </span> <strong>{now}</strong>
    </>
  );
}

/** What is said otherwise than before: the answer, or else who disputes it, what is possible, and how
 * many say so. Empty where only the reasons are others. */
function facetsOf(before: RevisedFragment, control: RevisedFragment): [string, string][] {
  const both = (tell: (said: RevisedFragment) => string): [string, string] => [tell(before), tell(control)];
  const differs = ([then, now]: [string, string]) => then !== now;
  const answer = both(answerInWords);
  if (differs(answer)) return [answer];
  const said = words.value.place;
  return [
    both(({ rivals }) => `${said.rivals}: ${readings(rivals)}`),
    both(({ possible }) => `${said.possible}: ${readings(possible)}`),
    both(({ corroboration }) => said.corroborated(corroboration)),
  ].filter(differs);
}

function readings(some: RevisedFragment["rivals"]): string {
  const said = words.value.place;
  const told = some.map((each) => {
    const by = each.corroboration && ` (${said.corroborated(each.corroboration)})`;
    return readingInWords(each) + (by || "");
  });
  return told.join(", ") || said.none;
}

/** By which entry each event was taken back, unless it was reinstated later. */
function takenBackIn(revisions: readonly Revision[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { position, event } of revisions) {
    if (!("about" in event)) continue;
    if (event.__typename === "EventRetracted") found.set(event.about.eventId, position);
    else found.delete(event.about.eventId);
  }
  return found;
}
