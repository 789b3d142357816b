"""The place that a row of a dataset means: one of the gazetteer in the ledger, or a new one.

A name alone means nothing: one name is several towns, and one town has several spellings. A place
is taken for a registered one where a name is the same and the coordinates are near.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from domain.events import LocationAmended, LocationRegistered
from domain.values import Coordinates, LocationId, LocationKind
from infra.intake.controllers import slug_of
from infra.ledger.reader import LedgerReader
from infra.spelling import plain

_NEAR_KM = 10.0
"""Two points of one town lie no farther apart: gazetteers put them at its centre or its edge."""
_EARTH_KM = 6_371.0


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """A place as a row names it."""

    name: str
    kind: LocationKind
    around: tuple[str, ...] = ()
    """The names of what it lies in, the largest first: country, province, district."""
    coordinates: Coordinates | None = None


class FoundPlace(NamedTuple):
    """The place in the ledger."""

    location: LocationId
    registers: tuple[LocationRegistered, ...] = ()
    """The place, and what it lies in, unless registered before."""
    doubt: str | None = None
    """Why it may be another place."""


@dataclass(slots=True)
class _Known:
    location: LocationId
    name: str
    kind: LocationKind
    coordinates: Coordinates | None
    within: LocationId | None
    names: set[str] = field(default_factory=set)


class PlaceBook:
    """The places of a ledger by name, and those that an import adds."""

    def __init__(self, ledger: LedgerReader, scheme: str) -> None:
        """`scheme` begins the ids of new places, as `ged` or `acled`."""
        self._scheme = scheme
        self._places: dict[LocationId, _Known] = {}
        self._named: dict[str, list[LocationId]] = {}
        for each in ledger.of_type(LocationRegistered):
            if isinstance(each.event, LocationRegistered):
                self._learn(each.event)
        for each in ledger.of_type(LocationAmended):
            if isinstance(each.event, LocationAmended):
                self._amend(each.event)

    def find(self, wanted: WantedPlace) -> FoundPlace:
        """The place, registered or to be registered."""
        candidates = [known for known in self._of_name(wanted.name) if _may_be(wanted, known)]
        if len(candidates) == 1:
            return FoundPlace(candidates[0].location)
        doubt = None
        if candidates:
            named = ", ".join(sorted(each.location for each in candidates))
            doubt = f"it may be any of {named}; a place of its own was registered"
        return self._new(wanted, doubt)

    def _new(self, wanted: WantedPlace, doubt: str | None) -> FoundPlace:
        around = self._around(wanted.around)
        registered = LocationRegistered(
            location=self._id_of(wanted),
            name=wanted.name,
            kind=wanted.kind,
            coordinates=wanted.coordinates,
            within=around[-1].location if around else None,
        )
        self._learn(registered)
        return FoundPlace(registered.location, (*around, registered), doubt)

    def _around(self, names: Sequence[str]) -> list[LocationRegistered]:
        """The regions of these names, each within the one before."""
        found: list[LocationRegistered] = []
        for depth, name in enumerate(names):
            within = found[-1].location if found else None
            slug = "-".join(filter(None, map(slug_of, (self._scheme, *names[: depth + 1]))))
            region = LocationRegistered(
                location=LocationId(_short(slug)),
                name=name,
                kind=LocationKind.REGION,
                within=within,
            )
            self._learn(region)
            found.append(region)
        return found

    def _id_of(self, wanted: WantedPlace) -> LocationId:
        where = wanted.coordinates
        point = f"{where.latitude:.3f},{where.longitude:.3f}" if where else ""
        told = "|".join((self._scheme, wanted.kind, *wanted.around, wanted.name, point))
        mark = blake2b(told.encode(), digest_size=4).hexdigest()
        return LocationId(_short("-".join(filter(None, (slug_of(wanted.name), mark)))))

    def _of_name(self, name: str) -> Iterable[_Known]:
        return [self._places[each] for each in self._named.get(plain(name), ())]

    def _learn(self, event: LocationRegistered) -> None:
        known = _Known(event.location, event.name, event.kind, event.coordinates, event.within)
        if event.location not in self._places:
            self._places[event.location] = known
            self._name(known, [event.name, *(alias.text for alias in event.aliases)])

    def _amend(self, event: LocationAmended) -> None:
        if known := self._places.get(event.location):
            known.coordinates = event.coordinates or known.coordinates
            known.kind = event.kind or known.kind
            known.within = event.within or known.within
            names = [event.name] if event.name else []
            self._name(known, [*names, *(alias.text for alias in event.aliases or ())])

    def _name(self, known: _Known, names: Iterable[str]) -> None:
        for name in map(plain, names):
            if name not in known.names:
                known.names.add(name)
                self._named.setdefault(name, []).append(known.location)


def distance_km(one: Coordinates, other: Coordinates) -> float:
    """The great-circle distance, by the haversine formula on a sphere."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _may_be(wanted: WantedPlace, known: _Known) -> bool:
    if (wanted.kind is LocationKind.REGION) is not (known.kind is LocationKind.REGION):
        return False
    if wanted.coordinates and known.coordinates:
        return distance_km(wanted.coordinates, known.coordinates) <= _NEAR_KM
    return wanted.kind is LocationKind.REGION


def _short(slug: str) -> str:
    return slug[:100].strip("-")
