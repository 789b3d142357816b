// What lies in the place, what it lies in, and which places are nearest, each as the map shows it.
import { graphql } from "../../made";
import { PanelLink } from "../../parts/panel_link";
import { useAnswer } from "../../state/asked";
import { lookInWords } from "../../state/look_in_words";
import { nameOf, numbers, places } from "../../state/situation";
import { language, words } from "../../words/words";
import { nearest } from "./distances";

const MOST = 100;
const NEAREST = 8;

const INSIDE = graphql(`
  query PlaceInside($within: ID!, $first: Int!) {
    locations(within: $within, first: $first) {
      nodes { slug name kind }
      pageInfo { hasNextPage }
    }
  }
`);

interface Named {
  slug: string;
  name: string;
}

export function Around({ slug, within }: {
  slug: string;
  within: (Named & { within?: Named | null }) | null;
}) {
  const { answer } = useAnswer(INSIDE, () => ({ within: slug, first: MOST }), [slug]);
  const said = words.value.place;
  const inside = answer.value?.locations;
  const near = nearestOf(slug, new Set(inside?.nodes.map((each) => each.slug)));
  return (
    <>
      {within && (
        <>
          <h4>{said.liesIn}</h4>
          <ul class="places">
            <Place slug={within.slug} name={within.name} />
            {within.within && <Place slug={within.within.slug} name={within.within.name} />}
          </ul>
        </>
      )}
      {inside && inside.nodes.length > 0 && (
        <>
          <h4>{said.inside}</h4>
          <ul class="places">
            {inNames(inside.nodes).map((each) => (
              <Place key={each.slug} slug={each.slug} name={each.name} />
            ))}
          </ul>
          {inside.pageInfo.hasNextPage && <p class="lead">{said.onlyFirst(MOST)}</p>}
        </>
      )}
      {near.length > 0 && (
        <>
          <h4>{said.nearest}</h4>
          <ul class="places">
            {near.map(({ id, kilometres, direction }) => (
              <Place
                key={id}
                slug={id}
                name={nameOf(id)}
                where={said.away(kilometres, words.value.place.directions[direction]!)}
              />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Place({ slug, name, where }: Named & { where?: string }) {
  return (
    <li>
      <PanelLink to={{ name: "place", of: slug }}>{name}</PanelLink>
      {where && <span class="when"> {where}</span>}
      <span class="look">{lookInWords(slug)}</span>
    </li>
  );
}

function inNames<Each extends Named>(some: readonly Each[]): Each[] {
  const { compare } = new Intl.Collator(language.value);
  return some.toSorted((one, other) => compare(one.name, other.name));
}

function nearestOf(slug: string, inside: ReadonlySet<string>) {
  const list = places.value;
  const number = numbers.value.get(slug);
  return list && number !== undefined ? nearest(list, number, inside, NEAREST) : [];
}
