// A report: who published it and when, whose word it is, and all that it says.
import { graphql } from "../made";
import { Grade } from "../parts/grade";
import { PanelLink } from "../parts/panel_link";
import { Outside, Testimonies } from "../parts/testimony";
import { useAnswer } from "../state/asked";
import { inDates } from "../words/dates";
import { words } from "../words/words";
import "../parts/panel.css";
import "./event/event.css";

const MOST = 100;

const REPORT = graphql(`
  query ReportPanel($id: ID!, $first: Int!) {
    report(id: $id) {
      slug
      title
      url
      contentHash
      reliability
      published { ...Window }
      source { slug name }
      origin { slug name }
      syndicatedFrom { slug title }
    }
    events(filter: { report: $id, occurredFrom: "1000-01-01" }, first: $first) {
      nodes { ...Testimony }
      pageInfo { hasNextPage }
    }
  }
`);

export function ReportPanel({ slug }: { slug: string }) {
  const { answer, problem } = useAnswer(REPORT, () => ({ id: slug, first: MOST }), [slug]);
  const said = words.value;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!answer.value) return <p>{said.page.loading}</p>;
  const { report, events } = answer.value;
  if (!report) return <p role="alert">{said.sources.unknownReport}</p>;
  const { source, origin, syndicatedFrom: copied } = report;
  return (
    <article class="report">
      <p class="kind">{said.sources.report}</p>
      <h2>
        <bdi>{report.title}</bdi>
      </h2>
      <dl class="facts">
        {source && (
          <>
            <dt>{said.sources.source}</dt>
            <dd>
              <PanelLink to={{ name: "source", of: source.slug }}>{source.name}</PanelLink>{" "}
              <Grade reliability={report.reliability} credibility={null} />
            </dd>
          </>
        )}
        {copied && (
          <>
            <dt>{said.sources.copies}</dt>
            <dd>
              <PanelLink to={{ name: "report", of: copied.slug }}>{copied.title}</PanelLink>
              {origin && (
                <>
                  {", "}
                  <PanelLink to={{ name: "source", of: origin.slug }}>{origin.name}</PanelLink>
                </>
              )}
            </dd>
          </>
        )}
        <dt>{said.sources.publishedWhen}</dt>
        <dd>{inDates(report.published)}</dd>
        {report.url && (
          <>
            <dt>{said.sources.link}</dt>
            <dd>
              <Outside url={report.url} />
            </dd>
          </>
        )}
        {report.contentHash && (
          <>
            <dt>{said.sources.hash}</dt>
            <dd>
              <code>{report.contentHash}</code>
            </dd>
          </>
        )}
      </dl>
      <section>
        <h3>{said.sources.says}</h3>
        <Testimonies events={events?.nodes ?? []} />
        {events?.pageInfo.hasNextPage && <p class="lead">{said.place.onlyFirst(MOST)}</p>}
      </section>
    </article>
  );
}
