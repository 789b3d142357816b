"""What was recorded, when, and does it still stand?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from domain.events import EVENT_TYPES, Event, EventReinstated, RecordKeeping, SituationEvent
from domain.occurred import Instant
from domain.values import EventId, ReportId
from infra.codec import Recorded, event_of, fields_of
from infra.views import ViewFile


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the ledger."""

    position: int
    id: EventId
    recorded_at: Instant
    recorded_by: str
    event: Event
    retracted: bool
    """Whether it was taken back, as known at the position that was asked about."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for: those that fulfil every condition given."""

    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """All of these: location:kidal, actor:fama, source:…, report:…, convoy:…."""
    occurred_from: Instant | None = None
    """Only what may have happened at this instant or later (valid time)."""
    occurred_to: Instant | None = None
    """Only what may have happened before this instant (valid time)."""
    retracted: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some events in the order of recording, and whether there are more on either side."""

    entries: list[Entry] = field(default_factory=list)
    more_before: bool = False
    more_after: bool = False


class Entries:
    """One row for each entry of the ledger."""

    name, version = "entries", 1
    tables = ("entry", "entry_tag", "entry_revocation")
    schema = """
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
        PRIMARY KEY (tag, position)
    ) WITHOUT ROWID;
    CREATE INDEX entry_tag_position ON entry_tag (position);
    CREATE TABLE entry_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
    ) WITHOUT ROWID;
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    # ---- questions ---------------------------------------------------------------------------

    def get(self, event: EventId, *, known: int) -> Entry | None:
        """The entry of that event, if it was recorded by that position."""
        return self.many([event], known=known).get(event)

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, Entry]:
        """The entries of those events that were recorded by that position."""
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry WHERE position <= :known "
            "AND event IN (SELECT value FROM json_each(:events))",
            {"events": orjson.dumps(list(events)).decode(), "known": known},
        )
        return {entry.id: entry for entry in map(_entry_of, found)}

    def at_position(self, position: int) -> Entry | None:
        """The entry at that position."""
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry WHERE position = :known", {"known": position}
        ).fetchone()
        return _entry_of(found) if found else None

    def position_at(self, recorded_at: Instant) -> int:
        """The last position recorded at that instant or before; 0 where nothing was."""
        found = self._views.reader.execute(
            "SELECT position FROM entry WHERE recorded_at <= ? "
            "ORDER BY recorded_at DESC, position DESC LIMIT 1",
            (recorded_at,),
        ).fetchone()
        return int(found[0]) if found else 0

    def recorded_at(self, position: int) -> Instant | None:
        """When the last entry up to that position was recorded."""
        found = self._views.reader.execute(
            "SELECT recorded_at FROM entry WHERE position <= ? ORDER BY position DESC LIMIT 1",
            (position,),
        ).fetchone()
        return found and Instant(found[0])

    def page(
        self,
        wanted: EventFilter,
        *,
        known: int,
        size: int,
        after: int = 0,
        before: int | None = None,
        from_end: bool = False,
    ) -> Page:
        """At most `size` entries between two positions, the first of them or the last."""
        where, asked = _conditions(wanted)
        asked |= {"known": known, "after": after, "before": before, "size": size + 1}
        found = self._views.reader.execute(
            f"SELECT {_ENTRY} FROM entry WHERE position <= :known AND position > :after "
            f"AND (:before IS NULL OR position < :before){where} "
            f"ORDER BY position {'DESC' if from_end else ''} LIMIT :size",
            asked,
        ).fetchall()
        more = len(found) > size
        entries = [_entry_of(row) for row in found[:size]]
        if from_end:
            return Page(entries[::-1], more_before=more, more_after=before is not None)
        return Page(entries, more_before=after > 0, more_after=more)

    # ---- the fold ----------------------------------------------------------------------------

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        event, position = recorded.event, recorded.position
        window = event.occurred.window if isinstance(event, SituationEvent) else None
        db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                position,
                recorded.statement.id,
                type(event).__name__,
                recorded.recorded_at,
                recorded.recorded_by,
                window and window.earliest,
                window and window.latest,
                orjson.dumps(fields_of(event)).decode(),
            ),
        )
        tags = recorded.statement.tags
        if isinstance(event, SituationEvent | RecordKeeping):
            tags |= _source_of(db, event.report)
        if isinstance(event, RecordKeeping):
            tags |= _tags_of(db, event.event)
            row = (event.event, position, isinstance(event, EventReinstated))
            db.execute("INSERT INTO entry_revocation VALUES (?, ?, ?)", row)
        db.executemany(
            "INSERT INTO entry_tag VALUES (?, ?)", [(tag, position) for tag in sorted(tags)]
        )


_RETRACTED = """coalesce((
    SELECT NOT reinstates FROM entry_revocation AS revocation
    WHERE revocation.event = entry.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""
_ENTRY = f"position, event, recorded_at, recorded_by, type, fields, {_RETRACTED}"


def _entry_of(row: Sequence[Any]) -> Entry:
    position, id_, recorded_at, recorded_by, name, fields, retracted = row
    # Rows are written in today's shape, and a new shape is a new version of the view.
    event = event_of(name, EVENT_TYPES[name].revision, orjson.loads(fields))
    return Entry(position, id_, recorded_at, recorded_by, event, bool(retracted))


def _conditions(wanted: EventFilter) -> tuple[str, dict[str, Any]]:
    where, asked = "", dict[str, Any]()
    if wanted.types:
        where += " AND type IN (SELECT value FROM json_each(:types))"
        asked["types"] = orjson.dumps(wanted.types).decode()
    for number, tag in enumerate(wanted.tags):
        where += f" AND position IN (SELECT position FROM entry_tag WHERE tag = :tag{number})"
        asked[f"tag{number}"] = tag
    if wanted.occurred_from is not None:
        where += " AND latest > :occurred_from"
        asked["occurred_from"] = wanted.occurred_from
    if wanted.occurred_to is not None:
        where += " AND earliest < :occurred_to"
        asked["occurred_to"] = wanted.occurred_to
    if wanted.retracted is not None:
        where += f" AND {_RETRACTED} = :retracted"
        asked["retracted"] = wanted.retracted
    return where, asked


def _source_of(db: sqlite3.Connection, report: ReportId) -> set[str]:
    (source,) = db.execute(
        "SELECT fields ->> 'source' FROM entry_tag JOIN entry USING (position) "
        "WHERE tag = ? AND type = 'ReportFiled' ORDER BY position LIMIT 1",
        (f"report:{report}",),
    ).fetchone()
    return {f"source:{source}"}


def _tags_of(db: sqlite3.Connection, event: EventId) -> set[str]:
    found = db.execute(
        "SELECT tag FROM entry JOIN entry_tag USING (position) WHERE event = ?", (event,)
    )
    return {tag for (tag,) in found}
