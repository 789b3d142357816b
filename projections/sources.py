"""Whose word do we record, how far do we trust it, and what did they report?"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.events import (
    ReportAmended,
    ReportFiled,
    SourceAmended,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.references import Reference
from domain.values import Reliability, ReportId, SourceId
from infra.ledger.codec import Recorded
from infra.views.amendments import FOR_EVER, KNOWN, AmendmentRows, Readings
from infra.views.file import ViewFile


@dataclass(frozen=True, slots=True)
class Source:
    """A source as known at a position."""

    source: SourceId
    name: str
    reliability: Reliability
    continuous: bool
    """Whether it was registered as one whose silence means no change."""
    ended: str | None
    """When it ended, as text that `Occurred.parse` reads: from the close of that window on it is
    continuous no longer. None: it goes on, as far as is known."""
    url: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """A report as known at a position, and behind its copies the one whose voice it is."""

    report: ReportId
    source: SourceId
    origin: SourceId
    published: str
    """Published time, as text that `Occurred.parse` reads."""
    title: str
    url: str | None
    content_hash: str | None
    syndicated_from: ReportId | None


_SOURCES = Readings("source", "source", ("name", "continuous", "url"))
_REPORTS = Readings(
    "report",
    "report",
    ("source", "origin", "published", "title", "url", "content_hash", "syndicated_from"),
)
_AMENDMENTS = AmendmentRows("source_amendment", SourceAmended, ReportAmended)


class Sources:
    """One row for each source, each grade it was given and each end, one for each report; and one
    more for each time that a source or a report came to read otherwise."""

    name, version = "sources", 3
    tables = ("source", "source_grade", "source_end", "report", "source_amendment")
    schema = f"""
    CREATE TABLE source (
        source      TEXT    NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        continuous  INTEGER NOT NULL,
        url         TEXT,
        PRIMARY KEY (source, known_from)
    ) WITHOUT ROWID;
    CREATE TABLE source_grade (
        source      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        reliability TEXT    NOT NULL,
        PRIMARY KEY (source, position)
    ) WITHOUT ROWID;
    CREATE TABLE source_end (
        source      TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        ended       TEXT    NOT NULL,
        PRIMARY KEY (source, position)
    ) WITHOUT ROWID;
    CREATE TABLE report (
        report          TEXT    NOT NULL,
        known_from      INTEGER NOT NULL,
        known_to        INTEGER NOT NULL,
        source          TEXT    NOT NULL,
        origin          TEXT    NOT NULL,
        published       TEXT    NOT NULL,
        title           TEXT    NOT NULL,
        url             TEXT,
        content_hash    TEXT,
        syndicated_from TEXT,
        PRIMARY KEY (report, known_from)
    ) WITHOUT ROWID;
    {_AMENDMENTS.schema}
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def source(self, source: SourceId, *, known: int) -> Source | None:
        """The source, with the reliability and the end that it had at that position."""
        found = self._views.reader.execute(
            "SELECT source, name, reliability, continuous, ("
            "SELECT ended FROM source_end AS last WHERE last.source = source.source "
            "AND last.position <= :known ORDER BY last.position DESC LIMIT 1"
            "), url FROM source "
            "JOIN source_grade AS grade USING (source) "
            f"WHERE source = :source AND {KNOWN} AND grade.position <= :known "
            "ORDER BY grade.position DESC LIMIT 1",
            {"source": source, "known": known},
        ).fetchone()
        return _source_of(found) if found else None

    def report(self, report: ReportId, *, known: int) -> Report | None:
        """The report, if it was filed by that position."""
        found = self._views.reader.execute(
            "SELECT report, source, origin, published, title, url, content_hash, syndicated_from "
            f"FROM report WHERE report = :report AND {KNOWN}",
            {"report": report, "known": known},
        ).fetchone()
        return Report(*found) if found else None

    def names(self) -> dict[str, set[str]]:
        """Every source, with what it may be called."""
        found = self._views.reader.execute(
            "SELECT source, name FROM source WHERE known_to = ?", (FOR_EVER,)
        )
        return {source: {source, name} for source, name in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        position = recorded.position
        match recorded.event:
            case SourceRegistered() as source:
                said = (source.name, source.continuous, source.url)
                _SOURCES.register(db, source.source, said, position)
                _grade(db, source.source, position, source.reliability)
            case SourceRegraded() as regraded:
                _grade(db, regraded.source, position, regraded.reliability)
            case SourceEnded() as over:
                end = (over.source, position, over.ended.text)
                db.execute("INSERT INTO source_end VALUES (?, ?, ?)", end)
            case ReportFiled() as report:
                _file(db, report, position)
            case _:
                if amended := _AMENDMENTS.take_in(db, recorded):
                    _read(db, amended, position)


def _read(db: sqlite3.Connection, amended: Reference, position: int) -> None:
    readings = _SOURCES if amended.kind == "source" else _REPORTS
    said = readings.registered(db, amended.slug)
    for amendment in _AMENDMENTS.standing(db, amended):
        said |= amendment.changes
    readings.read(db, amended.slug, said, position)


def _grade(
    db: sqlite3.Connection, source: SourceId, position: int, reliability: Reliability
) -> None:
    db.execute("INSERT INTO source_grade VALUES (?, ?, ?)", (source, position, reliability))


def _file(db: sqlite3.Connection, report: ReportFiled, position: int) -> None:
    origin = report.source
    if report.syndicated_from:
        (origin,) = db.execute(
            "SELECT origin FROM report WHERE report = ? LIMIT 1", (report.syndicated_from,)
        ).fetchone()
    said = (
        *(report.source, origin, report.published.text, report.title),
        *(report.url, report.content_hash, report.syndicated_from),
    )
    _REPORTS.register(db, report.report, said, position)


def _source_of(row: Sequence[Any]) -> Source:
    source, name, reliability, continuous, ended, url = row
    return Source(source, name, Reliability(reliability), bool(continuous), ended, url)
