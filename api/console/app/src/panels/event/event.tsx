// One event: what it says, all that was recorded of it, whose word it is, and whether it stands.
import { graphql } from "../../made";
import type { EventPanelQuery } from "../../made/graphql";
import { CheckButton } from "../../parts/check_button";
import { Fold } from "../../parts/fold";
import { Grade } from "../../parts/grade";
import { PanelLink } from "../../parts/panel_link";
import { Outside, Statement } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { happenedInDates, inDates, instantInWords } from "../../words/dates";
import { sentLanguage, sentence, words } from "../../words/words";
import { RecordButtons, ReinstateButton, RetractButton } from "../../record/buttons";
import { Fields } from "./fields";
import { Standing } from "./standing";
import "../../parts/panel.css";
import "./event.css";

const EVENT = graphql(`
  query EventPanel($id: ID!) {
    event(id: $id) {
      __typename
      eventId
      position
      recordedAt
      recordedBy
      content
      retracted
      statement
      summary
      passage
      credibility
      occurred { ...Window }
      locations { slug name }
      actors { slug name }
      source { slug name }
      report {
        slug
        title
        url
        reliability
        published { ...Window }
        source { slug name }
        origin { slug name }
      }
      ...Standing
    }
  }
`);

export type ShownEvent = NonNullable<EventPanelQuery["event"]>;

/** What a retraction or a reinstatement is about. */
const KEEPING = new Set<string>(["EventRetracted", "EventReinstated"]);
const ABOUT = graphql(`
  query AboutEvent($id: ID!) {
    event(id: $id) { __typename eventId statement retracted occurred { ...Window } }
  }
`);

function About({ id }: { id: string }) {
  const { answer } = useAnswer(ABOUT, () => ({ id }), [id]);
  const about = answer.value?.event;
  if (!about) return null;
  return (
    <p>
      {words.value.event.isAbout} <Statement event={about} />
    </p>
  );
}

export function EventPanel({ id }: { id: string }) {
  const { answer, problem } = useAnswer(EVENT, () => ({ id }), [id]);
  const said = words.value;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!answer.value) return <p>{said.page.loading}</p>;
  const { event } = answer.value;
  if (!event) return <p role="alert">{said.event.unknown}</p>;
  return (
    <article class="event">
      <p class="kind">{said.event.types(event.__typename)}</p>
      <h2 lang={event.statement ? sentLanguage.value : undefined}>
        {event.statement ? sentence(event.statement) : said.event.types(event.__typename)}
      </h2>
      {KEEPING.has(event.__typename) && <About id={(JSON.parse(event.content) as { event: string }).event} />}
      {event.occurred && (
        <p class="moment">{said.event.happened(happenedInDates(event.__typename, event.occurred))}</p>
      )}
      <Standing event={event} />
      {event.summary && (
        <blockquote lang={sentLanguage.value}>{event.summary}</blockquote>
      )}
      <Word event={event} />
      <Named event={event} />
      <p class="deeds">
        <CheckButton event={event.eventId} />
        {event.statement && !event.retracted && <RecordButtons event={event.eventId} />}
        {event.__typename.endsWith("Amended") && !event.retracted && <RetractButton event={event.eventId} />}
        {event.retracted && <ReinstateButton event={event.eventId} />}
      </p>
      <section>
        <h3>{said.event.recorded}</h3>
        <dl class="facts">
          <dt>{said.event.recordedAt}</dt>
          <dd>{instantInWords(event.recordedAt)}</dd>
          <dt>{said.event.position}</dt>
          <dd>{event.position}</dd>
          {event.recordedBy && (
            <>
              <dt>{said.event.recordedBy}</dt>
              <dd>{event.recordedBy}</dd>
            </>
          )}
          <dt>{said.event.id}</dt>
          <dd>
            <code>{event.eventId}</code>
          </dd>
        </dl>
      </section>
      <Fold name="fields" title={said.event.fields} begins>
        <Fields event={event} />
      </Fold>
    </article>
  );
}

/** Whose word it is: grade, source, report and place in the report. */
function Word({ event: { report, credibility, source, passage } }: { event: ShownEvent }) {
  const said = words.value;
  if (!report && !source) return null;
  const origin = report?.origin ?? source;
  const isCopy = report?.source && origin && report.source.slug !== origin.slug;
  return (
    <section>
      <h3>{said.event.word}</h3>
      <dl class="facts">
        {report && (
          <>
            <dt>{said.sources.graded}</dt>
            <dd>
              <Grade reliability={report.reliability} credibility={credibility ?? null} begins />
            </dd>
          </>
        )}
        {origin && (
          <>
            <dt>{said.sources.source}</dt>
            <dd>
              <PanelLink to={{ name: "source", of: origin.slug }}>{origin.name}</PanelLink>
              {isCopy && report.source && (
                <>
                  {" "}
                  {said.sources.via}{" "}
                  <PanelLink to={{ name: "source", of: report.source.slug }}>
                    {report.source.name}
                  </PanelLink>
                </>
              )}
            </dd>
          </>
        )}
        {report && (
          <>
            <dt>{said.sources.report}</dt>
            <dd>
              <PanelLink to={{ name: "report", of: report.slug }}>{report.title}</PanelLink>
              {report.url && <Outside url={report.url} />}
            </dd>
            <dt>{said.sources.publishedWhen}</dt>
            <dd>{inDates(report.published)}</dd>
          </>
        )}
        {passage && (
          <>
            <dt>{said.event.passage}</dt>
            <dd lang={sentLanguage.value}>{passage}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Named({ event: { locations, actors } }: { event: ShownEvent }) {
  const said = words.value.event;
  if (!locations.length && !actors.length) return null;
  return (
    <section>
      <h3>{said.about}</h3>
      <ul class="named">
        {locations.map(({ slug, name }) => (
          <li key={`place ${slug}`}>
            <PanelLink to={{ name: "place", of: slug }}>{name}</PanelLink>
          </li>
        ))}
        {actors.map(({ slug, name }) => (
          <li key={`actor ${slug}`}>
            <PanelLink to={{ name: "actor", of: slug }}>{name}</PanelLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
