// Other readings: those of rivals, and those that are possible while the time of a change is open.
import { graphql } from "../../made";
import type { ControlStatus, ReadingFragment } from "../../made/graphql";
import { Testimonies } from "../../parts/testimony";
import { statusInWords } from "../../words/in_words";
import { words } from "../../words/words";

graphql(`
  fragment Reading on ControlReading {
    status
    holders { slug name }
    contenders { slug name }
    inheritedFrom { slug name }
    evidence { ...Testimony }
    lineage { ...Testimony }
  }
`);

interface Said {
  status: ControlStatus;
  holders: readonly { name: string }[];
  contenders: readonly { name: string }[];
}

/** As "held by FAMa and Wagner". */
export function readingInWords({ status, holders, contenders }: Said): string {
  const who = holders.length ? holders : contenders;
  return statusInWords(status, who.map(({ name }) => name), words.value);
}

export function Readings({ title, readings }: {
  title: string;
  readings: readonly ReadingFragment[];
}) {
  const said = words.value.place;
  if (!readings.length) return null;
  return (
    <section>
      <h3>{title}</h3>
      {readings.map((reading, number) => (
        <div key={number} class="reading">
          <p class="says">
            {readingInWords(reading)}
            {reading.inheritedFrom && (
              <span class="when"> {said.asPartOf(reading.inheritedFrom.name)}</span>
            )}
          </p>
          <Testimonies events={[...reading.evidence, ...reading.lineage]} />
        </div>
      ))}
    </section>
  );
}
