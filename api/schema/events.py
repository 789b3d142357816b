"""The GraphQL objects of events, read off the types of the events' fields."""

from collections.abc import Callable, Iterable
from typing import Any

import strawberry

from api.answers.basis import Basis
from api.answers.parts import EventsOf
from api.schema.context import Context
from api.schema.entry import EventObject
from api.schema.node import ActorTarget, Info, LocationTarget, OccurredObject
from api.schema.reports import ReportObject, SourceObject
from api.schema.scalars import DateTime
from api.schema.values import (
    MEANINGS,
    CoordinatesObject,
    DeathsBySideObject,
    EstimateObject,
    ExternalCodeObject,
    GeoPrecisionObject,
    NameObject,
    each_in,
    innermost,
    wrapped,
)
from domain.events import EVENT_TYPES, Event
from domain.occurred import Occurred
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
)
from infra.field_meanings import meanings_of
from projections.entries import EntryRow


def event_object(entry: EntryRow, basis: Basis) -> EventObject:
    """The entry as an object of its GraphQL type."""
    return EVENT_OBJECTS[type(entry.event)](
        named=("Event", entry.id),
        entry=entry,
        object_of=event_object,
        basis=basis,
        event_id=entry.id,
        position=entry.position,
        recorded_at=DateTime(entry.recorded_at),
        retracted=entry.retracted,
    )


def find_event(context: Context, event: EventId, basis: Basis) -> EventObject | None:
    entry = context.answers.entries.get(event, known=basis.position)
    return event_object(entry, basis) if entry else None


def event_objects(
    context: Context,
    events: Iterable[EventId],
    basis: Basis,
    alike: EventsOf | None = None,
) -> list[EventObject]:
    """The events in the given order; with `alike`, read together with those of the other answers
    of a list."""
    return [event_object(each, basis) for each in context.entries(events, basis, alike)]


Shown = Callable[[Any, EventObject, Info], Any]
"""Makes the GraphQL value of a field, from the stored value, the event and the request."""

_SHOWN: dict[Any, tuple[Any, Shown]] = {
    LocationId: (LocationTarget, lambda given, event, info: event.named_place(info, given)),
    ActorId: (ActorTarget, lambda given, event, info: event.named_actor(info, given)),
    SourceId: (
        SourceObject,
        lambda given, event, info: SourceObject.find(info.context, given, event.basis),
    ),
    ReportId: (
        ReportObject,
        lambda given, event, info: ReportObject.find(info.context, given, event.basis),
    ),
    EventId: (
        EventObject,
        lambda given, event, info: find_event(info.context, given, event.basis),
    ),
    ConvoyId: (str, lambda given, _, info: given),
    Occurred: (OccurredObject, lambda given, _, info: OccurredObject.told(given)),
    Name: (NameObject, lambda given, _, info: given),
    ExternalCode: (ExternalCodeObject, lambda given, _, info: given),
    Coordinates: (CoordinatesObject, lambda given, _, info: given),
    Estimate: (EstimateObject, lambda given, _, info: given),
    DeathsBySide: (DeathsBySideObject, lambda given, _, info: given),
    GeoPrecision: (GeoPrecisionObject, lambda given, _, info: given),
}


def _shown_field(name: str, annotation: Any, description: str | None) -> Any:
    item, depth, optional = innermost(annotation)
    shown, show = _SHOWN.get(item) or (item, _as_it_is)

    def resolve(self: EventObject, info: Info) -> Any:
        given = getattr(self.entry.event, name)
        if given is None:
            return None
        return each_in(given, depth, lambda each: show(each, self, info))

    resolve.__annotations__["return"] = wrapped(shown, depth, optional)
    return strawberry.field(resolver=resolve, description=description or MEANINGS.get(item))


def _as_it_is(given: Any, event: EventObject, info: Info) -> Any:
    return given


_SHARED = {"occurred", "credibility", "summary", "passage"}
"""The fields of the interface."""


def _object_of(event_type: type[Event]) -> type[EventObject]:
    meanings = meanings_of(event_type)
    fields = {
        name: _shown_field(name, info.annotation, meanings.get(name))
        for name, info in event_type.model_fields.items()
        if name not in _SHARED
    }
    made = type(f"{event_type.__name__}Object", (EventObject,), fields)
    return strawberry.type(made, name=event_type.__name__, description=event_type.__doc__)


EVENT_OBJECTS: dict[type[Event], type[EventObject]] = {
    event_type: _object_of(event_type) for event_type in EVENT_TYPES.values()
}
"""The GraphQL object type of every event."""
