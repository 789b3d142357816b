// A time of knowledge before anything was known: says so, and from which day on something was.
import { graphql } from "../made";
import { useAnswer } from "../state/asked";
import { dayOf } from "../state/days";
import { show, shown } from "../state/shown";
import { column } from "../state/situation";
import { dayInWords } from "../words/dates";
import { words } from "../words/words";

const FIRST_KNOWN = graphql(`
  query FirstKnown {
    events(first: 1) { nodes { recordedAt } }
    reports(first: 1) { nodes { published { latest } } }
  }
`);

export function NothingKnown({ isOnMap = false }: { isOnMap?: boolean }) {
  const isUnrecorded = column.value?.position === 0;
  if (!isUnrecorded && shown.value.knowledge.by !== "published") return null;
  return <Since isUnrecorded={isUnrecorded} isOnMap={isOnMap} />;
}

function Since({ isUnrecorded, isOnMap }: { isUnrecorded: boolean; isOnMap: boolean }) {
  const { answer } = useAnswer(FIRST_KNOWN, () => ({}));
  if (!answer.value) return null;
  const said = words.value.times;
  const { knowledge, position } = shown.value;
  const recorded = answer.value.events?.nodes[0]?.recordedAt;
  const report = answer.value.reports?.nodes[0];
  const published = report && dayOf(Date.parse(report.published.latest) - 1);
  const isUnpublished = knowledge.by === "published" && published && knowledge.at.slice(0, 10) < published;
  if (!isUnrecorded && !isUnpublished) return null;
  const day = isUnrecorded ? recorded && dayOf(Date.parse(recorded)) : published;
  const told = !day ? said.nothingYet : isUnrecorded ? said.notRecorded(dayInWords(day)) : said.notPublished(dayInWords(day));
  if (!isOnMap) return <p>{told}</p>;
  const { by } = knowledge;
  const canGo = day && by !== "now" && (by === "published") !== isUnrecorded && position === null;
  return (
    <div class="problem note" role="status">
      {told}{" "}
      {canGo && (
        <button type="button" onClick={() => show({ knowledge: { by, at: day } }, true)}>
          {said.goToFirst}
        </button>
      )}
    </div>
  );
}
