"""Who is tied to whom at an instant, as far as sources say?

A tie lasts: a siege between besieger and place, a deployment, an alliance, a membership. Events
tell of beginnings and ends; a pure function derives the ties of an event, and none is stored by
hand. The last word on a tie counts, from any source: nothing is weighed here as claims on control
are, and each tie names the events behind it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby, permutations, takewhile
from operator import attrgetter

from domain.events import (
    ActorDissolved,
    ActorMerged,
    ActorSplit,
    AffiliationDeclared,
    AffiliationEnded,
    AlignmentShifted,
    AllianceEnded,
    AllianceFormed,
    CoalitionJoined,
    CoalitionLeft,
    LineageEvent,
    MissionDeployed,
    MissionWithdrawn,
    SiegeLaid,
    SiegeLifted,
    SituationEvent,
)
from domain.occurred import Instant, Window
from domain.values import EventId, LocationId


class TieKind(StrEnum):
    """The relation of the first to the second."""

    BESIEGES = "besieges"
    """An actor, of a place."""
    DEPLOYED_AT = "deployed at"
    """A mission, or an actor deployed like a mission, of a place."""
    ALLIED_WITH = "allied with"
    """Two actors; said both ways round."""
    BACKED_BY = "backed by"
    """An actor, of a patron."""
    MEMBER_OF = "member of"
    """An actor, of a coalition."""
    AFFILIATE_OF = "affiliate of"
    """An actor, of a parent."""
    MERGED_INTO = "merged into"
    """An actor, of the actor after the merger."""
    SPLIT_FROM = "split from"
    """A faction, of the actor before the split."""
    SUCCEEDED_BY = "succeeded by"
    """A dissolved actor, of a successor; of nobody, without any named."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A lasting relation between two."""

    kind: TieKind
    subject: str
    """The id of an actor; empty, where a word is on the ties of anybody."""
    object: str
    """The id of an actor or a place; empty, where a word is on the ties to anything."""

    @property
    def actors(self) -> tuple[str, ...]:
        """The ends, except places; a place may go by the id of an actor."""
        return (self.subject,) if self.kind in _TO_A_PLACE else (self.subject, self.object)


@dataclass(frozen=True, slots=True)
class Word:
    """An event's word on a tie: a beginning or an end."""

    tie: Tie
    begins: bool
    event: EventId
    position: int
    """Where the event stands in the ledger."""
    occurred: Window
    """Valid time."""

    @property
    def order(self) -> tuple[int, bool, int, int]:
        """The order of words. In overlapping windows a beginning comes before an end."""
        earliest, latest = self.occurred.earliest, self.occurred.latest
        if self.begins:
            return (earliest, True, latest, self.position)
        return (latest, False, earliest, self.position)


@dataclass(frozen=True, slots=True)
class Standing:
    """A tie standing at an instant, or possibly standing."""

    tie: Tie
    since: Window
    """The beginning, as exactly as known."""
    events: tuple[EventId, ...]
    """The events of the beginning, without an end after."""
    certain: bool
    """False for a beginning or an end reported in a window that contains the instant."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A tie from beginning to end, as far as either is known."""

    tie: Tie
    since: Window | None
    """None where sources only tell of the end."""
    until: Window | None
    """None without a known end."""
    events: tuple[EventId, ...]
    """The events of the beginning, then the events of the end."""
    certain: bool
    """False for a beginning or an end told only in windows that contain the instant."""


Around = Callable[[LocationId], Sequence[LocationId]]
"""The places around a place, at any depth."""


def ties_of(event: SituationEvent) -> Iterator[tuple[Tie, bool]]:
    """The ties in the event, each with True for a beginning and False for an end."""
    kind = TieKind
    match event:
        case SiegeLaid(by=besiegers, location=place):
            yield from _each(kind.BESIEGES, besiegers, [place], begins=True)
        case SiegeLifted(by=besiegers, location=place):
            yield from _each(kind.BESIEGES, besiegers or ANY, [place], begins=False)
        case MissionDeployed(mission=mission, location=place):
            yield Tie(kind.DEPLOYED_AT, mission, place), True
        case MissionWithdrawn(mission=mission, location=place):
            yield Tie(kind.DEPLOYED_AT, mission, place), False
        case AllianceFormed(parties=parties) | AllianceEnded(parties=parties):
            for one, other in permutations(parties, 2):
                yield Tie(kind.ALLIED_WITH, one, other), isinstance(event, AllianceFormed)
        case AlignmentShifted(actor=actor, from_patron=old, to_patron=new):
            yield from _each(kind.BACKED_BY, [actor], filter(None, [old]), begins=False)
            yield from _each(kind.BACKED_BY, [actor], filter(None, [new]), begins=True)
        case LineageEvent():
            yield from _of_lineage(event)


def _of_lineage(event: LineageEvent) -> Iterator[tuple[Tie, bool]]:
    kind = TieKind
    match event:
        case CoalitionJoined(members=members, coalition=coalition):
            yield from _each(kind.MEMBER_OF, members, [coalition], begins=True)
        case CoalitionLeft(members=members, coalition=coalition):
            yield from _each(kind.MEMBER_OF, members, [coalition], begins=False)
        case AffiliationDeclared(actor=actor, parent=parent):
            yield Tie(kind.AFFILIATE_OF, actor, parent), True
        case AffiliationEnded(actor=actor, parent=parent):
            yield Tie(kind.AFFILIATE_OF, actor, parent), False
        case ActorMerged(merged=merged, into=into):
            yield from _each(kind.MERGED_INTO, merged, [into], begins=True)
        case ActorSplit(actor=actor, into=factions):
            yield from _each(kind.SPLIT_FROM, factions, [actor], begins=True)
            for ended in (kind.MERGED_INTO, kind.MEMBER_OF, kind.AFFILIATE_OF):
                yield from _each(ended, factions, [actor], begins=False)
        case ActorDissolved(actor=actor, succeeded_by=heirs):
            yield from _each(kind.SUCCEEDED_BY, [actor], heirs or ANY, begins=True)
            for ended in _ENDED_WITH_THE_ACTOR:
                yield Tie(ended, actor, ""), False
            for ended in _ENDED_WITH_THE_OTHER:
                yield Tie(ended, "", actor), False


def standing(
    words: Iterable[Word], at: Instant, around: Around = lambda place: ()
) -> list[Standing]:
    """The ties standing at an instant of valid time, and ties possibly standing, in the order of
    ids.

    `words` are live as known. A mission that leaves a place has also left the places inside: hence
    `around`.
    """
    found = (_standing(tie, heard, at) for tie, heard in _heard_of_each(words, at, around))
    return [each for each in found if each]


def spells(words: Iterable[Word], at: Instant, around: Around = lambda place: ()) -> list[Spell]:
    """Every spell of every tie begun, or possibly begun, by an instant; by ids, then time."""
    return [
        spell
        for tie, heard in _heard_of_each(words, at, around)
        for spell in _spells(tie, heard, at)
    ]


def _heard_of_each(
    words: Iterable[Word], at: Instant, around: Around
) -> Iterator[tuple[Tie, list[Word]]]:
    """Each named tie, with the words possibly true by then, in order."""
    begun: dict[Tie, list[Word]] = defaultdict(list)
    ended: dict[Tie, list[Word]] = defaultdict(list)
    for word in words:
        if word.occurred.earliest <= at:
            (begun if word.begins else ended)[word.tie].append(word)
    named = {tie for tie in (*begun, *ended) if tie.subject and tie.object}
    around = cache(around)
    for tie in sorted(named, key=attrgetter("kind", "subject", "object")):
        ends = (word for each in _ended_with(tie, around) for word in ended.get(each, ()))
        yield tie, sorted([*begun.get(tie, ()), *ends], key=attrgetter("order"))


def _spells(tie: Tie, heard: Iterable[Word], at: Instant) -> Iterator[Spell]:
    beginning: list[Word] = []
    for begins, run in groupby(heard, key=attrgetter("begins")):
        if begins:
            beginning = list(run)
        else:
            yield _spell(tie, beginning, list(run), at)
            beginning = []
    if beginning:
        yield _spell(tie, beginning, [], at)


def _spell(tie: Tie, beginning: list[Word], end: list[Word], at: Instant) -> Spell:
    since, until = (_first(told) if told else None for told in (beginning, end))
    return Spell(
        tie,
        since,
        until,
        tuple(dict.fromkeys(word.event for word in (*beginning, *end))),
        certain=all(window.is_over_at(at) for window in (since, until) if window),
    )


def _standing(tie: Tie, heard: list[Word], at: Instant) -> Standing | None:
    over = [word for word in heard if word.occurred.is_over_at(at)]
    # What is still open, and yet precedes a word that is over, changes nothing any more.
    later = takewhile(lambda word: not word.occurred.is_over_at(at), reversed(heard))
    stands = bool(over) and over[-1].begins
    turning = [word for word in later if word.begins is not stands][::-1]
    told = list(takewhile(lambda word: word.begins, reversed(over)))[::-1] if stands else turning
    if not told:
        return None
    events = tuple(dict.fromkeys(word.event for word in told))
    return Standing(tie, _first(told), events, certain=stands and not turning)


def _first(agreeing: Iterable[Word]) -> Window:
    """The window of the earliest beginning, as exactly as known."""
    windows = (word.occurred for word in agreeing)
    return min(windows, key=lambda window: (window.latest, -window.earliest))


def _ended_with(tie: Tie, around: Around) -> Iterator[Tie]:
    """The ties that end together with the tie: the same, and ties of anybody or to anything."""
    objects = [tie.object]
    if tie.kind is TieKind.DEPLOYED_AT:
        objects += around(LocationId(tie.object))
    for subject in (tie.subject, *ANY):
        for other in (*objects, *ANY):
            yield Tie(tie.kind, subject, other)


def _each(
    kind: TieKind, subjects: Iterable[str], objects: Iterable[str], *, begins: bool
) -> Iterator[tuple[Tie, bool]]:
    others = list(objects)
    for subject in subjects:
        for other in others:
            yield Tie(kind, subject, other), begins


ANY = ("",)
"""Anybody or anything: an end without a name ends the ties of all."""

_ENDED_WITH_THE_OTHER = (
    TieKind.ALLIED_WITH,
    TieKind.BACKED_BY,
    TieKind.MEMBER_OF,
    TieKind.AFFILIATE_OF,
)
_TO_A_PLACE = (TieKind.BESIEGES, TieKind.DEPLOYED_AT)
_ENDED_WITH_THE_ACTOR = (*_TO_A_PLACE, *_ENDED_WITH_THE_OTHER)
