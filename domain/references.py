"""The ids named by an event.

The types of the fields tell; a new event has its references and tags without further code.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

from domain.events import (
    ActorRegistered,
    Amendment,
    Event,
    LocationRegistered,
    ReportFiled,
    SourceRegistered,
)
from domain.values import ActorId, ConvoyId, LocationId, ReportId, SourceId


class Reference(NamedTuple):
    """An id in a field of an event."""

    kind: str
    """location, actor, source, report or convoy."""
    slug: str
    field: str

    @property
    def tag(self) -> str:
        return f"{self.kind}:{self.slug}"


_KINDS: dict[Any, str] = {
    LocationId: "location",
    ActorId: "actor",
    SourceId: "source",
    ReportId: "report",
    ConvoyId: "convoy",
}
REGISTERED_BY: dict[str, type[Event]] = {
    "location": LocationRegistered,
    "actor": ActorRegistered,
    "source": SourceRegistered,
    "report": ReportFiled,
}
"""The registering event for each kind of id. A convoy needs no registration."""
_REGISTERS = {event_type: kind for kind, event_type in REGISTERED_BY.items()}
"""The kind of id that an event registers; the id is in the field of the same name."""


def references_of(event: Event) -> Iterator[Reference]:
    """Every id in the event, in the order of the fields."""
    for field, kind in _id_fields(type(event)):
        for slug in _slugs_in(getattr(event, field)):
            yield Reference(kind, slug, field)


def subject_of(event: Event) -> Reference | None:
    """The id of a registration; None for other events."""
    kind = _REGISTERS.get(type(event))
    return Reference(kind, getattr(event, kind), kind) if kind else None


def amended_by(event: Event) -> Reference | None:
    """The id of the amended registration; None for other events."""
    if not isinstance(event, Amendment):
        return None
    return next(each for each in references_of(event) if each.field == event.amends)


def _slugs_in(given: Any) -> Iterator[str]:
    """The ids in a field with an id, a list of ids, or lists for several sides."""
    if isinstance(given, str):
        yield given
    else:
        for each in given or ():
            yield from _slugs_in(each)


@cache
def _id_fields(event_type: type[Event]) -> tuple[tuple[str, str], ...]:
    found = ((name, _kind(info.annotation)) for name, info in event_type.model_fields.items())
    return tuple((name, kind) for name, kind in found if kind)


def _kind(annotation: Any) -> str | None:
    if annotation in _KINDS:
        return _KINDS[annotation]
    return next(filter(None, map(_kind, get_args(annotation))), None)
