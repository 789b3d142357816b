"""Which claims are made on a place, by whom, and do they still stand?

What the rule of control needs to know, in tables of its own: the kinds of places, the grades of
sources as they were given, who stands behind each report, every claim, and what was taken back.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from domain.claims import Assertion, Claim, ClaimKind, ControlStatus, Grade, assertion_of
from domain.events import (
    EventReinstated,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
    SourceRegraded,
)
from domain.occurred import Precision, Window
from domain.perspective import Perspective, Provenance, Revocation, live
from domain.values import EventId, LocationId, LocationKind, Reliability
from infra.codec import Recorded

TABLES = (
    "control_place",
    "control_source",
    "control_report",
    "control_claim",
    "control_revocation",
)
SCHEMA = """
CREATE TABLE control_place (
    location    TEXT    PRIMARY KEY,
    kind        TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE control_source (
    source      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    reliability TEXT    NOT NULL,
    continuous  INTEGER NOT NULL,
    PRIMARY KEY (source, position)
) WITHOUT ROWID;
CREATE TABLE control_report (
    report      TEXT    PRIMARY KEY,
    source      TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    published   INTEGER NOT NULL,
    spoken      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE control_claim (
    location    TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    earliest    INTEGER NOT NULL,
    latest      INTEGER NOT NULL,
    precision   TEXT    NOT NULL,
    report      TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    credibility INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    holders     TEXT    NOT NULL,
    leaving     TEXT    NOT NULL,
    PRIMARY KEY (location, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX control_claim_event ON control_claim (event);
CREATE INDEX control_claim_origin ON control_claim (origin, location);
CREATE TABLE control_revocation (
    event       TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    reinstates  INTEGER NOT NULL,
    report      TEXT    NOT NULL,
    PRIMARY KEY (event, position)
) WITHOUT ROWID;
"""


def claims_on(
    db: sqlite3.Connection, location: LocationId, *, known: int, perspective: Perspective
) -> tuple[Claim, ...]:
    """The claims that count from that perspective, as known at that position."""
    asked = {"location": location, "known": known}
    claims = [_claim_of(row) for row in db.execute(_SELECT_CLAIMS, asked)]
    revocations = [_revocation_of(row) for row in db.execute(_SELECT_REVOCATIONS, asked)]
    return live(claims, revocations, perspective)


def take_in_place(db: sqlite3.Connection, place: LocationRegistered) -> None:
    db.execute("INSERT INTO control_place VALUES (?, ?)", (place.location, place.kind))


def take_in_source(db: sqlite3.Connection, source: SourceRegistered, position: int) -> None:
    row = (source.source, position, source.reliability, source.continuous)
    db.execute("INSERT INTO control_source VALUES (?, ?, ?, ?)", row)


def take_in_grade(
    db: sqlite3.Connection, regraded: SourceRegraded, position: int
) -> Iterator[LocationId]:
    """Takes in a new grade; yields the places on which the source makes claims."""
    (continuous,) = db.execute(
        "SELECT continuous FROM control_source WHERE source = ? LIMIT 1", (regraded.source,)
    ).fetchone()
    row = (regraded.source, position, regraded.reliability, continuous)
    db.execute("INSERT INTO control_source VALUES (?, ?, ?, ?)", row)
    touched = db.execute(
        "SELECT DISTINCT location FROM control_claim WHERE origin = ?", (regraded.source,)
    ).fetchall()
    return (location for (location,) in touched)


def take_in_report(db: sqlite3.Connection, report: ReportFiled) -> None:
    published = report.published.window.latest - 1
    origin, spoken = report.source, published
    if report.syndicated_from:
        origin, spoken = db.execute(
            "SELECT origin, spoken FROM control_report WHERE report = ?", (report.syndicated_from,)
        ).fetchone()
    row = (report.report, report.source, origin, published, spoken)
    db.execute("INSERT INTO control_report VALUES (?, ?, ?, ?, ?)", row)


def take_in_event(
    db: sqlite3.Connection, event: SituationEvent, recorded: Recorded
) -> tuple[LocationId, Claim] | None:
    """Takes in a statement; the claim that it makes, and on which place, if it makes one."""
    location: LocationId | None = getattr(event, "location", None)
    if location is None:
        return None
    asked = {"location": location, "report": event.report, "known": recorded.position}
    kind, spoken, origin, source, published, reliability, continuous = db.execute(
        _SELECT_WORD, asked
    ).fetchone()
    asserted = assertion_of(event, LocationKind(kind))
    if asserted is None:
        return None
    claim = Claim(
        event=recorded.statement.id,
        position=recorded.position,
        occurred=event.occurred.window,
        published=published,
        spoken=spoken,
        asserts=asserted,
        origin=origin,
        source=source,
        report=event.report,
        grade=Grade(Reliability(reliability), event.credibility),
        continuous=bool(continuous),
    )
    db.execute(
        f"INSERT INTO control_claim VALUES ({', '.join('?' * 13)})",
        (
            location,
            claim.position,
            claim.event,
            claim.occurred.earliest,
            claim.occurred.latest,
            claim.occurred.precision,
            claim.report,
            claim.origin,
            claim.grade.credibility,
            asserted.kind,
            asserted.status,
            orjson.dumps(asserted.holders).decode(),
            orjson.dumps(asserted.leaving).decode(),
        ),
    )
    return location, claim


def take_in_revocation(
    db: sqlite3.Connection, keeping: RecordKeeping, position: int
) -> LocationId | None:
    """Takes in a retraction or reinstatement; the place on which its event makes a claim."""
    row = (keeping.event, position, isinstance(keeping, EventReinstated), keeping.report)
    db.execute("INSERT INTO control_revocation VALUES (?, ?, ?, ?)", row)
    found = db.execute(
        "SELECT location FROM control_claim WHERE event = ?", (keeping.event,)
    ).fetchone()
    return LocationId(found[0]) if found else None


_WORD = """
    report.origin, report.source, report.published, (
        SELECT reliability FROM control_source AS source
        WHERE source.source = report.origin AND source.position <= :known
        ORDER BY source.position DESC LIMIT 1
    )"""
_CONTINUOUS = """(
        SELECT continuous FROM control_source AS source
        WHERE source.source = report.origin LIMIT 1
    )"""
_SELECT_WORD = f"""
    SELECT kind, report.spoken, {_WORD}, {_CONTINUOUS}
    FROM control_place, control_report AS report
    WHERE location = :location AND report = :report"""
_SELECT_CLAIMS = f"""
    SELECT claim.event, claim.position, earliest, latest, precision, kind, status, holders, leaving,
        claim.report, credibility, {_CONTINUOUS}, report.spoken, {_WORD}
    FROM control_claim AS claim JOIN control_report AS report USING (report)
    WHERE location = :location AND claim.position <= :known"""
_SELECT_REVOCATIONS = f"""
    SELECT event, revocation.position, reinstates, {_WORD}
    FROM control_claim AS claim
    JOIN control_revocation AS revocation USING (event)
    JOIN control_report AS report ON report.report = revocation.report
    WHERE location = :location AND revocation.position <= :known"""


def _claim_of(row: Sequence[Any]) -> Claim:
    event, position, earliest, latest, precision, kind, status, holders, leaving = row[:9]
    report, credibility, continuous, spoken, origin, source, published, reliability = row[9:]
    return Claim(
        event=EventId(event),
        position=position,
        occurred=Window(earliest, latest, Precision(precision)),
        published=published,
        spoken=spoken,
        asserts=Assertion(
            ClaimKind(kind),
            ControlStatus(status),
            tuple(orjson.loads(holders)),
            tuple(orjson.loads(leaving)),
        ),
        origin=origin,
        source=source,
        report=report,
        grade=Grade(Reliability(reliability), credibility),
        continuous=bool(continuous),
    )


def _revocation_of(row: Sequence[Any]) -> Revocation:
    event, position, reinstates, origin, source, published, reliability = row
    word = Provenance(origin, source, published, Reliability(reliability))
    return Revocation(event, position, bool(reinstates), word)
