// Other readings: those of rivals, and those that are possible while the time of a change is open.
import { graphql } from "../../made";
import type { ControlStatus, KinshipFragment, ReadingFragment } from "../../made/graphql";
import { Testimonies } from "../../parts/testimony";
import { statusInWords } from "../../words/in_words";
import { words } from "../../words/words";
import { Follows } from "./follows";

graphql(`
  fragment Reading on ControlReading {
    status
    holders { slug name }
    contenders { slug name }
    inheritedFrom { slug name }
    evidence { ...Testimony actors { slug } }
    lineage { ...Testimony }
  }
`);

export const RIVALS = "rivals";
export const POSSIBLE = "possible";

/** Shows one of these parts of the panel, and puts the focus on its heading. */
export function goTo(part: string): void {
  const heading = document.querySelector<HTMLElement>(`#${part} h3`);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}

interface Said {
  status: ControlStatus;
  holders: readonly { name: string }[];
  contenders: readonly { name: string }[];
}

/** Those who hold it, or fight over it. */
export function whoOf<Actor>({ holders, contenders }: {
  holders: readonly Actor[];
  contenders: readonly Actor[];
}): readonly Actor[] {
  return holders.length ? holders : contenders;
}

/** As "held by FAMa and Wagner". */
export function readingInWords(said: Said): string {
  return statusInWords(said.status, whoOf(said).map(({ name }) => name), words.value);
}

/** The same with its marks; what is not known is not certain either. */
export function answerInWords(said: Said & { certain: boolean; disputed: boolean }): string {
  const { isDisputed, uncertain } = words.value.map;
  const isUncertain = !said.certain && said.status !== "UNKNOWN";
  return [readingInWords(said), isUncertain && uncertain, said.disputed && isDisputed].filter(Boolean).join(", ");
}

export function Readings({ id, title, readings, lineage = [] }: {
  id: string;
  title: string;
  readings: readonly ReadingFragment[];
  /** The events by which those who are named count as others. */
  lineage?: readonly KinshipFragment[];
}) {
  const said = words.value.place;
  if (!readings.length) return null;
  return (
    <section id={id}>
      <h3 tabIndex={-1}>{title}</h3>
      {readings.map((reading, number) => (
        <div key={number} class="reading">
          <h4 class="says">
            {readingInWords(reading)}
            {reading.inheritedFrom && (
              <span class="when"> {said.asPartOf(reading.inheritedFrom.name)}</span>
            )}
          </h4>
          <Follows who={whoOf(reading)} evidence={reading.evidence} lineage={lineage} />
          <Testimonies events={[...reading.evidence, ...reading.lineage]} />
        </div>
      ))}
    </section>
  );
}
