// Pin what is shown, and take it along: a link, a citation, a picture, a table.
import { useSignal } from "@preact/signals";
import { graphql } from "../made";
import { countInWords, counted } from "../parts/legend";
import { fetched } from "../server/ask";
import { basisInWords, captions, sideInWords } from "../share/basis";
import { pinnedLink } from "../share/link";
import { pictureOf } from "../share/picture";
import { copy, save } from "../share/save";
import { csvOf } from "../share/tables";
import { actorName } from "../state/actors";
import { isCompared } from "../state/address";
import { useAnswer } from "../state/asked";
import { basisInUrl, basisOf } from "../state/knowledge";
import { show, shown } from "../state/shown";
import { column, places } from "../state/situation";
import { ruleInWords } from "../words/in_words";
import { words } from "../words/words";

const TOKEN = graphql(`
  query ShareToken($at: Moment!, $knownAt: Moment, $position: Int, $perspective: PerspectiveInput) {
    situation(at: $at, knownAt: $knownAt, position: $position, perspective: $perspective) {
      basis { token position rule recordedAt }
    }
  }
`);

/** Whether others than this machine itself can't open its addresses. */
const IS_LOOPBACK = /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);

export function SharePanel() {
  const said = words.value.share;
  const told = useSignal("");
  const { answer, problem, isReading } = useAnswer(TOKEN, () => ({ at: shown.value.at, ...basisOf(shown.value) }));
  const [list, map] = [places.value, column.value];
  if (!list || !map) return <p>{words.value.page.loading}</p>;
  const isTwo = isCompared(shown.value);
  const other = isTwo ? said.compared(sideInWords(shown.value.other)) : "";
  const basis = [basisInWords(shown.value, map.position), other].filter(Boolean).join("; ");
  const link = pinnedLink(map.position, { name: isTwo ? "compare" : "none" });
  const rule = isReading.value ? null : answer.value?.situation?.basis;
  const name = `tenure-${shown.value.at.slice(0, 10)}-position-${map.position}`;
  const citation = said.citation(basis, rule ? ruleInWords(rule.rule, words.value) : "", link, new Date().toISOString().slice(0, 10));
  const copied = async (text: string) => (told.value = (await copy(text)) ? said.copied : said.notCopied);
  const failing = (what: Promise<unknown>) =>
    what.catch((error: Error) => (told.value = error.message));
  return (
    <article class="share">
      <h2>{said.title}</h2>
      <p>{basis}</p>
      <p>{said.lead(map.position)}</p>
      {shown.value.position === null ? (
        <button type="button" onClick={() => show({ position: map.position }, true)}>
          {said.pin(map.position)}
        </button>
      ) : (
        <button type="button" onClick={() => show({ position: null }, true)}>
          {words.value.times.unpin}
        </button>
      )}
      <Copied label={said.link} text={link} copied={copied} />
      <p class="lead">{IS_LOOPBACK ? said.loopback : said.wherever}</p>
      {problem.value && <p role="alert">{problem.value.message}</p>}
      {rule && (
        <Copied label={isTwo ? said.tokenOfRight : said.token} text={rule.token} copied={copied} />
      )}
      <Copied label={said.cite} text={citation} copied={copied} />
      <h3>{said.files}</h3>
      <p class="buttons">
        <button
          type="button"
          onClick={() => {
            const legend = counted.value.map((holder) => ({
              actor: holder.actor,
              text: `${actorName(holder.actor)}  ${countInWords(holder)}`,
            }));
            const caption = {
              title: said.pictureTitle,
              lines: [basis, link],
              legend,
              signs: words.value.map.sign,
              credit: said.credit,
              sides: isTwo ? captions.value.map(({ all }) => all) : null,
            };
            void failing(pictureOf(caption).then((made) => save(made, `${name}.png`, "image/png")));
          }}
        >
          {said.picture}
        </button>
        <button type="button" onClick={() => save(csvOf(list, map, basis), `${name}.csv`, "text/csv")}>
          {said.csv}
        </button>
        <button type="button" onClick={() => void failing(geojson(map.position, name))}>
          {said.geojson}
        </button>
        <button type="button" onClick={() => window.print()}>
          {said.print}
        </button>
      </p>
      {isTwo && <p class="lead">{said.tablesOfRight}</p>}
      <p role="status">{told.value}</p>
    </article>
  );
}

function Copied(field: { label: string; text: string; copied: (text: string) => unknown }) {
  return (
    <label class="copied">
      <span>{field.label}</span>
      <textarea readOnly rows={field.text.length > 120 ? 4 : 2} value={field.text} />
      <button type="button" onClick={() => void field.copied(field.text)}>
        {words.value.share.copy}
      </button>
    </label>
  );
}

async function geojson(position: number, name: string): Promise<void> {
  const said = basisInUrl({ ...basisOf(shown.value), position });
  said.delete("knownAt");
  said.set("at", shown.value.at);
  const response = await fetched(`/map.geojson?${said}`);
  save(await response.blob(), `${name}.geojson`, "application/geo+json");
}
