"""Every fact this system can record, in one place.

Class and field names are the storage format: never rename them, add new ones. A new field needs a
default, and a field at its default is not stored, so that old statements keep their ids.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.occurred import Occurred
from domain.values import (
    ActorId,
    ActorKind,
    Actors,
    ConvoyId,
    Coordinates,
    Credibility,
    EventId,
    ExternalCode,
    LocationId,
    LocationKind,
    LongText,
    Name,
    Reliability,
    ReportId,
    Sha256,
    ShortText,
    SomeActors,
    SourceId,
    Url,
    Value,
)


class Event(Value):
    """A fact, recorded once and never edited."""

    revision: ClassVar[int] = 1
    """The schema revision of the stored shape; an older one is upcast when it is read."""


# ---- The registry: whom and what we speak of ------------------------------------------------


class SourceRegistered(Event):
    """A publisher or person whose word we record."""

    source: SourceId
    name: ShortText
    reliability: Reliability
    """Our trust in the source from now on, A to F; F is not judged."""
    continuous: bool = False
    """A dataset that keeps its word current, so that its silence means no change."""
    url: Url | None = None


class SourceRegraded(Event):
    """Our trust in a source changed. It counts for all that the source ever said."""

    source: SourceId
    reliability: Reliability
    reason: LongText


class ReportFiled(Event):
    """One item received from a source. Immutable."""

    report: ReportId
    source: SourceId
    published: Occurred
    """When the source said so, as exactly as it is known."""
    title: ShortText
    url: Url | None = None
    content_hash: Sha256 | None = None
    syndicated_from: ReportId | None = None
    """The report that this one copies; the copy adds no voice of its own."""


class LocationRegistered(Event):
    """A place that events speak of."""

    location: LocationId
    name: ShortText
    kind: LocationKind
    coordinates: Coordinates | None = None
    within: LocationId | None = None
    """The smallest registered place that contains it."""
    aliases: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    codes: Annotated[tuple[ExternalCode, ...], Field(max_length=50)] = ()


class ActorRegistered(Event):
    """A force, group, coalition, mission or state that acts."""

    actor: ActorId
    name: ShortText
    kind: ActorKind
    aliases: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    codes: Annotated[tuple[ExternalCode, ...], Field(max_length=50)] = ()


# ---- The situation: what a source says happened ---------------------------------------------


class SituationEvent(Event):
    """One statement, from one report, that something happened."""

    occurred: Occurred
    """When it happened in the world (valid time)."""
    report: ReportId
    credibility: Credibility
    summary: LongText | None = None
    """What is said, in our own words."""
    passage: ShortText | None = None
    """Where in the report it is said, as in "paragraph 2"."""


class LocatedEvent(SituationEvent):
    """A statement about one place."""

    location: LocationId


class BaseCaptured(LocatedEvent):
    """An actor took a base by force."""

    by: SomeActors
    taken_from: Actors = ()


class TownSeized(LocatedEvent):
    """An actor took a town."""

    by: SomeActors
    taken_from: Actors = ()


class ControlHandedOver(LocatedEvent):
    """The holder passed the place to another by agreement."""

    handed_from: SomeActors
    handed_to: SomeActors


class PositionAbandoned(LocatedEvent):
    """The holder left without a fight, and nobody took over."""

    by: SomeActors


class ControlReported(LocatedEvent):
    """A source says who holds the place, without saying how that came about."""

    holders: Actors
    """Who holds it; nobody, where the source says that it is held by no one."""


class LocationContested(LocatedEvent):
    """A source says that nobody controls the place because it is fought over."""

    between: Actors
    """Who contests it; empty where the source names nobody."""


class ControlReportedUnknown(LocatedEvent):
    """A source says that it does not know, or no longer knows, who holds the place."""


class MissionDeployed(LocatedEvent):
    """A mission took up a place; a base it then holds."""

    mission: ActorId


class MissionWithdrawn(LocatedEvent):
    """A mission left a place, to somebody or to nobody."""

    mission: ActorId
    handed_to: Actors = ()


class ConvoyEvent(LocatedEvent):
    """A statement about a convoy; the place is where the convoy was."""

    convoy: ConvoyId
    owners: SomeActors
    """Whose convoy it is."""


class ConvoyDeparted(ConvoyEvent):
    """A convoy set out from the place."""

    bound_for: LocationId | None = None


class ConvoyStalled(ConvoyEvent):
    """A convoy was brought to a halt at the place."""

    halted_by: Actors = ()


class ConvoyResumed(ConvoyEvent):
    """A halted convoy moved on from the place."""


class ConvoyArrived(ConvoyEvent):
    """A convoy reached the place."""


# ---- Record keeping: what we no longer rely on ----------------------------------------------


class RecordKeeping(Event):
    """A report made us rely, or no longer rely, on an earlier event."""

    event: EventId
    reason: LongText
    report: ReportId
    """Who told us, and when."""


class EventRetracted(RecordKeeping):
    """An earlier event is taken back; it stays recorded, and no longer counts."""

    replaced_by: EventId | None = None
    """The corrected event, where there is one; recorded in the same append."""


class EventReinstated(RecordKeeping):
    """A retraction was wrong: the event counts again."""


Registration = SourceRegistered | ReportFiled | LocationRegistered | ActorRegistered
EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        SourceRegistered,
        SourceRegraded,
        ReportFiled,
        LocationRegistered,
        ActorRegistered,
        BaseCaptured,
        TownSeized,
        ControlHandedOver,
        PositionAbandoned,
        ControlReported,
        LocationContested,
        ControlReportedUnknown,
        MissionDeployed,
        MissionWithdrawn,
        ConvoyDeparted,
        ConvoyStalled,
        ConvoyResumed,
        ConvoyArrived,
        EventRetracted,
        EventReinstated,
    )
}
"""Every event by its name in storage."""
