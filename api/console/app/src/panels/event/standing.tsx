// Does the event stand? What took it back, reinstated or corrected it, and whether it was there to
// be known at all.
import { graphql } from "../../made";
import type { StandingFragment } from "../../made/graphql";
import { Grade } from "../../parts/grade";
import { PanelLink } from "../../parts/panel_link";
import { Statement } from "../../parts/testimony";
import { instantOf } from "../../state/days";
import { shown } from "../../state/shown";
import { inDates, instantInWords, momentInWords } from "../../words/dates";
import { sentLanguage, words } from "../../words/words";

graphql(`
  fragment Standing on Event {
    position
    recordedAt
    retracted
    report { published { ...Window } }
    recordKeeping {
      __typename
      eventId
      position
      recordedAt
      report { slug title reliability origin { slug name } published { ...Window } }
      ... on EventRetracted {
        reason
        replacedBy { __typename eventId statement retracted occurred { ...Window } }
      }
    }
  }
`);

type Kept = StandingFragment["recordKeeping"][number];

export function Standing({ event }: { event: StandingFragment }) {
  const said = words.value.event;
  const hidden = whyNotKnown(event);
  return (
    <>
      {hidden && <p class="notice">{hidden}</p>}
      {event.retracted && <p class="notice">{said.isRetracted}</p>}
      {event.recordKeeping.length > 0 && (
        <section>
          <h3>{said.history}</h3>
          <ol class="kept">
            {event.recordKeeping.map((kept) => (
              <li key={kept.eventId}>
                <KeptEntry kept={kept} />
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function KeptEntry({ kept }: { kept: Kept }) {
  const said = words.value;
  const { report } = kept;
  return (
    <>
      <p>
        <PanelLink to={{ name: "event", of: kept.eventId }}>
          {said.event.types(kept.__typename)}
        </PanelLink>
        <span class="when">
          , {instantInWords(kept.recordedAt)}, {said.place.position(kept.position)}
        </span>
        {isLater(kept) && <span class="tag">{said.place.notKnown}</span>}
      </p>
      {"reason" in kept && <p lang={sentLanguage.value}>{kept.reason}</p>}
      {report && (
        <p class="voice">
          <Grade reliability={report.reliability} credibility={null} />{" "}
          {report.origin && (
            <PanelLink to={{ name: "source", of: report.origin.slug }}>{report.origin.name}</PanelLink>
          )}
          {", "}
          <PanelLink to={{ name: "report", of: report.slug }}>
            {said.sources.quoted(report.title)}
          </PanelLink>
          {", "}
          {said.sources.published(inDates(report.published))}
        </p>
      )}
      {"replacedBy" in kept && kept.replacedBy && (
        <p>
          {said.event.replacedBy} <Statement event={kept.replacedBy} />
        </p>
      )}
    </>
  );
}

/** Why it does not count in what the page shows: it was recorded, or published, later. */
function whyNotKnown(event: StandingFragment): string | null {
  const { knowledge } = shown.value;
  const said = words.value.event;
  if (isLater(event)) return said.notRecordedYet;
  if (knowledge.by !== "published" || !event.report) return null;
  const isPublic = Date.parse(event.report.published.latest) - 1 <= instantOf(knowledge.at);
  return isPublic ? null : said.notPublicYet(momentInWords(knowledge.at));
}

function isLater({ position, recordedAt }: { position: number; recordedAt: string }): boolean {
  const { knowledge, position: pinned } = shown.value;
  if (pinned !== null) return position > pinned;
  return knowledge.by === "recorded" && Date.parse(recordedAt) > instantOf(knowledge.at);
}
