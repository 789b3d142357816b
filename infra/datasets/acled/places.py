"""The place of a row: a town, the area around a town, or a province, by geo_precision.

* 1: the town itself.
* 2: a part of a region, or the surroundings of a town: an area of its own, with the coordinates of
  the town. Events there are no events of the town.
* 3: a larger region, coded at its capital, a forest or a border: the first-level region.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.events import ControlReported, LocationRegistered
from domain.values import Coordinates, GeoPrecision, LocationId, LocationKind
from infra.datasets.acled.columns import AcledCells
from infra.datasets.places import PlaceBook, WantedPlace
from infra.datasets.repeated_cells import RepeatedCells
from infra.datasets.rows import Unfit
from infra.intake.recorded_zones import Zones
from infra.ledger.reader import LedgerReader


@dataclass(frozen=True, slots=True)
class PlaceOfRow:
    """The place of a row."""

    location: LocationId
    registers: tuple[LocationRegistered, ...]
    precision: int
    """ACLED's geo_precision."""
    zone: str | None
    doubt: str
    others: frozenset[LocationId]
    """Places that may be meant as well."""

    @property
    def is_area(self) -> bool:
        """Whether the place is wider than a town: nothing is asserted about control of the town."""
        return self.precision > 1


class AcledPlaces:
    """Finds the places of rows."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._ledger, self._book = ledger, PlaceBook(ledger, "acled")
        self._zones = Zones(ledger)
        self._found: RepeatedCells[tuple[str, ...], PlaceOfRow] = RepeatedCells(_REMEMBERED)
        self._asked = 0

    def find(self, cells: AcledCells) -> PlaceOfRow:
        """Raises Unfit."""
        return self._found.get(tuple(map(cells.__getitem__, _COLUMNS)), lambda: self._find(cells))

    def _find(self, cells: AcledCells) -> PlaceOfRow:
        precision = cells.one_of("geo_precision", (1, 2, 3))
        self._asked += 1
        if self._asked % _REMEMBERED == 0:
            self._zones = Zones(self._ledger)  # it remembers every place that it was asked for
        found = self._book.find(_wanted(cells, precision), _NAMES, cells.cells)
        for each in found.registers:
            self._zones.learn(each)
        zone = self._zones.zone(ControlReported, {"location": found.location})
        doubt = found.doubt or ""
        return PlaceOfRow(found.location, found.registers, precision, zone, doubt, found.others)


_REMEMBERED = 10_000
"""The most places remembered by the words of a row."""


def _wanted(cells: AcledCells, precision: int) -> WantedPlace:
    country, *regions = (_required(cells, "country"), *map(cells.__getitem__, _REGIONS))
    around = (country, *(each for each in regions if each))
    if precision == 3:
        region = cells["admin1"]
        lies_in = (country,) if region else ()
        return WantedPlace(region or country, LocationKind.REGION, lies_in)
    name = _required(cells, "location")
    point = Coordinates(
        latitude=_degrees(cells, "latitude", 90),
        longitude=_degrees(cells, "longitude", 180),
        precision=GeoPrecision(scale="acled", code=precision),
    )
    if precision == 2:
        return WantedPlace(f"Surroundings of {name}", LocationKind.REGION, around, point)
    return WantedPlace(name, LocationKind.TOWN, around, point)


_REGIONS = ("admin1", "admin2", "admin3")
_NAMES = ("location", *reversed(_REGIONS), "country")
_COLUMNS = ("geo_precision", "country", *_REGIONS, "location", "latitude", "longitude")
"""The columns that decide a place."""


def _required(cells: AcledCells, column: str) -> str:
    if not cells[column]:
        raise Unfit(cells.remark(column, "it is empty"))
    return cells[column]


def _degrees(cells: AcledCells, column: str, most: int) -> float:
    """Degrees to six decimals, so that 107.60700000000001 is 107.607."""
    try:
        degrees = Decimal(_required(cells, column))
    except InvalidOperation:
        raise Unfit(cells.remark(column, "it is not a number of degrees")) from None
    if not degrees.is_finite() or abs(degrees) > most:
        raise Unfit(cells.remark(column, f"degrees lie between -{most} and {most}"))
    return float(round(degrees, 6)) + 0.0
