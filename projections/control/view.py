"""Who controlled a place at a time, as far as we knew at a position?

Bitemporal rows: a period of valid time, and the positions between which it was the answer. A claim
that comes in closes the rows that it makes untrue and opens others; none is ever rewritten.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from domain.control.claims import ControlStatus
from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import BEGINNING, END, Timeline
from domain.control.verdict import NOTHING, Period
from domain.events import (
    Amendment,
    LineageEvent,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.references import Reference
from domain.values import ActorId, EventId, LocationId, SourceId
from infra.ledger.codec import Recorded
from infra.views.file import Progress, ViewFile
from projections.control import claims, rows
from projections.control.perspectives import Perspectives, pairs_as_json
from projections.control.rows import PERIOD, PeriodRows, period_of

_REMEMBERED_CLAIMS = 20_000
"""How many claims the timelines kept in memory may hold together: each takes some 4 kB."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An answer for one instant, and the entry with which it came to be the answer."""

    position: int
    period: Period


class Control:
    """One row for each period as it was known; the question picks the row."""

    name, version = "control", 7
    tables = (*claims.TABLES, *rows.TABLES)
    schema = claims.SCHEMA + rows.SCHEMA

    def __init__(self, views: ViewFile) -> None:
        self._views = views
        self._timelines: dict[LocationId, Timeline] = {}
        self._remembered = 0
        self._lineage: Lineage | None = None
        self._perspectives = Perspectives()
        self._waiting: dict[LocationId, list[int]] = {}
        """The positions of claims that are taken in, and whose places are not resolved yet."""

    # ---- questions ---------------------------------------------------------------------------

    def at(self, location: LocationId, *, at: Instant, known: int) -> Period:
        """The period that answers for that instant, as known at that position."""
        found = self._views.reader.execute(
            f"SELECT {PERIOD} FROM control_period WHERE location = :location "
            f"AND {_VALID} AND {_KNOWN} ORDER BY valid_from DESC LIMIT 1",
            {"location": location, "at": at, "known": known},
        ).fetchone()
        return period_of(found) if found else UNKNOWN_FOR_EVER

    def timeline(self, location: LocationId, *, known: int) -> list[Period]:
        """Every period, as known at that position."""
        found = self._views.reader.execute(
            f"SELECT {PERIOD} FROM control_period WHERE location = :location AND {_KNOWN} "
            "ORDER BY valid_from",
            {"location": location, "known": known},
        )
        return [period_of(row) for row in found] or [UNKNOWN_FOR_EVER]

    def from_perspective(
        self, location: LocationId, perspective: Perspective, *, known: int
    ) -> Timeline:
        """The timeline of only those claims that the perspective admits, swept for the occasion."""
        db = self._views.reader
        return Timeline(
            claims.claims_on(db, location, known=known, perspective=perspective),
            claims.lineage_known(db, known=known, perspective=perspective),
        )

    def lineage(self, perspective: Perspective, *, known: int) -> Lineage:
        """Who merged with whom, belongs to what and succeeded whom, from that perspective."""
        return claims.lineage_known(self._views.reader, known=known, perspective=perspective)

    def map(
        self, *, at: Instant, known: int, places: Iterable[LocationId]
    ) -> Iterator[tuple[LocationId, Period]]:
        """The answer for each of the places that anything is said of."""
        # One place at a time, the period nearest before the instant first: its row is nearly always
        # the first that is looked at, however many periods and revisions a place has.
        found = self._views.reader.execute(
            f"SELECT location, {PERIOD} FROM json_each(:places) CROSS JOIN control_period "
            "ON location = value AND (valid_from, known_from) = (SELECT valid_from, known_from "
            f"FROM control_period WHERE location = value AND {_VALID} AND {_KNOWN} "
            "ORDER BY valid_from DESC LIMIT 1)",
            {"places": orjson.dumps(list(places)).decode(), "at": at, "known": known},
        )
        return ((row[0], period_of(row[1:])) for row in found)

    def map_from(
        self,
        perspective: Perspective,
        *,
        at: Instant,
        known: int,
        places: Iterable[LocationId],
    ) -> Iterator[tuple[LocationId, Period]]:
        """The answer for each of the places of which that perspective hears anything."""
        db = self._views.reader
        seen = self._perspectives.seen(perspective, known)
        as_known, to_sweep = seen.told_apart(db, places)
        found = db.execute(_MAP_AS_KNOWN, {"places": pairs_as_json(as_known), "at": at})
        yield from ((row[0], period_of(row[1:])) for row in found)
        yield from seen.swept(db, to_sweep, at)

    def holdings_from(
        self, perspective: Perspective, actor: ActorId, *, at: Instant, known: int
    ) -> list[tuple[LocationId, Period]]:
        """The places that the actor held, from that perspective."""
        places = claims.places_of(self._views.reader, actor)
        found = dict(self.map_from(perspective, at=at, known=known, places=places))
        return [
            (place, found[place])
            for place in places
            if place in found and _holds(actor, found[place])
        ]

    def holdings(
        self, actor: ActorId, *, at: Instant, known: int
    ) -> list[tuple[LocationId, Period]]:
        """The places that the actor held, alone or with others."""
        found = self._views.reader.execute(
            f"SELECT location, {PERIOD} FROM control_holding "
            "JOIN control_period USING (location, valid_from, known_from) "
            f"WHERE actor = :actor AND {_VALID} AND {_KNOWN} ORDER BY location",
            {"actor": actor, "at": at, "known": known},
        )
        return [(row[0], period_of(row[1:])) for row in found]

    def revisions(self, location: LocationId, *, at: Instant, known: int) -> list[Revision]:
        """How the answer for that instant changed as reports came in, up to that position."""
        found = self._views.reader.execute(
            f"SELECT known_from, {PERIOD} FROM control_period WHERE location = :location "
            f"AND {_VALID} AND known_from <= :known ORDER BY known_from",
            {"location": location, "at": at, "known": known},
        )
        revisions: list[Revision] = []
        before = NOTHING
        for position, *row in found:
            period = period_of(row)
            if period.reading != before:
                revisions.append(Revision(position, period))
                before = period.reading
        return revisions

    def revisions_from(
        self,
        perspective: Perspective,
        location: LocationId,
        *,
        at: Instant,
        known: int,
        after: int = 0,
    ) -> list[Revision]:
        """The same from that perspective, after a position: what was recorded of the place is taken
        in again, in its order."""
        timeline = self.from_perspective(location, perspective, known=after)
        before = timeline.at(at).reading
        revisions: list[Revision] = []
        for position in claims.positions_of(self._views.reader, location, known=known):
            if position > after:
                timeline = self._grown(timeline, location, perspective, position)
                period = timeline.at(at)
                if period.reading != before:
                    revisions.append(Revision(position, period))
                    before = period.reading
        return revisions

    def _grown(
        self, timeline: Timeline, location: LocationId, perspective: Perspective, position: int
    ) -> Timeline:
        """The timeline with what was recorded at that position."""
        db = self._views.reader
        made = list(claims.claims_made(db, location, [position]))
        if not made:
            return self.from_perspective(location, perspective, known=position)
        for claim in made:
            if not perspective.admits(claim):
                continue
            if timeline.can_add(claim):
                timeline.add(claim)
            else:
                timeline.become(
                    claims.claims_on(db, location, known=position, perspective=perspective)
                )
        return timeline

    def left_out(self, location: LocationId, perspective: Perspective, *, known: int) -> int:
        """How many claims on the place that perspective leaves out."""
        db = self._views.reader
        return claims.left_out(db, location, known=known, perspective=perspective)

    def first_recorded(self, location: LocationId, *, known: int) -> int | None:
        """The position of the first claim on the place, of those known then, be it taken back or
        not; None where there is none."""
        return claims.first_recorded(self._views.reader, location, known=known)

    # ---- the fold ----------------------------------------------------------------------------

    def forget(self) -> None:
        self._timelines.clear()
        self._remembered = 0
        self._lineage = None
        self._waiting.clear()
        self._perspectives.forget()

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        position = recorded.position
        match recorded.event:
            case LocationRegistered() as place:
                claims.take_in_place(db, place, position)
            case SourceRegistered() as source:
                claims.take_in_source(db, source, position)
            case SourceRegraded() | SourceEnded() as change:
                self._change_source(db, change, position)
            case ReportFiled() as report:
                claims.take_in_report(db, report)
            case LineageEvent() as event:
                if claims.is_of_lineage(event):
                    self.settle(db)
                    claims.take_in_lineage(db, event, recorded)
                    self._resolve_akin(db, recorded.statement.id, position)
            case SituationEvent() as event:
                if claimed := claims.take_in_event(db, event, recorded):
                    self._waiting.setdefault(claimed, []).append(position)
            case Amendment():
                self._amend(db, claims.take_in_amendment(db, recorded), position)
            case RecordKeeping() as keeping:
                if amended := claims.take_in_amendment(db, recorded):
                    self._amend(db, amended, position)
                else:
                    self._keep(db, keeping, position)

    @property
    def waiting(self) -> int:
        """How many claims are taken in whose places are not resolved yet."""
        return sum(map(len, self._waiting.values()))

    def settle(
        self, db: sqlite3.Connection, progress: Progress | None = None, at_most: int | None = None
    ) -> None:
        """Resolves the places of which more is said, each once for all that was said of it; with
        `at_most`, some places with about so many claims."""
        self._settle_these(db, self._due(at_most or self.waiting), progress)

    def _due(self, at_most: int) -> list[LocationId]:
        due, claims_due = [], 0
        for location, positions in self._waiting.items():
            if claims_due >= at_most:
                break
            due.append(location)
            claims_due += len(positions)
        return due

    def _settle_these(
        self,
        db: sqlite3.Connection,
        places: Iterable[LocationId],
        progress: Progress | None = None,
    ) -> None:
        for location in places:
            if positions := self._waiting.pop(location, None):
                self._settle_one(db, location, positions)
                if progress:
                    progress(len(positions))

    def _settle_one(
        self, db: sqlite3.Connection, location: LocationId, positions: Sequence[int]
    ) -> Timeline:
        timeline = self._timeline(db, location, positions[0] - 1)
        shown = PeriodRows(db, location)
        for claim in claims.claims_made(db, location, positions):
            if timeline.can_add(claim):
                self._remembered += 1
                shown.show(timeline, timeline.add(claim), claim.position)
            else:
                self._become(db, location, timeline, shown, claim.position)
        shown.write()
        return timeline

    def _change_source(
        self, db: sqlite3.Connection, change: SourceRegraded | SourceEnded, position: int
    ) -> None:
        """All that the source ever said weighs otherwise, or is kept current otherwise."""
        touched = claims.places_told_of(db, change.source)
        self._settle_these(db, touched)
        if isinstance(change, SourceRegraded):
            claims.take_in_grade(db, change, position)
        else:
            claims.take_in_end(db, change, position)
        for location in touched:
            self._resolve_again(db, location, position)

    def _amend(self, db: sqlite3.Connection, amended: Reference | None, position: int) -> None:
        """Where a place is of another kind than it was held for, or a source continuous or not,
        the places that it bears on are resolved anew."""
        if amended is None:
            return
        if amended.kind == "location" and (kind := claims.kind_amended(db, amended)):
            touched = [LocationId(amended.slug)]
            self._settle_these(db, touched)
            claims.take_in_kind(db, touched[0], kind, position)
        elif amended.kind == "source":
            source = SourceId(amended.slug)
            continuous = claims.continuous_amended(db, amended)
            if continuous is None:
                return
            touched = claims.places_told_of(db, source)
            self._settle_these(db, touched)
            claims.take_in_continuous(db, source, continuous, position)
        else:
            return
        for location in touched:
            self._resolve_again(db, location, position)

    def _keep(self, db: sqlite3.Connection, keeping: RecordKeeping, position: int) -> None:
        """A statement is taken back or reinstated."""
        touched = claims.place_of(db, keeping.event)
        if touched:
            if positions := self._waiting.pop(touched, None):
                self._settle_one(db, touched, positions)
        elif is_lineage := claims.is_lineage(db, keeping.event):
            self.settle(db)
        claims.take_in_revocation(db, keeping, position)
        if touched:
            self._resolve_again(db, touched, position)
        elif is_lineage:
            self._resolve_akin(db, keeping.event, position)

    def _resolve_akin(self, db: sqlite3.Connection, lineage: EventId, position: int) -> None:
        """Who counts as whom may be otherwise than every timeline that is remembered has it."""
        self.forget()
        for location in claims.places_akin(db, lineage):
            self._resolve_again(db, location, position)

    def _resolve_again(self, db: sqlite3.Connection, location: LocationId, position: int) -> None:
        shown = PeriodRows(db, location)
        if timeline := self._timelines.get(location):
            self._become(db, location, timeline, shown, position)
        else:
            shown.show(self._timeline(db, location, position), BEGINNING, position)
        shown.write()

    def _become(
        self,
        db: sqlite3.Connection,
        location: LocationId,
        timeline: Timeline,
        shown: PeriodRows,
        position: int,
    ) -> None:
        known = claims.claims_on(db, location, known=position, perspective=DEFAULT)
        self._remembered += len(known.claims) - len(timeline.claims)
        shown.show(timeline, timeline.become(known), position)

    def _timeline(self, db: sqlite3.Connection, location: LocationId, known: int) -> Timeline:
        timeline = self._timelines.get(location)
        if timeline is None:
            if self._remembered > _REMEMBERED_CLAIMS:
                self._timelines.clear()
                self._remembered = 0
            if self._lineage is None:
                self._lineage = claims.lineage_known(db, known=known, perspective=DEFAULT)
            timeline = Timeline(
                claims.claims_on(db, location, known=known, perspective=DEFAULT), self._lineage
            )
            self._timelines[location] = timeline
            self._remembered += len(timeline.claims)
        return timeline


def _holds(actor: ActorId, period: Period) -> bool:
    verdict = period.reading.verdict
    return verdict.status is ControlStatus.HELD and actor in verdict.holders


UNKNOWN_FOR_EVER = Period(BEGINNING, END, NOTHING)
"""The answer for a place of which nobody has said anything."""

_VALID = "valid_from <= :at AND valid_to > :at"
_KNOWN = "known_from <= :known AND known_to > :known"
_MAP_AS_KNOWN = f"""
    WITH asked (place, known) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
        FROM json_each(:places)
    )
    SELECT location, {PERIOD} FROM asked CROSS JOIN control_period
    ON location = asked.place AND (valid_from, known_from) = (
        SELECT valid_from, known_from FROM control_period WHERE location = asked.place
        AND {_VALID} AND known_from <= asked.known AND known_to > asked.known
        ORDER BY valid_from DESC LIMIT 1
    )"""
