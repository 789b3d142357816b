"""The basis of an answer: instant, knowledge and perspective of the question."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple, Protocol

from api.answers.tokens import pins_of, token_of
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import END
from domain.control.verdict import RULE, Period, SinceIs, Verdict
from domain.occurred import DAY, Instant, just_before, rfc3339
from domain.reachability import reachable
from domain.refusals import DomainError, InTheFuture
from domain.values import ActorId, EventId, LocationId, LocationKind
from projections.control import SomePeriod

LATEST = Instant(END - 1)
"""The instant of a question without a moment: by then every reported window has passed."""
_STEP = DAY // 96
"""The clocks of all zones are whole quarters of an hour from UTC today."""


class NotRecordedYet(DomainError):
    """The position of the question lies ahead of the ledger, as followed by the views."""

    field = "position"

    def __init__(self, position: int, head: int) -> None:
        super().__init__(f"position {position} is not recorded yet; the last one is {head}")


class TwoKnowledges(DomainError):
    """A question gives both a recorded time and a position."""

    field = "position"

    def __init__(self) -> None:
        super().__init__("give knownAt or position, not both: each says what was known")


@dataclass(frozen=True, slots=True)
class Basis:
    """The valid-time instant of a question, the last known position, and the perspective."""

    at: Instant
    position: int
    closed: bool = True
    """Whether no later entry can come to lie before the position."""
    perspective: Perspective = DEFAULT

    @classmethod
    def asked(
        cls, at: Instant | None, position: int, closed: bool, perspective: Perspective, now: Instant
    ) -> "Basis":
        """The basis of a new question. Raises InTheFuture."""
        if at is None:
            return cls(LATEST, position, closed, perspective)
        refuse_future("at", at, now)
        return cls(at, position, closed, perspective)

    def on(self, at: Instant | None) -> "Basis":
        """The same basis at another instant."""
        return replace(self, at=LATEST if at is None else at)

    def up_to(self, position: int) -> "Basis":
        """The same basis with the knowledge of an earlier position."""
        return replace(self, position=position, closed=True)

    @property
    def pins(self) -> tuple[Instant | None, int | None]:
        """What the question fixed: the instant and the position, each None where it did not."""
        return None if self.at == LATEST else self.at, self.position if self.closed else None

    def token(self, **subject: str | None) -> str:
        """Basis and subject as one opaque text: equal tokens have equal answers, for ever."""
        pins: dict[str, Any] = {
            "at": rfc3339(self.at),
            "position": self.position,
            "rule": RULE,
            **subject,
        }
        if not self.perspective.is_default:
            pins["perspective"] = pins_of(self.perspective)
        return token_of(pins)


class ChangeAround(NamedTuple):
    """A place around another, in other hands since the last report about the inner place."""

    location: LocationId
    told: SomePeriod
    """The answer for the outer place at the instant of the question."""

    @property
    def verdict(self) -> Verdict:
        return self.told.reading.verdict


class Answer(NamedTuple):  # there are as many as places in a map
    """The controllers of a place, on a basis."""

    location: LocationId
    basis: Basis
    told: SomePeriod
    """The period, of which verdicts and reasons may still have to be read."""
    inherited_from: LocationId | None = None
    around: ChangeAround | None = None
    """The outer place whose answer is possible for the inner place too."""

    @property
    def period(self) -> Period:
        """The period in full. Raises ViewsUnavailable where its rows are gone meanwhile."""
        return self.told.period

    @property
    def verdict(self) -> Verdict:
        """The verdict in full. Raises as `period` does."""
        return self.told.reading.verdict

    @property
    def status(self) -> ControlStatus:
        return self.told.status

    @property
    def holders(self) -> tuple[ActorId, ...]:
        """The holders, best corroborated first; of a contested place, the contenders."""
        return self.told.holders

    @property
    def has_voice(self) -> bool:
        """Whether anybody speaks."""
        return self.told.status is not ControlStatus.UNKNOWN

    @property
    def certain(self) -> bool:
        """Whether no other reading is possible."""
        return self.around is None and self.told.certain

    @property
    def is_reported(self) -> bool:
        """Whether anybody has said anything: whether there are `events`."""
        return self.around is not None or not self.told.is_nothing

    @property
    def possible(self) -> list[tuple[Verdict, LocationId | None]]:
        """Every other possible reading, and the place around from which the reading comes."""
        found: list[tuple[Verdict, LocationId | None]]
        found = [(verdict, None) for verdict in self.told.reading.possible]
        if self.around:
            found.append((self.around.verdict, self.around.location))
        return found

    def says_the_same_as(self, other: "Answer") -> bool:
        """Whether both answers describe the place alike, for whatever reasons."""
        mine, its = (
            each.around and (each.around.location, each.around.verdict.gist)
            for each in (self, other)
        )
        return mine == its and self.told.says_the_same_as(other.told)

    @property
    def events(self) -> tuple[EventId, ...]:
        """The events behind the answer, outweighed and possible readings included."""
        named = [*self.told.reading.events]
        if self.around:
            named += (*self.around.verdict.told, *self.around.verdict.lineage)
        return tuple(dict.fromkeys(named))

    @property
    def token(self) -> str:
        """The basis and the place as one opaque text."""
        return self.basis.token(location=self.location, inherited=self.inherited_from)


def refuse_future(field: str, asked: Instant, now: Instant) -> None:
    """Refuses a day that lies ahead by the clocks of every zone; today has begun.

    Raises InTheFuture.
    """
    closes_a_day = (asked + 1) % _STEP == 0
    has_begun = closes_a_day and asked + 1 - DAY <= now
    if asked // DAY > now // DAY and not has_begun:
        is_day = (asked + 1) % DAY == 0
        said = rfc3339(asked)[:10] if is_day else just_before(asked) or rfc3339(asked)
        raise InTheFuture(field, said, rfc3339(now))


def refuse_ahead(position: int, known_at: Instant | None, head: int) -> None:
    """Refuses a position beside a recorded time, and a position beyond the head.

    Raises TwoKnowledges and NotRecordedYet.
    """
    if known_at is not None:
        raise TwoKnowledges
    if not 0 <= position <= head:
        raise NotRecordedYet(position, head)


class ContainedPlace(Protocol):
    """A place, with its kind and the place around."""

    @property
    def kind(self) -> LocationKind: ...
    @property
    def within(self) -> LocationId | None: ...


PlaceOf = Callable[[LocationId], ContainedPlace]
AnswerOf = Callable[[LocationId], Answer]
Meet = Callable[[Collection[ActorId], Collection[ActorId]], bool]
"""Whether some actors are, contain or belong to others at the instant of a question."""


def inherited(answer: Answer, place_of: PlaceOf, answer_of: AnswerOf) -> Answer:
    """The answer; for a place without reports, the answer of the nearest reported place around."""
    if answer.has_voice:
        return answer
    for above in _answers_around(answer.location, place_of, answer_of):
        if above.has_voice:
            return answer._replace(told=above.told, inherited_from=above.location)
    return answer


def may_be_overtaken(answer: Answer, place: ContainedPlace) -> bool:
    """Whether a place around may have come into other hands after the last report about the
    place."""
    is_told = answer.told.last_heard is not None and answer.inherited_from is None
    return is_told and place.within is not None and place.kind.can_be_held


def with_around(answer: Answer, place_of: PlaceOf, answer_of: AnswerOf, meet: Meet) -> Answer:
    """The answer; no longer certain where a place around came into other hands after the last
    report about the inner place (step 8 of the rule)."""

    def takeovers(container: LocationId) -> Iterator[Answer]:
        return takeovers_from(container, place_of, answer_of)

    return held_to_takeovers(answer, place_of, takeovers, meet)


def held_to_takeovers(
    answer: Answer,
    place_of: PlaceOf,
    takeovers: Callable[[LocationId], Iterable[Answer]],
    meet: Meet,
) -> Answer:
    """The same; `takeovers` gives those of a container and the places around it."""
    heard = answer.told.last_heard
    if heard is None or answer.inherited_from:
        return answer
    place = place_of(answer.location)
    if place.within is None or not may_be_overtaken(answer, place):
        return answer
    for above in takeovers(place.within):
        since = above.told.since
        is_later = since is not None and since.earliest >= heard.latest
        if is_later and above.location != answer.location:
            if not meet(above.holders, answer.holders):
                return answer._replace(around=ChangeAround(above.location, above.told))
    return answer


def takeovers_from(
    container: LocationId, place_of: PlaceOf, answer_of: AnswerOf
) -> Iterator[Answer]:
    """The answers of the places that came into their holders' hands at a known time: of the
    container and the places around it, from the innermost to the outermost."""
    for above in map(answer_of, _from(container, place_of)):
        if above.status is ControlStatus.HELD and above.told.since_is is SinceIs.BEGAN:
            yield above


def _answers_around(
    location: LocationId, place_of: PlaceOf, answer_of: AnswerOf
) -> Iterator[Answer]:
    """The answers of the places around, from the innermost to the outermost."""
    return map(answer_of, islice(_from(location, place_of), 1, None))


def _from(location: LocationId, place_of: PlaceOf) -> Iterator[LocationId]:
    """The place and the places around, from the innermost to the outermost."""

    def within(place: LocationId) -> list[LocationId]:
        container = place_of(place).within
        return [container] if container else []

    return reachable([location], within)
