"""The place named by a row of a dataset: a place of the ledger, or a new place.

A name alone means nothing: one name is several towns, and one town has several spellings. A place
is taken for a registered one where a name is the same, or sounds the same, and the coordinates are
near. The row and the ledger before the import decide: neither the order of the rows nor an
interruption changes a place. A row that had a place keeps it where it may be meant still: a
homonym that was registered since then moves no row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz

from domain.events import LocationRegistered
from domain.texts import in_one_line, without_hidden
from domain.values import Coordinates, LocationId, LocationKind
from infra.datasets.place_index import IndexedPlace, PlaceIndex, distance_km, region_form
from infra.datasets.rows import Remark, Unfit, made
from infra.intake.controllers import slug_of
from infra.ledger.reader import LedgerReader
from infra.spelling import plain, sounding

_NEAR_KM = 10.0
"""Two points of a town lie no farther apart: gazetteers take the centre or the edge."""
_MISSPELT_KM = 5.0
"""Two spellings of one town lie no farther apart."""
_NOT_FAR_KM = 25.0
"""A place of the same name within this distance is doubtful."""
_HERE_KM, _FAR_MORE = 2.0, 3.0
"""Of two places with one name, the nearer is meant where it lies within the first, and the other
is so many times farther."""
_LIKE_PERCENT = 85
"""The least likeness of two spellings of a name."""
_REMEMBERED = 20_000
"""The most places remembered as found before."""
_NO_CELLS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """A place as a row names it."""

    name: str
    kind: LocationKind
    around: tuple[str, ...] = ()
    """The names of the regions around, the largest first: country, province, district."""
    coordinates: Coordinates | None = None


class FoundPlace(NamedTuple):
    """The place in the ledger."""

    location: LocationId
    registers: tuple[LocationRegistered, ...] = ()
    """The place and the regions around, unless the ledger held them before the import."""
    doubt: str | None = None
    """Why another place may be meant."""
    others: frozenset[LocationId] = frozenset()
    """Places of the ledger that may be meant as well: a row that had one of them keeps it."""


class _Matched(NamedTuple):
    """A place of the ledger, or None where a new place is meant; and a doubt about that."""

    place: IndexedPlace | None = None
    doubt: str | None = None
    alike: Sequence[IndexedPlace] = ()
    """All places that may be meant."""

    def others(self, than: LocationId) -> frozenset[LocationId]:
        """The places that may be meant as well."""
        return frozenset(each.location for each in self.alike if each.location != than)


class PlaceBook:
    """The places of a ledger, and those that an import adds.

    Memory holds at most 20,000 answers and 32 MB of the index (about 100 MB together), however many
    places the ledger has.
    """

    def __init__(self, ledger: LedgerReader, scheme: str) -> None:
        """`scheme` names the dataset in the ids of new places, as `ged` or `acled`."""
        self._scheme = scheme
        self._index = PlaceIndex(ledger)
        self._marked = re.compile(rf"(.*-)?{re.escape(scheme)}-[0-9a-f]{{8}}")
        self._found: dict[WantedPlace, FoundPlace] = {}

    def find(
        self, wanted: WantedPlace, columns: Sequence[str] = (), cells: Mapping[str, str] = _NO_CELLS
    ) -> FoundPlace:
        """The place, registered or to be registered. Raises Unfit for a name that no place can
        have, with the one of these columns that has the name."""
        try:
            return self._remembered(wanted)
        except Unfit as unfit:
            told = {column: cells.get(column, "") for column in columns}
            raise Unfit(*(_in_its_column(remark, told) for remark in unfit.why)) from None

    def _remembered(self, wanted: WantedPlace) -> FoundPlace:
        found = self._found.get(wanted)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            found = self._found[wanted] = self._find(wanted)
        return found

    def _find(self, wanted: WantedPlace) -> FoundPlace:
        is_region = wanted.kind is LocationKind.REGION
        id = self._region_id(wanted) if is_region else self._id_of(wanted)
        matched = self._region(wanted) if is_region else self._point(wanted)
        if self._index.at(id):
            return FoundPlace(id, others=matched.others(id))
        if matched.place:
            found = matched.place.location
            return FoundPlace(found, doubt=matched.doubt, others=matched.others(found))
        return self._new(id, wanted, matched)

    def _new(self, id: LocationId, wanted: WantedPlace, matched: _Matched) -> FoundPlace:
        around = self._container(wanted.around)
        fields = {
            "location": id,
            "name": wanted.name,
            "kind": wanted.kind,
            "coordinates": wanted.coordinates,
            "within": around.location if around else None,
        }
        registered = made(LocationRegistered, fields, {"name": "name"}, {"name": wanted.name})
        registers = (*(around.registers if around else ()), registered)
        return FoundPlace(id, registers, matched.doubt, matched.others(id))

    def _container(self, around: Sequence[str]) -> FoundPlace | None:
        """The region with the last of these names, in those before."""
        if not around:
            return None
        return self._remembered(WantedPlace(around[-1], LocationKind.REGION, tuple(around[:-1])))

    def country_of(
        self, place: LocationId, registers: Sequence[LocationRegistered] = ()
    ) -> LocationId:
        """The outermost region around a place, as found with these registrations."""
        if not registers:
            return self._index.outermost(place)
        widest = registers[0]  # the place and the regions around, the largest first
        return self._index.outermost(widest.within) if widest.within else widest.location

    # ---- regions -----------------------------------------------------------------------------

    def _region(self, wanted: WantedPlace) -> _Matched:
        alike = self._foreign(
            each for name in _country_names(wanted.name) for each in self._index.named_region(name)
        )
        if not wanted.around:
            return self._country(wanted, alike)
        country, *between = wanted.around
        depth = len(wanted.around)
        alike = [each for each in alike if self._depth(each, country) == depth]
        exact = [each for each in alike if self._lies_in(each, between)]
        meant = exact or alike
        if len(meant) == 1:
            (found,) = meant
            return _Matched(found, None if exact else self._elsewhere(found, wanted), meant)
        return _Matched(None, _any_of(meant), meant)

    def _country(self, wanted: WantedPlace, alike: Sequence[IndexedPlace]) -> _Matched:
        widest = min((len(self._index.around(each)) for each in alike), default=0)
        alike = [
            each
            for each in alike
            if len(self._index.around(each)) == widest
            and not (
                wanted.coordinates
                and each.coordinates
                and distance_km(wanted.coordinates, each.coordinates) > _ACROSS_A_COUNTRY_KM
            )
        ]
        if len(alike) == 1:
            return _Matched(alike[0], None, alike)
        return _Matched(None, _any_of(alike), alike)

    def _depth(self, place: IndexedPlace, country: str) -> int | None:
        """How many steps a place lies below a country; None for a place elsewhere."""
        forms = set(map(region_form, _country_names(country)))
        for number, each in enumerate(self._index.around(place)):
            if not forms.isdisjoint(self._index.forms(each)):
                return number + 1
        return None

    def _lies_in(self, place: IndexedPlace, names: Iterable[str]) -> bool:
        """Whether each of the names is that of a region around the place."""
        around = [set(self._index.forms(each)) for each in self._index.around(place)]
        return all(
            any(not forms.isdisjoint(map(region_form, _country_names(name))) for forms in around)
            for name in names
        )

    # ---- places with a point -----------------------------------------------------------------

    def _point(self, wanted: WantedPlace) -> _Matched:
        alike = [each for each in self._index.named(wanted.name) if _is_no_region(each)]
        alike = self._foreign(alike)
        if wanted.coordinates is None:
            return self._by_region(wanted, alike)
        point = wanted.coordinates
        far = {
            each.location: distance_km(point, each.coordinates)
            for each in alike
            if each.coordinates
        }
        near = [each for each in alike if far.get(each.location, _NOT_FAR_KM) <= _NEAR_KM]
        if near:
            return self._nearest(wanted, near, far)
        if spelt := self._spelt_otherwise(wanted, point):
            return spelt
        next_ = [each for each in alike if far.get(each.location, 1e9) <= _NOT_FAR_KM]
        told = [f"{each.location} ({far[each.location]:.0f} km away)" for each in next_]
        return _Matched(doubt=_or_same(told))

    def _nearest(
        self, wanted: WantedPlace, near: list[IndexedPlace], far: dict[LocationId, float]
    ) -> _Matched:
        """The meant place of several with the name: by kind, distance and regions."""
        near = [each for each in near if each.kind is wanted.kind] or near
        first, *others = sorted(near, key=lambda each: (far[each.location], each.location))
        if not others or _is_clear(far[first.location], far[others[0].location]):
            here = [each for each in near if far[each.location] <= _HERE_KM]
            return _Matched(first, self._elsewhere(first, wanted), here)
        inside = [each for each in near if self._lies_in(each, wanted.around)]
        if wanted.around and len(inside) == 1:
            told = ", ".join(each.location for each in near if each not in inside)
            return _Matched(inside[0], f"{told} has the same name, and lies near", near)
        return _Matched(None, _any_of(near), near)

    def _spelt_otherwise(self, wanted: WantedPlace, point: Coordinates) -> _Matched | None:
        """A place near the point whose name sounds like the wanted one, or is much like it."""
        close = self._index.near(point, _MISSPELT_KM)
        near = self._foreign(each for _, each in close if _is_no_region(each))
        for is_alike in (_sounds_like, _looks_like):
            alike = [each for each in near if is_alike(wanted.name, self._index.forms(each))]
            alike = [each for each in alike if each.kind is wanted.kind] or alike
            if len(alike) == 1:
                (found,) = alike
                told = f"the ledger writes {found.name} ({found.location}), which lies near"
                doubt = "; ".join(filter(None, (told, self._elsewhere(found, wanted))))
                return _Matched(found, doubt, alike)
            if alike:
                return _Matched(None, _any_of(alike), alike)
        return None

    def _by_region(self, wanted: WantedPlace, alike: list[IndexedPlace]) -> _Matched:
        """The only place of the name in the regions; without regions nothing tells homonyms."""
        if not wanted.around:
            return _Matched(None, _any_of(alike), alike)
        inside = [each for each in alike if self._lies_in(each, wanted.around)]
        inside = [each for each in inside if each.kind is wanted.kind] or inside
        if len(inside) == 1:
            doubt = "it is found by its name and region, without coordinates"
            return _Matched(inside[0], doubt, inside)
        return _Matched(None, _any_of(inside), inside)

    def _elsewhere(self, found: IndexedPlace, wanted: WantedPlace) -> str | None:
        """A doubt where the ledger has the place in other regions than the row."""
        around = self._index.around(found)
        names = wanted.around if len(around) >= len(wanted.around) else wanted.around[: len(around)]
        if not around or self._lies_in(found, names):
            return None
        ours = ", ".join(each.name for each in around)
        return f"{found.location} lies in {ours} in the ledger, in the row in {_told(wanted)}"

    def _foreign(self, places: Iterable[IndexedPlace]) -> list[IndexedPlace]:
        """The places that no import of this dataset added, each once."""
        found = {each.location: each for each in places}
        return [each for each in found.values() if not self._is_own(each)]

    def _is_own(self, place: IndexedPlace) -> bool:
        if place.kind is LocationKind.REGION:
            return place.location.startswith(f"{self._scheme}-")
        return self._marked.fullmatch(place.location) is not None

    # ---- ids ---------------------------------------------------------------------------------

    def _id_of(self, wanted: WantedPlace) -> LocationId:
        where = wanted.coordinates
        point = f"{where.latitude:.6f},{where.longitude:.6f}" if where else ""
        mark = _mark(wanted.kind, *wanted.around, wanted.name, point)
        return _joined(slug_of(wanted.name), f"{self._scheme}-{mark}")

    def _region_id(self, wanted: WantedPlace) -> LocationId:
        where = wanted.coordinates
        names = (*wanted.around, wanted.name)
        slugs = [slug_of(name) for name in names]
        slug = "-".join((self._scheme, *slugs))
        is_told = all(_written(name) == its for name, its in zip(names, slugs, strict=True))
        if is_told and where is None and len(slug) <= _LONGEST_ID:
            return LocationId(slug)
        point = f"{where.latitude:.6f},{where.longitude:.6f}" if where else ""
        return _joined("-".join(filter(None, (self._scheme, *slugs))), _mark(*names, point))


_ACROSS_A_COUNTRY_KM = 1_000.0
"""Two points of one country lie no farther apart."""
_LONGEST_ID = 100
_IN_BRACKETS = re.compile(r"(.*?)\s*\((.*)\)\s*")


def _country_names(text: str) -> tuple[str, ...]:
    """The names in a text: "Myanmar (Burma)" is also Myanmar, and Burma."""
    parts = _IN_BRACKETS.fullmatch(text)
    return (text, *filter(None, parts.groups())) if parts else (text,)


def _is_clear(first: float, second: float) -> bool:
    """Whether the nearer of two places is meant, by their distances."""
    return first <= _HERE_KM and second >= _FAR_MORE * max(first, _HERE_KM / 2)


def _is_no_region(place: IndexedPlace) -> bool:
    return place.kind not in {LocationKind.REGION, LocationKind.ROUTE}


def _sounds_like(name: str, forms: Iterable[str]) -> bool:
    sound = sounding(name).replace(" ", "")
    return len(sound) > 2 and any(sounding(form).replace(" ", "") == sound for form in forms)


def _looks_like(name: str, forms: Iterable[str]) -> bool:
    asked = plain(name)
    return len(asked) > 3 and any(fuzz.ratio(asked, form) >= _LIKE_PERCENT for form in forms)


def _any_of(places: Iterable[IndexedPlace]) -> str | None:
    return _or_same([each.location for each in places])


def _or_same(told: Sequence[str]) -> str | None:
    if not told:
        return None
    shown = ", ".join(told[:5]) + (f" and {len(told) - 5} more" if len(told) > 5 else "")
    return f"it may be {shown}; a place of its own was registered"


def _told(wanted: WantedPlace) -> str:
    return ", ".join(reversed(wanted.around))


def _written(name: str) -> str:
    return re.sub("[ '-]+", "-", name.lower()).strip("-")


def _in_its_column(remark: Remark, cells: Mapping[str, str]) -> Remark:
    """The remark about a name, at the cell with the name: the whole cell, or a part of it."""
    name = in_one_line(without_hidden(remark.value))
    texts = {column: in_one_line(without_hidden(cell)) for column, cell in cells.items()}
    whole = [column for column, text in texts.items() if text == name]
    parts = [column for column, text in texts.items() if text and (text in name or name in text)]
    return next((Remark(column, cells[column], remark.why) for column in (*whole, *parts)), remark)


def _mark(*told: str) -> str:
    return blake2b("|".join(told).encode(), digest_size=4).hexdigest()


def _joined(slug: str, mark: str) -> LocationId:
    """An id of both, with the mark whole."""
    kept = slug[: _LONGEST_ID - len(mark) - 1].strip("-")
    return LocationId(f"{kept}-{mark}" if kept else mark)
