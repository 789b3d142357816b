"""The places of a ledger, as amended, by name, code and point.

The index is a temporary file of SQLite, with at most 32 MB in memory: a gazetteer may be longer
than memory.
"""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import NamedTuple
from weakref import finalize

from domain.events import (
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
)
from domain.values import Coordinates, EventId, ExternalCode, LocationId, LocationKind
from infra.ledger.reader import LedgerReader
from infra.spelling import plain

_EARTH_KM = 6_371.0
_DEGREE_KM = 111.0
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32000;
CREATE TABLE place (
    number INTEGER PRIMARY KEY, location TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    kind TEXT NOT NULL, latitude REAL, longitude REAL, within TEXT
);
CREATE TABLE name (
    form TEXT NOT NULL, place INTEGER NOT NULL, role INTEGER NOT NULL,
    PRIMARY KEY (form, place, role)
) WITHOUT ROWID;
CREATE TABLE code (
    scheme TEXT NOT NULL, code TEXT NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (scheme, code, place)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX name_of_place ON name (place);
CREATE INDEX code_of_place ON code (place);
CREATE INDEX place_at ON place (latitude, longitude);
"""
_NAME, _ALIAS = 0, 1
_REMEMBERED = 10_000
"""The most containers whose surroundings are remembered."""
_PLACE = "number, location, name, kind, latitude, longitude, within"


class IndexedPlace(NamedTuple):
    """A place of the ledger."""

    number: int
    location: LocationId
    name: str
    kind: LocationKind
    coordinates: Coordinates | None
    within: LocationId | None


class PlaceIndex:
    """The places in a ledger at one moment."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        finalize(self, self._db.close)
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        for each in ledger.of_type(LocationRegistered):
            if isinstance(each.event, LocationRegistered):
                self._learn(each.event)
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.execute("BEGIN")
        self._amend_all(ledger)
        self._db.execute("COMMIT")
        self._around: dict[LocationId, tuple[IndexedPlace, ...]] = {}

    def at(self, location: LocationId) -> IndexedPlace | None:
        return next(self._asked("place WHERE location = ?", location), None)

    def named(self, text: str) -> list[IndexedPlace]:
        """The places with the name in any spelling of case and accents; by id."""
        inside = "place WHERE number IN (SELECT place FROM name WHERE form = ?) ORDER BY location"
        return [*self._asked(inside, plain(text))]

    def named_region(self, text: str) -> list[IndexedPlace]:
        """The regions with the name, with or without a word as "region"; by id."""
        inside = (
            "place WHERE number IN (SELECT place FROM name WHERE form = ?) AND kind = 'region' "
            "ORDER BY location"
        )
        return [*self._asked(inside, region_form(text))]

    def coded(self, code: ExternalCode) -> list[IndexedPlace]:
        """The places with a code; by id."""
        inside = (
            "place WHERE number IN (SELECT place FROM code WHERE scheme = ? AND code = ?) "
            "ORDER BY location"
        )
        return [*self._asked(inside, code.scheme, code.code)]

    def near(self, point: Coordinates, km: float) -> list[tuple[float, IndexedPlace]]:
        """The places no farther from a point, with their distances; the nearest first."""
        north = km / _DEGREE_KM
        east = north / max(0.01, math.cos(math.radians(point.latitude)))
        inside = "place WHERE latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?"
        latitude, longitude = point.latitude, point.longitude
        box = (latitude - north, latitude + north, longitude - east, longitude + east)
        found = [
            (far, each)
            for each in self._asked(inside, *box)
            if each.coordinates and (far := distance_km(point, each.coordinates)) <= km
        ]
        return sorted(found, key=lambda one: (one[0], one[1].location))

    def forms(self, place: IndexedPlace) -> list[str]:
        """All names of a place, as `plain` writes them."""
        asked = "SELECT DISTINCT form FROM name WHERE place = ? ORDER BY form"
        return [form for (form,) in self._db.execute(asked, (place.number,))]

    def not_named_after_code(self, scheme: str) -> Iterator[IndexedPlace]:
        """The places with an id that does not end with a code of the list, by id."""
        inside = (
            "place WHERE NOT EXISTS (SELECT 1 FROM code WHERE place = number AND scheme = ? "
            "AND location LIKE '%-' || code) ORDER BY location"
        )
        return self._asked(inside, scheme)

    def has_code(self, place: IndexedPlace, scheme: str) -> bool:
        asked = "SELECT 1 FROM code WHERE place = ? AND scheme = ?"
        return self._db.execute(asked, (place.number, scheme)).fetchone() is not None

    def around(self, place: IndexedPlace) -> tuple[IndexedPlace, ...]:
        """The places around a place, the smallest first."""
        if place.within is None:
            return ()
        if place.within not in self._around:
            if len(self._around) >= _REMEMBERED:
                self._around.clear()
            container = self.at(place.within)
            wider = (container, *self.around(container)) if container else ()
            self._around[place.within] = wider
        return self._around[place.within]

    def outermost(self, location: LocationId) -> LocationId:
        """The last place around a place; the place itself where nothing is around."""
        place = self.at(location)
        return (place, *self.around(place))[-1].location if place else location

    def _asked(self, inside: str, *values: object) -> Iterator[IndexedPlace]:
        for row in self._db.execute(f"SELECT {_PLACE} FROM {inside}", values):
            number, location, name, kind, latitude, longitude, within = row
            point = None
            if latitude is not None:
                point = Coordinates(latitude=latitude, longitude=longitude)
            yield IndexedPlace(number, location, name, LocationKind(kind), point, within)

    # ---- what the ledger says ----------------------------------------------------------------

    def _learn(self, event: LocationRegistered) -> None:
        point = event.coordinates
        where = (point.latitude, point.longitude) if point else (None, None)
        (number,) = self._db.execute(
            "INSERT INTO place (location, name, kind, latitude, longitude, within) "
            "VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
            (event.location, event.name, event.kind, *where, event.within),
        ).fetchone()
        self._name(number, _NAME, [event.name])
        self._name(number, _ALIAS, [alias.text for alias in event.aliases])
        self._code(number, event.codes)

    def _amend_all(self, ledger: LedgerReader) -> None:
        made = {each.statement.id for each in ledger.of_type(LocationAmended)}
        if not made:
            return
        taken_back = _taken_back(ledger, made)
        for each in ledger.of_type(LocationAmended):
            if isinstance(each.event, LocationAmended) and each.statement.id not in taken_back:
                self._amend(each.event)

    def _amend(self, event: LocationAmended) -> None:
        found = self.at(event.location)
        if found is None:
            return
        for name, value in event.changes.items():
            match name:
                case "name":
                    self._set(found, name=value)
                    self._forget(found, _NAME)
                    self._name(found.number, _NAME, [value])
                case "kind" | "within":
                    self._set(found, **{name: value})
                case "coordinates":
                    latitude = value.latitude if value else None
                    self._set(found, latitude=latitude, longitude=value and value.longitude)
                case "aliases":
                    self._forget(found, _ALIAS)
                    self._name(found.number, _ALIAS, [alias.text for alias in value])
                case "codes":
                    self._db.execute("DELETE FROM code WHERE place = ?", (found.number,))
                    self._code(found.number, value)

    def _set(self, place: IndexedPlace, **values: object) -> None:
        changed = ", ".join(f"{name} = ?" for name in values)
        values_then_place = (*values.values(), place.number)
        self._db.execute(f"UPDATE place SET {changed} WHERE number = ?", values_then_place)

    def _forget(self, place: IndexedPlace, role: int) -> None:
        self._db.execute("DELETE FROM name WHERE place = ? AND role = ?", (place.number, role))

    def _name(self, place: int, role: int, names: Iterable[str]) -> None:
        forms = {form for name in names for form in (plain(name), region_form(name)) if form}
        self._db.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?, ?)", [(form, place, role) for form in forms]
        )

    def _code(self, place: int, codes: Iterable[ExternalCode]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO code VALUES (?, ?, ?)",
            [(each.scheme, each.code, place) for each in codes],
        )


def _taken_back(ledger: LedgerReader, made: set[EventId]) -> set[EventId]:
    """The amendments that do not stand."""
    kept = merge(
        ledger.of_type(EventRetracted),
        ledger.of_type(EventReinstated),
        key=lambda each: each.position,
    )
    found: set[EventId] = set()
    for each in kept:
        match each.event:
            case EventRetracted(event=event) if event in made:
                found.add(event)
            case EventReinstated(event=event):
                found.discard(event)
    return found


def distance_km(one: Coordinates, other: Coordinates) -> float:
    """The great-circle distance, by the haversine formula on a sphere."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def region_form(text: str) -> str:
    """The name of a region for comparing, without the word for what it is: "Cercle de Kidal",
    "Kidal Region" and "Kidal" are the same."""
    words = plain(text).split()
    own = [word for word in words if word not in _SORTS_OF_REGION]
    return " ".join(own or words)


_SORTS_OF_REGION = {
    *("region", "regions", "province", "district", "department", "departement", "prefecture"),
    *(
        "sub-prefecture",
        "subprefecture",
        "cercle",
        "circle",
        "commune",
        "county",
        "state",
        "wilaya",
    ),
    *("governorate", "muhafazah", "oblast", "raion", "rayon", "municipality", "arrondissement"),
    *("of", "de", "du", "des", "d", "la", "le", "the", "area"),
}
