"""What is an answer, and what pins it, so that it can be had again?"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from api.answers.tokens import pins_of, token_of
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.control.verdict import RULE, Period, SinceIs, Verdict
from domain.occurred import DAY, Instant, just_before, rfc3339
from domain.reachability import reachable
from domain.refusals import DomainError, InTheFuture
from domain.values import ActorId, EventId, LocationId, LocationKind
from projections.places import Place

_STEP = DAY // 96
"""The clocks of all zones are whole quarters of an hour from UTC today."""


class NotRecordedYet(DomainError):
    """The position that is asked about lies ahead of the ledger as these views know it."""

    field = "position"

    def __init__(self, position: int, head: int) -> None:
        super().__init__(f"position {position} is not recorded yet; the last one is {head}")


class TwoKnowledges(DomainError):
    """Both a time and a position say as of when it is to be known."""

    field = "position"

    def __init__(self) -> None:
        super().__init__("give knownAt or position, not both: each says what was known")


@dataclass(frozen=True, slots=True)
class Known:
    """What was recorded up to a position: the knowledge axis of a question, resolved."""

    position: int
    closed: bool
    """Whether nothing that is recorded later can come to lie before it."""


class Pinned(Protocol):
    """An answer of any kind, and what pins it."""

    @property
    def at(self) -> Instant: ...
    @property
    def known(self) -> Known: ...
    @property
    def perspective(self) -> Perspective: ...
    @property
    def token(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Around:
    """A place around another that has changed hands since the last word about that one."""

    location: LocationId
    verdict: Verdict
    """Who controlled it at the instant that is asked about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who controlled a place at an instant, and all that pins the answer."""

    location: LocationId
    at: Instant
    known: Known
    period: Period
    perspective: Perspective = DEFAULT
    inherited_from: LocationId | None = None
    around: Around | None = None
    """The place around it whose answer is possible here too."""

    @property
    def verdict(self) -> Verdict:
        return self.period.reading.verdict

    @property
    def certain(self) -> bool:
        """Whether no other reading is possible."""
        return self.period.reading.certain and self.around is None

    @property
    def possible(self) -> list[tuple[Verdict, LocationId | None]]:
        """Every other reading that is possible, and the place around whose answer it is."""
        found: list[tuple[Verdict, LocationId | None]]
        found = [(verdict, None) for verdict in self.period.reading.possible]
        if self.around:
            found.append((self.around.verdict, self.around.location))
        return found

    def says_the_same_as(self, other: "Answer") -> bool:
        """Whether they say the same of the place, for whatever reasons."""
        mine, its = (
            each.around and (each.around.location, each.around.verdict.gist)
            for each in (self, other)
        )
        return mine == its and self.period.reading.says_the_same_as(other.period.reading)

    @property
    def events(self) -> tuple[EventId, ...]:
        """Every event that it rests on, or that it names as outweighed or possible."""
        named = [*self.period.reading.events]
        if self.around:
            named += (*self.around.verdict.told, *self.around.verdict.lineage)
        return tuple(dict.fromkeys(named))

    @property
    def token(self) -> str:
        """The basis as one opaque text: equal tokens have equal answers, for ever."""
        pins: dict[str, Any] = {
            "at": rfc3339(self.at),
            "inherited": self.inherited_from,
            "location": self.location,
            "position": self.known.position,
            "rule": RULE,
        }
        if not self.perspective.is_default:
            pins["perspective"] = pins_of(self.perspective)
        return token_of(pins)


def refuse_future(field: str, asked: Instant, now: Instant) -> None:
    """Nobody knows about a day that lies ahead; today has begun, and may be asked about, by the
    clocks of any zone.

    Raises InTheFuture.
    """
    closes_a_day = (asked + 1) % _STEP == 0
    has_begun = closes_a_day and asked + 1 - DAY <= now
    if asked // DAY > now // DAY and not has_begun:
        is_day = (asked + 1) % DAY == 0
        said = rfc3339(asked)[:10] if is_day else just_before(asked) or rfc3339(asked)
        raise InTheFuture(field, said, rfc3339(now))


def refuse_ahead(position: int, at: Instant | None, head: int) -> None:
    """A position says by itself what was known, and is none that is still to come.

    Raises TwoKnowledges and NotRecordedYet.
    """
    if at is not None:
        raise TwoKnowledges
    if not 0 <= position <= head:
        raise NotRecordedYet(position, head)


def inherited(
    answer: Answer, place_of: Callable[[LocationId], Place], ask: Callable[[LocationId], Answer]
) -> Answer:
    """The answer; or, where nobody speaks of the place, that of the first place around it of which
    anybody does."""
    if answer.verdict.has_voice:
        return answer
    for around in _around(answer.location, place_of):
        above = ask(around)
        if above.verdict.has_voice:
            return replace(answer, period=above.period, inherited_from=around)
    return answer


class Placed(Protocol):
    """What a place is, and where it lies."""

    @property
    def kind(self) -> LocationKind: ...
    @property
    def within(self) -> LocationId | None: ...


Meet = Callable[[Collection[ActorId], Collection[ActorId]], bool]
"""Whether some actors are, contain or belong to others, as they count at the instant."""


def with_around(
    answer: Answer,
    place_of: Callable[[LocationId], Placed],
    ask: Callable[[LocationId], Answer],
    meet: Meet,
) -> Answer:
    """The answer; not certain where a place around has changed hands since the last word about this
    one, to somebody who does not hold it (step 8 of the rule)."""
    heard, place = answer.period.last_heard, place_of(answer.location)
    if heard is None or answer.inherited_from or not place.kind.can_be_held:
        return answer
    for around in _around(answer.location, place_of):
        above = ask(around)
        verdict, since = above.verdict, above.period.since
        has_changed = (
            above.period.since_is is SinceIs.BEGAN and verdict.status is ControlStatus.HELD
        )
        if has_changed and since and since.earliest >= heard.latest:
            if not meet(verdict.holders, answer.verdict.holders):
                return replace(answer, around=Around(around, verdict))
    return answer


def _around(location: LocationId, place_of: Callable[[LocationId], Placed]) -> Iterator[LocationId]:
    """The places around the location, the smallest first."""

    def within(place: LocationId) -> list[LocationId]:
        container = place_of(place).within
        return [container] if container else []

    return islice(reachable([location], within), 1, None)
