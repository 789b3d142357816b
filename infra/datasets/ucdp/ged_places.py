"""The place of a row of GED, as near as `where_prec` says."""

from domain.values import Coordinates, GeoPrecision, LocationKind
from infra.datasets.places import WantedPlace
from infra.datasets.rows import Remark, Unfit
from infra.datasets.ucdp.cells import Cells, code, degrees, text

WHERE = {
    1: "the exact place",
    2: "within about 25 km of the place",
    3: "the second-order administrative division",
    4: "the first-order administrative division",
    5: "a line or an area that is no division",
    6: "the country",
    7: "international waters or airspace",
}
"""The column where_prec."""
COLUMNS = (
    *("where_prec", "where_coordinates", "adm_1", "adm_2", "country", "latitude", "longitude"),
)
"""The columns that decide a place."""
PLACE_NAMES = ("where_coordinates", "adm_2", "adm_1", "country")
"""The columns with names of places."""
_SETTLEMENTS = {"town", "village", "city", "suburb", "locality", "settlement", "hamlet"}
_BASES = {"airbase", "base", "barracks", "garrison"}
_AREAS = {
    *("area", "district", "sub-district", "township", "woreda", "municipality", "commune"),
    *("province", "governorate", "region", "state", "department", "oblast", "raion", "rayon"),
    *("county", "territory", "zone", "division", "sub-division", "valley", "plain", "plains"),
    *("hills", "mountains", "island", "islands", "forest", "lake", "river", "highway", "road"),
}


def place_of(cells: Cells) -> tuple[WantedPlace, GeoPrecision]:
    """The place of a row; a region for a row without a nearer place. Raises Unfit."""
    precision = GeoPrecision(scale="ucdp", code=code(cells, "where_prec", WHERE))
    point = Coordinates(
        latitude=degrees(cells, "latitude", 90), longitude=degrees(cells, "longitude", 180)
    )
    country = text(cells, "country")
    divisions = (text(cells, "adm_1"), text(cells, "adm_2"))
    around = tuple(filter(None, (country, *divisions)))
    match precision.code:
        case 1 | 2:
            return _named_place(cells, around, point), precision
        case 3 | 4:
            return _division(cells, country, divisions[: 5 - precision.code]), precision
        case 6:
            return _region(country, (), "country", cells), precision
        case 7:
            return _area(cells, (), point, precision), precision
    return _area(cells, around, point, precision), precision


def _named_place(cells: Cells, around: tuple[str, ...], point: Coordinates) -> WantedPlace:
    name = text(cells, "where_coordinates")
    if not name:
        raise Unfit(Remark("where_coordinates", "", "the place has no name"))
    *words, last = name.split(" ")
    sort = last.casefold()
    if words and sort in _SETTLEMENTS:
        return WantedPlace(" ".join(words), LocationKind.TOWN, around, point)
    if sort in _AREAS and name in around:
        return _region(name, around, "where_coordinates", cells)
    kind = LocationKind.BASE if sort in _BASES else LocationKind.SITE
    return WantedPlace(name, LocationKind.REGION if sort in _AREAS else kind, around, point)


def _division(cells: Cells, country: str, divisions: tuple[str, ...]) -> WantedPlace:
    """The division; for a row without its name, the region in `where_coordinates`."""
    name = divisions[-1] or text(cells, "where_coordinates")
    around = tuple(filter(None, (country, *divisions[:-1])))
    return _region(name, around, "where_coordinates", cells)


def _region(name: str, around: tuple[str, ...], column: str, cells: Cells) -> WantedPlace:
    if not name:
        raise Unfit(Remark(column, cells.get(column, ""), "the region has no name"))
    outside = around[: around.index(name)] if name in around else around
    return WantedPlace(name, LocationKind.REGION, outside)


def _area(
    cells: Cells, around: tuple[str, ...], point: Coordinates, precision: GeoPrecision
) -> WantedPlace:
    """An area by its own name, with a rough point."""
    region = _region(text(cells, "where_coordinates"), around, "where_coordinates", cells)
    if region.around != around:
        return region
    rough = point.model_copy(update={"precision": precision})
    return WantedPlace(region.name, LocationKind.REGION, around, rough)
