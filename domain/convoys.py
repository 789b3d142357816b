"""Where is a convoy, and does it move, as far as sources say?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, takewhile

from domain.control import STALE_AFTER
from domain.events import (
    ConvoyArrived,
    ConvoyDeparted,
    ConvoyEvent,
    ConvoyResumed,
    ConvoyStalled,
)
from domain.occurred import Instant, Window
from domain.values import ActorId, ConvoyId, EventId, LocationId


class ConvoyPhase(StrEnum):
    """What a convoy does. After 30 days without a word, nobody knows whether it moves."""

    MOVING = "moving"
    STALLED = "stalled"
    ARRIVED = "arrived"
    UNKNOWN = "unknown"
    """The last word on it is too old, or the only ones are of a time that is not over."""


@dataclass(frozen=True, slots=True)
class ConvoyWord:
    """One statement about a convoy."""

    event: EventId
    position: int
    said: ConvoyEvent

    @property
    def occurred(self) -> Window:
        return self.said.occurred.window

    @property
    def order(self) -> tuple[int, int, int, int]:
        """How words follow each other; in one window, as the life of a convoy goes."""
        window = self.occurred
        return (window.latest, window.earliest, _LIFE.index(type(self.said)), self.position)


@dataclass(frozen=True, slots=True)
class ConvoyState:
    """A convoy at an instant."""

    convoy: ConvoyId
    owners: tuple[ActorId, ...]
    phase: ConvoyPhase
    location: LocationId | None
    """Where it was last; None where no word on it is of a time that is over."""
    bound_for: LocationId | None
    """Where it was going, when that was last said."""
    halted_by: tuple[ActorId, ...]
    since: Window
    """When the last word on it has it in that phase; of several that agree, the first."""
    events: tuple[EventId, ...]
    """The events that say so, with none in between that says otherwise."""
    certain: bool
    """False where something is reported of it whose window contains the instant."""


def convoys_at(words: Iterable[ConvoyWord], at: Instant) -> list[ConvoyState]:
    """Every convoy that was heard of by that instant of valid time, in the order of their ids.

    `words` are those that are live as known.
    """
    begun = (word for word in words if word.occurred.earliest <= at)
    told = sorted(begun, key=lambda word: (word.said.convoy, word.order))
    by_convoy = groupby(told, key=lambda word: word.said.convoy)
    return [_state(convoy, list(heard), at) for convoy, heard in by_convoy]


def _state(convoy: ConvoyId, heard: list[ConvoyWord], at: Instant) -> ConvoyState:
    over = [word for word in heard if word.occurred.is_over_at(at)]
    certain = len(over) == len(heard)
    if not over:
        return _known_by(convoy, heard, ConvoyPhase.UNKNOWN, None, certain)
    last = over[-1]
    phase = _phase(last)
    agreeing = takewhile(lambda word: _same(word, last), reversed(over))
    rests_on = list(agreeing)[::-1]
    if phase is not ConvoyPhase.ARRIVED and at + 1 - last.occurred.latest > STALE_AFTER:
        phase = ConvoyPhase.UNKNOWN
    return _known_by(convoy, rests_on, phase, last.said.location, certain, over)


def _known_by(
    convoy: ConvoyId,
    words: list[ConvoyWord],
    phase: ConvoyPhase,
    location: LocationId | None,
    certain: bool,
    over: Iterable[ConvoyWord] = (),
) -> ConvoyState:
    last = words[-1].said
    goals = [
        word.said.bound_for
        for word in over
        if isinstance(word.said, ConvoyDeparted) and word.said.bound_for
    ]
    return ConvoyState(
        convoy=convoy,
        owners=last.owners,
        phase=phase,
        location=location,
        bound_for=goals[-1] if goals else None,
        halted_by=last.halted_by if isinstance(last, ConvoyStalled) else (),
        since=words[0].occurred,
        events=tuple(word.event for word in words),
        certain=certain,
    )


def _phase(word: ConvoyWord) -> ConvoyPhase:
    match word.said:
        case ConvoyStalled():
            return ConvoyPhase.STALLED
        case ConvoyArrived():
            return ConvoyPhase.ARRIVED
    return ConvoyPhase.MOVING


def _same(word: ConvoyWord, last: ConvoyWord) -> bool:
    return type(word.said) is type(last.said) and word.said.location == last.said.location


_LIFE: list[type[ConvoyEvent]] = [ConvoyDeparted, ConvoyStalled, ConvoyResumed, ConvoyArrived]
