"""The GraphQL inputs of events, read off the types of fields, and the event of an input."""

from enum import Enum
from functools import partial
from typing import Any

import strawberry
from pydantic import ValidationError
from strawberry import ID
from strawberry.schema_directive import Location

from api.ids import NotAnId, slug_of
from api.schema.scalars import When
from api.schema.values import (
    MEANINGS,
    CoordinatesInput,
    DeathsBySideInput,
    EstimateInput,
    ExternalCodeInput,
    GeoPrecisionInput,
    NameInput,
    each_in,
    innermost,
    wrapped,
)
from domain.events import Event
from domain.occurred import Occurred
from domain.references import REGISTERED_BY
from domain.refusals import DomainError
from domain.values import (
    ActorId,
    ConvoyId,
    Coordinates,
    DeathsBySide,
    Estimate,
    EventId,
    ExternalCode,
    GeoPrecision,
    LocationId,
    Name,
    ReportId,
    SourceId,
    Value,
)
from infra.field_meanings import meanings_of
from infra.intake.recorded_zones import Zones
from infra.visible_text import visible

_GIVEN: dict[Any, Any] = {
    LocationId: ID,
    ActorId: ID,
    SourceId: ID,
    ReportId: ID,
    EventId: ID,
    ConvoyId: str,
    Occurred: When,
    Name: NameInput,
    ExternalCode: ExternalCodeInput,
    Coordinates: CoordinatesInput,
    Estimate: EstimateInput,
    DeathsBySide: DeathsBySideInput,
    GeoPrecision: GeoPrecisionInput,
}
_NODES = {
    LocationId: "Location",
    ActorId: "Actor",
    SourceId: "Source",
    ReportId: "Report",
    EventId: "Event",
}


@strawberry.enum(name="Nameable", description="What an id may name.")
class Nameable(Enum):
    LOCATION = "Location"
    ACTOR = "Actor"
    SOURCE = "Source"
    REPORT = "Report"
    EVENT = "Event"


@strawberry.schema_directive(
    name="names",
    locations=[Location.INPUT_FIELD_DEFINITION],
    description="The kind of thing that the ids of the field name; `registers` where the id is a "
    "new one, to be registered.",
)
class NamesDirective:
    kind: Nameable = strawberry.directive_field(name="kind")
    registers: bool | None = strawberry.directive_field(name="registers", default=strawberry.UNSET)
    """Whether the id is a new one."""


def names(item: Any, *, registers: bool = False) -> tuple[object, ...]:
    """The directives of a field with ids of that type; `registers` where the id is a new one."""
    if item not in _NODES:
        return ()
    return (NamesDirective(kind=Nameable(_NODES[item]), registers=registers or strawberry.UNSET),)


def input_of(event_type: type[Event], *leave_out: str) -> type:
    """The GraphQL input with the fields of the event."""
    annotations, defaults = {}, {}
    meanings = meanings_of(event_type)
    for name, info in event_type.model_fields.items():
        if name in leave_out:
            continue
        item, depth, optional = innermost(info.annotation)
        given = _GIVEN.get(item, item)
        annotations[name] = wrapped(given, depth, optional or not info.is_required())
        default: dict[str, Any] = {} if info.is_required() else {"default": None}
        description = meanings.get(name) or MEANINGS.get(item)
        if item in _NODES:
            description = f"{description} By slug or global id."
        defaults[name] = strawberry.field(
            description=description,
            directives=names(item, registers=REGISTERED_BY.get(name) is event_type),
            **default,
        )
    made = type(f"{event_type.__name__}Input", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, description=event_type.__doc__)


class InvalidValue(DomainError):
    """The value of a field is refused."""

    def __init__(self, message: str, field: str | None) -> None:
        super().__init__(message)
        self.field = field

    @classmethod
    def of(cls, wrong: ValidationError) -> "InvalidValue":
        """The first problem found by pydantic."""
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        return cls(message, ".".join(map(str, first["loc"])) or None)


def event_from(event_type: type[Event], given: Any, zones: Zones) -> Event:
    """The event of an input; the clocks of report, place or source count for its times.

    Raises InvalidValue.
    """
    fields = {}
    for name, info in event_type.model_fields.items():
        value = getattr(given, name, None)
        if value is not None:
            item, depth, _ = innermost(info.annotation)
            try:
                fields[name] = each_in(value, depth, partial(_read, item))
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
