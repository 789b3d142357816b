"""What is kept of each entry, so that it is found again?

An entry is found under every place that contains one that it names: in `entry_tag`, and what
happened also in `chronicle`. Where a place comes to lie elsewhere, `moves` closes and opens rows.
"""

import sqlite3

import orjson

from domain.events import (
    EVENT_TYPES,
    Event,
    EventReinstated,
    LocationRegistered,
    RecordKeeping,
    ReportAmended,
    ReportFiled,
    SituationEvent,
)
from domain.registry import Statement
from domain.values import EventId
from infra.ledger.codec import Recorded, event_of, fields_of
from infra.spelling import plain
from projections.entries import moves
from projections.entries.filters import within

_PLACE = "location:"
ANYWHERE = ""
"""Stands in the chronicle for a place that contains all others."""

TABLES = (
    "entry",
    "entry_tag",
    "entry_report",
    "entry_revocation",
    "entry_text",
    "chronicle",
    *moves.TABLES,
)
SCHEMA = (
    """
    CREATE TABLE entry (
        position    INTEGER PRIMARY KEY,
        event       TEXT    NOT NULL UNIQUE,
        type        TEXT    NOT NULL,
        recorded_at INTEGER NOT NULL,
        recorded_by TEXT    NOT NULL,
        earliest    INTEGER,
        latest      INTEGER,
        fields      TEXT    NOT NULL
    );
    CREATE INDEX entry_recorded_at ON entry (recorded_at);
    CREATE TABLE entry_tag (
        tag         TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER,
        PRIMARY KEY (tag, position, known_from)
    ) WITHOUT ROWID;
    CREATE TABLE entry_report (
        report      TEXT    PRIMARY KEY,
        source      TEXT    NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE entry_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE entry_text USING fts5 (
        position UNINDEXED, summary, passage, tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE TABLE chronicle (
        location    TEXT    NOT NULL,
        earliest    INTEGER NOT NULL,
        latest      INTEGER NOT NULL,
        position    INTEGER NOT NULL,
        itself      INTEGER NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER,
        PRIMARY KEY (location, earliest, latest, position, known_from)
    ) WITHOUT ROWID;
    """
    + moves.SCHEMA
)


def take_in(db: sqlite3.Connection, recorded: Recorded) -> None:
    """Keeps one entry."""
    event = recorded.event
    _add_entry(db, recorded)
    if isinstance(event, LocationRegistered):
        moves.register(db, event)
    if isinstance(event, ReportFiled):
        db.execute("INSERT INTO entry_report VALUES (?, ?)", (event.report, event.source))
    itself = _places(recorded.statement)
    around = _around(db, itself)
    tags = _tags_of(db, recorded.statement, around)
    if isinstance(event, RecordKeeping):
        row = (event.event, recorded.position, isinstance(event, EventReinstated))
        db.execute("INSERT INTO entry_revocation VALUES (?, ?, ?)", row)
        target = _statement(db, event.event)
        tags |= _tags_of(db, target, _around(db, _places(target)))
    rows = [(tag, recorded.position) for tag in sorted(tags)]
    db.executemany("INSERT INTO entry_tag VALUES (?, ?, 0, NULL)", rows)
    if isinstance(event, SituationEvent):
        _add_text(db, recorded.position, event)
        window = event.occurred.window
        db.executemany(
            "INSERT INTO chronicle VALUES (?, ?, ?, ?, ?, 0, NULL)",
            [
                (place, window.earliest, window.latest, recorded.position, place in itself)
                for place in (ANYWHERE, *around)
            ],
        )
    moves.take_in(db, recorded)


def _add_entry(db: sqlite3.Connection, recorded: Recorded) -> None:
    event = recorded.event
    window = event.occurred.window if isinstance(event, SituationEvent) else None
    db.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            recorded.position,
            recorded.statement.id,
            type(event).__name__,
            recorded.recorded_at,
            recorded.recorded_by,
            window and window.earliest,
            window and window.latest,
            orjson.dumps(fields_of(event)).decode(),
        ),
    )


def _add_text(db: sqlite3.Connection, position: int, event: SituationEvent) -> None:
    if event.summary or event.passage:
        texts = (plain(event.summary or ""), plain(event.passage or ""))
        db.execute("INSERT INTO entry_text VALUES (?, ?, ?)", (position, *texts))


def _around(db: sqlite3.Connection, places: list[str]) -> list[str]:
    """The places, and all that contain them."""
    found: set[str] = set()
    for place in places:
        rows = db.execute("SELECT container FROM entry_around WHERE location = ?", (place,))
        found.update(container for (container,) in rows)
    return sorted(found)


def _places(statement: Statement) -> list[str]:
    return [tag.removeprefix(_PLACE) for tag in statement.tags if tag.startswith(_PLACE)]


def _tags_of(db: sqlite3.Connection, statement: Statement, around: list[str]) -> set[str]:
    event, tags = statement.event, {*statement.tags, *map(within, around)}
    if isinstance(event, SituationEvent | RecordKeeping | ReportAmended):
        asked = "SELECT source FROM entry_report WHERE report = ?"
        (source,) = db.execute(asked, (event.report,)).fetchone()
        tags.add(f"source:{source}")
    return tags


def _statement(db: sqlite3.Connection, event: EventId) -> Statement:
    asked = "SELECT type, fields FROM entry WHERE event = ?"
    name, fields = db.execute(asked, (event,)).fetchone()
    return Statement(event, event_as_kept(name, fields))


def event_as_kept(name: str, fields: str) -> Event:
    """The event of a row, which is in today's shape: a new shape is a new version of the view."""
    return event_of(name, EVENT_TYPES[name].revision, orjson.loads(fields))
