"""The fold of the ledger into the record."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from domain.events import (
    ActorRegistered,
    Amendment,
    Event,
    EventReinstated,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.references import Reference, amended_by
from domain.registry import Statement
from domain.situation.ties import ties_of
from domain.values import EventId, LocationId, ReportId, SourceId
from infra.ledger.codec import Recorded
from infra.views.file import Projection, ViewFile
from infra.views.rows import FOR_EVER, PendingRows, insertion
from projections.record import containment, entries, registrations
from projections.record.entries import StoredEntry
from projections.record.registrations import SOURCES, Reread

_REMEMBERED = 50_000
"""How many places and reports memory holds."""


class TieRow(NamedTuple):
    """A word of an event on a tie."""

    kind: str
    subject: str
    object: str
    position: int
    begins: bool


class Record(Projection):
    """A row for each entry, each reading of a registration, and each word on a tie."""

    name, version = "record", 2
    tables = (*entries.TABLES, *registrations.TABLES, *containment.TABLES, "tie")
    schema = f"""
    {entries.SCHEMA} {registrations.SCHEMA} {containment.SCHEMA}
    CREATE TABLE tie (
        kind        TEXT    NOT NULL,
        subject     TEXT    NOT NULL,
        object      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        begins      INTEGER NOT NULL,
        PRIMARY KEY (kind, subject, object, position)
    ) WITHOUT ROWID;
    CREATE INDEX tie_object ON tie (kind, object, position);
    CREATE INDEX tie_position ON tie (position);
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views
        self._entries = PendingRows(entries.INSERT_ENTRY)
        self._ties = PendingRows(insertion("tie", TieRow._fields))
        self._containers: dict[LocationId, Sequence[LocationId]] = {}
        self._sources: dict[ReportId, tuple[SourceId, SourceId]] = {}
        self.reread: Reread | None = None
        """The registration changed by the last entry."""
        self.moved: Sequence[str] = ()
        """The places that gained or lost a place by the last entry."""

    # ---- questions while the views follow: what was taken in last counts ---------------------

    def containers(self, db: sqlite3.Connection, place: LocationId) -> Sequence[LocationId]:
        """The place and all places around it now."""
        if place not in self._containers:
            if len(self._containers) > _REMEMBERED:
                self._containers.clear()
            self._containers[place] = (
                place,
                *containment.around(db, place, known=FOR_EVER - 1),
            )
        return self._containers[place]

    def voices(self, db: sqlite3.Connection, report: ReportId) -> tuple[SourceId, SourceId]:
        """The source and the origin of a report."""
        if report not in self._sources:
            found = db.execute("SELECT source, origin FROM report WHERE report = ?", (report,))
            self._sources[report] = found.fetchone()
        return self._sources[report]

    def statement(self, db: sqlite3.Connection, event: EventId) -> Statement:
        self.write(db)
        return entries.statement(db, event)

    # ---- the fold ----------------------------------------------------------------------------

    def forget(self) -> None:
        self._entries.forget()
        self._ties.forget()
        self._containers.clear()
        self._sources.clear()

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        self.reread, self.moved = None, ()
        event, position = recorded.event, recorded.position
        self._entries.add(StoredEntry.of(recorded))
        match event:
            case SituationEvent():
                self._ties.extend(
                    TieRow(tie.kind, tie.subject, tie.object, position, begins)
                    for tie, begins in ties_of(event)
                )
            case LocationRegistered():
                registrations.register(db, event, position)
                containment.register(db, event.location, event.within)
            case ReportFiled():
                filed = registrations.file(db, event, position)
                if len(self._sources) > _REMEMBERED:
                    self._sources.clear()
                self._sources[event.report] = filed.source, filed.origin
            case ActorRegistered() | SourceRegistered():
                registrations.register(db, event, position)
            case SourceRegraded():
                SOURCES.change(db, event.source, position, reliability=event.reliability)
            case SourceEnded(ended=ended):
                end = {"ended": ended.text, "ended_by": ended.window.latest}
                SOURCES.change(db, event.source, position, **end)
            case Amendment() | RecordKeeping():
                self._read_again(db, event, recorded)

    def write(self, db: sqlite3.Connection) -> None:
        self._entries.write(db)
        self._ties.write(db)

    def _read_again(
        self, db: sqlite3.Connection, event: Amendment | RecordKeeping, recorded: Recorded
    ) -> None:
        self.write(db)
        position = recorded.position
        if isinstance(event, RecordKeeping):
            revoked = (event.event, position, isinstance(event, EventReinstated), event.report)
            db.execute("INSERT INTO revocation VALUES (?, ?, ?, ?)", revoked)
        elif named := amended_by(event):
            amendment = (named.tag, position, recorded.statement.id)
            db.execute("INSERT INTO amendment VALUES (?, ?, ?)", amendment)
        if named := _amended(db, event):
            self.reread = registrations.reread(db, named, position, before=position - 1)
        match self.reread:
            case (_, LocationRegistered() as was, LocationRegistered() as reads):
                if was.within != reads.within:
                    self._containers.clear()
                    self.moved = containment.move(db, reads.location, reads.within, position)


def _amended(db: sqlite3.Connection, event: Event) -> Reference | None:
    """The registration of an amendment, or of a revoked or reinstated amendment."""
    if not isinstance(event, RecordKeeping):
        return amended_by(event)
    found = db.execute("SELECT amended FROM amendment WHERE event = ?", (event.event,)).fetchone()
    if not found:
        return None
    kind, _, slug = found[0].partition(":")
    return Reference(kind, slug, kind)
