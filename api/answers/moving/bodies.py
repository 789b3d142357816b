"""Columns and changes of a moving map as data: looks in a table, and for each place a number.

The looks are numbered in the order in which the places come to them, so that equal columns have
equal bodies, however the map came about.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.answers.basis import Basis
from api.answers.moving.cells import NEVER
from api.answers.moving.moving_map import MovingMap
from api.answers.moving.place_list import Choice
from domain.occurred import Instant, rfc3339

MAGIC = b"TNMC"
VERSION = 1
HEADER = struct.Struct("<4sHHIIqq")
"""Magic, version, zero, number of places, bytes of the JSON head, position, and the moment in
microseconds since 1970: 32 bytes, little-endian."""


@dataclass(frozen=True, slots=True)
class MapColumn:
    """What a map shows of the chosen places at a moment."""

    basis: Basis
    places: str
    """The version of the list of places that the column is in the order of."""
    map: MovingMap
    looks: Sequence[int]
    """The looks by number."""
    numbers: "array[int]"
    """For each place, the number of the look."""
    heard: "array[int]"
    """For each place, the day of the last word in days since 1970-01-01, or `NEVER`."""

    @staticmethod
    def of(found: MovingMap, choice: Choice, basis: Basis, at: Instant) -> "MapColumn":
        """The column at an instant of the map's axis."""
        return MapColumn(basis, choice.version, found, *_looks(found.column(choice, at)))

    @property
    def head(self) -> dict[str, Any]:
        """The column, but for the arrays."""
        return {
            "position": self.basis.position,
            "at": rfc3339(self.basis.at),
            "places": self.places,
            "looks": [*map(self.map.look_as_json, self.looks)],
        }

    @property
    def json(self) -> bytes:
        return orjson.dumps(
            self.head | {"column": self.numbers.tolist(), "lastHeard": days_of(self.heard)}
        )

    @property
    def binary(self) -> bytes:
        """Header, head as JSON filled up with spaces to a multiple of four bytes, the numbers of
        looks (uint32), and the days (int32)."""
        head = orjson.dumps(self.head)
        head += b" " * (-len(head) % 4)
        at, count = self.basis.at, len(self.numbers)
        header = HEADER.pack(MAGIC, VERSION, 0, count, len(head), self.basis.position, at)
        return b"".join((header, head, _little(self.numbers), _little(self.heard)))


@dataclass(frozen=True, slots=True)
class ChangedPlaces:
    """The places that a map shows otherwise at a later moment."""

    since: Basis
    until: Basis
    places: str
    which: Sequence[int]
    """The numbers of the places in the list."""
    map: MovingMap
    looks: Sequence[int]
    numbers: "array[int]"
    heard: "array[int]"

    @staticmethod
    def of(
        found: MovingMap,
        choice: Choice,
        since: tuple[Basis, Instant],
        until: tuple[Basis, Instant],
    ) -> "ChangedPlaces":
        """The changes between two bases, each with its instant on the map's axis."""
        changed = found.changed(choice, since[1], until[1])
        cells = array("Q", changed.values())
        return ChangedPlaces(since[0], until[0], choice.version, [*changed], found, *_looks(cells))

    @property
    def json(self) -> bytes:
        return orjson.dumps(
            {
                "position": self.until.position,
                "from": rfc3339(self.since.at),
                "to": rfc3339(self.until.at),
                "places": self.places,
                "looks": [*map(self.map.look_as_json, self.looks)],
                "changed": self.which,
                "column": self.numbers.tolist(),
                "lastHeard": days_of(self.heard),
            }
        )


def days_of(heard: "array[int]") -> list[int | None]:
    return [None if day == NEVER else day for day in heard]


def _looks(cells: "array[int]") -> "tuple[list[int], array[int], array[int]]":
    """The looks in the cells, the number of the look of each cell, and the days."""
    halves = array("I", cells.tobytes())
    first = 0 if sys.byteorder == "little" else 1
    looks, days = halves[first::2], array("i", halves[1 - first :: 2].tobytes())
    numbers = {look: number for number, look in enumerate(dict.fromkeys(looks))}
    return [*numbers], array("I", map(numbers.__getitem__, looks)), days


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
