"""Where is a convoy, and does it move, as far as sources say?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, takewhile

from domain.events import (
    ConvoyArrived,
    ConvoyDeparted,
    ConvoyEvent,
    ConvoyResumed,
    ConvoyStalled,
)
from domain.occurred import THIRTY_DAYS, Instant, Window
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
        """How words follow each other; in one window, as the life of a convoy goes. Whatever
        overlaps a departure follows it: what left in October and stalled on the 5th is stalled."""
        window, is_start = self.occurred, isinstance(self.said, ConvoyDeparted)
        when = window.earliest if is_start else window.latest
        return (when, window.earliest, _LIFE.index(type(self.said)), self.position)


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
    """Who halted it, while it is stalled and where that is said."""
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
    agreeing = list(takewhile(lambda word: _same(word, over[-1]), reversed(over)))[::-1]
    rests_on = agreeing or heard
    last, phase = rests_on[-1].said, _phase(over, at)
    goals = (
        word.said.bound_for for word in reversed(over) if isinstance(word.said, ConvoyDeparted)
    )
    return ConvoyState(
        convoy=convoy,
        owners=last.owners,
        phase=phase,
        location=last.location if over else None,
        bound_for=next(filter(None, goals), None),
        halted_by=_halted_by(last) if phase is ConvoyPhase.STALLED else (),
        since=rests_on[0].occurred,
        events=tuple(word.event for word in rests_on),
        certain=len(over) == len(heard),
    )


def _phase(over: list[ConvoyWord], at: Instant) -> ConvoyPhase:
    if not over:
        return ConvoyPhase.UNKNOWN
    last = over[-1]
    if isinstance(last.said, ConvoyArrived):
        return ConvoyPhase.ARRIVED
    if at + 1 - last.occurred.latest > THIRTY_DAYS:
        return ConvoyPhase.UNKNOWN
    return ConvoyPhase.STALLED if isinstance(last.said, ConvoyStalled) else ConvoyPhase.MOVING


def _halted_by(said: ConvoyEvent) -> tuple[ActorId, ...]:
    return said.halted_by if isinstance(said, ConvoyStalled) else ()


def _same(word: ConvoyWord, last: ConvoyWord) -> bool:
    return type(word.said) is type(last.said) and word.said.location == last.said.location


_LIFE: list[type[ConvoyEvent]] = [ConvoyDeparted, ConvoyStalled, ConvoyResumed, ConvoyArrived]
