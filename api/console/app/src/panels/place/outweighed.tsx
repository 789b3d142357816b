// The statements that do not count, each with the reason in plain words.
import { graphql } from "../../made";
import type { OutweighedFragment } from "../../made/graphql";
import { Fold } from "../../parts/fold";
import { Statement, Testimony } from "../../parts/testimony";
import { words } from "../../words/words";

graphql(`
  fragment Outweighed on OutweighedClaim {
    because
    event { ...Testimony }
    by { __typename eventId statement retracted occurred { ...Window } }
  }
`);

export function Outweighed({ claims }: { claims: readonly OutweighedFragment[] }) {
  const said = words.value;
  if (!claims.length) return null;
  return (
    <Fold name="outweighed" title={said.place.outweighed(claims.length)} begins>
      <ul class="outweighed">
        {claims.map(({ because, event, by }) => (
          <li key={event.eventId}>
            <Testimony event={event} />
            <p class="because">
              {said.because[because]}
              {by && (
                <>
                  {": "}
                  <Statement event={by} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
