// The answer in words, since when it is so, how fresh it is, and what pins it.
import { cssColour } from "../../map/colours";
import { graphql } from "../../made";
import type { AnswerFragment, PlaceQuery } from "../../made/graphql";
import { Fold } from "../../parts/fold";
import { PanelLink } from "../../parts/panel_link";
import type { Shown } from "../../state/address";
import { dayNumber, dayOf, instantOf } from "../../state/days";
import { daysSince, inDates, instantInWords, momentInWords } from "../../words/dates";
import { sentLanguage, words } from "../../words/words";
import { whoseWord } from "../whose_word";
import { Follows, unnamedIn } from "./follows";
import { POSSIBLE, RIVALS, goTo, readingInWords, whoOf } from "./readings";

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
    holding { actor { slug name } since { ...Window } }
    until { ...Window }
    lastHeard { ...Window }
    evidence { eventId retracted actors { slug } }
    lineage { ...Kinship }
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

/** `of` is what the page showed when this was asked. */
export function Answer({ control, sieges, of }: { control: AnswerFragment; sieges: Sieges; of: Shown }) {
  const said = words.value.place;
  const who = whoOf(control);
  const takenBack = control.evidence.filter(({ retracted }) => retracted).length;
  return (
    <section class="answer" aria-label={said.answer}>
      <Known basis={control.basis} isTold={control.status !== "UNKNOWN"} of={of} />
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
        {control.disputed && (
          <button type="button" class="mark" onClick={() => goTo(RIVALS)}>
            {words.value.map.isDisputed}
          </button>
        )}
        {!control.certain && (
          <button type="button" class="mark" onClick={() => goTo(POSSIBLE)}>
            {words.value.map.uncertain}
          </button>
        )}
        {control.corroboration > 0 && <Corroboration control={control} who={who} />}
      </p>
      {takenBack > 0 && <p class="carried">{said.takenBackSince(takenBack)}</p>}
      <Follows who={who} evidence={control.evidence} lineage={control.lineage} />
      <Times control={control} at={of.at} />
      {sieges.map(({ besieger, certain, since }) => (
        <p key={besieger.slug} class="siege">
          {certain ? words.value.map.siege : words.value.map.possibleSiege} {said.besiegedBy}{" "}
          <PanelLink to={{ name: "actor", of: besieger.slug }}>{besieger.name}</PanelLink>
          {since && <span class="when">, {said.since(inDates(since))}</span>}
        </p>
      ))}
      <Instead control={control} of={of} />
      <p class="whose">
        {who.map(({ slug, name }) => (
          <PanelLink key={slug} to={{ name: "actor", of: slug }}>
            {said.more(name)}
          </PanelLink>
        ))}
      </p>
      <Fold name="explanation" title={said.explanation} isMinor isPrinted>
        <p class="told" lang={sentLanguage.value}>
          {control.explanation}
        </p>
        <Basis basis={control.basis} />
      </Fold>
    </section>
  );
}

/** The moment, what was known of it and whose word counts, where that is not all and everybody's. */
function Known({ basis, isTold, of }: { basis: AnswerFragment["basis"]; isTold: boolean; of: Shown }) {
  const said = words.value.place;
  const { at, knowledge, position, words: counting } = of;
  const parts = [said.on(momentInWords(at))];
  if (position !== null) parts.push(said.upToEntry(position));
  else if (knowledge.by === "recorded") parts.push(said.recordedBy(momentInWords(knowledge.at)));
  if (knowledge.by === "published") parts.push(said.publicOn(momentInWords(knowledge.at)));
  const whose = whoseWord(counting);
  const isEverybodys = whose === words.value.whose.everybody;
  const known = knownBy(basis, of);
  return (
    <>
      <p class="moment">
        {parts.join(", ")}
        {!isEverybodys && ` · ${words.value.whose.title}: ${whose}`}
      </p>
      {isTold && known && dayNumber(known) < dayNumber(at) && (
        <p class="carried">{said.carried(momentInWords(at), momentInWords(known))}</p>
      )}
    </>
  );
}

/** The day or instant after which nothing was known; null where all counts that is known now. */
function knownBy(basis: AnswerFragment["basis"], { knowledge, position }: Shown): string | null {
  const recorded = basis.recordedAt ? dayOf(Date.parse(basis.recordedAt)) : null;
  const known = [
    position !== null ? recorded : knowledge.by === "recorded" ? knowledge.at : null,
    knowledge.by === "published" ? knowledge.at : null,
  ];
  return known.reduce((one, other) => (one && other ? (one < other ? one : other) : (one ?? other)), null);
}

function Corroboration({ control, who }: { control: AnswerFragment; who: readonly { slug: string; name: string }[] }) {
  const said = words.value.place;
  const unnamed = who.filter(({ slug }) => unnamedIn(control.evidence, slug));
  if (!unnamed.length) return <>{said.corroborated(control.corroboration)}</>;
  const names = unnamed.map(({ name }) => name).join(words.value.page.and);
  return <>{said.corroboratedAsOther(control.corroboration, names)}</>;
}

function Times({ control, at }: { control: AnswerFragment; at: string }) {
  const { since, sinceIs, until, lastHeard, holding } = control;
  const said = words.value.place;
  const when = since && inDates(since);
  const otherwise = holding.filter((each) => inDates(each.since) !== when);
  const days = lastHeard && daysSince(lastHeard, instantOf(at));
  return (
    <dl class="facts">
      {since && (
        <>
          <dt>
            {sinceIs !== "SEEN" ? said.sinceWhen : since.precision === "RANGE" ? said.seen : said.seenBy}
          </dt>
          <dd>
            {when}
            {otherwise.map(({ actor, since }) => (
              <span key={actor.slug} class="when also">
                {actor.name}: {said.since(inDates(since))}
              </span>
            ))}
          </dd>
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
function Instead({ control: { available, basis, evidence }, of }: { control: AnswerFragment; of: Shown }) {
  const said = words.value.place;
  if (!available) return null;
  const first = available.firstRecorded;
  const around = available.around ?? available.aroundLeftOut;
  return (
    <>
      {available.leftOut > 0 && <p>{leftOutInWords(available.leftOut, of)}</p>}
      {first === null && <p>{said.neverRecorded}</p>}
      {first != null && first > basis.position && <p>{said.recordedLater(first)}</p>}
      {first != null && first <= basis.position && !available.leftOut && !evidence.length && (
        <p>{said.nothingCounts}</p>
      )}
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

/** By what the statements do not count: the time of publication, whose word counts, or either. */
function leftOutInWords(count: number, { knowledge, words: counting }: Shown): string {
  const said = words.value.place;
  if (knowledge.by !== "published") return said.leftOut(count);
  const isEverybodys = whoseWord(counting) === words.value.whose.everybody;
  return isEverybodys ? said.notPublic(count) : said.leftOutOrNotPublic(count);
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
