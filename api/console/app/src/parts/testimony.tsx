// One statement as evidence: its grade, what it says and of when, and whose word it is.
import { graphql } from "../made";
import type { TestimonyFragment } from "../made/graphql";
import { whyUnknown } from "../state/known";
import { happenedInDates, inDates } from "../words/dates";
import { sentLanguage, sentence, words } from "../words/words";
import { CheckButton } from "./check_button";
import { Grade } from "./grade";
import { PanelLink } from "./panel_link";
import "./testimony.css";

graphql(`
  fragment Testimony on Event {
    __typename
    eventId
    position
    recordedAt
    statement
    summary
    passage
    credibility
    retracted
    occurred { ...Window }
    source { slug name }
    report {
      slug
      title
      url
      reliability
      published { ...Window }
      origin { slug name }
    }
  }
`);

export function Testimonies({ events }: { events: readonly TestimonyFragment[] }) {
  return (
    <ul class="testimonies">
      {events.map((event) => (
        <li key={event.eventId}>
          <Testimony event={event} />
        </li>
      ))}
    </ul>
  );
}

export function Testimony({ event }: { event: TestimonyFragment }) {
  const { report } = event;
  return (
    <div class="testimony">
      {report && event.credibility != null && (
        <Grade reliability={report.reliability} credibility={event.credibility} />
      )}
      <div>
        <p>
          <Statement event={event} />
          {whyUnknown(event) && <span class="tag">{words.value.place.notKnown}</span>}
        </p>
        {event.summary && (
          <p class="summary" lang={sentLanguage.value}>
            {words.value.sources.quoted(event.summary)}
          </p>
        )}
        <Voice event={event} />
        <CheckButton event={event.eventId} />
      </div>
    </div>
  );
}

/** What it says and of when, with a link to the event. */
export function Statement({ event }: {
  event: Pick<TestimonyFragment, "__typename" | "eventId" | "statement" | "occurred" | "retracted">;
}) {
  const said = words.value;
  const { __typename, occurred } = event;
  return (
    <>
      <PanelLink to={{ name: "event", of: event.eventId }} class={event.retracted ? "gone" : ""}>
        <span lang={sentLanguage.value} dir="ltr">
          {event.statement ? sentence(event.statement) : said.event.types(event.__typename)}
        </span>
      </PanelLink>
      {occurred && <span class="when">, {happenedInDates(__typename, occurred)}</span>}
      {event.retracted && <span class="tag">{said.event.retracted}</span>}
    </>
  );
}

function Voice({ event: { source, report } }: { event: TestimonyFragment }) {
  const said = words.value.sources;
  if (!report) return null;
  const { origin } = report;
  const isCopy = origin && source && origin.slug !== source.slug;
  return (
    <p class="voice">
      {origin && <PanelLink to={{ name: "source", of: origin.slug }}>{origin.name}</PanelLink>}
      {isCopy && (
        <>
          {" "}
          {said.via} <PanelLink to={{ name: "source", of: source.slug }}>{source.name}</PanelLink>
        </>
      )}
      {", "}
      <PanelLink to={{ name: "report", of: report.slug }}>{said.quoted(report.title)}</PanelLink>
      {", "}
      {said.published(inDates(report.published))}
      {report.url && <Outside url={report.url} />}
    </p>
  );
}

/** A link out of the page; only the schemes that a browser opens as pages. */
export function Outside({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <> {url}</>;
  return (
    <>
      {" "}
      <a href={url} target="_blank" rel="noopener noreferrer">
        {words.value.sources.read}
      </a>
    </>
  );
}
