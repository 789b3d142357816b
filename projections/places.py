"""Which places do we know, and where are they?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import LocationRegistered
from domain.values import LocationId, LocationKind
from infra.codec import Recorded
from infra.views import ViewFile


@dataclass(frozen=True, slots=True)
class Place:
    """A registered place."""

    location: LocationId
    position: int
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


class Places:
    """One row for each place."""

    name, version = "places", 2
    tables = ("place",)
    schema = """
    CREATE TABLE place (
        location    TEXT    PRIMARY KEY,
        position    INTEGER NOT NULL,
        name        TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        latitude    REAL,
        longitude   REAL,
        within      TEXT,
        aliases     TEXT    NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX place_within ON place (within);
    """

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def get(self, location: LocationId) -> Place | None:
        """The place of that id."""
        return self.many([location]).get(location)

    def many(self, locations: Iterable[LocationId]) -> dict[LocationId, Place]:
        """Those of the places that are registered."""
        asked = list(locations)
        if len(asked) == 1:
            found = self._views.reader.execute(
                f"SELECT {_PLACE} FROM place WHERE location = ?", asked
            )
        else:
            found = self._views.reader.execute(
                f"SELECT {_PLACE} FROM json_each(?) CROSS JOIN place ON location = value",
                (orjson.dumps(asked).decode(),),
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
            f"WHERE position <= :known AND location > :after{where} "
            f"ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        more = size is not None and len(found) > size
        return [_place_of(row) for row in found[:size]], more

    def around(self, location: LocationId) -> tuple[LocationId, ...]:
        """The places that contain it, the smallest first."""
        found = self._views.reader.execute(
            "WITH RECURSIVE around (location, depth) AS ("
            "SELECT within, 1 FROM place WHERE location = ? AND within IS NOT NULL "
            "UNION SELECT within, depth + 1 FROM around JOIN place USING (location) "
            "WHERE within IS NOT NULL) SELECT location FROM around ORDER BY depth",
            (location,),
        )
        return tuple(around for (around,) in found)

    def names(self) -> dict[str, set[str]]:
        """Every place, with the names of its registration."""
        found = self._views.reader.execute("SELECT location, name, aliases FROM place")
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, LocationRegistered):
            place = recorded.event
            point = place.coordinates
            db.execute(
                "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    place.location,
                    recorded.position,
                    place.name,
                    place.kind,
                    point and point.latitude,
                    point and point.longitude,
                    place.within,
                    orjson.dumps([alias.text for alias in place.aliases]).decode(),
                ),
            )


_PLACE = "location, position, name, kind, latitude, longitude, within, aliases"
_INSIDE = """inside (location) AS (
    SELECT location FROM place WHERE within = :within
    UNION SELECT place.location FROM place JOIN inside ON place.within = inside.location
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
    location, position, name, kind, latitude, longitude, within, aliases = row
    names = tuple(orjson.loads(aliases))
    return Place(location, position, name, LocationKind(kind), latitude, longitude, within, names)
