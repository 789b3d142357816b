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
    """The last word is too old, or every word is of a time not over yet."""


@dataclass(frozen=True, slots=True)
class ConvoyWord:
    """A statement about a convoy."""

    event: EventId
    position: int
    said: ConvoyEvent

    @property
    def occurred(self) -> Window:
        return self.said.occurred.window

    @property
    def order(self) -> tuple[int, int, int, int]:
        """The order of words; in the same window, by the life of a convoy. A word that overlaps a
        departure follows it: a convoy that left in October and stalled on the 5th is stalled."""
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
    """The last known place; None without a word of a time that is over."""
    bound_for: LocationId | None
    """The destination, by the last word on any."""
    halted_by: tuple[ActorId, ...]
    """The actors behind a halt, while the convoy is stalled."""
    since: Window
    """The window of the last word on the phase; of several that agree, the first."""
    events: tuple[EventId, ...]
    """The latest events in agreement."""
    certain: bool
    """False for a report whose window contains the instant."""


def convoys_at(words: Iterable[ConvoyWord], at: Instant) -> list[ConvoyState]:
    """Every convoy heard of by an instant (valid time), by id; `words` are live as known."""
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
