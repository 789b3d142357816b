"""The columns about a place, the same in every table of places."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from api.tables.columns import Degrees, OneOf, TableRow
from domain.values import LocationKind
from projections.places import Place


@dataclass(frozen=True, kw_only=True)
class PlaceRow(TableRow):
    """The place of a row."""

    location: str
    """The id of the place."""
    name: str
    """The name in use at the moment of the row."""
    kind: Annotated[str, OneOf(LocationKind)]
    """What the place is."""
    latitude: Degrees | None
    """North of the equator, on WGS 84; empty where nobody gave coordinates."""
    longitude: Degrees | None
    """East of Greenwich, on WGS 84."""
    geo_precision: int | None
    """The code of the precision of the coordinates, on the scale of geo_scale: of acled 1 to 3, of
    ucdp (where_prec) 1 to 7; 1 is the exact place. Empty where nobody coded the precision."""
    geo_scale: Literal["acled", "ucdp"] | None
    """The scale of geo_precision: acled or ucdp."""
    within: str | None
    """The id of the smallest place around."""


def place_cells(place: Place, name: str) -> dict[str, Any]:
    """The columns about the place."""
    return {
        "location": place.location,
        "name": name,
        "kind": place.kind.value,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geo_precision": place.geo_code,
        "geo_scale": place.geo_scale,
        "within": place.within,
    }
