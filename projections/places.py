"""Which places do we know, and where are they?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from domain.values import LocationId, LocationKind
from infra.views.file import ViewFile
from infra.views.rows import FOR_EVER, NOW, columns
from infra.views.rows import known as known_in
from projections.record import containment
from projections.record.registrations import PlaceReading


class Place(NamedTuple):
    """A registered place, as known at a position."""

    location: LocationId
    name: str
    kind: LocationKind
    latitude: float | None
    longitude: float | None
    within: LocationId | None
    aliases: tuple[str, ...]
    geo_scale: str | None
    """The scale of the coded precision of the coordinates, with `geo_code`."""
    geo_code: int | None


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Conditions on places; a place fulfils every condition given."""

    within: LocationId | None = None
    """Only places inside this place, at any depth, without the place itself."""
    kind: LocationKind | None = None
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north, in degrees; west > east crosses the antimeridian."""


class Places:
    """Questions about places, to the record."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views

    def get(self, location: LocationId, *, known: int = NOW) -> Place | None:
        """The place as known at that position; where its registration came later, as first
        registered."""
        return self.many([location], known=known).get(location)

    def many(self, locations: Iterable[LocationId], *, known: int = NOW) -> dict[LocationId, Place]:
        """The registered ones of several, by id."""
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
        """A page of at most `size` places, and whether there are more: all by id, or those `among`
        in their given order."""
        where, asked = _conditions(wanted)
        asked |= {"known": known, "after": after, "size": -1 if size is None else size + 1}
        source, order = "place", "location"
        if among is not None:
            source = "json_each(:among) AS asked CROSS JOIN place ON location = asked.value"
            order, asked["among"] = "asked.key", orjson.dumps(list(among)).decode()
        found = self._views.reader.execute(
            f"SELECT {_PLACE} FROM {source} "
            f"WHERE {known_in('place')} AND location > :after{where} "
            f"ORDER BY {order} LIMIT :size",
            asked,
        ).fetchall()
        more = size is not None and len(found) > size
        return [_place_of(row) for row in found[:size]], more

    def count(self, wanted: PlaceFilter, *, known: int) -> int:
        """How many places fulfil the filter."""
        where, asked = _conditions(wanted)
        found = self._views.reader.execute(
            f"SELECT count(*) FROM place WHERE {known_in('place')}{where}", asked | {"known": known}
        ).fetchone()
        return int(found[0])

    def around(self, location: LocationId, *, known: int = NOW) -> tuple[LocationId, ...]:
        """The places around a place, the smallest first, as known at that position."""
        return containment.around(self._views.reader, location, known=known)

    def names(self) -> dict[str, set[str]]:
        """Every place, with the names in its last registration."""
        found = self._views.reader.execute(
            "SELECT location, name, aliases FROM place WHERE known_to = ?", (FOR_EVER,)
        )
        return {id_: {id_, name, *orjson.loads(aliases)} for id_, name, aliases in found}


_PLACE = columns(PlaceReading)


def _conditions(wanted: PlaceFilter) -> tuple[str, dict[str, Any]]:
    where, asked = "", dict[str, Any](within=wanted.within)
    if wanted.within is not None:
        where += f" AND location IN {containment.INSIDE}"
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
    location, name, kind, latitude, longitude, within, aliases, scale, code = row
    return Place(
        location, name, _KINDS[kind], latitude, longitude, within, _texts(aliases), scale, code
    )


def _texts(aliases: str) -> tuple[str, ...]:
    return () if aliases == "[]" else tuple(orjson.loads(aliases))


_KINDS = {each.value: each for each in LocationKind}
"""Python looks a member of an enum up slowly."""
