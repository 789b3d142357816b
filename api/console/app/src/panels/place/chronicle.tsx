// What happened at the place and inside it: the newest before the moment first, a page at a time.
import { useSignal } from "@preact/signals";
import { graphql } from "../../made";
import type { PlaceChronicleQuery, TestimonyFragment } from "../../made/graphql";
import { Testimonies } from "../../parts/testimony";
import { ask } from "../../server/ask";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { useAnswer } from "../../state/asked";
import { momentInWords } from "../../words/dates";
import { words } from "../../words/words";

const PAGE = 12;

// Asked as a part of an answer: so it is told as known at the position of the answer.
const CHRONICLE = graphql(`
  query PlaceChronicle(
    $location: ID!
    $at: Moment!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
    $first: Int
    $after: String
    $last: Int
    $before: String
    $from: Moment
    $to: Moment
  ) {
    control(
      location: $location
      at: $at
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      location {
        chronicle(
          first: $first
          after: $after
          last: $last
          before: $before
          from: $from
          to: $to
          perspective: $perspective
        ) {
          nodes { ...Testimony }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
`);

type Page = NonNullable<PlaceChronicleQuery["control"]>["location"]["chronicle"];
const pageOf = (found: PlaceChronicleQuery | null) => found?.control?.location.chronicle ?? null;

export function Chronicle({ slug }: { slug: string }) {
  const asked = () => ({ location: slug, at: shown.value.at, ...basisOf(shown.value) });
  const { answer, problem } = useAnswer(
    CHRONICLE,
    () => ({ ...asked(), last: PAGE, to: shown.value.at }),
    [slug],
  );
  const said = words.value;
  const page = pageOf(answer.value);
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!page) return <p>{said.page.loading}</p>;
  return <Pages key={answer.value} first={page} asked={asked} />;
}

/** The first page, and those that were asked for on either side of it. */
function Pages({ first, asked }: {
  first: Page;
  asked: () => { location: string; at: string };
}) {
  const before = useSignal<Page[]>([]);
  const after = useSignal<Page[]>([]);
  const hasFailed = useSignal(false);
  async function more(where: typeof before, page: object): Promise<void> {
    try {
      const found = pageOf(await ask(CHRONICLE, { ...asked(), ...page }));
      if (found) where.value = [...where.value, found];
      hasFailed.value = false;
    } catch {
      hasFailed.value = true;
    }
  }
  const said = words.value.place;
  const at = shown.value.at;
  const [oldest, newest] = [before.value.at(-1) ?? first, after.value.at(-1)];
  const later = newest ? { first: PAGE, after: newest.pageInfo.endCursor, from: at } : { first: PAGE, from: at };
  const told = new Set<string>();
  const fresh = (events: readonly TestimonyFragment[]) =>
    events.filter(({ eventId }) => !told.has(eventId) && told.add(eventId));
  const past = fresh([first, ...before.value].flatMap(({ nodes }) => [...nodes].reverse()));
  const future = fresh(after.value.flatMap(({ nodes }) => nodes)).reverse();
  return (
    <>
      {(!newest || newest.pageInfo.hasNextPage) && (
        <button type="button" class="more" onClick={() => void more(after, later)}>
          {said.later}
        </button>
      )}
      {newest && !future.length && <p class="lead">{said.nothingLater}</p>}
      <Testimonies events={future} />
      <p class="now">{momentInWords(at)}</p>
      {past.length ? <Testimonies events={past} /> : <p class="lead">{said.nothingEarlier}</p>}
      {oldest.pageInfo.hasPreviousPage && (
        <button
          type="button"
          class="more"
          onClick={() => void more(before, { last: PAGE, before: oldest.pageInfo.startCursor, to: at })}
        >
          {said.earlier}
        </button>
      )}
      {hasFailed.value && <p role="alert">{words.value.page.notLoaded}</p>}
    </>
  );
}
