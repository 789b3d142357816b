"""What does an event assert about who controls its place?

A claim is derived from its event by a pure function and never stored by hand.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from domain.events import (
    BaseCaptured,
    ControlHandedOver,
    ControlReported,
    ControlReportedUnknown,
    Event,
    LocationContested,
    MissionDeployed,
    MissionWithdrawn,
    PositionAbandoned,
    TownSeized,
)
from domain.occurred import Instant, Window
from domain.values import ActorId, EventId, LocationKind, Reliability, ReportId, SourceId


class ControlStatus(StrEnum):
    """What an answer about control can say. A claim asserts one of the first three, or, where its
    source says that it does not know, the last."""

    HELD = "HELD"
    """Somebody holds the place."""
    CONTESTED = "CONTESTED"
    """It is fought over, and nobody controls it."""
    VACANT = "VACANT"
    """Nobody holds it."""
    DISPUTED = "DISPUTED"
    """The voices disagree and none outweighs the others."""
    UNKNOWN = "UNKNOWN"
    """Nobody has said anything."""


class ClaimKind(StrEnum):
    """Whether the place changed hands, or was seen in somebody's hands."""

    TRANSITION = "transition"
    OBSERVATION = "observation"


@dataclass(frozen=True)
class Assertion:
    """What one event says of one place, apart from who says so and when."""

    kind: ClaimKind
    status: ControlStatus
    holders: tuple[ActorId, ...] = ()
    """Who holds it; of a contested place, who contests it."""
    leaving: tuple[ActorId, ...] = ()
    """Who ceased to hold it."""

    @cached_property
    def is_known(self) -> bool:
        """Whether it says anything of the place, rather than that its source does not know."""
        return self.status is not ControlStatus.UNKNOWN


def assertion_of(event: Event, place: LocationKind) -> Assertion | None:
    """What the event asserts about control of a place of that kind, if anything."""
    if not place.can_be_held:
        return None
    match event:
        case BaseCaptured() | TownSeized():
            return _taken(event.by, event.taken_from)
        case ControlHandedOver():
            return _taken(event.handed_to, event.handed_from)
        case PositionAbandoned():
            return _left(event.by)
        case ControlReported():
            return _seen(event.holders)
        case LocationContested():
            return Assertion(ClaimKind.OBSERVATION, ControlStatus.CONTESTED, event.between)
        case ControlReportedUnknown():
            return Assertion(ClaimKind.OBSERVATION, ControlStatus.UNKNOWN)
        case MissionDeployed() if place is LocationKind.BASE:
            return _seen((event.mission,))
        case MissionWithdrawn() if place is LocationKind.BASE:
            if event.handed_to:
                return _taken(event.handed_to, (event.mission,))
            return _left((event.mission,))
    return None


@dataclass(frozen=True)
class Grade:
    """Reliability of the source and credibility of the information, by the Admiralty code."""

    reliability: Reliability
    credibility: int

    @cached_property
    def judged(self) -> bool:
        return self.reliability is not Reliability.F and self.credibility != 6

    def dominates(self, other: "Grade") -> bool:
        """Strictly better by Pareto dominance; a grade that is not judged never takes part."""
        return (
            self.judged
            and other.judged
            and self != other
            and self.reliability <= other.reliability
            and self.credibility <= other.credibility
        )

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


@dataclass(frozen=True)
class Claim:
    """One source's assertion about who controls one place."""

    event: EventId
    position: int
    """Where the event stands in the ledger."""
    occurred: Window
    """Valid time."""
    published: Instant
    """Published time: the last microsecond in which the report that we hold can have appeared."""
    spoken: Instant
    """The same of the root report: when the origin said so, however late a copy appeared."""
    asserts: Assertion
    origin: SourceId
    """The source of the root report, behind syndication: whose voice this is."""
    source: SourceId
    """The source of the report that we hold."""
    report: ReportId
    grade: Grade
    """The origin's reliability as known, and the credibility of the information."""
    continuous: bool = False
    """The origin keeps its word current, so that its silence means no change."""

    @cached_property
    def order(self) -> tuple[int, int, int, int]:
        """How the words of one origin follow each other: by (occurred, spoken, position)."""
        return (self.occurred.earliest, self.occurred.latest, self.spoken, self.position)

    @cached_property
    def end_order(self) -> tuple[int, tuple[int, int, int, int]]:
        """How claims come to count: as their windows end, then as words follow each other."""
        return (self.occurred.latest, self.order)


def _taken(by: tuple[ActorId, ...], leaving: tuple[ActorId, ...]) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.HELD, by, leaving)


def _left(by: tuple[ActorId, ...]) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.VACANT, leaving=by)


def _seen(holders: tuple[ActorId, ...]) -> Assertion:
    status = ControlStatus.HELD if holders else ControlStatus.VACANT
    return Assertion(ClaimKind.OBSERVATION, status, holders)
