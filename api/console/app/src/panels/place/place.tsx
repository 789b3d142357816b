// One place at the moment: the answer, what it rests on, and what speaks against it.
import { graphql } from "../../made";
import { Fold } from "../../parts/fold";
import { PanelLink } from "../../parts/panel_link";
import { Testimonies } from "../../parts/testimony";
import { useAnswer } from "../../state/asked";
import { RecordHere } from "../../record/buttons";
import { basisOf } from "../../state/knowledge";
import { shown } from "../../state/shown";
import { isolated } from "../../words/isolated";
import { words } from "../../words/words";
import { Answer } from "./answer";
import { Around } from "./around";
import { Chronicle } from "./chronicle";
import { Outweighed } from "./outweighed";
import { POSSIBLE, RIVALS, Readings } from "./readings";
import { Revisions } from "./revisions";
import { Timeline } from "./timeline";
import "../../parts/panel.css";
import "./place.css";

const PLACE = graphql(`
  query Place(
    $location: ID!
    $at: Moment!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
  ) {
    control(
      location: $location
      at: $at
      knownAt: $knownAt
      position: $position
      perspective: $perspective
    ) {
      ...Answer
      location {
        slug
        name
        kind
        names
        within { slug name }
        sieges(at: $at, perspective: $perspective) { certain besieger { slug name } since { ...Window } }
      }
      evidence { ...Testimony }
      rivals { ...Reading }
      possible { ...Reading }
      outweighed { ...Outweighed }
    }
  }
`);

export function PlacePanel({ slug }: { slug: string }) {
  const { answer, of, problem } = useAnswer(
    PLACE,
    () => ({ location: slug, at: shown.value.at, ...basisOf(shown.value) }),
    [slug],
  );
  const said = words.value;
  const control = answer.value?.control;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!control) return <p>{said.page.loading}</p>;
  const { location } = control;
  // Of a place of which a source does not know, its words are evidence, and count for nobody.
  const isEvidence = new Set(control.evidence.map(({ eventId }) => eventId));
  const others = location.names.filter((name) => name !== location.name);
  return (
    <article class="place">
      <h2>
        <bdi>{location.name}</bdi>
      </h2>
      <p class="kind">
        {said.place.kind[location.kind]}
        {location.within && (
          <>
            {said.place.lies}
            <PanelLink to={{ name: "place", of: location.within.slug }}>
              {location.within.name}
            </PanelLink>
          </>
        )}
        {others.length > 0 && <span class="names">{said.place.alsoCalled(others.map(isolated).join(", "))}</span>}
      </p>
      <Answer control={control} sieges={location.sieges} of={of.value} />
      {control.evidence.length > 0 && (
        <section>
          <h3>{said.place.evidence}</h3>
          <Testimonies events={control.evidence} />
        </section>
      )}
      <Readings id={RIVALS} title={said.place.rivals} readings={control.rivals} lineage={control.lineage} />
      <Readings id={POSSIBLE} title={said.place.possible} readings={control.possible} />
      <Timeline slug={slug} />
      <Outweighed claims={control.outweighed.filter(({ event }) => !isEvidence.has(event.eventId))} />
      <RecordHere place={slug} />
      <Fold name="chronicle" title={said.place.chronicle}>
        <Chronicle slug={slug} />
      </Fold>
      <Fold name="revisions" title={said.place.revisions}>
        <Revisions slug={slug} known={control.basis.position} />
      </Fold>
      <Fold name="around" title={said.place.around}>
        <Around slug={slug} within={location.within ?? null} />
      </Fold>
    </article>
  );
}
