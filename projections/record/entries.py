"""The entries of the ledger, and whether each still stands."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from domain.events import EVENT_TYPES, Event, SituationEvent
from domain.occurred import Instant
from domain.registry import Statement
from domain.values import EventId
from infra.ledger.codec import Recorded, event_of
from infra.views.rows import columns, insertion

TABLES = ("entry", "revocation")
SCHEMA = """
CREATE TABLE entry (
    position    INTEGER PRIMARY KEY,
    event       TEXT    NOT NULL UNIQUE,
    type        TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT    NOT NULL,
    fields      TEXT    NOT NULL,
    earliest    INTEGER,
    latest      INTEGER,
    precision   TEXT,
    report      TEXT,
    credibility INTEGER
);
CREATE INDEX entry_recorded_at ON entry (recorded_at);
CREATE TABLE revocation (
    event       TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    reinstates  INTEGER NOT NULL,
    report      TEXT    NOT NULL,
    PRIMARY KEY (event, position)
) WITHOUT ROWID;
"""


class StoredEntry(NamedTuple):
    """A row of the table `entry`; the defaults are for events other than statements."""

    position: int
    event: EventId
    type: str
    recorded_at: Instant
    recorded_by: str
    fields: str
    earliest: Instant | None = None
    latest: Instant | None = None
    precision: str | None = None
    report: str | None = None
    credibility: int | None = None

    @staticmethod
    def of(recorded: Recorded) -> "StoredEntry":
        event = recorded.event
        envelope = (
            recorded.position,
            recorded.statement.id,
            type(event).__name__,
            recorded.recorded_at,
            recorded.recorded_by,
            event.model_dump_json(exclude_defaults=True),
        )
        if not isinstance(event, SituationEvent):
            return StoredEntry(*envelope)
        window = event.occurred.window
        when = (window.earliest, window.latest, window.precision)
        return StoredEntry(*envelope, *when, event.report, event.credibility)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An event in the ledger."""

    position: int
    id: EventId
    recorded_at: Instant
    recorded_by: str
    event: Event
    retracted: bool
    """Whether the event is taken back, as known at the position of the question."""


class _ShownEntry(NamedTuple):
    position: int
    event: EventId
    recorded_at: Instant
    recorded_by: str
    type: str
    fields: str
    retracted: int


def taken_back(event: str, at: str = ":known") -> str:
    """The condition on a column with an event: taken back, as known at a position."""
    return f"""coalesce((
        SELECT NOT reinstates FROM revocation
        WHERE revocation.event = {event} AND revocation.position <= {at}
        ORDER BY revocation.position DESC LIMIT 1
    ), 0)"""


ENTRY = columns(
    _ShownEntry, position="entry.position", event="entry.event", retracted=taken_back("entry.event")
)
"""The columns for `entry_of`; `:known` is the position of the question."""
ENTRY_AS_RECORDED = columns(
    _ShownEntry,
    position="entry.position",
    event="entry.event",
    retracted=taken_back("entry.event", "entry.position"),
)
"""The same, each entry as known at its own position."""
INSERT_ENTRY = insertion("entry", StoredEntry._fields)


def entry_of(row: Iterable[Any]) -> EntryRow:
    found = _ShownEntry._make(row)
    return EntryRow(
        found.position,
        found.event,
        found.recorded_at,
        found.recorded_by,
        stored_event(found.type, found.fields),
        bool(found.retracted),
    )


def stored_event(name: str, fields: str) -> Event:
    """The event of a row; rows are in today's shape, for a new shape is a new version of the
    view."""
    return event_of(name, EVENT_TYPES[name].revision, orjson.loads(fields))


def statement(db: sqlite3.Connection, event: EventId) -> Statement:
    found = db.execute("SELECT type, fields FROM entry WHERE event = ?", (event,))
    return Statement(event, stored_event(*found.fetchone()))
