"""Every fact this system can record, in one place.

Class and field names are the storage format: never rename them, add new ones. A new field needs a
default, and a field at its default is not stored, so that old statements keep their ids.
"""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import Field, model_validator

from domain.occurred import Occurred
from domain.values import (
    ActorId,
    ActorKind,
    Actors,
    ConvoyId,
    Coordinates,
    Credibility,
    DeathsBySide,
    Estimate,
    EventId,
    ExternalCode,
    GeoPrecision,
    LocationDetail,
    LocationId,
    LocationKind,
    LongText,
    Name,
    Parties,
    Passage,
    Places,
    Reliability,
    ReportDetail,
    ReportId,
    Sector,
    Sha256,
    ShortText,
    Sides,
    SomeActors,
    SourceDetail,
    SourceId,
    Stance,
    Tactic,
    Url,
    Value,
    Zone,
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
    zone: Zone | None = None
    """The zone of its days, months and hours, where neither a report nor a place says better."""


class SourceRegraded(Event):
    """Our trust in a source changed. It counts for all that the source ever said."""

    source: SourceId
    reliability: Reliability
    reason: LongText


class SourceEnded(Event):
    """A continuous source ended: from then on its silence says nothing. What it had said stays."""

    source: SourceId
    ended: Occurred
    """When it ended in the world; from the close of that window on it is not continuous."""
    reason: LongText | None = None


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
    zone: Zone | None = None
    """The zone of all the days, months and hours in it, whatever the place or the source."""


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
    zone: Zone | None = None
    """The zone of the days, months and hours of what happens there and inside it."""
    published: Occurred | None = None
    """When the gazetteer behind the registration last changed what it says of the place."""


class ActorRegistered(Event):
    """A force, group, coalition, mission or state that acts."""

    actor: ActorId
    name: ShortText
    kind: ActorKind
    aliases: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    codes: Annotated[tuple[ExternalCode, ...], Field(max_length=50)] = ()


class Amendment(Event):
    """Our own registration was wrong or incomplete, and reads otherwise from here on.

    A field that is not given stays as it is; of several amendments of a field the one recorded
    last counts. What was known before stays as it was known. A change in the world is another
    event, as LocationRenamed.
    """

    amends: ClassVar[str]
    """The field with the id of what is amended."""

    reason: LongText
    """What was wrong, and how we know."""

    @property
    def changes(self) -> dict[str, Any]:
        """What reads otherwise: the new values by the names of the registration's fields."""
        apart = {self.amends, "reason", "cleared"}
        given = {name: value for name, value in self if name not in apart and value is not None}
        return given | {each.value: None for each in getattr(self, "cleared", ())}

    @model_validator(mode="after")
    def _changes_something(self) -> "Amendment":
        cleared = [each.value for each in getattr(self, "cleared", ())]
        if not self.changes:
            raise ValueError("give at least one field that is to read otherwise")
        if len(set(cleared)) < len(cleared):
            raise ValueError("the same field is cleared twice")
        for name in cleared:
            if getattr(self, name) is not None:
                raise ValueError(f"{name} is given and cleared: do one of the two")
        return self


class SourceAmended(Amendment):
    """What we registered of a source reads otherwise. Its reliability: see SourceRegraded."""

    amends: ClassVar[str] = "source"

    source: SourceId
    name: ShortText | None = None
    url: Url | None = None
    continuous: bool | None = None
    """Whether it is a dataset that keeps its word current; it counts for all that it ever said."""
    cleared: Annotated[tuple[SourceDetail, ...], Field(max_length=1)] = ()
    """What is taken away."""


class ReportAmended(Amendment):
    """What we filed of a report reads otherwise. When it was published, and whose it is, stays."""

    amends: ClassVar[str] = "report"

    report: ReportId
    title: ShortText | None = None
    url: Url | None = None
    cleared: Annotated[tuple[ReportDetail, ...], Field(max_length=1)] = ()
    """What is taken away."""


class LocationAmended(Amendment):
    """What we registered of a place reads otherwise: what it is called, what it is, where it is."""

    amends: ClassVar[str] = "location"

    location: LocationId
    name: ShortText | None = None
    kind: LocationKind | None = None
    coordinates: Coordinates | None = None
    within: LocationId | None = None
    """The smallest registered place that contains it."""
    aliases: Annotated[tuple[Name, ...], Field(max_length=200)] | None = None
    """All its other names; an empty list, where it has none."""
    codes: Annotated[tuple[ExternalCode, ...], Field(max_length=50)] | None = None
    """All its codes; an empty list, where it has none."""
    published: Occurred | None = None
    """When the gazetteer behind the amendment last changed what it says of the place."""
    cleared: Annotated[tuple[LocationDetail, ...], Field(max_length=2)] = ()
    """What is taken away."""

    @model_validator(mode="after")
    def _lies_in_another(self) -> "LocationAmended":
        if self.within == self.location:
            raise ValueError("a place does not lie within itself")
        return self


class ActorAmended(Amendment):
    """What we registered of an actor reads otherwise: what it is called, and what it is."""

    amends: ClassVar[str] = "actor"

    actor: ActorId
    name: ShortText | None = None
    kind: ActorKind | None = None
    aliases: Annotated[tuple[Name, ...], Field(max_length=200)] | None = None
    """All its other names; an empty list, where it has none."""
    codes: Annotated[tuple[ExternalCode, ...], Field(max_length=50)] | None = None
    """All its codes; an empty list, where it has none."""


# ---- The situation: what a source says happened ---------------------------------------------


class SituationEvent(Event):
    """One statement, from one report, that something happened."""

    occurred: Occurred
    """When it happened in the world (valid time)."""
    report: ReportId
    credibility: Credibility
    summary: LongText | None = None
    """What is said, in our own words."""
    passage: Passage | None = None
    """Where in the report it is said, as in "paragraph 2"."""


class LocatedEvent(SituationEvent):
    """A statement about one place."""

    location: LocationId
    place_precision: GeoPrecision | None = None
    """How near to the place it happened, on the scale of a dataset."""


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

    possibly: Actors = ()
    """Who may hold it, where the source names some; it asserts that of none of them."""


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


class SiegeLaid(LocatedEvent):
    """An actor cut the place off, or blockades it. That is presence around it, not control."""

    by: SomeActors


class SiegeLifted(LocatedEvent):
    """A siege ended: that of these actors, or every siege of the place where none is named."""

    by: Actors = ()


class ClashReported(LocatedEvent):
    """Armed actors fought at the place, or attacked it."""

    sides: Sides
    """Who stood against whom, each side with its actors; a side that nobody names is left out."""
    uncertain: Actors = ()
    """The actors on the sides of whom the source leaves open whether they took part, as both of "A
    and/or B"."""
    tactic: Tactic | None = None
    """How it was fought, where that is said."""
    deaths: Estimate | None = None
    """How many died on all sides together."""
    deaths_by_side: DeathsBySide | None = None
    """How many of each side died, where that is said."""

    @model_validator(mode="after")
    def _counts_its_sides(self) -> "ClashReported":
        counted = self.deaths_by_side.sides if self.deaths_by_side else ()
        if counted and len(counted) != len(self.sides):
            few, sides = len(counted), len(self.sides)
            raise ValueError(f"deaths_by_side has {few} sides, and the clash {sides}")
        return self

    @model_validator(mode="after")
    def _has_a_side_for_each(self) -> "ClashReported":
        named = {actor for side in self.sides for actor in side}
        for actor in self.uncertain:
            if actor not in named:
                raise ValueError(f"{actor} is uncertain, and on no side")
        return self


class PopulationDisplaced(LocatedEvent):
    """People fled the place."""

    people: Estimate
    """How many people fled in the time of `occurred`."""
    displaced_to: LocationId | None = None
    """Where they went, where that is said."""


class NeedReported(LocatedEvent):
    """People at the place need aid. A number of nobody says that the need is met."""

    sector: Sector | None = None
    """The humanitarian sector, by OCHA's cluster names; none, where the source speaks of aid as
    such."""
    people: Estimate | None = None
    """How many people are in need."""


class LocationRenamed(LocatedEvent):
    """The place is called by another name from then on."""

    name: ShortText


# ---- The situation beyond a single place -----------------------------------------------------


class PoliticalEvent(SituationEvent):
    """A statement about actors. It may concern several places, or none in particular."""

    locations: Places = ()
    """The places that it concerns."""


class MandateEnded(PoliticalEvent):
    """The mandate of a mission ended; what became of its people, other events say."""

    mission: ActorId


class AllianceFormed(PoliticalEvent):
    """Actors became allies, each of each."""

    parties: Parties


class AllianceEnded(PoliticalEvent):
    """Actors ceased to be allies of each other."""

    parties: Parties


class AlignmentShifted(PoliticalEvent):
    """An actor turned from one patron to another, or only to one or from one."""

    actor: ActorId
    from_patron: ActorId | None = None
    to_patron: ActorId | None = None

    @model_validator(mode="after")
    def _names_a_patron(self) -> "AlignmentShifted":
        if self.from_patron == self.to_patron:
            raise ValueError("name from_patron, to_patron, or two that differ")
        if self.actor in (self.from_patron, self.to_patron):
            raise ValueError("an actor is not its own patron")
        return self


class StatementIssued(PoliticalEvent):
    """Actors took a stand in public."""

    by: SomeActors
    stance: Stance
    about: Actors = ()
    """Whom they spoke of."""


# ---- Lineage: who is whom, as sources tell it ------------------------------------------------


class LineageEvent(SituationEvent):
    """A statement about what an actor is, was, or belongs to."""


class ActorRenamed(LineageEvent):
    """The actor goes by another name from then on; it stays the same actor."""

    actor: ActorId
    name: ShortText


class ActorMerged(LineageEvent):
    """Actors became one, and count as that one from then on."""

    merged: SomeActors
    into: ActorId

    @model_validator(mode="after")
    def _is_another(self) -> "ActorMerged":
        return _apart(self, self.merged, self.into, "an actor can't merge into itself")


class ActorSplit(LineageEvent):
    """Factions or splinters came out of an actor, and are no longer part of it."""

    actor: ActorId
    into: SomeActors

    @model_validator(mode="after")
    def _is_another(self) -> "ActorSplit":
        return _apart(self, self.into, self.actor, "an actor is no splinter of itself")


class ActorDissolved(LineageEvent):
    """The actor ceased to exist, or to act; others may have succeeded it."""

    actor: ActorId
    succeeded_by: Actors = ()

    @model_validator(mode="after")
    def _is_another(self) -> "ActorDissolved":
        return _apart(self, self.succeeded_by, self.actor, "an actor can't succeed itself")


class CoalitionJoined(LineageEvent):
    """Actors became members of a coalition, and stay what they are."""

    members: SomeActors
    coalition: ActorId

    @model_validator(mode="after")
    def _is_another(self) -> "CoalitionJoined":
        return _apart(self, self.members, self.coalition, _NO_MEMBER)


class CoalitionLeft(LineageEvent):
    """Actors ceased to be members of a coalition."""

    members: SomeActors
    coalition: ActorId

    @model_validator(mode="after")
    def _is_another(self) -> "CoalitionLeft":
        return _apart(self, self.members, self.coalition, _NO_MEMBER)


class AffiliationDeclared(LineageEvent):
    """An actor became an affiliate of another, its parent, and answers to it."""

    actor: ActorId
    parent: ActorId

    @model_validator(mode="after")
    def _is_another(self) -> "AffiliationDeclared":
        return _apart(self, (self.actor,), self.parent, _NO_PARENT)


class AffiliationEnded(LineageEvent):
    """An actor ceased to be an affiliate of another."""

    actor: ActorId
    parent: ActorId

    @model_validator(mode="after")
    def _is_another(self) -> "AffiliationEnded":
        return _apart(self, (self.actor,), self.parent, _NO_PARENT)


_NO_MEMBER = "a coalition is not its own member"
_NO_PARENT = "an actor is not its own parent"
_E = TypeVar("_E", bound=Event)


def _apart(event: _E, some: tuple[ActorId, ...], other: ActorId, complaint: str) -> _E:
    if other in some:
        raise ValueError(complaint)
    return event


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
        SourceEnded,
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
        SiegeLaid,
        SiegeLifted,
        ClashReported,
        PopulationDisplaced,
        NeedReported,
        LocationRenamed,
        MandateEnded,
        AllianceFormed,
        AllianceEnded,
        AlignmentShifted,
        StatementIssued,
        ActorRenamed,
        ActorMerged,
        ActorSplit,
        ActorDissolved,
        CoalitionJoined,
        CoalitionLeft,
        AffiliationDeclared,
        AffiliationEnded,
        EventRetracted,
        EventReinstated,
        LocationAmended,
        ActorAmended,
        SourceAmended,
        ReportAmended,
    )
}
"""Every event by its name in storage."""
