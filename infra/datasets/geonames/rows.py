"""What does a row of a GeoNames dump say? (geonames.org/export, "geoname" table, 19 columns)"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain.values import Coordinates, ExternalCode, Name
from infra.datasets.cells import CellRow
from infra.datasets.geonames.kinds import BY_CLASS, kind_of
from infra.datasets.registered import MOST_NAMES
from infra.datasets.rows import Remark, Unfit, made, made_or_doubted
from infra.datasets.scripts import script_of
from infra.intake.controllers import slug_of
from infra.time_zones import UnknownZone, check_zone

COLUMNS = (
    *("geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude"),
    *("feature class", "feature code", "country code", "cc2"),
    *("admin1 code", "admin2 code", "admin3 code", "admin4 code"),
    *("population", "elevation", "dem", "timezone", "modification date"),
)
COLUMN_OF = {
    "location": "geonameid",
    "name": "name",
    "aliases": "alternatenames",
    "latitude": "latitude",
    "longitude": "longitude",
    "coordinates": "latitude",
    "kind": "feature code",
    "codes": "geonameid",
    "zone": "timezone",
    "published": "modification date",
}
"""The column of each field of a registration."""
_ADMIN = ("admin1 code", "admin2 code", "admin3 code", "admin4 code")
_COUNTRIES = ("PCLI", "PCL", "PCLD", "PCLF", "PCLS", "PCLIX")
"""The codes of countries and their like, the likest to a country first."""
_DIVISIONS = ("ADM1", "ADM2", "ADM3", "ADM4", "ADM5")
_LONGEST_ID = 100

Path = tuple[str, ...]
"""The codes of an administrative unit, from the country down."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on the places to import; without a condition all are imported."""

    classes: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    least_population: int = 0

    def takes(self, cells: Mapping[str, str]) -> bool:
        """Whether the class or the code is wanted, and as many people live there."""
        if self.classes or self.codes:
            is_class = cells.get("feature class", "") in self.classes
            if not is_class and cells.get("feature code", "") not in self.codes:
                return False
        if not self.least_population:
            return True
        people = cells.get("population", "")
        return people.isdecimal() and int(people) >= self.least_population


class AdminUnit(NamedTuple):
    """The place of an administrative unit among its like."""

    path: Path
    rank: int
    """Of two rows for the same unit the lower rank counts."""


def unit_of(cells: Mapping[str, str]) -> AdminUnit | None:
    """The administrative unit described by a row; None for other rows."""
    country, code = cells["country code"], cells["feature code"]
    if cells["feature class"] != "A" or not country:
        return None
    if code in _COUNTRIES:
        return AdminUnit((country,), _COUNTRIES.index(code))
    if code not in _DIVISIONS:
        return None
    depth = _DIVISIONS.index(code) + 1
    own = [cells[column] for column in _ADMIN[:depth]]
    if depth > len(_ADMIN):  # no column has the code of an ADM5
        own.append(cells["geonameid"])
    return AdminUnit((country, *own), 0) if own[-1] else None


def paths_around(cells: Mapping[str, str]) -> Iterator[Path]:
    """The possible units around a row, the smallest first."""
    unit = unit_of(cells)
    codes = unit.path if unit else (cells["country code"], *(cells[each] for each in _ADMIN))
    for end in range(len(codes) - (1 if unit else 0), 0, -1):
        if codes[end - 1]:
            yield codes[:end]


def code_of(cells: Mapping[str, str]) -> ExternalCode:
    """The code. Raises Unfit."""
    id = cells["geonameid"]
    if not (id.isascii() and id.isdecimal() and len(id) <= 12):
        raise Unfit(Remark("geonameid", id, "it is no number of GeoNames"))
    return ExternalCode(scheme="geonames", code=str(int(id)))


def slug_for(cells: Mapping[str, str]) -> str:
    """The id of a new place: the name and the number."""
    number = code_of(cells).code
    slug = slug_of(cells["name"]) or slug_of(cells["asciiname"]) or "geonames"
    return f"{slug[: _LONGEST_ID - len(number) - 1].strip('-')}-{number}"


def point_of(cells: Mapping[str, str]) -> Coordinates:
    """The coordinates, to 6 decimals. Raises Unfit."""
    given: dict[str, float] = {}
    for column in ("latitude", "longitude"):
        try:
            given[column] = round(float(cells[column]), 6)
        except ValueError:
            raise Unfit(Remark(column, cells[column], "it is no number")) from None
    try:
        return made(Coordinates, given, {name: name for name in given}, cells)
    except Unfit as unfit:
        why = "no point of the earth has these coordinates"
        raise Unfit(*(each._replace(why=why) for each in unfit.why)) from None


def written_names(cells: Mapping[str, str]) -> list[str]:
    """All names in a row, as written."""
    others = [each.strip() for each in cells["alternatenames"].split(",")]
    return [name for name in (cells["name"].strip(), cells["asciiname"].strip(), *others) if name]


class GazetteerRow:
    """A row, read; `doubts` fill up as its parts are asked for."""

    def __init__(self, row: CellRow) -> None:
        self.line, self.cells = row.line, row.cells
        self.doubts: list[Remark] = []
        if row.faults:
            raise Unfit(*row.faults)
        self.code = code_of(row.cells)
        self.point = point_of(row.cells)

    def fields(self, location: str) -> dict[str, Any]:
        """The fields of the registration, without what the place lies in."""
        cells = self.cells
        fields: dict[str, Any] = {
            "location": location,
            "name": cells["name"] or cells["asciiname"],
            "kind": kind_of(cells["feature class"], cells["feature code"]),
            "coordinates": self.point,
            "codes": (self.code,),
        }
        if cells["feature class"] not in BY_CLASS:
            why = "GeoNames has no such class; it is registered as a site"
            self.doubts.append(Remark("feature class", cells["feature class"], why))
        if zone := self._zone():
            fields["zone"] = zone
        if names := self.names():
            fields["aliases"] = names
        if day := cells["modification date"]:
            fields["published"] = day
        return fields

    def names(self, *, all_of_them: bool = False) -> tuple[Name, ...]:
        """The other names, each once; with `all_of_them` also the name itself."""
        texts = dict.fromkeys(written_names(self.cells))
        if not all_of_them:
            texts.pop(self.cells["name"].strip(), None)
        names = []
        for text in texts:
            fields = {"text": text, "script": script_of(text)}
            if name := made_or_doubted(Name, fields, "alternatenames", text, self.doubts):
                names.append(name)
        return with_most_scripts(names, "alternatenames", self.doubts)

    def _zone(self) -> str | None:
        zone = self.cells["timezone"]
        try:
            return check_zone(zone) if zone else None
        except UnknownZone as unknown:
            self.doubts.append(Remark("timezone", zone, f"it is left out: {unknown}"))
            return None


def with_most_scripts(names: Sequence[Name], column: str, doubts: list[Remark]) -> tuple[Name, ...]:
    """As many of the names as a registration may have: of every script the first ones. A doubt
    tells of the others."""
    dropped = len(names) - MOST_NAMES
    if dropped <= 0:
        return tuple(names)
    why = f"it has {len(names)} other names; {dropped} are left out, of every script the last"
    doubts.append(Remark(column, "", why))
    seen: dict[str | None, int] = {}
    ranked = []
    for number, each in enumerate(names):
        seen[each.script] = seen.get(each.script, 0) + 1
        ranked.append((seen[each.script], number))
    kept = sorted(number for _, number in sorted(ranked)[:MOST_NAMES])
    return tuple(names[number] for number in kept)
