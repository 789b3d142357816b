"""How does each event look in GraphQL, as an answer and as an input?

Both are read off the types of its fields, so that a new event has them without a word.
"""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import strawberry
from pydantic import ValidationError
from strawberry import ID

from api.schema.ids import NotAnId, slug_of
from api.schema.objects import Actor, Event, Info, Location, Occurred, Report, Source
from api.schema.scalars import When
from domain.events import EVENT_TYPES
from domain.events import Event as DomainEvent
from domain.occurred import Occurred as Time
from domain.refusals import DomainError
from domain.values import (
    ActorId,
    ConvoyId,
    Coordinates,
    EventId,
    ExternalCode,
    GeoPrecision,
    LocationId,
    Name,
    Reliability,
    ReportId,
    SourceId,
    Value,
)


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


Shown = Callable[[Any, Event, Info], Any]
"""How a field's value is shown: from the value, the event that has it, and the request."""

_SHOWN: dict[Any, tuple[Any, Shown]] = {
    LocationId: (Location, lambda given, _, info: Location.of(info.context.place(given))),
    ActorId: (Actor, lambda given, _, info: Actor.of(info.context.actor(given))),
    SourceId: (Source, lambda given, event, info: Source.find(info.context, given, event.known)),
    ReportId: (Report, lambda given, event, info: Report.find(info.context, given, event.known)),
    EventId: (Event, lambda given, event, info: Event.find(info.context, given, event.known)),
    ConvoyId: (str, lambda given, _, info: given),
    Time: (Occurred, lambda given, _, info: Occurred.of(given.window)),
    Name: (NameObject, lambda given, _, info: given),
    ExternalCode: (ExternalCodeObject, lambda given, _, info: given),
    Coordinates: (CoordinatesObject, lambda given, _, info: given),
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
}
"""What a field holds, where the event says no more than its name and type."""


def _innermost(annotation: Any) -> tuple[Any, bool, bool]:
    """The type of one item, whether there are many, and whether it may be missing."""
    if get_origin(annotation) is Annotated:
        return _innermost(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (each for each in get_args(annotation) if each is not NoneType)
        item, many, _ = _innermost(inner)
        return item, many, True
    if get_origin(annotation) is tuple:
        return _innermost(get_args(annotation)[0])[0], True, False
    return annotation, False, False


def _wrapped(inner: Any, many: bool, optional: bool) -> Any:
    outer = list[inner] if many else inner
    return outer | None if optional else outer


def _shown_field(name: str, annotation: Any, description: str | None) -> Any:
    item, many, optional = _innermost(annotation)
    shown, show = _SHOWN.get(item) or (item, _as_it_is)

    def resolve(self: Event, info: Info) -> Any:
        given = getattr(self.entry.event, name)
        if given is None:
            return None
        return [show(each, self, info) for each in given] if many else show(given, self, info)

    resolve.__annotations__["return"] = _wrapped(shown, many, optional)
    return strawberry.field(resolver=resolve, description=description or _MEANING.get(item))


def _as_it_is(given: Any, event: Event, info: Info) -> Any:
    return given


_SHARED = {"occurred", "credibility", "summary", "passage"}
"""What the interface shows of every event."""


def _object_of(event_type: type[DomainEvent]) -> type[Event]:
    fields = {
        name: _shown_field(name, info.annotation, info.description)
        for name, info in event_type.model_fields.items()
        if name not in _SHARED
    }
    made = type(f"{event_type.__name__}Object", (Event,), fields)
    return strawberry.type(made, name=event_type.__name__, description=event_type.__doc__)


def input_of(event_type: type[DomainEvent], *leave_out: str) -> type:
    """The GraphQL input that holds the event's fields."""
    annotations, defaults = {}, {}
    for name, info in event_type.model_fields.items():
        if name in leave_out:
            continue
        item, many, optional = _innermost(info.annotation)
        given = _GIVEN.get(item, item)
        annotations[name] = _wrapped(given, many, optional or not info.is_required())
        default: dict[str, Any] = {} if info.is_required() else {"default": None}
        description = info.description or _MEANING.get(item)
        if item in _NODES:
            description = f"{description} By slug or global id."
        defaults[name] = strawberry.field(description=description, **default)
    made = type(f"{event_type.__name__}Input", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, description=event_type.__doc__)


class InvalidValue(DomainError):
    """A field of an input can't be taken."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field

    @classmethod
    def of(cls, wrong: ValidationError) -> "InvalidValue":
        """The first of what pydantic found."""
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        return cls(message, ".".join(map(str, first["loc"])))


def event_from(event_type: type[DomainEvent], given: Any) -> DomainEvent:
    """The event that an input describes. Raises InvalidValue."""
    fields = {}
    for name, info in event_type.model_fields.items():
        value = getattr(given, name, None)
        if value is not None:
            item, many, _ = _innermost(info.annotation)
            try:
                fields[name] = [_read(item, each) for each in value] if many else _read(item, value)
            except NotAnId as wrong:
                raise InvalidValue(str(wrong), name) from None
    try:
        return event_type.model_validate(fields)
    except ValidationError as wrong:
        raise InvalidValue.of(wrong) from None


def _read(item: Any, value: Any) -> Any:
    if item in _NODES:
        return slug_of(value, _NODES[item])
    if isinstance(item, type) and issubclass(item, Value):
        return strawberry.asdict(value)
    return value


EVENT_OBJECTS: dict[type[DomainEvent], type[Event]] = {
    event_type: _object_of(event_type) for event_type in EVENT_TYPES.values()
}
"""The GraphQL object type of every event."""
