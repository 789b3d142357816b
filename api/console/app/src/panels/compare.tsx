// Two moments, or two states of knowledge: the places of which they say otherwise, and the events
// that made the difference. The first side is what the page shows.
import "./compare.css";
import { useSignal } from "@preact/signals";
import { WithinField } from "../finder/within";
import { graphql } from "../made";
import type { ComparePlacesQuery, MomentPair } from "../made/graphql";
import { MomentField } from "../parts/moment_field";
import { PanelLink } from "../parts/panel_link";
import { Statement } from "../parts/testimony";
import type { Knowledge, Shown } from "../state/address";
import { useAnswer } from "../state/asked";
import { otherPosition, perspectiveOf } from "../state/knowledge";
import { pointed } from "../state/pointed";
import { open, show, shown } from "../state/shown";
import { numbers } from "../state/situation";
import { captions } from "../share/basis";
import { dayAt, today } from "../state/days";
import { inDates } from "../words/dates";
import { statusInWords } from "../words/in_words";
import { words } from "../words/words";

const COMPARE = graphql(`
  query ComparePlaces(
    $from: MomentPair!
    $to: MomentPair!
    $within: ID
    $perspective: PerspectiveInput
  ) {
    compare(from: $from, to: $to, within: $within, perspective: $perspective) {
      location { slug name }
      from { status certain disputed holders { slug name } contenders { name } }
      to { status certain disputed holders { slug name } contenders { name } }
      events {
        __typename
        eventId
        statement
        retracted
        occurred { ...Window }
        report { origin { name } published { ...Window } }
      }
    }
  }
`);

type Difference = NonNullable<ComparePlacesQuery["compare"]>[number];

/** A side of a comparison as GraphQL takes it. */
export function pairOf(side: Pick<Shown, "at" | "knowledge">, position: number | null): MomentPair {
  const { at, knowledge } = side;
  const publishedBy = knowledge.by === "published" ? { publishedBy: knowledge.at } : {};
  if (position !== null) return { at, position, ...publishedBy };
  return knowledge.by === "recorded" ? { at, knownAt: knowledge.at } : { at, ...publishedBy };
}

export function ComparePanel() {
  const said = words.value.compare;
  const { other } = shown.value;
  const within = useSignal("");
  const { answer, problem, isReading } = useAnswer(COMPARE, () => {
    const perspective = perspectiveOf(shown.value.words, { by: "now" });
    return {
      from: pairOf(shown.value.other, otherPosition(shown.value)),
      to: pairOf(shown.value, shown.value.position),
      ...(within.value ? { within: within.value } : {}),
      ...(perspective ? { perspective } : {}),
    };
  });
  const found = answer.value?.compare;
  return (
    <article class="compare" aria-busy={isReading.value}>
      <h2>{said.title}</h2>
      <p>{said.lead}</p>
      <fieldset>
        <legend>{said.left}</legend>
        <MomentField
          id="other-at"
          label={said.moment}
          value={other.at}
          set={(at) => show({ other: { ...other, at } }, true)}
        />
        <KnowledgeOf knowledge={other.knowledge} set={(knowledge) => show({ other: { ...other, knowledge } }, true)} />
      </fieldset>
      <p>
        <strong>{said.right}</strong>: {captions.value[1].all}. <span class="once">{said.setBelow}</span>
      </p>
      <p class="buttons">
        <button type="button" onClick={exchange}>
          {said.exchange}
        </button>
        <button type="button" onClick={() => open({ name: "share" })}>
          {said.share}
        </button>
      </p>
      {/* A comparison of many places is refused until it is one within a region. */}
      <WithinField id="compare-within" within={within} />
      {problem.value && <p role="alert">{problem.value.message}</p>}
      {!found && !problem.value && <p>{words.value.page.loading}</p>}
      {found && <p role="status">{said.found(found.length)}</p>}
      <ul class="differences">{found?.map((each) => <Row key={each.location.slug} difference={each} />)}</ul>
    </article>
  );
}

function exchange(): void {
  const { at, knowledge, other } = shown.peek();
  const position = otherPosition(shown.peek());
  show({ at: other.at, knowledge: other.knowledge, other: { at, knowledge }, position }, true);
}

function KnowledgeOf({ knowledge, set }: { knowledge: Knowledge; set: (chosen: Knowledge) => void }) {
  const said = words.value.times;
  return (
    <>
      <select
        aria-label={said.knowledge}
        value={knowledge.by}
        onChange={(event) => {
          const by = event.currentTarget.value as Knowledge["by"];
          set(by === "now" ? { by } : { by, at: knowledge.by === "now" ? dayAt(today()) : knowledge.at });
        }}
      >
        <option value="now">{said.now}</option>
        <option value="published">{said.published}</option>
        <option value="recorded">{said.recorded}</option>
      </select>
      {knowledge.by !== "now" && (
        <MomentField
          id="other-known"
          label={said[knowledge.by]}
          value={knowledge.at}
          set={(at) => set({ ...knowledge, at })}
        />
      )}
    </>
  );
}

function Row({ difference }: { difference: Difference }) {
  const { location, from, to, events } = difference;
  const point = () => {
    const place = numbers.peek().get(location.slug);
    pointed.value = place === undefined ? null : { places: [place], from: "list" };
  };
  const leave = () => (pointed.value = null);
  return (
    <li onMouseEnter={point} onMouseLeave={leave} onFocusIn={point} onFocusOut={leave}>
      <h3>
        <PanelLink to={{ name: "place", of: location.slug }}>{location.name}</PanelLink>
      </h3>
      <p>
        <span class="once">{told(from)}</span> <span aria-hidden="true">→</span>
        <span class="hidden">{words.value.compare.then}</span> <strong>{told(to)}</strong>
      </p>
      <ul>
        {events.map((event) => (
          <li key={event.eventId}>
            <Statement event={event} />
            {event.report && <p class="voice">{voice(event.report)}</p>}
          </li>
        ))}
      </ul>
    </li>
  );
}

function voice({ origin, published }: NonNullable<Difference["events"][number]["report"]>): string {
  const said = words.value.sources;
  return [origin?.name, said.published(inDates(published))].filter(Boolean).join(", ");
}

function told(side: Difference["from"]): string {
  const said = words.value.map;
  const actors = side.status === "CONTESTED" ? side.contenders : side.holders;
  const parts = [statusInWords(side.status, actors.map((each) => each.name), words.value)];
  if (!side.certain) parts.push(said.uncertain);
  if (side.disputed) parts.push(said.isDisputed);
  return parts.join(", ");
}
