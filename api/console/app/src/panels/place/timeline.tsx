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
import { dayInWords } from "../../words/dates";
import { words } from "../../words/words";
import { readingInWords } from "./readings";
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

/** The most periods in the list on either side of the moment. */
const LISTED = 100;

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
  const now = Math.max(0, periods.findIndex(isNow));
  const listed = periods.slice(Math.max(0, now - LISTED), now + LISTED);
  return (
    <section>
      <h3>{said.place.timeline}</h3>
      <Strip periods={periods} />
      <Fold name="periods" title={said.place.periods(periods.length)} isMinor>
        {listed.length < periods.length && <p class="lead">{said.place.aroundMoment}</p>}
        <ol class="periods">
          {listed.map((period) => (
            <li key={period.from} aria-current={isNow(period) ? "date" : undefined}>
              <button type="button" onClick={() => show({ at: momentIn(period) }, true)}>
                <i class="swatch" style={{ background: backgroundOf(period.control) }} />
                <span>{datesOf(period)}</span> <strong>{saidOf(period)}</strong>
              </button>
            </li>
          ))}
        </ol>
      </Fold>
    </section>
  );
}

function Strip({ periods }: { periods: readonly TimelinePeriod[] }) {
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
      {periods.map((period) => {
        const begins = Math.max(first, dayOfInstant(period.from, first));
        const ends = Math.min(last, dayOfInstant(period.to, last));
        // Of several in the same pixel the first is drawn; the list has them all.
        if (ends <= begins || (ends - begins < pixel && ends - drawn < pixel)) return null;
        drawn = ends;
        return (
          <i
            key={period.from}
            class={`period ${period.control.status.toLowerCase()} ${period.control.certain ? "" : "uncertain"}`}
            title={`${datesOf(period)}: ${saidOf(period)}`}
            style={{
              left: at(begins),
              width: `${(100 * (ends - begins)) / (last - first)}%`,
              background: backgroundOf(period.control),
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

function isNow({ from, to }: TimelinePeriod): boolean {
  const now = instantOf(shown.value.at);
  return (!from || Date.parse(from) <= now) && (!to || now < Date.parse(to));
}

function saidOf({ control }: TimelinePeriod): string {
  const { isDisputed, uncertain } = words.value.map;
  return [readingInWords(control), !control.certain && uncertain, control.disputed && isDisputed]
    .filter(Boolean)
    .join(", ");
}

function datesOf({ from, to }: TimelinePeriod): string {
  const said = words.value.place;
  const last = to ? new Date(Date.parse(to) - 1).toISOString() : null;
  if (from && last) {
    const [begins, ends] = [dayInWords(from), dayInWords(last)];
    return begins === ends ? begins : said.fromTo(begins, ends);
  }
  if (from) return said.fromOn(dayInWords(from));
  return last ? said.upTo(dayInWords(last)) : said.always;
}
