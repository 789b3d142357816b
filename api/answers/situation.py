"""What is the situation at a moment, as known then: who holds what, who moves, who suffers?

Each part is read from the views at first use. Every figure keeps the events behind the figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.tokens import BadToken, SituationPins, pins_in
from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING
from domain.events import PoliticalEvent
from domain.occurred import DAY, Instant, Window
from domain.references import references_of
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import Displacement, Need
from domain.situation.ties import Standing, TieKind
from domain.values import ActorId, EventId, LocationId
from projections.entries import EntryRow, EventFilter
from projections.places import PlaceFilter

LATELY = 30
"""The default reach of "lately", in days."""


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """Places with the same status, and the same holders or contenders."""

    status: ControlStatus
    actors: tuple[ActorId, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """Two different answers for one place, and the events behind the difference."""

    before: Answer
    after: Answer
    events: tuple[EventId, ...]
    """The events behind a single one of the answers, and the entries between the two positions
    with a new answer; in the order of recording."""


@dataclass(frozen=True, slots=True)
class Alliance:
    """Actors, each allied with each."""

    parties: tuple[ActorId, ...]
    since: Window
    events: tuple[EventId, ...]
    certain: bool


class Situation:
    """The situation everywhere, or in a place and all places inside."""

    def __init__(self, answers: Answers, basis: Basis, within: LocationId | None = None) -> None:
        self._answers, self.basis, self.within = answers, basis, within

    @property
    def token(self) -> str:
        """The basis and the place as one opaque text."""
        return self.basis.token(situation=self.within)

    @classmethod
    def again(cls, answers: Answers, token: str) -> "Situation":
        """The situation with that token. Raises as `Answers.again` does."""
        pins = pins_in(token, SituationPins)
        within = None if pins.situation is None else answers.place(pins.situation).location
        found = cls(answers, answers.basis_in(pins), within)
        if found.token != token:
            raise BadToken("no situation of ours has it")
        return found

    # ---- who holds what ----------------------------------------------------------------------

    @cached_property
    def map(self) -> list[Answer]:
        """The answers for every holdable place, and for every region held as a whole."""
        answers, basis = self._answers, self.basis
        found = answers.map(PlaceFilter(within=self.within), basis)
        if self.within:
            kind = answers.place(self.within, known=basis.position).kind
            around = answers.control(self.within, basis)
            if kind.can_be_held or (around.is_reported and not around.inherited_from):
                return [around, *found]
        return found

    @cached_property
    def places(self) -> list[Answer]:
        """The answers for every reported place: also an unknown answer with another possible one,
        where the window of the only report is still open."""
        return [each for each in self.map if each.is_reported]

    @cached_property
    def groups(self) -> list[ControlGroup]:
        """The reported places by status and actors; the holder of most places comes first."""
        found: dict[tuple[ControlStatus, frozenset[ActorId]], list[Answer]] = {}
        for answer in self.places:
            found.setdefault((answer.status, frozenset(answer.holders)), []).append(answer)
        groups = [
            ControlGroup(status, answers[0].holders, tuple(answers))
            for (status, _), answers in found.items()
        ]
        return sorted(groups, key=_by_size)

    def changes(self, days: int = LATELY) -> list[AnswerDifference]:
        """The places whose answers were different so many days before."""
        before = self.basis.on(Instant(max(self.basis.at - days * DAY, BEGINNING + 1)))
        return compare(self._answers, Situation(self._answers, before, self.within), self)

    def timeline(self, location: LocationId) -> list[Answer]:
        """Every period of a place, on the same basis."""
        return self._answers.timeline(location, self.basis)

    # ---- who is where, and with whom ---------------------------------------------------------

    def convoys(self, phase: ConvoyPhase | None = None) -> list[ConvoyState]:
        """Every reported convoy whose last place lies here."""
        return [
            each
            for each in self._answers.convoys(self.basis)
            if (phase is None or each.phase is phase) and self._is_here(each.location)
        ]

    @cached_property
    def missions(self) -> list[Standing]:
        """The deployed missions, each with its place."""
        return [
            each for each in self._ties(TieKind.DEPLOYED_AT) if self._is_at_hand(each.tie.object)
        ]

    @cached_property
    def sieges(self) -> list[Standing]:
        """The sieges, each with besieger and place."""
        return [each for each in self._ties(TieKind.BESIEGES) if self._is_here(each.tie.object)]

    @cached_property
    def alliances(self) -> list[Alliance]:
        """The alliances concerning this place."""
        return list(_alliances(self._concerning(self._ties(TieKind.ALLIED_WITH))))

    @cached_property
    def alignments(self) -> list[Standing]:
        """The actors with a patron, where a report names this place."""
        return self._concerning(self._ties(TieKind.BACKED_BY))

    # ---- who suffers -------------------------------------------------------------------------

    @cached_property
    def displacement(self) -> Displacement:
        """The number of displaced people, by all reports until then."""
        return self._answers.displacement(self.basis, self._inside)

    @cached_property
    def needs(self) -> list[Need]:
        """The open needs of aid."""
        return self._answers.needs(self.basis, self._inside)

    # ---- what was reported -------------------------------------------------------------------

    def reported(self, days: int = LATELY) -> list[EntryRow]:
        """The reported events of so many days before the moment, in valid-time order."""
        at = self.basis.at
        wanted = EventFilter(occurred_from=Instant(at - days * DAY), occurred_to=Instant(at + 1))
        return self._answers.chronicle(self.basis).page(self.within, wanted).entries

    @cached_property
    def _inside(self) -> frozenset[LocationId] | None:
        """The place and all places inside; None for everywhere."""
        if self.within is None:
            return None
        wanted = PlaceFilter(within=self.within)
        inside, _ = self._answers.places.page(wanted, known=self.basis.position, size=None)
        return frozenset({self.within, *(place.location for place in inside)})

    @cached_property
    def _around(self) -> frozenset[LocationId]:
        if self.within is None:
            return frozenset()
        return frozenset(self._answers.places.around(self.within, known=self.basis.position))

    def _is_here(self, place: str | None) -> bool:
        return self._inside is None or place in self._inside

    def _is_at_hand(self, place: str) -> bool:
        """Whether the place lies here or around: a mission to a country is also in the towns."""
        return self._is_here(place) or place in self._around

    def _ties(self, kind: TieKind) -> list[Standing]:
        return self._answers.ties(self.basis, [kind])

    def _concerning(self, standings: Iterable[Standing]) -> list[Standing]:
        """The ties with an event in a place here or around; everywhere, all ties."""
        found = list(standings)
        if self._inside is None:
            return found
        named = {event for each in found for event in each.events}
        entries = self._answers.entries.many(named, known=self.basis.position)
        here = {event for event, entry in entries.items() if self._concerns(entry)}
        return [each for each in found if not here.isdisjoint(each.events)]

    def _concerns(self, entry: EntryRow) -> bool:
        assert isinstance(entry.event, PoliticalEvent), "what ties actors is said of no one place"
        places = [each.slug for each in references_of(entry.event) if each.kind == "location"]
        return any(self._is_at_hand(place) for place in places)


def compare(answers: Answers, before: Situation, after: Situation) -> list[AnswerDifference]:
    """The places with different answers in two situations, in the order of their ids: of two dates,
    of two states of knowledge, or both."""
    earlier = {answer.location: answer for answer in before.map}
    found = []
    for answer in after.map:
        once = earlier.pop(answer.location, None) or _beyond(answers, answer.location, before)
        if not answer.says_the_same_as(once):
            found.append(AnswerDifference(once, answer, _behind(answers, once, answer)))
    for once in earlier.values():
        answer = _beyond(answers, once.location, after)
        if not once.says_the_same_as(answer):
            found.append(AnswerDifference(once, answer, _behind(answers, once, answer)))
    return sorted(found, key=lambda each: each.after.location)


def _beyond(answers: Answers, location: LocationId, situation: Situation) -> Answer:
    """The answer for a place outside the map: not registered yet, registered elsewhere, or of a
    kind without holders."""
    return answers.control(location, situation.basis)


def _behind(answers: Answers, before: Answer, after: Answer) -> tuple[EventId, ...]:
    one, other = (dict.fromkeys(each.events) for each in (before, after))
    events = {event for event in (*one, *other) if event not in one or event not in other}
    low, high = sorted((before.basis, after.basis), key=lambda basis: basis.position)
    entries = answers.entries.many(events, known=high.position)
    found = {entry.position: event for event, entry in entries.items()}
    if low.position < high.position:
        then = replace(after.basis, position=high.position)
        for position, _ in answers.revisions(after.location, then, after=low.position):
            if entry := answers.entries.at_position(position):
                found[position] = entry.id
    return tuple(found[position] for position in sorted(found))


def _alliances(standings: Iterable[Standing]) -> Iterable[Alliance]:
    """Alliances by events: allies of one pact are one alliance while every pair stands."""
    by_events: dict[tuple[EventId, ...], list[Standing]] = {}
    for each in standings:
        by_events.setdefault(each.events, []).append(each)
    for events, pairs in by_events.items():
        parties = dict.fromkeys(ActorId(each.tie.subject) for each in pairs)
        if len(pairs) == len(parties) * (len(parties) - 1):
            certain = all(each.certain for each in pairs)
            yield Alliance(tuple(parties), pairs[0].since, events, certain)
            continue
        for each in pairs:
            if each.tie.subject < each.tie.object:
                two = ActorId(each.tie.subject), ActorId(each.tie.object)
                yield Alliance(two, each.since, events, each.certain)


def _by_size(group: ControlGroup) -> tuple[int, int, str]:
    return (_ORDER.index(group.status), -len(group.answers), " ".join(group.actors))


_ORDER = [
    ControlStatus.HELD,
    ControlStatus.CONTESTED,
    ControlStatus.DISPUTED,
    ControlStatus.VACANT,
    ControlStatus.UNKNOWN,
]
