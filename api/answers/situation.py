"""What is the situation at a moment, as known then: who holds what, who moves, who suffers?

Put together from the views, each part when it is asked for. Every figure keeps the events that it
rests on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.answers.answers import Answers
from api.answers.basis import Answer, Known
from api.answers.tokens import BadToken, SituationPins, pins_in, pins_of, token_of
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import BEGINNING
from domain.control.verdict import RULE
from domain.events import PoliticalEvent
from domain.occurred import DAY, Instant, Window, rfc3339
from domain.references import references_of
from domain.situation.convoys import ConvoyPhase, ConvoyState
from domain.situation.people import Displacement, Need
from domain.situation.ties import Standing, TieKind
from domain.values import ActorId, EventId, LocationId
from projections.entries import EntryRow, EventFilter
from projections.places import PlaceFilter

LATELY = 30
"""How many days "lately" is, where nobody says."""


@dataclass(frozen=True, slots=True)
class Group:
    """The places of which the answer is the same: status, and holders or contenders."""

    status: ControlStatus
    actors: tuple[ActorId, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of which two answers differ, and the events that make the difference."""

    before: Answer
    after: Answer
    events: tuple[EventId, ...]
    """What the one rests on and the other does not, and what was recorded between them that
    changed the answer; in the order of recording."""


@dataclass(frozen=True, slots=True)
class Alliance:
    """Actors that are allies, each of each."""

    parties: tuple[ActorId, ...]
    since: Window
    events: tuple[EventId, ...]
    certain: bool


class Situation:
    """The situation everywhere, or in one place and all that lies in it."""

    def __init__(
        self,
        answers: Answers,
        *,
        at: Instant,
        known: Known,
        within: LocationId | None = None,
        perspective: Perspective = DEFAULT,
    ) -> None:
        self._answers = answers
        self.at, self.known, self.within = at, known, within
        self.perspective = perspective

    @property
    def token(self) -> str:
        """The basis as one opaque text: equal tokens have equal answers, for ever."""
        pins: dict[str, Any] = {
            "at": rfc3339(self.at),
            "position": self.known.position,
            "rule": RULE,
            "situation": self.within,
        }
        if not self.perspective.is_default:
            pins["perspective"] = pins_of(self.perspective)
        return token_of(pins)

    @classmethod
    def again(cls, answers: Answers, token: str) -> "Situation":
        """The situation whose token that is. Raises as `Answers.again` does."""
        pins = pins_in(token, SituationPins)
        within = None if pins.situation is None else answers.place(pins.situation).location
        known, perspective = answers.known(position=pins.position), answers.registered(pins.whose)
        found = cls(answers, at=pins.instant, known=known, within=within, perspective=perspective)
        if found.token != token:
            raise BadToken("no situation of ours has it")
        return found

    # ---- who holds what ----------------------------------------------------------------------

    @cached_property
    def map(self) -> list[Answer]:
        """The answer for every place that can be held, and every region that is as a whole."""
        answers, at, known, whose = self._answers, self.at, self.known, self.perspective
        wanted = PlaceFilter(within=self.within)
        found = answers.map(wanted, at=at, known=known, perspective=whose)
        if self.within:
            kind = answers.place(self.within, known=known.position).kind
            around = answers.control(self.within, at=at, known=known, perspective=whose)
            if kind.can_be_held or (around.events and not around.inherited_from):
                return [around, *found]
        return found

    @cached_property
    def places(self) -> list[Answer]:
        """The answer for every place that anything is said of: also where the time of the only
        word is still open, so that the answer is unknown and something else possible."""
        return [each for each in self.map if each.events]

    @cached_property
    def groups(self) -> list[Group]:
        """The same, by status and actors; whoever holds most comes first."""
        found: dict[tuple[ControlStatus, frozenset[ActorId]], list[Answer]] = {}
        for answer in self.places:
            verdict = answer.verdict
            found.setdefault((verdict.status, frozenset(verdict.holders)), []).append(answer)
        groups = [
            Group(status, answers[0].verdict.holders, tuple(answers))
            for (status, _), answers in found.items()
        ]
        return sorted(groups, key=_by_size)

    def changes(self, days: int = LATELY) -> list[Difference]:
        """The places of which the answer is another than it was so many days before."""
        before = Instant(max(self.at - days * DAY, BEGINNING + 1))
        then = Situation(
            self._answers,
            at=before,
            known=self.known,
            within=self.within,
            perspective=self.perspective,
        )
        return compare(self._answers, then, self)

    def timeline(self, location: LocationId) -> list[Answer]:
        """Every period of a place, as this situation knows it."""
        return self._answers.timeline(location, known=self.known, perspective=self.perspective)

    # ---- who is where, and with whom ---------------------------------------------------------

    def convoys(self, phase: ConvoyPhase | None = None) -> list[ConvoyState]:
        """Every convoy that was heard of, by where it was last."""
        found = self._answers.convoys(at=self.at, known=self.known, perspective=self.perspective)
        return [
            each
            for each in found
            if (phase is None or each.phase is phase) and self._is_here(each.location)
        ]

    @cached_property
    def missions(self) -> list[Standing]:
        """Which mission is deployed where."""
        return [
            each for each in self._ties(TieKind.DEPLOYED_AT) if self._is_at_hand(each.tie.object)
        ]

    @cached_property
    def sieges(self) -> list[Standing]:
        """Who besieges which place."""
        return [each for each in self._ties(TieKind.BESIEGES) if self._is_here(each.tie.object)]

    @cached_property
    def alliances(self) -> list[Alliance]:
        """Who is allied with whom, as far as it concerns this place."""
        return list(_alliances(self._concerning(self._ties(TieKind.ALLIED_WITH))))

    @cached_property
    def alignments(self) -> list[Standing]:
        """Who has which patron, as far as it concerns this place."""
        return self._concerning(self._ties(TieKind.BACKED_BY))

    # ---- who suffers -------------------------------------------------------------------------

    @cached_property
    def displacement(self) -> Displacement:
        """How many people fled, by all reports until then."""
        return self._answers.displacement(
            at=self.at, known=self.known, inside=self._inside, perspective=self.perspective
        )

    @cached_property
    def needs(self) -> list[Need]:
        """Who needs which aid."""
        return self._answers.needs(
            at=self.at, known=self.known, inside=self._inside, perspective=self.perspective
        )

    # ---- what was reported -------------------------------------------------------------------

    def reported(self, days: int = LATELY) -> list[EntryRow]:
        """What is said to have happened in so many days before the moment, in valid-time order."""
        wanted = EventFilter(
            occurred_from=Instant(self.at - days * DAY), occurred_to=Instant(self.at + 1)
        )
        return self._answers.chronicle(
            self.within, wanted, known=self.known, perspective=self.perspective
        )

    @cached_property
    def _inside(self) -> frozenset[LocationId] | None:
        """The place and all that lies in it; None for everywhere."""
        if self.within is None:
            return None
        wanted = PlaceFilter(within=self.within)
        inside, _ = self._answers.places.page(wanted, known=self.known.position, size=None)
        return frozenset({self.within, *(place.location for place in inside)})

    @cached_property
    def _around(self) -> frozenset[LocationId]:
        if self.within is None:
            return frozenset()
        return frozenset(self._answers.places.around(self.within, known=self.known.position))

    def _is_here(self, place: str | None) -> bool:
        return self._inside is None or place in self._inside

    def _is_at_hand(self, place: str) -> bool:
        """Whether it lies here, or around here: who is in the country is also in its towns."""
        return self._is_here(place) or place in self._around

    def _ties(self, kind: TieKind) -> list[Standing]:
        return self._answers.ties(
            at=self.at, known=self.known, kinds=[kind], perspective=self.perspective
        )

    def _concerning(self, standings: Iterable[Standing]) -> list[Standing]:
        """Those of which an event names a place here or around; everywhere, all of them."""
        found = list(standings)
        if self._inside is None:
            return found
        named = {event for each in found for event in each.events}
        entries = self._answers.entries.many(named, known=self.known.position)
        here = {event for event, entry in entries.items() if self._concerns(entry)}
        return [each for each in found if not here.isdisjoint(each.events)]

    def _concerns(self, entry: EntryRow) -> bool:
        assert isinstance(entry.event, PoliticalEvent), "what ties actors is said of no one place"
        places = [each.slug for each in references_of(entry.event) if each.kind == "location"]
        return any(self._is_at_hand(place) for place in places)


def compare(answers: Answers, before: Situation, after: Situation) -> list[Difference]:
    """The places of which two situations say otherwise, in the order of their ids: of two dates, of
    two states of knowledge, or of both. Raises InTheFuture."""
    earlier = {answer.location: answer for answer in before.map}
    found = []
    for answer in after.map:
        once = earlier.pop(answer.location, None) or _beyond(answers, answer.location, before)
        if not answer.says_the_same_as(once):
            found.append(Difference(once, answer, _behind(answers, once, answer)))
    for once in earlier.values():
        answer = _beyond(answers, once.location, after)
        if not once.says_the_same_as(answer):
            found.append(Difference(once, answer, _behind(answers, once, answer)))
    return sorted(found, key=lambda each: each.after.location)


def _beyond(answers: Answers, location: LocationId, situation: Situation) -> Answer:
    """The answer for a place that was not on that map: it was not registered yet, lay elsewhere,
    or was of a kind that can't be held. Of what was not registered, nothing was known."""
    return answers.control(
        location, at=situation.at, known=situation.known, perspective=situation.perspective
    )


def _behind(answers: Answers, before: Answer, after: Answer) -> tuple[EventId, ...]:
    one, other = (dict.fromkeys(each.events) for each in (before, after))
    events = {event for event in (*one, *other) if event not in one or event not in other}
    low, high = sorted((before.known, after.known), key=lambda known: known.position)
    entries = answers.entries.many(events, known=high.position)
    found = {entry.position: event for event, entry in entries.items()}
    if low.position < high.position:
        for position, _ in answers.revisions(
            after.location,
            at=after.at,
            known=high,
            perspective=after.perspective,
            after=low.position,
        ):
            if entry := answers.entries.at_position(position):
                found[position] = entry.id
    return tuple(found[position] for position in sorted(found))


def _alliances(standings: Iterable[Standing]) -> Iterable[Alliance]:
    """By what they rest on: three allies of one pact are one alliance while every pair stands."""
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


def _by_size(group: Group) -> tuple[int, int, str]:
    return (_ORDER.index(group.status), -len(group.answers), " ".join(group.actors))


_ORDER = [
    ControlStatus.HELD,
    ControlStatus.CONTESTED,
    ControlStatus.DISPUTED,
    ControlStatus.VACANT,
    ControlStatus.UNKNOWN,
]
