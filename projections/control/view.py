"""Who controlled a place at a time, as far as we knew at a position?

Bitemporal rows: a period of valid time, and the positions of its answer. A new claim closes untrue
rows and opens others; no row is rewritten.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from domain.control.claims import ControlStatus
from domain.control.lineage import Lineage
from domain.control.perspective import Perspective
from domain.control.timeline import BEGINNING, END, Timeline
from domain.control.verdict import NOTHING, Period
from domain.occurred import Instant
from domain.values import ActorId, LocationId
from infra.ledger.codec import Recorded
from infra.views.file import Progress, Projection, ViewFile
from infra.views.rows import known as known_in
from projections.control import claims, stored
from projections.control.lineage import lineage_known, places_of, positions_of
from projections.control.perspectives import Perspectives, Seen, pairs_as_json
from projections.control.resolution import Resolution
from projections.control.stored import PERIOD, SomePeriod, StoredPeriods
from projections.control.versions import Version, versions_from, versions_known
from projections.record import Record


@dataclass(frozen=True, slots=True)
class Revision:
    """An answer for one instant, and the entry that brought the answer."""

    position: int
    period: SomePeriod


class Control(Projection):
    """A row for each known period; the question picks the row."""

    name, version = "control", 11
    tables = (*claims.TABLES, *stored.TABLES)
    schema = claims.SCHEMA + stored.SCHEMA

    def __init__(self, views: ViewFile, record: Record) -> None:
        self._views = views
        self._resolution = Resolution(record)
        self._perspectives = Perspectives()

    @property
    def _stored(self) -> StoredPeriods:
        """For the rows of one question."""
        return StoredPeriods(lambda: self._views.reader)

    def _seen(self, perspective: Perspective, known: int) -> Seen:
        """What is remembered of the perspective, of these views and no others."""
        return self._perspectives.seen(perspective, known, self._views.state.build)

    # ---- questions ---------------------------------------------------------------------------

    def at(self, location: LocationId, *, at: Instant, known: int) -> SomePeriod:
        """The period at the instant, as known at a position."""
        asked = {"location": location, "at": at, "known": known}
        found = self._views.reader.execute(_SELECT_PERIOD, asked).fetchone()
        return self._stored.add(found) if found else UNKNOWN_FOR_EVER

    def timeline(self, location: LocationId, *, known: int) -> list[SomePeriod]:
        """Every period, as known at a position."""
        found = self._views.reader.execute(
            f"SELECT {PERIOD} FROM control_period WHERE location = :location AND {_KNOWN} "
            "ORDER BY valid_from",
            {"location": location, "known": known},
        )
        stored = self._stored
        return [stored.add(row) for row in found] or [UNKNOWN_FOR_EVER]

    def from_perspective(
        self, location: LocationId, perspective: Perspective, *, known: int
    ) -> Timeline:
        """The timeline of the claims admitted by the perspective, swept for the occasion."""
        db = self._views.reader
        return Timeline(
            claims.claims_on(db, location, known=known, perspective=perspective),
            lineage_known(db, known=known, perspective=perspective),
        )

    def at_from(
        self, perspective: Perspective, location: LocationId, *, at: Instant, known: int
    ) -> SomePeriod:
        """The period at the instant, from the perspective."""
        if not claims.is_crowded(self._views.reader, location):
            return self.from_perspective(location, perspective, known=known).at(at)
        found = dict(self.map_from(perspective, at=at, known=known, places=[location]))
        return found.get(location, UNKNOWN_FOR_EVER)

    def timeline_from(
        self, perspective: Perspective, location: LocationId, *, known: int
    ) -> list[SomePeriod]:
        """Every period, from the perspective."""
        db = self._views.reader
        if not claims.is_crowded(db, location):
            return [*self.from_perspective(location, perspective, known=known).periods()]
        seen = self._seen(perspective, known)
        as_known, to_sweep = seen.told_apart(db, [location])
        if to_sweep:
            return [*seen.periods(db, to_sweep)[location]]
        if location in as_known:
            return self.timeline(location, known=as_known[location])
        return [UNKNOWN_FOR_EVER]

    def lineage(self, perspective: Perspective, *, known: int) -> Lineage:
        """Mergers, memberships and successions, from the perspective."""
        return lineage_known(self._views.reader, known=known, perspective=perspective)

    def map(
        self, *, at: Instant, known: int, places: Iterable[LocationId]
    ) -> Iterator[tuple[LocationId, SomePeriod]]:
        """The answer for each place with a claim."""
        # One place at a time, the period nearest before the instant first: its row is nearly always
        # the first that is looked at, however many periods and revisions a place has.
        found = self._views.reader.execute(
            f"SELECT {PERIOD} FROM json_each(:places) CROSS JOIN control_period "
            "ON location = value AND (valid_from, known_from) = (SELECT valid_from, known_from "
            f"FROM control_period WHERE location = value AND {_VALID} AND {_KNOWN} "
            "ORDER BY valid_from DESC LIMIT 1)",
            {"places": orjson.dumps(list(places)).decode(), "at": at, "known": known},
        )
        return self._stored.by_place(found)

    def map_from(
        self,
        perspective: Perspective,
        *,
        at: Instant,
        known: int,
        places: Iterable[LocationId],
    ) -> Iterator[tuple[LocationId, SomePeriod]]:
        """The answer for each place with a claim admitted by the perspective."""
        db = self._views.reader
        seen = self._seen(perspective, known)
        as_known, to_sweep = seen.told_apart(db, places)
        found = db.execute(_MAP_AS_KNOWN, {"places": pairs_as_json(as_known), "at": at})
        yield from self._stored.by_place(found)
        yield from seen.swept(db, to_sweep, at)

    def holdings_from(
        self, perspective: Perspective, actor: ActorId, *, at: Instant, known: int
    ) -> list[tuple[LocationId, SomePeriod]]:
        """The places that the actor held, from the perspective."""
        places = places_of(self._views.reader, actor)
        found = dict(self.map_from(perspective, at=at, known=known, places=places))
        return [
            (place, found[place])
            for place in places
            if place in found and _holds(actor, found[place])
        ]

    def holdings(
        self, actor: ActorId, *, at: Instant, known: int
    ) -> list[tuple[LocationId, SomePeriod]]:
        """The places that the actor held, alone or with others."""
        found = self._views.reader.execute(
            f"SELECT {PERIOD} FROM control_holding "
            "JOIN control_period USING (location, valid_from, known_from) "
            f"WHERE actor = :actor AND {_VALID} AND {_KNOWN} ORDER BY location",
            {"actor": actor, "at": at, "known": known},
        )
        return [*self._stored.by_place(found)]

    def revisions(self, location: LocationId, *, at: Instant, known: int) -> list[Revision]:
        """How the answer for the instant changed as reports came in, up to a position."""
        found = self._views.reader.execute(
            f"SELECT known_from, {PERIOD} FROM control_period WHERE location = :location "
            f"AND {_VALID} AND known_from <= :known ORDER BY known_from",
            {"location": location, "at": at, "known": known},
        )
        revisions: list[Revision] = []
        before, stored = NOTHING, self._stored
        for position, period in [(first, stored.add(row)) for first, *row in found]:
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
        """The revisions from the perspective, after a position: the entries about the place are
        taken in again, in order."""
        timeline = self.from_perspective(location, perspective, known=after)
        before = timeline.at(at).reading
        revisions: list[Revision] = []
        for position in positions_of(self._views.reader, location, known=known):
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
        """The timeline with the entry at the position."""
        db = self._views.reader
        made = claims.claims_made(db, location, first=position, last=position)
        if not made:
            return self.from_perspective(location, perspective, known=position)
        for claim in made:
            if perspective.admits(claim):
                timeline.add(claim)
        return timeline

    def versions(
        self, location: LocationId, perspective: Perspective, *, known: int, superseded: bool
    ) -> Iterator[Version]:
        """The versions of every period up to a position, in the order of valid time; without
        `superseded` only the answers at the position."""
        db = self._views.reader
        if perspective.is_default:
            return versions_known(db, location, known=known, superseded=superseded)
        found = versions_from(db, location, perspective, known=known)
        return (each for each in found if superseded or each.known_to is None)

    def left_out(self, location: LocationId, perspective: Perspective, *, known: int) -> int:
        db = self._views.reader
        return claims.left_out(db, location, known=known, perspective=perspective)

    def first_recorded(self, location: LocationId, *, known: int) -> int | None:
        """The position of the first known claim on the place, revoked or not, if any."""
        return claims.first_recorded(self._views.reader, location, known=known)

    # ---- the fold ----------------------------------------------------------------------------

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        self._resolution.touch(db, recorded)

    def write(self, db: sqlite3.Connection) -> None:
        self._resolution.write(db)

    @property
    def waiting(self) -> int:
        return self._resolution.waiting

    def resolve(
        self, db: sqlite3.Connection, progress: Progress | None = None, at_most: int | None = None
    ) -> None:
        self._resolution.resolve(db, progress, at_most)

    def forget(self) -> None:
        self._resolution.forget()
        self._perspectives.forget()


def _holds(actor: ActorId, period: SomePeriod) -> bool:
    return period.status is ControlStatus.HELD and actor in period.holders


UNKNOWN_FOR_EVER = Period(BEGINNING, END, NOTHING)
"""The answer for a place without any claim."""

_VALID = "valid_from <= :at AND valid_to > :at"
_KNOWN = known_in("control_period")
_SELECT_PERIOD = f"""SELECT {PERIOD} FROM control_period WHERE location = :location
    AND {_VALID} AND {_KNOWN} ORDER BY valid_from DESC LIMIT 1"""
_MAP_AS_KNOWN = f"""
    WITH asked (place, known) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
        FROM json_each(:places)
    )
    SELECT {PERIOD} FROM asked CROSS JOIN control_period
    ON location = asked.place AND (valid_from, known_from) = (
        SELECT valid_from, known_from FROM control_period WHERE location = asked.place
        AND {_VALID} AND {known_in("control_period", "asked.known")}
        ORDER BY valid_from DESC LIMIT 1
    )"""
