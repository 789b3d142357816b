"""On which places does an entry bear? Their answers are compared when changes are followed.

The places are those that the fold resolves for the entry, and perhaps some more: what is known of
kin and sources later counts too.
"""

import sqlite3
from collections.abc import Iterator

from domain.events import (
    EVENT_TYPES,
    Event,
    LineageEvent,
    LocationAmended,
    RecordKeeping,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegraded,
)
from domain.values import EventId, LocationId
from projections.control.lineage import is_of_lineage, places_akin
from projections.record import statement

BEARING: tuple[str, ...] = tuple(
    name
    for name, each in EVENT_TYPES.items()
    if issubclass(
        each,
        LineageEvent
        | LocationAmended
        | RecordKeeping
        | SourceAmended
        | SourceEnded
        | SourceRegraded,
    )
    or (issubclass(each, SituationEvent) and "location" in each.model_fields)
)
"""The types of event that may change an answer about control."""


def places_touched(
    db: sqlite3.Connection, event: Event, id_: EventId, position: int
) -> list[LocationId]:
    """The places with answers that the entry may have changed, in the order of their ids."""
    return sorted(set(_touched(db, event, id_, position)))


def _touched(
    db: sqlite3.Connection, event: Event, id_: EventId, position: int
) -> Iterator[LocationId]:
    match event:
        case RecordKeeping():
            said = statement(db, event.event)
            found = db.execute("SELECT position FROM entry WHERE event = ?", (said.id,)).fetchone()
            yield from _touched(db, said.event, said.id, int(found[0]))
        case SourceRegraded() | SourceEnded() | SourceAmended():
            yield from _told_by(db, event.source)
        case LocationAmended():
            yield event.location
        case SituationEvent() if is_of_lineage(event):
            yield from places_akin(db, id_)
        case SituationEvent():
            location: LocationId | None = getattr(event, "location", None)
            if location and _makes_a_claim(db, location, position):
                yield location


def _told_by(db: sqlite3.Connection, source: str) -> Iterator[LocationId]:
    named = (f"source:{source}",)
    for (location,) in db.execute("SELECT location FROM control_named WHERE named = ?", named):
        yield location


def _makes_a_claim(db: sqlite3.Connection, location: LocationId, position: int) -> bool:
    found = db.execute(
        "SELECT 1 FROM control_claim WHERE location = ? AND position = ?", (location, position)
    )
    return found.fetchone() is not None
