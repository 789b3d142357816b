// An actor at the moment: what it is called, what it holds, whom it stands with, where it came from.
import "./actor.css";
import { graphql } from "../made";
import type { ActorPageQuery } from "../made/graphql";
import { cssColour } from "../map/colours";
import { useAnswer } from "../state/asked";
import { basisOf } from "../state/knowledge";
import { PanelLink } from "../parts/panel_link";
import { Statement } from "../parts/testimony";
import { shown } from "../state/shown";
import { inDates } from "../words/dates";
import { isolated } from "../words/isolated";
import { words } from "../words/words";
import { HoldingsCurve } from "./actor_curve";
import { LineageGraph } from "./actor_lineage";

const ACTOR = graphql(`
  query ActorPage(
    $actor: ID!
    $at: Moment!
    $knownAt: Moment
    $position: Int
    $perspective: PerspectiveInput
    $named: EventFilter!
    $most: Int!
  ) {
    actor(id: $actor) {
      slug
      name
      kind
      names(at: $at)
      holdings(at: $at, knownAt: $knownAt, position: $position, members: true, perspective: $perspective) {
        certain
        disputed
        status
        location { slug name }
        holders { slug name }
      }
      allies(at: $at, knownAt: $knownAt, position: $position, perspective: $perspective) { slug name }
      patrons(at: $at, knownAt: $knownAt, position: $position, perspective: $perspective) { slug name }
      missions(at: $at, knownAt: $knownAt, position: $position, members: true, perspective: $perspective) {
        certain
        mission { slug name }
        location { slug name }
        since { ...Window }
        until { ...Window }
      }
      convoys(at: $at, knownAt: $knownAt, position: $position, members: true, perspective: $perspective) {
        slug
        phase
        certain
        location { slug name }
        boundFor { slug name }
        haltedBy { slug name }
      }
      lineage(at: $at, knownAt: $knownAt, position: $position, perspective: $perspective) {
        identity { slug name }
        predecessors { certain actor { slug name } }
        successors { certain actor { slug name } }
        parents { certain actor { slug name } }
        affiliates { certain actor { slug name } }
        coalitions { certain actor { slug name } }
        members { certain actor { slug name } }
      }
      events(first: $most, filter: $named) {
        nodes { __typename eventId statement retracted occurred { ...Window } }
        pageInfo { hasNextPage }
      }
    }
    situation(at: $at, knownAt: $knownAt, position: $position, perspective: $perspective) {
      sieges {
        certain
        location { slug name }
        besieger { slug name }
        since { ...Window }
      }
    }
  }
`);
const MOST = 100;
const NAMING = ["ActorRegistered", "ActorRenamed", "ActorAmended", "ActorMerged", "ActorSplit", "ActorDissolved"];

export type ActorAnswer = NonNullable<ActorPageQuery["actor"]>;

export function ActorPanel({ slug }: { slug: string }) {
  const { answer, problem, isReading } = useAnswer(
    ACTOR,
    () => ({ actor: slug, at: shown.value.at, named: { types: NAMING }, most: MOST, ...basisOf(shown.value) }),
    [slug],
  );
  const said = words.value.actor;
  if (problem.value) return <p role="alert">{problem.value.message}</p>;
  if (!answer.value) return <p>{words.value.page.loading}</p>;
  const { actor } = answer.value;
  if (!actor) return <p role="alert">{said.unknown}</p>;
  const [name = actor.name, ...other] = actor.names; // the first is that of the moment
  const sieges = (answer.value?.situation?.sieges ?? []).filter(
    (siege) => siege.besieger.slug === actor.slug || siege.besieger.slug === actor.lineage.identity.slug,
  );
  return (
    <article aria-busy={isReading.value}>
      <h2>
        <svg class="actor-mark" viewBox="0 0 10 10" aria-hidden="true">
          <circle cx="5" cy="5" r="5" fill={cssColour(actor.slug)} />
        </svg>
        <bdi>{name}</bdi>
      </h2>
      <p class="lead">
        {said.kinds[actor.kind]}
        {other.length > 0 && <>; {said.also(other.map(isolated).join(", "))}</>}
        {!actor.names.includes(actor.name) && <>; {said.now(isolated(actor.name))}</>}
      </p>
      <h3>{said.holds(actor.holdings.length)}</h3>
      <ul>
        {actor.holdings.map(({ location, holders, certain, disputed }) => (
          <li key={location.slug}>
            <Place {...location} />
            {holders.length > 1 && <> {said.with(others(holders, actor.slug))}</>}
            {!certain && <>, {words.value.map.uncertain}</>}
            {disputed && <>, {words.value.map.isDisputed}</>}
          </li>
        ))}
      </ul>
      <HoldingsCurve actor={actor.slug} />
      <Actors title={said.allies} actors={actor.allies} />
      <Actors title={said.patrons} actors={actor.patrons} />
      {sieges.length > 0 && <h3>{said.sieges}</h3>}
      <ul>
        {sieges.map(({ location, since, certain }) => (
          <li key={location.slug}>
            <Place {...location} />, {since && said.since(inDates(since))}
            {!certain && <>, {words.value.map.uncertain}</>}
          </li>
        ))}
      </ul>
      {actor.missions.length > 0 && <h3>{said.missions}</h3>}
      <ul>
        {actor.missions.map(({ mission, location, since, until, certain }) => (
          <li key={mission.slug + location.slug}>
            {mission.slug !== actor.slug && `${isolated(mission.name)}: `}
            <Place {...location} />, {since && said.since(inDates(since))}
            {until && <>, {said.until(inDates(until))}</>}
            {!certain && <>, {words.value.map.uncertain}</>}
          </li>
        ))}
      </ul>
      {actor.convoys.length > 0 && <h3>{said.convoys}</h3>}
      <ul>
        {actor.convoys.map(({ slug: convoy, phase, location, boundFor, haltedBy, certain }) => (
          <li key={convoy}>
            {said.phases[phase]} {location && <Place {...location} />}
            {boundFor && (
              <>
                {" "}
                → <Place {...boundFor} />
              </>
            )}
            {haltedBy.length > 0 && <>, {said.haltedBy(haltedBy.map((each) => isolated(each.name)).join(", "))}</>}
            {!certain && <>, {words.value.map.uncertain}</>}
          </li>
        ))}
      </ul>
      <LineageGraph actor={{ ...actor, name }} />
      <h3>{said.names}</h3>
      <ol>
        {actor.events.nodes.map((event) => (
          <li key={event.eventId}>
            <Statement event={event} />
          </li>
        ))}
      </ol>
      {actor.events.pageInfo.hasNextPage && <p class="lead">{words.value.place.onlyFirst(MOST)}</p>}
    </article>
  );
}

function others(holders: readonly { slug: string; name: string }[], but: string): string {
  const names = holders.filter((each) => each.slug !== but).map((each) => isolated(each.name));
  return names.join(words.value.page.and);
}

function Place({ slug, name }: { slug: string; name: string }) {
  return <PanelLink to={{ name: "place", of: slug }}>{name}</PanelLink>;
}

function Actors({ title, actors }: { title: string; actors: readonly { slug: string; name: string }[] }) {
  if (!actors.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {actors.map(({ slug, name }) => (
          <li key={slug}>
            <PanelLink to={{ name: "actor", of: slug }}>{name}</PanelLink>
          </li>
        ))}
      </ul>
    </>
  );
}
