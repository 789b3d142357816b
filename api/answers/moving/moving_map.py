"""A moving map as known at a position, from one perspective: places, holders, and their strip."""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import orjson

from api.answers.moving.axes import TimeAxis
from api.answers.moving.cells import HolderSets, Look
from api.answers.moving.place_list import Choice, PlaceList
from api.answers.moving.strip import Strip
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant


class MapKey(NamedTuple):
    """What a moving map depends on, beside the build of the views."""

    position: int
    """The last known position."""
    perspective: Perspective = DEFAULT
    """Without `published_by`, where there is an axis."""
    axis: TimeAxis | None = None
    """The axis of a map that moves through publications; None of one that moves along valid
    time."""


@dataclass(frozen=True, slots=True)
class MovingMap:
    """Immutable, but for the memory of looks as JSON."""

    list_name: str
    """The name of the list of its places."""
    sets: HolderSets
    strip: Strip
    _as_json: "dict[int, orjson.Fragment]" = field(default_factory=dict)
    """The looks that were told, by look."""

    def to_send(self, bases: Collection[str]) -> "MovingMap":
        """The map for another process with these bases of strips, without the memory."""
        strip = self.strip.without_base if self.strip.base in bases else self.strip
        return MovingMap(self.list_name, self.sets, strip)

    def look(self, look: int) -> Look:
        return Look.of(look, self.sets.sets)

    def look_as_json(self, look: int) -> "orjson.Fragment":
        """The look as JSON, written once."""
        if (found := self._as_json.get(look)) is None:
            told = self.look(look)
            siege = told.siege.name if told.siege else None
            found = orjson.Fragment(orjson.dumps(told._asdict() | {"siege": siege}))
            self._as_json[look] = found
        return found

    def column(self, choice: Choice, at: Instant) -> "array[int]":
        """The cells of the chosen places at an instant."""
        return chosen_of(self.strip.column(at), choice)

    def moments(self, choice: Choice, after: Instant, until: Instant) -> list[tuple[Instant, int]]:
        """The moments after an instant and by another at which the looks of chosen places change,
        each with the number of such places."""
        return self.strip.moments(after, until, None if choice.is_all else choice.members)

    def changed(self, choice: Choice, after: Instant, until: Instant) -> dict[int, int]:
        """The chosen places with another cell at the later instant, by their numbers among the
        chosen, each with the cell then."""
        changed = self.strip.changed(after, until)
        if choice.is_all:
            return changed
        return {
            number: changed[place]
            for number, place in enumerate(choice.numbers)
            if place in changed
        }

    @property
    def size(self) -> int:
        """About how many bytes the map takes, the list left out."""
        return self.strip.size + 100 * len(self.sets.sets)


class ListedMap(NamedTuple):
    """A map, with its places."""

    listed: PlaceList
    map: MovingMap


class Spot(NamedTuple):
    """A moving map, and an instant on its axis."""

    key: MapKey
    instant: Instant


class Chosen(NamedTuple):
    """A map, and the places of a filter."""

    map: MovingMap
    choice: Choice


def chosen_of(column: "array[int]", choice: Choice) -> "array[int]":
    if choice.is_all:
        return column
    numbers: Sequence[int] = choice.numbers
    if len(numbers) < 2:
        return array("Q", (column[number] for number in numbers))
    return array("Q", itemgetter(*numbers)(column))
