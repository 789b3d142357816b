"""The places of a map, in one order for every moment, as known at a position."""

from array import array
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import blake2b
from secrets import token_hex
from threading import Lock

import orjson

from domain.texts import escaped_json
from domain.values import LocationId
from projections.places import Place, PlaceFilter

_CHOICES_KEPT, _MOST_BYTES = 32, 32 * 2**20
EVERYWHERE = PlaceFilter()


@dataclass(frozen=True)
class Choice:
    """The places within a filter, in the order of the list; sent between processes, and so
    without an object for each place."""

    list_name: str
    numbers: Sequence[int]
    """The number of each place in the list."""
    is_all: bool
    """Whether these are all places of the list."""
    columns: bytes
    """The places as columns, in JSON."""
    version: str
    """Equal lists of places have equal versions."""

    @staticmethod
    def of(
        places: Sequence[Place], numbers: Sequence[int], list_name: str, *, is_all: bool
    ) -> "Choice":
        columns = columns_of(places)
        version = blake2b(columns, digest_size=16).hexdigest()
        return Choice(list_name, numbers, is_all, columns, version)

    @cached_property
    def ids(self) -> list[LocationId]:
        found: list[LocationId] = orjson.loads(self.columns)["id"]
        return found

    @cached_property
    def members(self) -> frozenset[int]:
        return frozenset(self.numbers)


@dataclass
class PlaceList:
    """Every place that can be held, and every region with a statement on its control, in the order
    of ids."""

    places: Sequence[Place]
    within: Mapping[LocationId, LocationId | None]
    """The place around every place, of places on no map too."""
    name: str = field(default_factory=partial(token_hex, 8))
    """The name of this list, in whatever process it is spoken of."""
    _choices: "OrderedDict[PlaceFilter, Choice]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @staticmethod
    def of(places: Sequence[Place], regions: frozenset[LocationId]) -> "PlaceList":
        """The list of all registered places; `regions` are those with a statement on control."""
        return PlaceList(
            [
                each
                for each in places
                if each.kind.can_be_held
                or (each.kind.may_be_controlled and each.location in regions)
            ],
            {each.location: each.within for each in places},
        )

    @cached_property
    def numbers(self) -> Mapping[LocationId, int]:
        return {each.location: number for number, each in enumerate(self.places)}

    @cached_property
    def containers(self) -> frozenset[LocationId]:
        """The places with places inside."""
        return frozenset(filter(None, self.within.values()))

    def holds_all(self, places: Collection[LocationId]) -> bool:
        """Whether all of the places are in the list by their kind, whatever is said of them."""
        return all(
            place in self.numbers and self.places[self.numbers[place]].kind.can_be_held
            for place in places
        )

    def says_the_same_as(self, other: "PlaceList") -> bool:
        return self.places == other.places and self.within == other.within

    def chosen(self, wanted: PlaceFilter) -> Choice | None:
        """The choice made before, if it is kept."""
        with self._lock:
            if (found := self._choices.get(wanted)) is not None:
                self._choices.move_to_end(wanted)
            return found

    def choose(self, wanted: PlaceFilter, inside: Sequence[Place] | None) -> Choice:
        """The choice of these places; of all with None."""
        if inside is None:
            every = range(len(self.places))
            choice = Choice.of(self.places, every, self.name, is_all=True)
        else:
            found = (self.numbers.get(each.location) for each in inside)
            numbers = array("I", (number for number in found if number is not None))
            places = [self.places[number] for number in numbers]
            choice = Choice.of(places, numbers, self.name, is_all=False)
        with self._lock:
            self._choices[wanted] = choice
            while len(self._choices) > 1 and (
                sum(len(each.columns) for each in self._choices.values()) > _MOST_BYTES
                or len(self._choices) > _CHOICES_KEPT
            ):
                self._choices.popitem(last=False)
        return choice


def columns_of(places: Sequence[Place]) -> bytes:
    """The places as columns, in JSON."""
    told = orjson.dumps(
        {
            "id": [each.location for each in places],
            "name": [each.name for each in places],
            "kind": [each.kind for each in places],
            "latitude": [each.latitude for each in places],
            "longitude": [each.longitude for each in places],
            "geoScale": [each.geo_scale for each in places],
            "geoCode": [each.geo_code for each in places],
            "within": [each.within for each in places],
        }
    )
    return escaped_json(told.decode()).encode()
