"""How does each event look in GraphQL, as an answer and as an input?

Both are read off the types of its fields, so that a new event has them without a word.
"""

from collections.abc import Callable
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import strawberry
from pydantic import ValidationError
from strawberry import ID

from api.ids import NotAnId, slug_of
from api.schema.actors import Actor
from api.schema.entry import Event
from api.schema.node import Info, Occurred
from api.schema.places import Location
from api.schema.reports import Report, Source
from api.schema.scalars import Count, When
from domain.events import EVENT_TYPES
from domain.events import Event as DomainEvent
from domain.occurred import Occurred as Time
from domain.refusals import DomainError
from domain.values import (
    ActorId,
    ConvoyId,
    Coordinates,
    Estimate,
    EventId,
    ExternalCode,
    GeoPrecision,
    LocationId,
    Name,
    Reliability,
    ReportId,
    Sector,
    SourceId,
    Stance,
    Tactic,
    Value,
)
from infra.field_meanings import meanings_of
from infra.intake.recorded_zones import Zones
from infra.visible_text import visible


@strawberry.type(name="Name", description=Name.__doc__)
class NameObject:
    text: str
    language: str | None
    script: str | None


@strawberry.input(name="NameInput", description=Name.__doc__)
class NameInput:
    text: str
    language: str | None = None
    script: str | None = None


@strawberry.type(name="ExternalCode", description=ExternalCode.__doc__)
class ExternalCodeObject:
    scheme: str
    code: str


@strawberry.input(name="ExternalCodeInput", description=ExternalCode.__doc__)
class ExternalCodeInput:
    scheme: str
    code: str


@strawberry.type(name="GeoPrecision", description=GeoPrecision.__doc__)
class GeoPrecisionObject:
    scale: str
    code: int


@strawberry.input(name="GeoPrecisionInput", description=GeoPrecision.__doc__)
class GeoPrecisionInput:
    scale: str
    code: int


@strawberry.type(name="Coordinates", description=Coordinates.__doc__)
class CoordinatesObject:
    latitude: float
    longitude: float
    precision: GeoPrecisionObject | None


@strawberry.input(name="CoordinatesInput", description=Coordinates.__doc__)
class CoordinatesInput:
    latitude: float
    longitude: float
    precision: GeoPrecisionInput | None = None


@strawberry.type(name="Estimate", description=Estimate.__doc__)
class EstimateObject:
    low: Count | None = strawberry.field(description="The least that the source gives.")
    best: Count | None = strawberry.field(description="What the source holds most likely.")
    high: Count | None = strawberry.field(description="The most that the source gives.")


@strawberry.input(name="EstimateInput", description=Estimate.__doc__)
class EstimateInput:
    low: Count | None = strawberry.field(default=None, description="The least.")
    best: Count | None = strawberry.field(default=None, description="The most likely.")
    high: Count | None = strawberry.field(default=None, description="The most.")


def estimate(people: Estimate | None) -> EstimateObject | None:
    if people is None:
        return None
    low, best, high = (
        None if it is None else Count(it) for it in (people.low, people.best, people.high)
    )
    return EstimateObject(low=low, best=best, high=high)


Shown = Callable[[Any, Event, Info], Any]
"""How a field's value is shown: from the value, the event that has it, and the request."""

_SHOWN: dict[Any, tuple[Any, Shown]] = {
    LocationId: (Location, lambda given, event, info: event.names_place(info, given)),
    ActorId: (Actor, lambda given, event, info: event.names_actor(info, given)),
    SourceId: (Source, lambda given, event, info: Source.find(info.context, given, event.known)),
    ReportId: (Report, lambda given, event, info: Report.find(info.context, given, event.known)),
    EventId: (Event, lambda given, event, info: Event.find(info.context, given, event.known)),
    ConvoyId: (str, lambda given, _, info: given),
    Time: (Occurred, lambda given, _, info: Occurred.told(given)),
    Name: (NameObject, lambda given, _, info: given),
    ExternalCode: (ExternalCodeObject, lambda given, _, info: given),
    Coordinates: (CoordinatesObject, lambda given, _, info: given),
    Estimate: (EstimateObject, lambda given, _, info: given),
}
_GIVEN: dict[Any, Any] = {
    LocationId: ID,
    ActorId: ID,
    SourceId: ID,
    ReportId: ID,
    EventId: ID,
    ConvoyId: str,
    Time: When,
    Name: NameInput,
    ExternalCode: ExternalCodeInput,
    Coordinates: CoordinatesInput,
    Estimate: EstimateInput,
}

_NODES = {
    LocationId: "Location",
    ActorId: "Actor",
    SourceId: "Source",
    ReportId: "Report",
    EventId: "Event",
}


_MEANING: dict[Any, str] = {
    LocationId: "The place.",
    ActorId: "The actor, or actors, in this role.",
    SourceId: "The source.",
    ReportId: "The report that says so.",
    EventId: "The event that is meant.",
    ConvoyId: "The convoy, by the slug that all its events share.",
    Name: "Other names.",
    ExternalCode: "The same in the lists of others.",
    Coordinates: "Where it is.",
    Reliability: "Our trust in the source.",
    Estimate: "How many people.",
    Tactic: "How it was fought.",
    Stance: "Where the statement stands on what it speaks of.",
    Sector: "The humanitarian sector.",
}
"""What a field holds, where the event says no more than its name and type."""


def _innermost(annotation: Any) -> tuple[Any, int, bool]:
    """The type of one item, how deep it lies in lists, and whether it may be missing."""
    if get_origin(annotation) is Annotated:
        return _innermost(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (each for each in get_args(annotation) if each is not NoneType)
        item, depth, _ = _innermost(inner)
        return item, depth, True
    if get_origin(annotation) is tuple:
        item, depth, _ = _innermost(get_args(annotation)[0])
        return item, depth + 1, False
    return annotation, 0, False


def _wrapped(inner: Any, depth: int, optional: bool) -> Any:
    for _ in range(depth):
        inner = list[inner]
    return inner | None if optional else inner


def _each(given: Any, depth: int, change: Callable[[Any], Any]) -> Any:
    """The same lists, with every item changed."""
    return [_each(one, depth - 1, change) for one in given] if depth else change(given)


def _shown_field(name: str, annotation: Any, description: str | None) -> Any:
    item, depth, optional = _innermost(annotation)
    shown, show = _SHOWN.get(item) or (item, _as_it_is)

    def resolve(self: Event, info: Info) -> Any:
        given = getattr(self.entry.event, name)
        if given is None:
            return None
        return _each(given, depth, lambda each: show(each, self, info))

    resolve.__annotations__["return"] = _wrapped(shown, depth, optional)
    return strawberry.field(resolver=resolve, description=description or _MEANING.get(item))


def _as_it_is(given: Any, event: Event, info: Info) -> Any:
    return given


_SHARED = {"occurred", "credibility", "summary", "passage"}
"""What the interface shows of every event."""


def _object_of(event_type: type[DomainEvent]) -> type[Event]:
    meanings = meanings_of(event_type)
    fields = {
        name: _shown_field(name, info.annotation, meanings.get(name))
        for name, info in event_type.model_fields.items()
        if name not in _SHARED
    }
    made = type(f"{event_type.__name__}Object", (Event,), fields)
    return strawberry.type(made, name=event_type.__name__, description=event_type.__doc__)


def input_of(event_type: type[DomainEvent], *leave_out: str) -> type:
    """The GraphQL input that holds the event's fields."""
    annotations, defaults = {}, {}
    meanings = meanings_of(event_type)
    for name, info in event_type.model_fields.items():
        if name in leave_out:
            continue
        item, depth, optional = _innermost(info.annotation)
        given = _GIVEN.get(item, item)
        annotations[name] = _wrapped(given, depth, optional or not info.is_required())
        default: dict[str, Any] = {} if info.is_required() else {"default": None}
        description = meanings.get(name) or _MEANING.get(item)
        if item in _NODES:
            description = f"{description} By slug or global id."
        defaults[name] = strawberry.field(description=description, **default)
    made = type(f"{event_type.__name__}Input", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, description=event_type.__doc__)


class InvalidValue(DomainError):
    """A field of an input can't be taken."""

    def __init__(self, message: str, field: str | None) -> None:
        super().__init__(message)
        self.field = field

    @classmethod
    def of(cls, wrong: ValidationError) -> "InvalidValue":
        """The first of what pydantic found."""
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        return cls(message, ".".join(map(str, first["loc"])) or None)


def event_from(event_type: type[DomainEvent], given: Any, zones: Zones) -> DomainEvent:
    """The event that an input describes, its times by the clocks of whom they are told by.

    Raises InvalidValue."""
    fields = {}
    for name, info in event_type.model_fields.items():
        value = getattr(given, name, None)
        if value is not None:
            item, depth, _ = _innermost(info.annotation)
            try:
                fields[name] = _each(value, depth, partial(_read, item))
            except NotAnId as wrong:
                raise InvalidValue(str(wrong), name) from None
    told, refused = zones.resolve_times(event_type, fields)
    for name, message in refused.items():
        raise InvalidValue(message, name)
    try:
        return event_type.model_validate(told)
    except ValidationError as wrong:
        raise InvalidValue.of(wrong) from None


def _read(item: Any, value: Any) -> Any:
    if item in _NODES:
        return slug_of(value, _NODES[item])
    if item is ConvoyId:
        return visible(value)
    if isinstance(item, type) and issubclass(item, Value):
        return strawberry.asdict(value)
    return value


EVENT_OBJECTS: dict[type[DomainEvent], type[Event]] = {
    event_type: _object_of(event_type) for event_type in EVENT_TYPES.values()
}
"""The GraphQL object type of every event."""
