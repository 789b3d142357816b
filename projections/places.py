"""Which places do we know, and where are they?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import orjson

from domain.values import LocationId, LocationKind
from infra.views.file import ViewFile
from infra.views.kept_rows import KeptRows
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


_ListKey = tuple[str, int, PlaceFilter]


class Places:
    """Questions about places, to the record."""

    def __init__(self, views: ViewFile) -> None:
        self._views = views
        self._lists = _KeptLists()
        self._readings = KeptRows(views, self._read_readings, most=_KEPT)

    def get(self, location: LocationId, *, known: int = NOW) -> Place | None:
        """The place as known at that position; where its registration came later, as first
        registered."""
        for known_to, place in self._readings.get(location):
            if known_to > known:
                return place
        return None

    def _read_readings(self, location: LocationId) -> list[tuple[int, Place]]:
        """Every reading of the place in order, with the position at which the next one followed."""
        found = self._views.reader.execute(_SELECT_READINGS, (location,))
        return [(known_to, _place_of(row)) for known_to, *row in found]

    def many(self, locations: Iterable[LocationId], *, known: int = NOW) -> dict[LocationId, Place]:
        """The registered ones of several, by id."""
        asked = list(locations)
        if len(asked) == 1:
            place = self.get(asked[0], known=known)
            return {place.location: place} if place else {}
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
        if size is None and among is None and not after and wanted.within is None:
            return self._every(wanted, known), False
        return self._read(wanted, known, size, after, among)

    def _every(self, wanted: PlaceFilter, known: int) -> list[Place]:
        """All of them. A list is kept: places are registered and amended seldom, and every map of
        many places needs it."""
        build = self._views.state.build
        (changed,) = self._views.reader.execute(_LAST_CHANGE, {"known": known}).fetchone()
        key = (build, changed, wanted)
        found = self._lists.get(key)
        if found is None:
            found, _ = self._read(wanted, known, None, "", None)
            self._lists.keep(key, found)
        return found.copy()

    def _read(
        self,
        wanted: PlaceFilter,
        known: int,
        size: int | None,
        after: str,
        among: Sequence[str] | None,
    ) -> tuple[list[Place], bool]:
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


class _KeptLists:
    """Lists of places, each for one build of the views and the registrations up to one position.
    Those asked for least lately are dropped."""

    MOST = 200_000
    """The most places in all lists together, of some 300 bytes each."""

    def __init__(self) -> None:
        self._lists: dict[_ListKey, list[Place]] = {}
        self._lock = Lock()

    def get(self, key: _ListKey) -> list[Place] | None:
        with self._lock:
            found = self._lists.pop(key, None)
            if found is not None:
                self._lists[key] = found
            return found

    def keep(self, key: _ListKey, places: list[Place]) -> None:
        with self._lock:
            for other in [other for other in self._lists if other[0] != key[0]]:
                del self._lists[other]  # of views that are gone
            self._lists[key] = places
            while sum(map(len, self._lists.values())) > self.MOST:
                del self._lists[next(iter(self._lists))]


_KEPT = 20_000
"""The places whose readings are kept, each of some 400 bytes."""
_PLACE = columns(PlaceReading)
_SELECT_READINGS = f"SELECT known_to, {_PLACE} FROM place WHERE location = ? ORDER BY known_from"
_LAST_CHANGE = """SELECT max(coalesce(max(known_from), 0),
    coalesce(max(CASE WHEN known_to <= :known THEN known_to END), 0))
    FROM place WHERE known_from <= :known"""
"""The last position at which what is known of any place changed, up to a position."""


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
