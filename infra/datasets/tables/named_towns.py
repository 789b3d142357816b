"""The places of a claims table without ids: by name and point, never by name alone where the ledger
has several."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from domain.events import LocatedEvent
from domain.values import Coordinates, LocationId, LocationKind, SourceId
from infra.datasets.place_index import IndexedPlace, PlaceIndex, distance_km
from infra.intake.claims_csv import UnclearPlace
from infra.ledger.reader import LedgerReader

_NEAR_KM = 10.0
"""Two points of a town lie no farther apart: gazetteers take the centre or the edge."""
_HOW_TO_SAY = "say in a column location_id which place it is; a new place needs a new id"


class NamedTowns:
    """The places meant by the names in tables, in a ledger before an import."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._ledger = ledger
        self._claimed: dict[SourceId, set[LocationId]] = {}
        """The places that a source has spoken of."""
        self._first: dict[LocationId, Coordinates] = {}
        """The first point of each place in the tables."""

    def town(
        self, source: SourceId, name: str, point: Coordinates | None, slug: LocationId
    ) -> LocationId:
        """The id of the place; `slug` where the ledger has no such place. Raises UnclearPlace."""
        found = self._meant(source, name, point)
        id = found.location if found else slug
        there = self._first.setdefault(id, point) if point else None
        taken = self._index.at(slug) if not found else None
        if taken and taken.coordinates:
            there = taken.coordinates
        if point and there and (far := distance_km(point, there)) > _NEAR_KM:
            whose = "in the ledger" if taken else "in another row"
            raise UnclearPlace(f"{id} lies {far:,.0f} km away {whose}; {_HOW_TO_SAY}")
        return id

    def region(self, name: str, slug: LocationId, places: set[str]) -> LocationId:
        """The id of a region. `places` are the ids of other places in the table."""
        given = self._index.at(slug) if slug == name else None
        if given and given.kind is LocationKind.REGION:
            return slug
        alike = self._index.named_region(name)
        depth = {each.location: len(self._index.around(each)) for each in alike}
        widest = [each for each in alike if depth[each.location] == min(depth.values())]
        if len(widest) > 1:
            raise UnclearPlace(f"the region may be {_either(widest)}; write the id of one")
        if widest:
            return widest[0].location
        is_taken = slug in places or self._index.at(slug) is not None
        return LocationId(f"{slug}-region") if is_taken else slug

    def _meant(self, source: SourceId, name: str, point: Coordinates | None) -> IndexedPlace | None:
        alike = [each for each in self._index.named(name) if each.kind not in _NO_TOWNS]
        if point:
            alike = [each for each in alike if _is_near(each, point)]
        claimed = [each for each in alike if each.location in self._claimed_by(source)]
        towns = [each for each in alike if each.kind is LocationKind.TOWN]
        meant = claimed or towns or alike
        if len(meant) > 1:
            raise UnclearPlace(f"it may be {_either(meant)}; {_HOW_TO_SAY}")
        return meant[0] if meant else None

    def _claimed_by(self, source: SourceId) -> set[LocationId]:
        if source not in self._claimed:
            told = (each.event for each in self._ledger.of_source(source))
            self._claimed[source] = {
                each.location for each in told if isinstance(each, LocatedEvent)
            }
        return self._claimed[source]

    @cached_property
    def _index(self) -> PlaceIndex:
        return PlaceIndex(self._ledger)


_NO_TOWNS = {LocationKind.REGION, LocationKind.ROUTE}


def _is_near(place: IndexedPlace, point: Coordinates) -> bool:
    return place.coordinates is not None and distance_km(point, place.coordinates) <= _NEAR_KM


def _either(places: Iterable[IndexedPlace]) -> str:
    ids: Sequence[str] = [each.location for each in places]
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
