"""The readings of places, actors, sources and reports: a row more for each change, by an amendment,
a grade or an end."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from domain.amendments import amended
from domain.events import (
    ActorRegistered,
    Amendment,
    LocationRegistered,
    Registration,
    ReportFiled,
    SourceRegistered,
)
from domain.references import Reference
from domain.values import Name, SourceId
from infra.views.rows import FOR_EVER, insertion
from projections.record.entries import stored_event, taken_back

_SQL: dict[Any, str] = {
    **dict.fromkeys((str, SourceId), "TEXT NOT NULL"),
    **dict.fromkeys((int, bool), "INTEGER NOT NULL"),
    str | None: "TEXT",
    int | None: "INTEGER",
    float | None: "REAL",
}
"""The column type of each type of field."""


class PlaceReading(NamedTuple):
    location: str
    name: str
    kind: str
    latitude: float | None
    longitude: float | None
    within: str | None
    aliases: str
    geo_scale: str | None
    """The scale of the coded precision of the coordinates, with `geo_code`."""
    geo_code: int | None


class ActorReading(NamedTuple):
    actor: str
    name: str
    kind: str
    aliases: str


class SourceReading(NamedTuple):
    """The registration, the grade and the end of a source."""

    source: str
    name: str
    reliability: str
    continuous: bool
    ended: str | None
    ended_by: int | None
    """The close of the window of the end (valid time)."""
    url: str | None


class ReportReading(NamedTuple):
    """The registration of a report, and the first report behind copies."""

    report: str
    source: SourceId
    origin: SourceId
    """The source of the first report."""
    published: str
    published_by: int
    """Published time: the last microsecond of its window."""
    title: str
    url: str | None
    content_hash: str | None
    syndicated_from: str | None
    copied: str
    """The copied reports, the nearest first, as JSON."""
    spoken_from: int
    """Published time of the first report, with `spoken_to` and `spoken_as`."""
    spoken_to: int
    spoken_as: str


R = TypeVar("R", PlaceReading, ActorReading, SourceReading, ReportReading)


@dataclass(frozen=True, slots=True)
class Readings(Generic[R]):
    """The rows of one kind of registration; the first field is the id."""

    table: str
    row: type[R]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a reading."""
        return tuple(self.row.__annotations__)

    @property
    def schema(self) -> str:
        """The SQL of the table."""
        columns = [f"{name} {_SQL[kind]}" for name, kind in self.row.__annotations__.items()]
        return f"""
            CREATE TABLE {self.table} (
                {", ".join(columns)},
                known_from INTEGER NOT NULL, known_to INTEGER NOT NULL,
                PRIMARY KEY ({self.key}, known_from)
            ) WITHOUT ROWID;"""

    @property
    def key(self) -> str:
        """The column of the id."""
        return self.names[0]

    def begin(self, db: sqlite3.Connection, reading: R, position: int) -> None:
        insert = insertion(self.table, (*self.names, "known_from", "known_to"))
        db.execute(insert, (*reading, position, FOR_EVER))

    def last(self, db: sqlite3.Connection, id: str) -> R:
        """The last reading."""
        found = db.execute(
            f"SELECT {', '.join(self.names)} FROM {self.table} "
            f"WHERE {self.key} = ? AND known_to = {FOR_EVER}",
            (id,),
        )
        return self.row._make(found.fetchone())

    def change(self, db: sqlite3.Connection, id: str, position: int, **changes: Any) -> None:
        """Closes the last reading and begins the changed one, if different."""
        before = self.last(db, id)
        after = before._replace(**changes)
        if after != before:
            db.execute(
                f"UPDATE {self.table} SET known_to = ? "
                f"WHERE {self.key} = ? AND known_to = {FOR_EVER}",
                (position, id),
            )
            self.begin(db, after, position)


PLACES = Readings("place", PlaceReading)
ACTORS = Readings("actor", ActorReading)
SOURCES = Readings("source", SourceReading)
REPORTS = Readings("report", ReportReading)
_READINGS: dict[str, Readings[Any]] = {
    "location": PLACES,
    "actor": ACTORS,
    "source": SOURCES,
    "report": REPORTS,
}
TABLES = ("amendment", *(each.table for each in _READINGS.values()))
SCHEMA = f"""
CREATE TABLE amendment (
    amended     TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    event       TEXT    NOT NULL UNIQUE,
    PRIMARY KEY (amended, position)
) WITHOUT ROWID;
{"".join(each.schema for each in _READINGS.values())}
"""


class Reread(NamedTuple):
    """A registration, before and after an entry that changes its reading."""

    named: Reference
    before: Registration
    after: Registration


def register(
    db: sqlite3.Connection,
    registered: LocationRegistered | ActorRegistered | SourceRegistered,
    position: int,
) -> None:
    match registered:
        case LocationRegistered():
            PLACES.begin(db, PlaceReading(registered.location, **_said_of(registered)), position)
        case ActorRegistered():
            ACTORS.begin(db, ActorReading(registered.actor, **_said_of(registered)), position)
        case SourceRegistered():
            graded = {"reliability": registered.reliability, "ended": None, "ended_by": None}
            said = _said_of(registered) | graded
            SOURCES.begin(db, SourceReading(registered.source, **said), position)


def reread(
    db: sqlite3.Connection, named: Reference, position: int, *, before: int
) -> Reread | None:
    """The change of the registration's reading between two positions, if any; the reading is
    stored."""
    readings = _READINGS[named.kind]
    first = f"SELECT min(known_from) FROM {readings.table} WHERE {readings.key} = ?"
    found = db.execute(
        f"SELECT type, fields FROM entry WHERE position = ({first})", (named.slug,)
    ).fetchone()
    registered: Any = stored_event(*found)
    was, reads = (amended(registered, _standing(db, named, at)) for at in (before, position))
    if was == reads:
        return None
    readings.change(db, named.slug, position, **_said_of(reads))
    return Reread(named, was, reads)


def _standing(db: sqlite3.Connection, named: Reference, known: int) -> list[Amendment]:
    """The standing amendments of a registration, in order of recording."""
    found = db.execute(_SELECT_STANDING, {"amended": named.tag, "known": known})
    return [stored_event(*row) for row in found]  # type: ignore[misc]


_SELECT_STANDING = f"""
    SELECT type, fields FROM amendment JOIN entry USING (position)
    WHERE amended = :amended AND amendment.position <= :known
    AND NOT {taken_back("amendment.event")} ORDER BY amendment.position"""


def _said_of(registered: Registration) -> dict[str, Any]:
    """The amendable columns of a reading."""
    match registered:
        case LocationRegistered(name=name, kind=kind, coordinates=point, within=within):
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            said: dict[str, Any] = {"name": name, "kind": kind, "within": within}
            said |= {"latitude": latitude, "longitude": longitude}
            coded = point.precision if point else None
            said |= {"geo_scale": coded and coded.scale, "geo_code": coded and coded.code}
            return said | {"aliases": _texts(registered.aliases)}
        case ActorRegistered(name=name, kind=kind, aliases=aliases):
            return {"name": name, "kind": kind, "aliases": _texts(aliases)}
        case SourceRegistered(name=name, continuous=continuous, url=url):
            return {"name": name, "continuous": continuous, "url": url}
        case ReportFiled(title=title, url=url):
            return {"title": title, "url": url}


def _texts(aliases: Iterable[Name]) -> str:
    return orjson.dumps([alias.text for alias in aliases]).decode()


def file(db: sqlite3.Connection, report: ReportFiled, position: int) -> ReportReading:
    """Files the report, and returns its reading."""
    filed = _filed(db, report)
    REPORTS.begin(db, filed, position)
    return filed


def _filed(db: sqlite3.Connection, report: ReportFiled) -> ReportReading:
    window = report.published.window
    own = ReportReading(
        report=report.report,
        source=report.source,
        origin=report.source,
        published=report.published.text,
        published_by=window.latest - 1,
        title=report.title,
        url=report.url,
        content_hash=report.content_hash,
        syndicated_from=report.syndicated_from,
        copied="[]",
        spoken_from=window.earliest,
        spoken_to=window.latest,
        spoken_as=window.precision,
    )
    if report.syndicated_from is None:
        return own
    behind = REPORTS.last(db, report.syndicated_from)
    copied = [report.syndicated_from, *orjson.loads(behind.copied)]
    return own._replace(
        origin=behind.origin,
        copied=orjson.dumps(copied).decode(),
        spoken_from=behind.spoken_from,
        spoken_to=behind.spoken_to,
        spoken_as=behind.spoken_as,
    )
