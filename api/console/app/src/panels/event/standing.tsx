// Does the event stand? What took it back, reinstated or corrected it, and whether it was there to
// be known at all.
import { graphql } from "../../made";
import type { StandingFragment } from "../../made/graphql";
import { Grade } from "../../parts/grade";
import { PanelLink } from "../../parts/panel_link";
import { Statement } from "../../parts/testimony";
import { whyUnknown } from "../../state/known";
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
  const { knowledge } = shown.value;
  const unknown = whyUnknown(event);
  return (
    <>
      {unknown === "not recorded" && <p class="notice">{said.notRecordedYet}</p>}
      {unknown === "not public" && knowledge.by === "published" && (
        <p class="notice">{said.notPublicYet(momentInWords(knowledge.at))}</p>
      )}
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
        {whyUnknown(kept) && <span class="tag">{said.place.notKnown}</span>}
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
