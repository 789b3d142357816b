"""How did the answer for one place and moment come about, entry by entry?

The entries of a ledger are folded in the order of recording. Each entry that bears on control of
the place is a step: its effects on the answer, and the steps of the rule behind them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from domain.control.claims import Claim, assertion_of
from domain.control.lineage import KINDS, Lineage
from domain.control.origins import origin_of
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import Timeline
from domain.control.verdict import Period, Reading, Silence
from domain.events import (
    Event,
    EventReinstated,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegraded,
)
from domain.location import Location, fold
from domain.occurred import BEGINNING, Instant
from domain.provenance import Attribution
from domain.reachability import reachable
from domain.registry import Entry
from domain.situation.ties import ties_of
from domain.values import EventId, LocationId, LocationKind, SourceId


class Effect(StrEnum):
    """What an entry does to an answer, and by which step of the rule of control."""

    REGISTERED = "the place is known from here on"
    LEFT_OUT = "it is not a word that counts from the perspective asked for"
    NO_CLAIM = "it asserts no control of such a place as this one is registered as"
    LATER = "it speaks of a later time"
    COPY = "it copies a report that speaks of the place itself (step 1)"
    NEW_VOICE = "a new voice of this origin (step 1)"
    CONTINUES = "it continues or corrects its origin's own word (step 1)"
    OVERTAKEN = "another word of its origin speaks instead (step 1)"
    LIGHTER = "its origin had said something better founded (step 1)"
    NO_VOICE = "a source that does not know has no voice (step 1)"
    SILENCES = "a word falls silent (steps 3 to 6)"
    SPEAKS = "nothing keeps that word from speaking any more"
    AGREES = "voices that agree are one side (step 6)"
    SAME_HANDS = "these count as one actor, or as a coalition and its member (steps 5 and 6)"
    PREVAILS = "one side is better founded than the others (step 6)"
    DISPUTED = "no side is better founded than the others (step 6)"
    STILL_OPEN = "its window is still open (step 7)"
    UNCERTAIN = "other readings are possible (step 7)"
    CERTAIN = "no other reading is possible any more (step 7)"
    RETRACTED = "an event was taken back"
    REINSTATED = "an event counts again"
    REGRADED = "a source is graded anew, for all that it ever said"
    ENDED = "a continuous source ended, and its silence says nothing from then on"
    AMENDED = "what we had registered reads otherwise, for all that was ever said"
    LINEAGE = "it says who is whom among the actors"
    UNCHANGED = "the answer stays as it was"


@dataclass(frozen=True, slots=True)
class EntryEffect:
    """One effect of an entry, with the other events involved."""

    effect: Effect
    events: tuple[EventId, ...] = ()
    """For `SILENCES`, the silenced event, then the silencing event, if any."""
    why: Silence | None = None


@dataclass(frozen=True, slots=True)
class PlaceStep:
    """One entry that bears on control of the place, with the answer before and after."""

    entry: Entry
    attribution: Attribution | None
    """None for registrations, regradings and amendments, which no source reports."""
    before: Period
    after: Period
    effects: tuple[EntryEffect, ...]


@dataclass(frozen=True, slots=True)
class PlaceReplay:
    """Every step, and the final answer."""

    steps: tuple[PlaceStep, ...]
    answer: Period
    passed_over: int
    """The number of events about the place that assert nothing about control."""


def replay(
    entries: Iterable[Entry],
    location: LocationId,
    at: Instant,
    perspective: Perspective = DEFAULT,
) -> PlaceReplay:
    """The steps by which the entries, in the order of recording, lead to the answer for the place
    at an instant of valid time, from a perspective.

    Entries about other places do no harm.
    """
    told = list(entries)
    place = fold(location, told)
    kinds = _kinds_of(location, told)
    replayed = _PlaceFold(at, Location(location), _akin(place), kinds, perspective)
    steps = tuple(step for entry in told if (step := replayed.take(entry)))
    silent = len(place.said.keys() - {step.entry.statement.id for step in steps})
    return PlaceReplay(steps, replayed.answer, silent)


@dataclass
class _PlaceFold:
    """The place as far as the entries were told."""

    at: Instant
    place: Location
    akin: frozenset[EventId]
    """All statements on the lineage of the actors involved, early and late."""
    kinds: frozenset[LocationKind]
    """All kinds under which the place is registered, early and late."""
    perspective: Perspective
    timeline: Timeline = field(default_factory=Timeline)
    answer: Period = field(init=False)
    claims: dict[EventId, Claim] = field(default_factory=dict)
    """All claims so far, live or taken back."""
    amendments: set[EventId] = field(default_factory=set)
    """The amendments among the steps."""

    def __post_init__(self) -> None:
        self.answer = self.timeline.at(self.at)

    def take(self, entry: Entry) -> PlaceStep | None:
        """Takes the next entry in; the step, if the entry bears on control of the place."""
        self.place.learn(entry)
        event = entry.statement.event
        first = self._first_effects(entry)
        if not first:
            return None
        before, after = self.answer, self.timeline.at(self.at)
        self.answer = after
        about = event.event if isinstance(event, EventReinstated) else entry.statement.id
        attribution = self.place.provenances.attribution(event)
        effects = [*first, *_consequences(about, before.reading, after.reading)]
        if not isinstance(event, LocationRegistered) and after.reading.says_the_same_as(
            before.reading
        ):
            effects.append(EntryEffect(Effect.UNCHANGED))
        return PlaceStep(entry, attribution, before, after, tuple(effects))

    def _first_effects(self, entry: Entry) -> list[EntryEffect]:
        """The effects of the entry itself, once taken in; none, where the entry does not bear on
        control."""
        id, event = entry.statement.id, entry.statement.event
        match event:
            case LocationRegistered() if event.location == self.place.location:
                return [EntryEffect(Effect.REGISTERED)]
            case SourceRegraded() if self._has_heard(event.source):
                effect = EntryEffect(Effect.REGRADED)
            case SourceEnded() if self._has_heard(event.source):
                effect = EntryEffect(Effect.ENDED)
            case RecordKeeping() if event.event in {*self.claims, *self.akin, *self.amendments}:
                stands = isinstance(event, EventReinstated)
                effect = EntryEffect(
                    Effect.REINSTATED if stands else Effect.RETRACTED, (event.event,)
                )
            case LocationAmended() if event.location == self.place.location:
                effect = EntryEffect(Effect.AMENDED)
            case SourceAmended() if event.continuous is not None and self._has_heard(event.source):
                effect = EntryEffect(Effect.AMENDED)
            case LineageEvent() if id in self.akin:
                effect = EntryEffect(Effect.LINEAGE)
            case SituationEvent() if claim := self.place.claim(id):
                self.claims[id] = claim
                return list(self._heard(claim))
            case SituationEvent() if id in self.place.said and self._may_claim(event):
                return [EntryEffect(Effect.NO_CLAIM)]
            case _:
                return []
        if self._is_left_out(event):
            return [EntryEffect(Effect.LEFT_OUT)]
        if effect.effect is Effect.AMENDED:
            self.amendments.add(id)
        self.timeline = self.place.timeline(self.perspective)
        self._claim_again()
        return [effect]

    def _is_left_out(self, event: Event) -> bool:
        """Whether the statement is outside the perspective; amendments are our own, and never
        outside."""
        match event:
            case RecordKeeping() if event.event not in self.amendments:
                return not self.perspective.admits_word(self.place.word(event))
            case SituationEvent():
                word = self.place.word(event)
                return not self.perspective.admits_statement(word, event.credibility)
        return False

    def _heard(self, claim: Claim) -> Iterator[EntryEffect]:
        """Takes a claim in."""
        if not self.perspective.admits(claim):
            yield EntryEffect(Effect.LEFT_OUT)
            return
        past = self._past(claim.origin)
        self.timeline.add(claim)
        copies = self.place.claims(self.perspective).copies if claim.copied else ()
        if copied := next((by for copy, by in copies if copy.event == claim.event), None):
            yield EntryEffect(Effect.COPY, (copied,))
        else:
            yield from _of_claim(claim, past, self.at, self.place.lineage(self.perspective))

    def _past(self, origin: SourceId) -> list[Claim]:
        """The earlier claims of an origin that count at the instant."""
        claims = self.timeline.claims
        return [it for it in claims if it.origin == origin and it.counts_from <= self.at]

    def _may_claim(self, event: SituationEvent) -> bool:
        """Whether the event is a claim on a place of a kind under which this place is registered
        later."""
        return any(assertion_of(event, kind) for kind in self.kinds)

    def _claim_again(self) -> None:
        """Of another kind of place, other events are claims."""
        made = ((event, self.place.claim(event)) for event in self.place.said)
        self.claims |= {event: claim for event, claim in made if claim}

    def _has_heard(self, source: SourceId) -> bool:
        return any(source in (claim.origin, claim.source) for claim in self.claims.values())


def _of_claim(
    claim: Claim, past: list[Claim], at: Instant, lineage: Lineage
) -> Iterator[EntryEffect]:
    """The effects of a new claim among the earlier claims of the same origin."""
    if claim.occurred.earliest > at:
        yield EntryEffect(Effect.LATER)
        return
    if claim.occurred.is_open_at(at):
        yield EntryEffect(Effect.STILL_OPEN)
    if claim.counts_from > at:
        return
    before = origin_of(past, lineage)
    after = before.hears(claim, BEGINNING, lineage) if before else None
    if before is None or after is None:
        yield EntryEffect(Effect.NEW_VOICE)
    elif after.chain.last is claim:
        yield EntryEffect(Effect.CONTINUES, (before.chain.last.event,))
    elif claim in after.chain.passed_over:
        yield EntryEffect(Effect.LIGHTER, (after.chain.last.event,))
    else:
        yield EntryEffect(Effect.OVERTAKEN, (after.chain.last.event,))
    if not claim.asserts.is_known:
        yield EntryEffect(Effect.NO_VOICE)


def _consequences(event: EventId, before: Reading, after: Reading) -> Iterator[EntryEffect]:
    """How the answer differs, in the order of the steps of the rule."""
    was, now = before.verdict, after.verdict
    for each in now.outweighed:
        if each not in was.outweighed:
            events = (each.event, each.by) if each.by else (each.event,)
            yield EntryEffect(Effect.SILENCES, events, each.why)
    freed = [each for each in now.told if each not in was.told and each != event]
    yield from (EntryEffect(Effect.SPEAKS, (each,)) for each in freed)
    for side in (now.evidence, *(rival.evidence for rival in now.rivals)):
        if event in side and len(side) > 1:
            yield EntryEffect(Effect.AGREES, tuple(each for each in side if each != event))
    if hands := tuple(each for each in now.lineage if each not in was.lineage):
        yield EntryEffect(Effect.SAME_HANDS, hands)
    if now.rivals and (event in now.told or now.rivals != was.rivals):
        yield EntryEffect(Effect.PREVAILS if now.evidence else Effect.DISPUTED)
    if after.possible != before.possible:
        yield EntryEffect(Effect.CERTAIN if after.certain else Effect.UNCERTAIN)


def _kinds_of(location: LocationId, entries: Iterable[Entry]) -> frozenset[LocationKind]:
    said = (entry.statement.event for entry in entries)
    told = (each for each in said if isinstance(each, LocationRegistered | LocationAmended))
    return frozenset(each.kind for each in told if each.location == location and each.kind)


def _akin(place: Location) -> frozenset[EventId]:
    """The statements on the lineage of the actors named in claims on the place, and of their
    kin."""
    ends = {
        event: {end for tie, _ in ties_of(said) if tie.kind in KINDS for end in tie.actors if end}
        for event, (_, said) in place.kinship.items()
    }
    claims = [claim for event in place.said if (claim := place.claim(event))]
    named: set[str] = {
        actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
    }

    def tied(actor: str) -> Iterator[str]:
        return (end for some in ends.values() if actor in some for end in some)

    akin = set(reachable(named, tied))
    return frozenset(event for event, some in ends.items() if not akin.isdisjoint(some))
