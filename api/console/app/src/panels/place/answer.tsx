// The answer in words, since when it is so, how fresh it is, and what pins it.
import { cssColour } from "../../map/colours";
import { graphql } from "../../made";
import type { AnswerFragment, PlaceQuery } from "../../made/graphql";
import { Fold } from "../../parts/fold";
import { PanelLink } from "../../parts/panel_link";
import { instantOf } from "../../state/days";
import { shown } from "../../state/shown";
import { daysSince, inDates, instantInWords, momentInWords } from "../../words/dates";
import { sentLanguage, words } from "../../words/words";
import { readingInWords } from "./readings";

graphql(`
  fragment Answer on Control {
    status
    certain
    disputed
    corroboration
    explanation
    sinceIs
    holders { slug name }
    contenders { slug name }
    since { ...Window }
    until { ...Window }
    lastHeard { ...Window }
    available { leftOut firstRecorded around { ...Around } aroundLeftOut { ...Around } }
    basis { position recordedAt rule token perspective { words } }
  }
`);

graphql(`
  fragment Around on Control {
    status
    location { slug name }
    holders { slug name }
    contenders { slug name }
  }
`);

type Sieges = NonNullable<PlaceQuery["control"]>["location"]["sieges"];

export function Answer({ control, sieges }: { control: AnswerFragment; sieges: Sieges }) {
  const said = words.value.place;
  const who = control.holders.length ? control.holders : control.contenders;
  return (
    <section class="answer" aria-label={said.answer}>
      <p class="moment">{said.on(momentInWords(shown.value.at))}</p>
      <p class="headline" aria-live="polite">
        {who.length > 0 && (
          <span class="dots" aria-hidden="true">
            {who.map(({ slug }) => (
              <i key={slug} style={{ backgroundColor: cssColour(slug) }} />
            ))}
          </span>
        )}
        <strong>{readingInWords(control)}</strong>
      </p>
      <p class="marks">
        {control.disputed && <span class="mark">{words.value.map.isDisputed}</span>}
        {!control.certain && <span class="mark">{words.value.map.uncertain}</span>}
        {control.corroboration > 0 && said.corroborated(control.corroboration)}
      </p>
      <Times control={control} />
      {sieges.map(({ besieger, certain, since }) => (
        <p key={besieger.slug} class="siege">
          {certain ? words.value.map.siege : words.value.map.possibleSiege} {said.besiegedBy}{" "}
          <PanelLink to={{ name: "actor", of: besieger.slug }}>{besieger.name}</PanelLink>
          {since && <span class="when">, {said.since(inDates(since))}</span>}
        </p>
      ))}
      <Instead control={control} />
      <p class="whose">
        {who.map(({ slug, name }) => (
          <PanelLink key={slug} to={{ name: "actor", of: slug }}>
            {said.more(name)}
          </PanelLink>
        ))}
      </p>
      <Fold name="explanation" title={said.explanation} isMinor>
        <p class="told" lang={sentLanguage.value}>
          {control.explanation}
        </p>
        <Basis basis={control.basis} />
      </Fold>
    </section>
  );
}

function Times({ control: { since, sinceIs, until, lastHeard } }: { control: AnswerFragment }) {
  const said = words.value.place;
  const days = lastHeard && daysSince(lastHeard, instantOf(shown.value.at));
  return (
    <dl class="facts">
      {since && (
        <>
          <dt>{sinceIs === "SEEN" ? said.seenBy : said.sinceWhen}</dt>
          <dd>{inDates(since)}</dd>
        </>
      )}
      {until && (
        <>
          <dt>{said.untilWhen}</dt>
          <dd>{inDates(until)}</dd>
        </>
      )}
      {lastHeard && (
        <>
          <dt>{said.lastHeard}</dt>
          <dd>
            {inDates(lastHeard)}
            {days != null && days > 0 && <span class="when"> · {said.daysBefore(days)}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}

/** Of a place of which nothing is known: what could be had instead. */
function Instead({ control: { available, basis } }: { control: AnswerFragment }) {
  const said = words.value.place;
  if (!available) return null;
  const first = available.firstRecorded;
  const around = available.around ?? available.aroundLeftOut;
  return (
    <>
      {available.leftOut > 0 && <p>{said.leftOut(available.leftOut)}</p>}
      {first === null && <p>{said.neverRecorded}</p>}
      {first != null && first > basis.position && <p>{said.recordedLater(first)}</p>}
      {around && (
        <p>
          {said.aroundIt}{" "}
          <PanelLink to={{ name: "place", of: around.location.slug }}>{around.location.name}</PanelLink>
          {": "}
          {readingInWords(around)}
          {!available.around && <span class="when"> {said.byOthers}</span>}
        </p>
      )}
    </>
  );
}

function Basis({ basis }: { basis: AnswerFragment["basis"] }) {
  const said = words.value.place;
  return (
    <dl class="facts">
      <dt>{said.known}</dt>
      <dd>
        {said.position(basis.position)}
        {basis.recordedAt && <span class="when"> · {instantInWords(basis.recordedAt)}</span>}
      </dd>
      {basis.perspective && (
        <>
          <dt>{said.whose}</dt>
          <dd lang={sentLanguage.value}>{basis.perspective.words}</dd>
        </>
      )}
      <dt>{said.rule}</dt>
      <dd>{basis.rule}</dd>
      <dt>{said.token}</dt>
      <dd>
        <code class="token">{basis.token}</code>
      </dd>
    </dl>
  );
}
