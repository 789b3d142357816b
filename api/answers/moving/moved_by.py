"""Which places of a map may look otherwise after some entries?"""

from collections.abc import Iterable
from typing import NamedTuple

from domain.events import (
    ActorRegistered,
    Event,
    LineageEvent,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.values import EventId, LocationId
from projections.entries import Entries, EntryRow, EventFilter

MOST_ENTRIES = 5_000
"""After more entries a map is built anew."""
_SILENT = (ActorRegistered, ReportFiled, SourceRegistered)
"""Registrations that change no answer."""


class Moved(NamedTuple):
    """The places that entries are about."""

    places: frozenset[LocationId]
    """The places with statements, or with statements taken back or reinstated."""
    has_registered: bool
    """Whether places were registered."""


def moved_by(entries: Entries, after: int, until: int) -> Moved | None:
    """The places of the entries after a position and up to another; None where an entry may bear on
    any place, as a grade, an amendment or a merger of actors does, or where they are too many."""
    if until - after > MOST_ENTRIES:
        return None
    page = entries.page(EventFilter(), known=until, size=MOST_ENTRIES, after=after).entries
    keeping = [each.event.event for each in page if isinstance(each.event, RecordKeeping)]
    targets = entries.many(keeping, known=until) if keeping else {}
    places: set[LocationId] = set()
    for each in page:
        about = _about(each.event, targets)
        if about is None:
            return None
        places.update(about)
    registered = any(isinstance(each.event, LocationRegistered) for each in page)
    return Moved(frozenset(places), registered)


def _about(event: Event, targets: dict[EventId, EntryRow]) -> Iterable[LocationId] | None:
    """The place of an event, if it bears on one alone; None of an event that may bear on many."""
    if isinstance(event, RecordKeeping):
        target = targets[event.event].event
        return None if isinstance(target, RecordKeeping) else _about(target, targets)
    if isinstance(event, LineageEvent):
        return None
    if isinstance(event, SituationEvent):
        location = getattr(event, "location", None)
        return () if location is None else (location,)
    if isinstance(event, LocationRegistered):
        return (event.location,)
    return () if isinstance(event, _SILENT) else None
