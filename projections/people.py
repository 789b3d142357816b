"""How many people fled by a moment, and who needed aid, as known at a position?"""

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import orjson

from domain.control.perspective import Counting
from domain.events import (
    EventReinstated,
    NeedReported,
    PopulationDisplaced,
    RecordKeeping,
    ReportFiled,
    SourceRegistered,
    SourceRegraded,
)
from domain.grades import Grade
from domain.occurred import Instant, Precision, Window
from domain.situation.people import (
    Displaced,
    Displacement,
    Need,
    Needed,
    displacement,
    open_needs,
)
from domain.situation.ties import Around
from domain.values import Estimate, EventId, LocationId, Reliability, Sector
from infra.ledger.codec import Recorded
from infra.views.file import ViewFile

_FLED, _NEED = PopulationDisplaced.__name__, NeedReported.__name__


class Humanitarian:
    """One row for each report of people who fled or need aid; and whose word it is, and how
    trusted."""

    name, version = "humanitarian", 1
    tables = ("people", "people_revocation", "people_report", "people_grade")
    schema = """
    CREATE TABLE people (
        type        TEXT    NOT NULL,
        location    TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        event       TEXT    NOT NULL UNIQUE,
        earliest    INTEGER NOT NULL,
        latest      INTEGER NOT NULL,
        precision   TEXT    NOT NULL,
        report      TEXT    NOT NULL,
        credibility INTEGER NOT NULL,
        sector      TEXT,
        low         INTEGER,
        best        INTEGER,
        high        INTEGER,
        PRIMARY KEY (type, location, position)
    ) WITHOUT ROWID;
    CREATE TABLE people_revocation (
        event       TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reinstates  INTEGER NOT NULL,
        PRIMARY KEY (event, position)
    ) WITHOUT ROWID;
    CREATE TABLE people_report (
        report      TEXT    PRIMARY KEY,
        origin      TEXT    NOT NULL,
        published   INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE people_grade (
        source      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reliability TEXT    NOT NULL,
        PRIMARY KEY (source, position)
    ) WITHOUT ROWID;
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def displacement(
        self,
        *,
        at: Instant,
        known: int,
        around: Around,
        inside: Collection[LocationId] | None = None,
        counting: Counting | None = None,
    ) -> Displacement:
        """How many people fled from these places by that instant; from everywhere, where none are
        given. What was taken back does not count, or what `counting` leaves out."""
        rows = self._rows(_FLED, at, known, inside, counting)
        return displacement((_displaced_of(row) for row in rows), at, around)

    def needs(
        self,
        *,
        at: Instant,
        known: int,
        inside: Collection[LocationId] | None = None,
        counting: Counting | None = None,
    ) -> list[Need]:
        """The needs that are open at that instant in these places; or everywhere. What was taken
        back does not count, or what `counting` leaves out."""
        rows = self._rows(_NEED, at, known, inside, counting)
        return open_needs(map(_needed_of, rows), at)

    def _rows(
        self,
        kind: str,
        at: Instant,
        known: int,
        inside: Collection[LocationId] | None,
        counting: Counting | None,
    ) -> list[Sequence[Any]]:
        where = ""
        if inside is not None:
            where = " AND location IN (SELECT value FROM json_each(:inside))"
        found = self._views.reader.execute(
            f"SELECT {_PEOPLE} FROM people JOIN people_report AS report USING (report) "
            "WHERE type = :kind AND position <= :known AND earliest <= :at "
            f"AND (:all OR NOT {_RETRACTED}){where} ORDER BY position",
            {
                "kind": kind,
                "known": known,
                "at": at,
                "inside": orjson.dumps(sorted(inside or ())).decode(),
                "all": counting is not None,
            },
        ).fetchall()
        if counting is None:
            return found
        counted = counting({event for event, *_ in found})
        return [row for row in found if row[0] in counted]

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        position = recorded.position
        match recorded.event:
            case SourceRegistered() | SourceRegraded() as source:
                row = (source.source, position, source.reliability)
                db.execute("INSERT INTO people_grade VALUES (?, ?, ?)", row)
            case ReportFiled() as report:
                _file(db, report)
            case PopulationDisplaced() | NeedReported() as event:
                _report(db, event, recorded)
            case RecordKeeping() as keeping:
                db.execute(
                    "INSERT INTO people_revocation SELECT ?1, ?2, ?3 "
                    "WHERE EXISTS (SELECT 1 FROM people WHERE event = ?1)",
                    (keeping.event, position, isinstance(keeping, EventReinstated)),
                )


def _file(db: sqlite3.Connection, report: ReportFiled) -> None:
    origin = report.source
    if report.syndicated_from:
        (origin,) = db.execute(
            "SELECT origin FROM people_report WHERE report = ?", (report.syndicated_from,)
        ).fetchone()
    row = (report.report, origin, report.published.window.latest - 1)
    db.execute("INSERT INTO people_report VALUES (?, ?, ?)", row)


def _report(
    db: sqlite3.Connection, event: PopulationDisplaced | NeedReported, recorded: Recorded
) -> None:
    window, people = event.occurred.window, event.people or Estimate.model_construct()
    db.execute(
        f"INSERT INTO people VALUES ({', '.join('?' * 13)})",
        (
            type(event).__name__,
            event.location,
            recorded.position,
            recorded.statement.id,
            window.earliest,
            window.latest,
            window.precision,
            event.report,
            event.credibility,
            event.sector if isinstance(event, NeedReported) else None,
            people.low,
            people.best,
            people.high,
        ),
    )


_RETRACTED = """coalesce((
    SELECT NOT reinstates FROM people_revocation AS revocation
    WHERE revocation.event = people.event AND revocation.position <= :known
    ORDER BY revocation.position DESC LIMIT 1
), 0)"""
_PEOPLE = """event, position, location, earliest, latest, precision, published, sector, low, best,
    high, credibility, (
        SELECT reliability FROM people_grade AS grade
        WHERE grade.source = report.origin AND grade.position <= :known
        ORDER BY grade.position DESC LIMIT 1
    )"""


def _displaced_of(row: Sequence[Any]) -> Displaced:
    event, position, location, earliest, latest, precision, published = row[:7]
    _, low, best, high, credibility, reliability = row[7:]
    return Displaced(
        EventId(event),
        position,
        location,
        Window(earliest, latest, Precision(precision)),
        published,
        Grade(Reliability(reliability), credibility),
        Estimate(low=low, best=best, high=high),
    )


def _needed_of(row: Sequence[Any]) -> Needed:
    event, position, location, earliest, latest, precision, published = row[:7]
    sector, low, best, high, _, _ = row[7:]
    people = None if low is best is high is None else Estimate(low=low, best=best, high=high)
    return Needed(
        EventId(event),
        position,
        location,
        Sector(sector) if sector else None,
        Window(earliest, latest, Precision(precision)),
        published,
        people,
    )
