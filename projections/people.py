"""How many people fled by a moment, and who needed aid, as known at a position?"""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

import orjson

from domain.control.perspective import Counting
from domain.events import NeedReported, PopulationDisplaced
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
from infra.views.file import Projection, ViewFile
from infra.views.rows import columns
from infra.views.rows import known as known_in
from projections.record import taken_back

_FLED, _NEED = PopulationDisplaced.__name__, NeedReported.__name__


class Humanitarian(Projection):
    """A row for each statement on displaced people or needs."""

    name, version = "humanitarian", 2
    tables = ("people",)
    schema = """
    CREATE TABLE people (
        type        TEXT    NOT NULL,
        location    TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        PRIMARY KEY (type, location, position)
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
        """How many people fled by the instant, from these places or from everywhere. Revoked
        statements don't count; with `counting`, only the statements it returns do."""
        rows = self._rows(_FLED, at, known, inside, counting)
        return displacement((row.displaced for row in rows), at, around)

    def needs(
        self,
        *,
        at: Instant,
        known: int,
        inside: Collection[LocationId] | None = None,
        counting: Counting | None = None,
    ) -> list[Need]:
        """The needs open at the instant, in these places or everywhere. Revoked statements don't
        count; with `counting`, only the statements it returns do."""
        rows = self._rows(_NEED, at, known, inside, counting)
        return open_needs((row.needed for row in rows), at)

    def _rows(
        self,
        kind: str,
        at: Instant,
        known: int,
        inside: Collection[LocationId] | None,
        counting: Counting | None,
    ) -> list["_PeopleReport"]:
        where = ""
        if inside is not None:
            where = " AND people.location IN (SELECT value FROM json_each(:inside))"
        found = self._views.reader.execute(
            f"SELECT {_REPORT} FROM people JOIN entry USING (position) "
            f"JOIN report ON report.report = entry.report AND {known_in('report')} "
            f"JOIN source ON source.source = report.origin AND {known_in('source')} "
            "WHERE people.type = :kind AND position <= :known AND earliest <= :at "
            f"AND (:all OR NOT {taken_back('entry.event')}){where} ORDER BY position",
            {
                "kind": kind,
                "known": known,
                "at": at,
                "inside": orjson.dumps(sorted(inside or ())).decode(),
                "all": counting is not None,
            },
        )
        reports = [_PeopleReport._make(row) for row in found]
        if counting is None:
            return reports
        counted = counting({each.event for each in reports})
        return [each for each in reports if each.event in counted]

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        event = recorded.event
        if isinstance(event, PopulationDisplaced | NeedReported):
            row = (type(event).__name__, event.location, recorded.position)
            db.execute("INSERT INTO people VALUES (?, ?, ?)", row)


class _PeopleReport(NamedTuple):
    """A statement on people, with published time and the grade of the origin."""

    event: EventId
    position: int
    location: LocationId
    earliest: Instant
    latest: Instant
    precision: str
    published: Instant
    reliability: str
    credibility: int
    sector: str | None
    low: int | None
    best: int | None
    high: int | None

    @property
    def occurred(self) -> Window:
        return Window(self.earliest, self.latest, Precision(self.precision))

    @property
    def people(self) -> Estimate | None:
        if self.low is self.best is self.high is None:
            return None
        return Estimate(low=self.low, best=self.best, high=self.high)

    @property
    def displaced(self) -> Displaced:
        people = self.people
        assert people, "people who fled are counted"
        return Displaced(
            self.event,
            self.position,
            self.location,
            self.occurred,
            self.published,
            Grade(Reliability(self.reliability), self.credibility),
            people,
        )

    @property
    def needed(self) -> Needed:
        return Needed(
            self.event,
            self.position,
            self.location,
            Sector(self.sector) if self.sector else None,
            self.occurred,
            self.published,
            self.people,
        )


_REPORT = columns(
    _PeopleReport,
    position="people.position",
    published="published_by",
    sector="fields ->> '$.sector'",
    low="fields ->> '$.people.low'",
    best="fields ->> '$.people.best'",
    high="fields ->> '$.people.high'",
)
