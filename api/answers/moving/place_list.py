"""The places of a map, in one order for every moment, as known at a position."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from threading import Lock

import orjson

from domain.texts import escaped_json
from domain.values import LocationId
from projections.places import Place, PlaceFilter

_CHOICES_KEPT, _MOST_BYTES = 32, 32 * 2**20
EVERYWHERE = PlaceFilter()


@dataclass(frozen=True)
class Choice:
    """The places within a filter, in the order of the list."""

    places: Sequence[Place]
    numbers: Sequence[int]
    """The number of each place in the list."""
    is_all: bool
    """Whether these are all places of the list."""

    @cached_property
    def columns(self) -> bytes:
        """The places as columns, in JSON."""
        told = orjson.dumps(
            {
                "id": [each.location for each in self.places],
                "name": [each.name for each in self.places],
                "kind": [each.kind for each in self.places],
                "latitude": [each.latitude for each in self.places],
                "longitude": [each.longitude for each in self.places],
                "geoScale": [each.geo_scale for each in self.places],
                "geoCode": [each.geo_code for each in self.places],
                "within": [each.within for each in self.places],
            }
        )
        return escaped_json(told.decode()).encode()

    @cached_property
    def version(self) -> str:
        """Equal lists have equal versions."""
        return blake2b(self.columns, digest_size=16).hexdigest()

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
            choice = Choice(self.places, range(len(self.places)), True)
        else:
            numbers = [
                self.numbers[each.location] for each in inside if each.location in self.numbers
            ]
            choice = Choice([self.places[number] for number in numbers], numbers, False)
        assert choice.version, "made now, so that no answer waits for it"
        with self._lock:
            self._choices[wanted] = choice
            while len(self._choices) > 1 and (
                sum(len(each.columns) for each in self._choices.values()) > _MOST_BYTES
                or len(self._choices) > _CHOICES_KEPT
            ):
                self._choices.popitem(last=False)
        return choice
