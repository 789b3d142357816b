"""Which places of a gazetteer does the ledger hold without codes, registered by hand?

Two places are the same where both have a name and a kind in common, and lie near each other; two
regions, where both lie as deep in the same country. Nothing is decided where two could be meant.
Places with codes from an import before are compared too, so that an import cut short and begun
again decides the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from domain.values import Coordinates, ExternalCode, LocationId, LocationKind
from infra.datasets.place_index import IndexedPlace, PlaceIndex, distance_km
from infra.spelling import plain

_NEAR_KM = 10.0


class ListedPlace(NamedTuple):
    """A place of the gazetteer, with the fields for adoption."""

    code: str
    names: Sequence[str]
    """The name, and then the others."""
    kind: LocationKind
    point: Coordinates
    country: str
    depth: int | None
    """How many steps an administrative unit lies below its country; None for other places."""


class _Pair(NamedTuple):
    place: IndexedPlace
    code: str
    country: str
    is_by_other_name: bool
    km: float | None


class Adopted(NamedTuple):
    """A place of the ledger, to get a code."""

    place: IndexedPlace
    km: float | None
    """How far the two points lie apart; None where regions were compared."""


class Adoptions:
    """The pairs found while a gazetteer is read, and the decisions from all pairs."""

    def __init__(self, index: PlaceIndex, scheme: Literal["geonames"]) -> None:
        self._index, self._scheme = index, scheme
        self._by_form: dict[str, list[IndexedPlace]] = {}
        for place in index.not_named_after_code(scheme):
            if place.coordinates or place.kind is LocationKind.REGION:
                for form in index.forms(place):
                    self._by_form.setdefault(form, []).append(place)
        self._pairs: list[_Pair] = []

    def look_at(self, listed: ListedPlace) -> None:
        """Takes in a place of the gazetteer."""
        found: dict[LocationId, IndexedPlace] = {}
        for form in map(plain, listed.names) if self._by_form else ():
            for place in self._by_form.get(form, ()):
                found[place.location] = place
        for place in found.values():
            if place.kind is listed.kind and self._lies_there(place, listed):
                is_other = plain(place.name) != plain(listed.names[0])
                km = distance_km(place.coordinates, listed.point) if place.coordinates else None
                self._pairs.append(_Pair(place, listed.code, listed.country, is_other, km))

    def settled(
        self, countries: Mapping[str, Iterable[str]]
    ) -> tuple[dict[str, Adopted], dict[str, str]]:
        """The adopted places by code, and a doubt for each code that two could mean; `countries`
        has the names of each country."""
        forms = {country: set(map(plain, names)) for country, names in countries.items()}
        pairs = [pair for pair in self._pairs if self._is_of_country(pair, forms)]
        best = {*_best(pairs, lambda pair: pair.place.location)}
        best &= {*_best(pairs, lambda pair: pair.code)}
        by_place = Counter(pair.place.location for pair in best)
        by_code = Counter(pair.code for pair in best)
        adopted, doubts = {}, {}
        for pair in sorted(best, key=lambda pair: (pair.code, pair.place.location)):
            if self._index.coded(ExternalCode(scheme=self._scheme, code=pair.code)):
                continue
            is_free = not self._index.has_code(pair.place, self._scheme)
            if is_free and by_place[pair.place.location] == by_code[pair.code] == 1:
                adopted[pair.code] = Adopted(pair.place, pair.km)
            else:
                doubts[pair.code] = (
                    f"it may be {pair.place.location} in the ledger, and so may others; it was "
                    "registered on its own"
                )
        return adopted, doubts

    def _lies_there(self, place: IndexedPlace, listed: ListedPlace) -> bool:
        if listed.kind is LocationKind.REGION:
            return listed.depth is not None and len(self._index.around(place)) == listed.depth
        if place.coordinates is None:
            return False
        return distance_km(place.coordinates, listed.point) <= _NEAR_KM

    def _is_of_country(self, pair: _Pair, countries: Mapping[str, set[str]]) -> bool:
        around = self._index.around(pair.place)
        if pair.place.kind is not LocationKind.REGION or not around:
            return True
        return not countries.get(pair.country, set()).isdisjoint(self._index.forms(around[-1]))


def _best(pairs: Iterable[_Pair], key: Callable[[_Pair], str]) -> Iterator[_Pair]:
    """Of the pairs with one key those by the name itself, where there are any."""
    groups: dict[str, list[_Pair]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    for group in groups.values():
        named = [pair for pair in group if not pair.is_by_other_name]
        yield from named or group
