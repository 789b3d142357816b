// Holders whom the reports name otherwise: what each came from, by which event, and when.
import { graphql } from "../../made";
import type { KinshipFragment } from "../../made/graphql";
import { PanelLink } from "../../parts/panel_link";
import { inDates } from "../../words/dates";
import { sentLanguage, sentence, words } from "../../words/words";

graphql(`
  fragment Kinship on Event {
    __typename
    eventId
    statement
    occurred { ...Window }
    actors { slug }
    ... on ActorDissolved { actor { slug name } succeededBy { slug name } }
    ... on ActorMerged { merged { slug name } into { slug name } }
    ... on ActorSplit { actor { slug name } factions: into { slug name } }
  }
`);

interface Named {
  slug: string;
  name: string;
}
type Evidence = readonly { actors: readonly { slug: string }[] }[];

/** What an event says of an actor: from whom it came. */
interface Step {
  event: KinshipFragment;
  heir: Named;
  from: readonly Named[];
}

/** Whether no report behind the answer names the actor. */
export function unnamedIn(evidence: Evidence, slug: string): boolean {
  return evidence.length > 0 && !evidence.some(({ actors }) => actors.some((each) => each.slug === slug));
}

export function Follows({ who, evidence, lineage }: {
  who: readonly Named[];
  evidence: Evidence;
  lineage: readonly KinshipFragment[];
}) {
  const steps = who.flatMap((heir) => (unnamedIn(evidence, heir.slug) ? stepsTo(heir, lineage) : []));
  if (!steps.length) return null;
  return (
    <ul class="follows">
      {steps.map(({ event, heir, from }) => (
        <li key={event.eventId + heir.slug}>
          {heir.name}:{" "}
          <PanelLink to={{ name: "event", of: event.eventId }}>
            <Said event={event} from={from} />
          </PanelLink>
          {event.occurred && <span class="when"> ({inDates(event.occurred)})</span>}
        </li>
      ))}
    </ul>
  );
}

function Said({ event, from }: { event: KinshipFragment; from: readonly Named[] }) {
  const said = words.value.place;
  const names = from.map(({ name }) => name).join(words.value.page.and);
  if (event.__typename === "ActorDissolved") return <>{said.succeeded(names)}</>;
  if (event.__typename === "ActorMerged") return <>{said.mergedFrom(names)}</>;
  if (event.__typename === "ActorSplit") return <>{said.splitFrom(names)}</>;
  return <span lang={sentLanguage.value}>{event.statement && sentence(event.statement)}</span>;
}

/** The events that lead to an actor, the last first, each told once. */
function stepsTo(heir: Named, lineage: readonly KinshipFragment[], passed: readonly string[] = []): Step[] {
  return lineage
    .filter(({ eventId }) => !passed.includes(eventId))
    .flatMap((event) => {
      const from = cameFrom(event, heir.slug);
      if (!from) return [];
      const further = from.flatMap((each) => stepsTo(each, lineage, [...passed, event.eventId]));
      return [{ event, heir, from }, ...further];
    });
}

/** Those from whom the event says that the actor came; null where it says nothing of the kind. */
function cameFrom(event: KinshipFragment, heir: string): readonly Named[] | null {
  const isHeir = (each: Named) => each.slug === heir;
  switch (event.__typename) {
    case "ActorDissolved":
      return event.succeededBy.some(isHeir) ? [event.actor] : null;
    case "ActorMerged":
      return isHeir(event.into) ? event.merged : null;
    case "ActorSplit":
      return event.factions.some(isHeir) ? [event.actor] : null;
  }
  return event.actors.some(({ slug }) => slug === heir) ? [] : null;
}
