"""What does an event assert about control of its place? Derived, and never stored by hand."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cache

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
from domain.grades import Grade
from domain.occurred import Instant, Window
from domain.values import ActorId, EventId, LocationKind, ReportId, SourceId


class ControlStatus(StrEnum):
    """What an answer about control can say. A claim asserts one of the first three, or, where its
    source says that it does not know, the last."""

    HELD = "HELD"
    """Somebody holds the place."""
    CONTESTED = "CONTESTED"
    """Contenders fight over the place, and nobody controls it."""
    VACANT = "VACANT"
    """Nobody holds the place."""
    DISPUTED = "DISPUTED"
    """The voices disagree and none outweighs the others."""
    UNKNOWN = "UNKNOWN"
    """No word that counts names a status."""


Order = tuple[int, int, int, int]
"""How claims are ordered: by opening, close, close of the publication, and position."""


class ClaimKind(StrEnum):
    """Whether the place changed hands, or was seen in somebody's hands."""

    TRANSITION = "transition"
    OBSERVATION = "observation"


@dataclass(frozen=True)
class Assertion:
    """The content of one event about one place, without source and time."""

    kind: ClaimKind
    status: ControlStatus
    holders: tuple[ActorId, ...] = ()
    """The holders; of a contested place, the contenders."""
    leaving: tuple[ActorId, ...] = ()
    """The actors who ceased to hold the place."""

    what: tuple[ControlStatus, tuple[ActorId, ...]] = field(init=False, repr=False, compare=False)
    """Status and holders, without the way they came about."""
    is_transition: bool = field(init=False, repr=False, compare=False)
    is_leaving: bool = field(init=False, repr=False, compare=False)
    """A transition to vacant: the leavers are named, and no successor."""
    is_known: bool = field(init=False, repr=False, compare=False)
    """False where the source says that it does not know."""

    def __post_init__(self) -> None:
        is_transition = self.kind is _TRANSITION
        self.__dict__.update(
            what=(self.status, self.holders),
            is_transition=is_transition,
            is_leaving=is_transition and self.status is _VACANT,
            is_known=self.status is not _UNKNOWN,
        )


# Python 3.11 looks a member of an enum up slowly.
_TRANSITION = ClaimKind.TRANSITION
_VACANT, _UNKNOWN = ControlStatus.VACANT, ControlStatus.UNKNOWN


def assertion_of(event: Event, place: LocationKind) -> Assertion | None:
    """The event's assertion about control of a place of the given kind, if any.

    A region is held or fought over as a whole where a source says so of the region itself; captures
    and departures inside say nothing of the whole.
    """
    if not place.can_be_held and not _speaks_of_a_region(event, place):
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


def _speaks_of_a_region(event: Event, place: LocationKind) -> bool:
    return place is LocationKind.REGION and isinstance(
        event, ControlReported | ControlReportedUnknown | LocationContested | ControlHandedOver
    )


class Weight(IntEnum):
    """The effect a claim may have on others, by grade."""

    DOUBTFUL = 0
    """Credibility 4 or 5."""
    WEAK = 1
    """Credibility 3 or 6, from a source neither reliable nor continuous."""
    FIRM = 2
    """Credibility 1 or 2 from anybody; 3 or 6 from a reliable or a continuous source."""


@dataclass(frozen=True)
class Claim:
    """A source's assertion about control of a place."""

    event: EventId
    position: int
    """Where the event stands in the ledger."""
    occurred: Window
    """Valid time."""
    published: Instant
    """Published time: the last microsecond in which our report can have appeared."""
    spoken: Window
    """Published time of the root report: when the origin said so, however late a copy appeared."""
    asserts: Assertion
    origin: SourceId
    """The source of the root report, behind syndication: the voice."""
    source: SourceId
    """The source of our report."""
    report: ReportId
    grade: Grade
    """The credibility of the information, and the reliability of the report (`domain.grades`)."""
    kept_until: Instant | None = None
    """Valid time until which a continuous origin keeps the word current: silence means no
    change."""
    copied: tuple[ReportId, ...] = ()
    """The reports behind a copied report, the nearest first."""
    first_spoken: Window | None = None
    """Published time of the first statement, where this is a repetition."""

    weight: Weight = field(init=False, repr=False, compare=False)
    counts_from: Instant = field(init=False, repr=False, compare=False)
    """When the claim first counts: a transition at its window's end, an observation at the
    opening."""
    order: Order = field(init=False, repr=False, compare=False)
    """The order of an origin's words: by window, publication, position."""
    counting_order: tuple[int, Order] = field(init=False, repr=False, compare=False)
    """How claims come to count."""
    end_order: tuple[int, Order] = field(init=False, repr=False, compare=False)
    """The order in which claims are settled: by the end of the window, then as words."""

    def __post_init__(self) -> None:
        earliest, latest = self.occurred.earliest, self.occurred.latest
        counts_from = latest - 1 if self.asserts.is_transition else earliest
        order = (earliest, latest, self.spoken.latest, self.position)
        self.__dict__.update(
            weight=weight_of(self.grade, is_kept=self.kept_until is not None),
            counts_from=counts_from,
            order=order,
            counting_order=(counts_from, order),
            end_order=(latest, order),
        )

    @property
    def publication(self) -> Window:
        """When the word counts as published beside the words of other origins."""
        return self.first_spoken or self.spoken

    @property
    def subject(self) -> tuple[SourceId, int, int]:
        """Origin and window."""
        return (self.origin, self.occurred.earliest, self.occurred.latest)

    @property
    def repeats(self) -> tuple[object, ...]:
        """Equal for two claims if one repeats the other."""
        said = self.asserts
        named = frozenset(said.holders), frozenset(said.leaving)
        window = self.occurred
        return (self.origin, said.kind, said.status, *named, window.earliest, window.latest)


@cache
def weight_of(grade: Grade, *, is_kept: bool = False) -> Weight:
    """The weight of a grade; `is_kept` for a source that reports continuously."""
    if grade.credibility in (1, 2):
        return Weight.FIRM
    if grade.credibility in (4, 5):
        return Weight.DOUBTFUL
    return Weight.FIRM if is_kept or grade.reliability in "ABC" else Weight.WEAK


def _taken(by: tuple[ActorId, ...], leaving: tuple[ActorId, ...]) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.HELD, by, leaving)


def _left(by: tuple[ActorId, ...]) -> Assertion:
    return Assertion(ClaimKind.TRANSITION, ControlStatus.VACANT, leaving=by)


def _seen(holders: tuple[ActorId, ...]) -> Assertion:
    status = ControlStatus.HELD if holders else ControlStatus.VACANT
    return Assertion(ClaimKind.OBSERVATION, status, holders)
