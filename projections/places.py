"""Which places do we know, and where are they?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import LocationAmended, LocationRegistered
from domain.references import Reference
from domain.values import Coordinates, LocationId, LocationKind, Name
from infra.ledger.codec import Recorded
from infra.views.amendments import FOR_EVER, KNOWN, NOW, AmendmentRows, Readings
from infra.views.file import ViewFile


@dataclass(frozen=True, slots=True)
class Place:
    """A registered place, as it reads at a position."""

    location: LocationId
    name: str
    kind: LocationKind
    latitude: float | None
    longitude: float | None
    within: LocationId | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Which places are asked for: those that fulfil every condition given."""

    within: LocationId | None = None
    """Only places inside this one, at any depth; the place itself is not inside."""
    kind: LocationKind | None = None
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north, in degrees; west > east crosses the antimeridian."""


_COLUMNS = ("name", "kind", "latitude", "longitude", "within", "aliases")
_READINGS = Readings("place", "location", _COLUMNS)
_AMENDMENTS = AmendmentRows("place_amendment", LocationAmended)


class Places:
    """One row for each place, and one more for each time that it came to read otherwise."""

    name, version = "places", 3
    tables = ("place", "place_amendment")
    schema = f"""
    CREATE TABLE place (
        location    TEXT    NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        latitude    REAL,
        longitude   REAL,
        within      TEXT,
        aliases     TEXT    NOT NULL,
        PRIMARY KEY (location, known_from)
    ) WITHOUT ROWID;
    CREATE INDEX place_within ON place (within);
    {_AMENDMENTS.schema}
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def get(self, location: LocationId, *, known: int = NOW) -> Place | None:
        """The place of that id, as it read at that position; one that was not registered by then,
        as it was registered."""
        return self.many([location], known=known).get(location)

    def many(self, locations: Iterable[LocationId], *, known: int = NOW) -> dict[LocationId, Place]:
        """The same of several: those that are registered."""
        asked = list(locations)
        if len(asked) == 1:
            found = self._views.reader.execute(
                f"SELECT {_PLACE} FROM place WHERE location = ? AND known_to > ? "
                "ORDER BY known_from LIMIT 1",
                (asked[0], known),
            )
        else:
            found = self._views.reader.execute(
                f"SELECT {_PLACE} FROM json_each(?) CROSS JOIN place "
                "ON location = value AND known_from = (SELECT min(known_from) "
                "FROM place AS reading WHERE reading.location = value AND reading.known_to > ?)",
                (orjson.dumps(asked).decode(), known),
            )
        return {place.location: place for place in map(_place_of, found)}

    def page(
        self,
        wanted: PlaceFilter,
        *,
        known: int,
        size: int | None,
        after: str = "",
        among: Sequence[str] | None = None,
    ) -> tuple[list[Place], bool]:
        """At most `size` places in the order of their ids, and whether there are more.

        With `among`, only those, in the order in which they are given.
        """
        where, asked = _conditions(wanted)
        asked |= {"known": known, "after": after, "size": -1 if size is None else size + 1}
        source, order = "place", "location"
        if among is not None:
            source = "json_each(:among) AS asked CROSS JOIN place ON location = asked.value"
            order, asked["among"] = "asked.key", orjson.dumps(list(among)).decode()
        found = self._views.reader.execute(
            f"WITH RECURSIVE {_INSIDE} SELECT {_PLACE} FROM {source} "
            f"WHERE {KNOWN} AND location > :after{where} "
            f"ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        more = size is not None and len(found) > size
        return [_place_of(row) for row in found[:size]], more

    def around(self, location: LocationId, *, known: int = NOW) -> tuple[LocationId, ...]:
        """The places that contain it, the smallest first, as known at that position."""
        found: list[LocationId] = []
        place = self.get(location, known=known)
        while place and place.within and place.within not in found:
            found.append(place.within)
            place = self.get(place.within, known=known)
        return tuple(found)

    def names(self) -> dict[str, set[str]]:
        """Every place, with the names of its registration."""
        found = self._views.reader.execute(
            "SELECT location, name, aliases FROM place WHERE known_to = ?", (FOR_EVER,)
        )
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, LocationRegistered):
            place = recorded.event
            said = (
                *(place.name, place.kind, *_point(place.coordinates)),
                *(place.within, _texts(place.aliases)),
            )
            _READINGS.register(db, place.location, said, recorded.position)
        elif amended := _AMENDMENTS.take_in(db, recorded):
            _READINGS.read(db, amended.slug, _as_it_reads(db, amended), recorded.position)


def _as_it_reads(db: sqlite3.Connection, place: Reference) -> dict[str, Any]:
    said = _READINGS.registered(db, place.slug)
    for amendment in _AMENDMENTS.standing(db, place):
        changes = amendment.changes
        if "coordinates" in changes:
            said["latitude"], said["longitude"] = _point(changes["coordinates"])
        if "aliases" in changes:
            said["aliases"] = _texts(changes["aliases"])
        said |= {name: changes[name] for name in ("name", "kind", "within") if name in changes}
    return said


def _point(coordinates: Coordinates | None) -> tuple[float | None, float | None]:
    return (coordinates.latitude, coordinates.longitude) if coordinates else (None, None)


def _texts(aliases: Iterable[Name]) -> str:
    return orjson.dumps([alias.text for alias in aliases]).decode()


_PLACE = f"location, {', '.join(_COLUMNS)}"
_INSIDE = f"""inside (location) AS (
    SELECT location FROM place WHERE within = :within AND {KNOWN}
    UNION SELECT place.location FROM place JOIN inside ON place.within = inside.location
    WHERE {KNOWN}
)"""


def _conditions(wanted: PlaceFilter) -> tuple[str, dict[str, Any]]:
    where, asked = "", dict[str, Any](within=wanted.within)
    if wanted.within is not None:
        where += " AND location IN inside"
    if wanted.kind is not None:
        where += " AND kind = :kind"
        asked["kind"] = wanted.kind
    if wanted.bbox is not None:
        west, south, east, north = wanted.bbox
        asked |= {"west": west, "south": south, "east": east, "north": north}
        where += " AND latitude BETWEEN :south AND :north AND " + (
            "longitude BETWEEN :west AND :east"
            if west <= east
            else "(longitude >= :west OR longitude <= :east)"
        )
    return where, asked


def _place_of(row: Sequence[Any]) -> Place:
    location, name, kind, latitude, longitude, within, aliases = row
    names = tuple(orjson.loads(aliases))
    return Place(location, name, LocationKind(kind), latitude, longitude, within, names)
