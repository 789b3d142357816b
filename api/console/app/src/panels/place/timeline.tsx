// The place through time, as a strip with the colours of the map, and the same as a list. A click
// moves the moment.
import { useEffect, useRef } from "preact/hooks";
import { giveColoursTo } from "../../map/colours";
import { graphql } from "../../made";
import type { PlaceTimelineQuery } from "../../made/graphql";
import { Fold } from "../../parts/fold";
import { useAnswer } from "../../state/asked";
import { span } from "../../state/dates";
import { DAY, dayAt, dayNumber, instantOf } from "../../state/days";
import { basisOf } from "../../state/knowledge";
import { show, shown } from "../../state/shown";
import { dayInWords, instantInWords } from "../../words/dates";
import { words } from "../../words/words";
import { DisputeEnd } from "./dispute_end";
import { answerInWords } from "./readings";
import { type Row, rowsOf } from "./rows";
import { backgroundOf, daysOf, momentIn, years } from "./strip";

const TIMELINE = graphql(`
  query PlaceTimeline(
    $location: ID!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
  ) {
    controlTimeline(
      location: $location
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      from
      to
      control {
        status
        certain
        disputed
        holders { slug name }
        contenders { slug name }
      }
    }
  }
`);

/** The most rows in the list on either side of the moment. */
const LISTED = 100;
/** The most rows on either side of the moment of which is asked why a dispute ended. */
const EXPLAINED = 20;

export type TimelinePeriod = NonNullable<PlaceTimelineQuery["controlTimeline"]>[number];

export function Timeline({ slug }: { slug: string }) {
  const { answer } = useAnswer(
    TIMELINE,
    () => ({ location: slug, ...basisOf(shown.value) }),
    [slug],
  );
  const said = words.value;
  const periods = answer.value?.controlTimeline;
  useEffect(() => giveColoursTo(periods?.flatMap(({ control }) => actorsOf(control)) ?? []), [periods]);
  if (!periods?.some(({ control }) => control.status !== "UNKNOWN")) return null;
  const rows = rowsOf(periods);
  const now = Math.max(0, rows.findIndex(isNow));
  const first = Math.max(0, now - LISTED);
  const listed = rows.slice(first, now + LISTED);
  return (
    <section>
      <h3>{said.place.timeline}</h3>
      <Strip periods={periods} rows={rows} />
      <Fold name="periods" title={said.place.periods(rows.length)} isMinor>
        {listed.length < rows.length && <p class="lead">{said.place.aroundMoment}</p>}
        <ol class="periods">
          {listed.map((row, number) => (
            <li key={row.from} aria-current={isNow(row) ? "date" : undefined}>
              <button type="button" onClick={() => show({ at: momentIn(row) }, true)}>
                <i class="swatch" style={{ background: backgroundOf(row.control) }} />
                <span>{datesOf(row)}</span> <strong>{answerInWords(row.control)}</strong>
              </button>
              {row.from && isUndisputed(rows[first + number - 1], row) && Math.abs(first + number - now) < EXPLAINED && (
                <DisputeEnd slug={slug} at={row.from} />
              )}
            </li>
          ))}
        </ol>
      </Fold>
    </section>
  );
}

function Strip({ periods, rows }: { periods: readonly TimelinePeriod[]; rows: readonly Row[] }) {
  const element = useRef<HTMLDivElement>(null);
  const [first, last] = daysOf(periods, span.value, shown.value.at);
  const pixel = (last - first) / 800;
  let drawn = Number.NEGATIVE_INFINITY;
  const at = (day: number) => `${(100 * (day - first)) / (last - first)}%`;
  const dayOfInstant = (instant: string | null | undefined, other: number) =>
    instant ? Date.parse(instant) / DAY : other;
  return (
    <div
      class="strip"
      dir="ltr"
      aria-hidden="true"
      ref={element}
      onClick={(event) => {
        const { left, width } = element.current!.getBoundingClientRect();
        const day = first + ((event.clientX - left) / width) * (last - first);
        show({ at: dayAt(Math.max(Math.ceil(first), Math.min(Math.floor(last), Math.floor(day)))) }, true);
      }}
    >
      {rows.map((row) => {
        const begins = Math.max(first, row.days?.first ?? dayOfInstant(row.from, first));
        const ends = Math.min(last, row.days ? row.days.last + 1 : dayOfInstant(row.to, last));
        // Of several in the same pixel the first is drawn; the list has them all.
        if (ends <= begins || (ends - begins < pixel && ends - drawn < pixel)) return null;
        drawn = ends;
        return (
          <i
            key={row.from}
            class={`period ${row.control.status.toLowerCase()} ${row.control.certain ? "" : "uncertain"}`}
            title={`${datesOf(row)}: ${answerInWords(row.control)}`}
            style={{
              left: at(begins),
              width: `${(100 * (ends - begins)) / (last - first)}%`,
              background: backgroundOf(row.control),
            }}
          />
        );
      })}
      <i class="marker" style={{ left: at(dayNumber(shown.value.at) + 0.5) }} />
      {years(first, last).map(({ day, year }) => (
        <span key={year} class="year" style={{ left: at(day) }}>
          {year}
        </span>
      ))}
    </div>
  );
}

function actorsOf(control: TimelinePeriod["control"]): string[] {
  return [...control.holders, ...control.contenders].map(({ slug }) => slug);
}

function isNow({ opens, to }: Row): boolean {
  const now = instantOf(shown.value.at);
  return opens <= now && (!to || now < Date.parse(to));
}

/** Whether the row says what the one before said, but for the dispute. */
function isUndisputed(before: Row | undefined, { control }: Row): boolean {
  if (!before?.control.disputed || control.disputed) return false;
  return actorsOf(before.control).join() === actorsOf(control).join();
}

function datesOf({ from, to, days }: Row): string {
  const said = words.value.place;
  if (!days) return said.fromTo(instantInWords(from!), instantInWords(to!));
  const begins = from && dayInWords(dayAt(days.first));
  const ends = to && dayInWords(dayAt(days.last));
  if (begins && ends) return begins === ends ? begins : said.fromTo(begins, ends);
  if (begins) return said.fromOn(begins);
  return ends ? said.upTo(ends) : said.always;
}
