// A source: how far it is trusted and how that changed, its reports, and what they say.
import { graphql } from "../made";
import { Fold } from "../parts/fold";
import { Grade } from "../parts/grade";
import { PanelLink } from "../parts/panel_link";
import { Outside, Testimonies } from "../parts/testimony";
import { useAnswer } from "../state/asked";
import { show, shown } from "../state/shown";
import { inDates, instantInWords } from "../words/dates";
import { sentLanguage, words } from "../words/words";
import "../parts/panel.css";
import "./event/event.css";

const FIRST = 30;

const SOURCE = graphql(`
  query SourcePanel($id: ID!, $last: Int!) {
    source(id: $id) {
      slug
      name
      reliability
      continuous
      ended { ...Window }
      url
    }
    regraded: events(filter: { source: $id, types: ["SourceRegraded"] }, last: 20) {
      nodes {
        eventId
        recordedAt
        ... on SourceRegraded { reliability reason }
      }
    }
    reports(filter: { source: $id }, first: $last) {
      nodes { slug title published { ...Window } }
      pageInfo { hasNextPage }
    }
    # What has a time happened: registrations and reports have none.
    events(filter: { source: $id, occurredFrom: "1000-01-01" }, last: $last) {
      nodes { ...Testimony }
      pageInfo { hasPreviousPage }
    }
  }
`);

export function SourcePanel({ slug }: { slug: string }) {
  const { answer, problem } = useAnswer(SOURCE, () => ({ id: slug, last: FIRST }), [slug]);
  const said = words.value;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!answer.value) return <p>{said.page.loading}</p>;
  const { source, regraded, reports, events } = answer.value;
  if (!source) return <p role="alert">{said.sources.unknown}</p>;
  const told = events?.nodes.toReversed() ?? [];
  return (
    <article class="source">
      <p class="kind">{said.sources.source}</p>
      <h2>
        <bdi>{source.name}</bdi>
      </h2>
      <p>
        <Grade reliability={source.reliability} credibility={null} begins />
        {source.continuous && <> · {said.sources.continuous}</>}
        {source.ended && <> · {said.sources.ended(inDates(source.ended))}</>}
      </p>
      {source.url && (
        <p>
          <Outside url={source.url} />
        </p>
      )}
      <Counts slug={source.slug} />
      {regraded && regraded.nodes.length > 0 && (
        <section>
          <h3>{said.sources.regraded}</h3>
          <ul class="kept">
            {regraded.nodes.map((each) => (
              <li key={each.eventId}>
                <PanelLink to={{ name: "event", of: each.eventId }}>
                  {instantInWords(each.recordedAt)}
                </PanelLink>
                {"reliability" in each && (
                  <>
                    : <strong>{each.reliability}</strong>{" "}
                    <span lang={sentLanguage.value}>{each.reason}</span>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Fold name="statements" title={said.sources.statements} begins>
        <Testimonies events={told} />
        {events?.pageInfo.hasPreviousPage && <p class="lead">{said.sources.onlyLast(FIRST)}</p>}
      </Fold>
      <Fold name="reports" title={said.sources.reports}>
        <ul class="kept">
          {reports?.nodes.map((report) => (
            <li key={report.slug}>
              <PanelLink to={{ name: "report", of: report.slug }}>{report.title}</PanelLink>
              <span class="when">, {inDates(report.published)}</span>
            </li>
          ))}
        </ul>
        {reports?.pageInfo.hasNextPage && <p class="lead">{said.place.onlyFirst(FIRST)}</p>}
      </Fold>
    </article>
  );
}

/** Whether its word counts in what the page shows. */
function Counts({ slug }: { slug: string }) {
  const said = words.value.sources;
  const { without } = shown.value.words;
  const isLeftOut = without.includes(slug);
  const next = isLeftOut ? without.filter((each) => each !== slug) : [...without, slug];
  return (
    <p>
      {isLeftOut && <span class="notice">{said.isLeftOut} </span>}
      <button
        type="button"
        onClick={() => show({ words: { ...shown.value.words, without: next } }, true)}
      >
        {isLeftOut ? said.countAgain : said.leaveOut}
      </button>
    </p>
  );
}
