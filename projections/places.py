"""Which places do we know, what are they called, and where are they?"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.events import LocationRegistered
from domain.values import LocationId, LocationKind
from infra.codec import Recorded
from infra.nearest import plain
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

    search: str | None = None
    """Part of any of its names, of its id or of a code; case and diacritics don't matter."""
    within: LocationId | None = None
    """Only places inside this one, at any depth; the place itself is not inside."""
    kind: LocationKind | None = None
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north, in degrees; west > east crosses the antimeridian."""


class Places:
    """One row for each place."""

    name, version = "places", 1
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
        aliases     TEXT    NOT NULL,
        plain       TEXT    NOT NULL
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
        self, wanted: PlaceFilter, *, known: int, size: int | None, after: str = ""
    ) -> tuple[list[Place], bool]:
        """At most `size` places in the order of their ids, and whether there are more."""
        where, asked = _conditions(wanted)
        asked |= {"known": known, "after": after, "size": -1 if size is None else size + 1}
        found = self._views.reader.execute(
            f"WITH RECURSIVE {_INSIDE} SELECT {_PLACE} FROM place "
            f"WHERE position <= :known AND location > :after{where} "
            "ORDER BY location LIMIT :size",
            asked,
        ).fetchall()
        more = size is not None and len(found) > size
        return [_place_of(row) for row in found[:size]], more

    def names(self) -> dict[str, set[str]]:
        """Every place, with what it may be called."""
        found = self._views.reader.execute("SELECT location, name, aliases FROM place")
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}

    def forget(self) -> None:
        """It remembers nothing."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        if isinstance(recorded.event, LocationRegistered):
            place = recorded.event
            point = place.coordinates
            aliases = [alias.text for alias in place.aliases]
            codes = [code.code for code in place.codes]
            db.execute(
                "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    place.location,
                    recorded.position,
                    place.name,
                    place.kind,
                    point and point.latitude,
                    point and point.longitude,
                    place.within,
                    orjson.dumps(aliases).decode(),
                    "\n".join(map(plain, [place.location, place.name, *aliases, *codes])),
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
    if wanted.search is not None:
        where += " AND instr(plain, :search)"
        asked["search"] = plain(wanted.search) or wanted.search  # of "%" no letter is left
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
