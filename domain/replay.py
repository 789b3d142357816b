"""How did the answer for one place and moment come about, entry by entry?

The auditor's replay. The entries of a ledger are folded in the order of recording, and each that
bears on who controls the place is a step: what it did to the answer, and by which step of the rule.
Nothing but the entries is asked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from domain.control.claims import Claim, assertion_of
from domain.control.lineage import KINDS, Lineage
from domain.control.origins import origin_of
from domain.control.perspective import DEFAULT, Perspective, Provenance
from domain.control.timeline import Timeline
from domain.control.verdict import Period, Reading, Silence
from domain.events import (
    Event,
    EventReinstated,
    LineageEvent,
    LocationAmended,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegraded,
)
from domain.location import Location, fold
from domain.occurred import Instant, Occurred
from domain.reachability import reachable
from domain.registry import Entry
from domain.situation.ties import ties_of
from domain.values import EventId, LocationId, LocationKind, ReportId, SourceId


class Because(StrEnum):
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
class Reason:
    """One thing that an entry did, and the other events that it is about."""

    because: Because
    events: tuple[EventId, ...] = ()
    """Of `SILENCES`, the event that falls silent and, where there is one, that because of which it
    does."""
    why: Silence | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word an entry is, as its origin is trusted when it is recorded."""

    by: Provenance
    published: Occurred
    credibility: int | None
    """None of what takes an event back or reinstates it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that bears on the place, and the answer before and after it."""

    entry: Entry
    word: Word | None
    """None of registrations, regradings and amendments, which are ours."""
    before: Period
    after: Period
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """Every step, and the answer with which they end."""

    steps: tuple[Step, ...]
    answer: Period
    passed_over: int
    """How many events are about the place, and assert nothing about who controls it."""


def replay(
    entries: Iterable[Entry],
    location: LocationId,
    at: Instant,
    perspective: Perspective = DEFAULT,
) -> Replay:
    """The entries, in the order of recording, as they bear on the place at that instant, from that
    perspective.

    More entries than concern the place do no harm.
    """
    told = list(entries)
    place = fold(location, told)
    kinds = _kinds_of(location, told)
    replayed = _Replay(at, Location(location), _akin(place), kinds, perspective)
    steps = tuple(step for entry in told if (step := replayed.take(entry)))
    silent = len(place.said.keys() - {step.entry.statement.id for step in steps})
    return Replay(steps, replayed.answer, silent)


@dataclass
class _Replay:
    """The place as far as the entries were told."""

    at: Instant
    place: Location
    akin: frozenset[EventId]
    """What is ever said of the lineage of the actors that matter."""
    kinds: frozenset[LocationKind]
    """All that the place is ever registered as."""
    perspective: Perspective
    timeline: Timeline = field(default_factory=Timeline)
    answer: Period = field(init=False)
    claims: dict[EventId, Claim] = field(default_factory=dict)
    """All that were ever made."""
    reports: dict[ReportId, ReportFiled] = field(default_factory=dict)
    amendments: set[EventId] = field(default_factory=set)
    """Those that were a step."""

    def __post_init__(self) -> None:
        self.answer = self.timeline.at(self.at)

    def take(self, entry: Entry) -> Step | None:
        """Takes one entry in; the step that it is, if it bears on who controls the place."""
        self.place.learn(entry)
        event = entry.statement.event
        if isinstance(event, ReportFiled):
            self.reports[event.report] = event
        first = self._first_reasons(entry)
        if not first:
            return None
        before, after = self.answer, self.timeline.at(self.at)
        self.answer = after
        about = event.event if isinstance(event, EventReinstated) else entry.statement.id
        reasons = [*first, *_consequences(about, before.reading, after.reading)]
        if not isinstance(event, LocationRegistered) and after.reading.says_the_same_as(
            before.reading
        ):
            reasons.append(Reason(Because.UNCHANGED))
        return Step(entry, self._word(entry), before, after, tuple(reasons))

    def _first_reasons(self, entry: Entry) -> list[Reason]:
        """What the entry is, once the timeline has taken it in; nothing where it does not bear."""
        id, event = entry.statement.id, entry.statement.event
        match event:
            case LocationRegistered() if event.location == self.place.location:
                return [Reason(Because.REGISTERED)]
            case SourceRegraded() if self._has_heard(event.source):
                reason = Reason(Because.REGRADED)
            case SourceEnded() if self._has_heard(event.source):
                reason = Reason(Because.ENDED)
            case RecordKeeping() if event.event in {*self.claims, *self.akin, *self.amendments}:
                stands = isinstance(event, EventReinstated)
                reason = Reason(Because.REINSTATED if stands else Because.RETRACTED, (event.event,))
            case LocationAmended() if event.location == self.place.location:
                reason = Reason(Because.AMENDED)
            case SourceAmended() if event.continuous is not None and self._has_heard(event.source):
                reason = Reason(Because.AMENDED)
            case LineageEvent() if id in self.akin:
                reason = Reason(Because.LINEAGE)
            case SituationEvent() if claim := self.place.claim(id):
                self.claims[id] = claim
                return list(self._heard(claim))
            case SituationEvent() if id in self.place.said and self._may_claim(event):
                return [Reason(Because.NO_CLAIM)]
            case _:
                return []
        if self._is_left_out(event):
            return [Reason(Because.LEFT_OUT)]
        if reason.because is Because.AMENDED:
            self.amendments.add(id)
        self.timeline = self.place.timeline(self.perspective)
        self._claim_again()
        return [reason]

    def _is_left_out(self, event: Event) -> bool:
        """Whether it is a word that does not count from the perspective; what amends is ours."""
        match event:
            case RecordKeeping() if event.event not in self.amendments:
                return not self.perspective.admits_word(self.place.word(event))
            case SituationEvent():
                word = self.place.word(event)
                return not self.perspective.admits_statement(word, event.credibility)
        return False

    def _heard(self, claim: Claim) -> Iterator[Reason]:
        """Takes in what is claimed."""
        if not self.perspective.admits(claim):
            yield Reason(Because.LEFT_OUT)
            return
        past = self._past(claim.origin)
        if self.timeline.can_add(claim):
            self.timeline.add(claim)
        else:
            self.timeline = self.place.timeline(self.perspective)
        copies = self.place.claims(self.perspective).copies if claim.copied else ()
        if copied := next((by for copy, by in copies if copy.event == claim.event), None):
            yield Reason(Because.COPY, (copied,))
        else:
            yield from _of_claim(claim, past, self.at, self.place.lineage(self.perspective))

    def _past(self, origin: SourceId) -> list[Claim]:
        """What that origin had said that counts then."""
        claims = self.timeline.claims
        return [it for it in claims if it.origin == origin and it.counts_from <= self.at]

    def _may_claim(self, event: SituationEvent) -> bool:
        """Whether it is a claim on a place of a kind that this one is registered as later."""
        return any(assertion_of(event, kind) for kind in self.kinds)

    def _claim_again(self) -> None:
        """Of another kind of place, other events are claims."""
        made = ((event, self.place.claim(event)) for event in self.place.said)
        self.claims |= {event: claim for event, claim in made if claim}

    def _has_heard(self, source: SourceId) -> bool:
        return any(source in (claim.origin, claim.source) for claim in self.claims.values())

    def _word(self, entry: Entry) -> Word | None:
        said = entry.statement.event
        if not isinstance(said, SituationEvent | RecordKeeping):
            return None
        credibility = said.credibility if isinstance(said, SituationEvent) else None
        return Word(self.place.word(said), self.reports[said.report].published, credibility)


def _of_claim(claim: Claim, past: list[Claim], at: Instant, lineage: Lineage) -> Iterator[Reason]:
    """What a new claim is to the claims of its own origin that counted before it."""
    if claim.occurred.earliest > at:
        yield Reason(Because.LATER)
        return
    if claim.occurred.is_open_at(at):
        yield Reason(Because.STILL_OPEN)
    if claim.counts_from > at:
        return
    before = origin_of(past, lineage)
    after = before.hears(claim, lineage) if before else None
    if before is None or after is None:
        yield Reason(Because.NEW_VOICE)
    elif after.chain.last is claim:
        yield Reason(Because.CONTINUES, (before.chain.last.event,))
    elif claim in after.passed_over:
        yield Reason(Because.LIGHTER, (after.chain.last.event,))
    else:
        yield Reason(Because.OVERTAKEN, (after.chain.last.event,))
    if not claim.asserts.is_known:
        yield Reason(Because.NO_VOICE)


def _consequences(event: EventId, before: Reading, after: Reading) -> Iterator[Reason]:
    """How the answer differs, in the order of the steps of the rule."""
    was, now = before.verdict, after.verdict
    for each in now.outweighed:
        if each not in was.outweighed:
            events = (each.event, each.by) if each.by else (each.event,)
            yield Reason(Because.SILENCES, events, each.why)
    freed = [each for each in now.told if each not in was.told and each != event]
    yield from (Reason(Because.SPEAKS, (each,)) for each in freed)
    for side in (now.evidence, *(rival.evidence for rival in now.rivals)):
        if event in side and len(side) > 1:
            yield Reason(Because.AGREES, tuple(each for each in side if each != event))
    if hands := tuple(each for each in now.lineage if each not in was.lineage):
        yield Reason(Because.SAME_HANDS, hands)
    if now.rivals and (event in now.told or now.rivals != was.rivals):
        yield Reason(Because.PREVAILS if now.evidence else Because.DISPUTED)
    if after.possible != before.possible:
        yield Reason(Because.CERTAIN if after.certain else Because.UNCERTAIN)


def _kinds_of(location: LocationId, entries: Iterable[Entry]) -> frozenset[LocationKind]:
    said = (entry.statement.event for entry in entries)
    told = (each for each in said if isinstance(each, LocationRegistered | LocationAmended))
    return frozenset(each.kind for each in told if each.location == location and each.kind)


def _akin(place: Location) -> frozenset[EventId]:
    """What is said of the lineage of actors whom claims on the place name, and of those akin."""
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
