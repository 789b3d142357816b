"""The cells of many places along one axis of time: a column for each moment, and the changes.

The changes of all places lie in the order of time, with the whole column kept before every so many
changes: the column of a moment is a copy of the nearest kept one, and the changes after. Places
that changed since are laid over, each with its own track, until they are many.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from secrets import token_hex
from typing import NamedTuple

from api.answers.moving.cells import LOOK
from domain.control.timeline import BEGINNING
from domain.occurred import Instant

_LEAST_APART = 1_024
"""The fewest changes between two kept columns."""
MOST_OVER = 500
"""The most places laid over."""


class TrackStep(NamedTuple):
    """A cell of a place, from an instant to the next step."""

    start: Instant
    cell: int


Track = Sequence[TrackStep]
"""The steps of one place, the first from the beginning of time on."""


@dataclass(slots=True)
class MapChanges:
    """The changes of places in the order of time."""

    instants: "array[int]" = field(default_factory=lambda: array("q"))
    places: "array[int]" = field(default_factory=lambda: array("I"))
    cells: "array[int]" = field(default_factory=lambda: array("Q"))
    is_seen: bytearray = field(default_factory=bytearray)
    """1 where the look changes, 0 where only the day of the last word does."""

    def add(self, instant: int, place: int, cell: int, is_seen: bool) -> None:
        self.instants.append(instant)
        self.places.append(place)
        self.cells.append(cell)
        self.is_seen.append(is_seen)

    def up_to(self, at: int) -> int:
        """The number of changes by an instant."""
        return bisect_right(self.instants, at)


@dataclass(frozen=True, slots=True)
class Strip:
    """Immutable."""

    _first: "array[int]"
    """The column before all changes."""
    _changes: MapChanges
    _kept: "list[array[int]]"
    """The columns before every `_apart` changes."""
    _apart: int
    _over: Mapping[int, Track]
    base: str = field(default_factory=partial(token_hex, 8))
    """The name of all that the places laid over lie on."""

    @staticmethod
    def of(tracks: Iterable[Track]) -> "Strip":
        """The strip of the tracks of all places, in their order."""
        first, changes = _in_order(tracks)
        apart = max(_LEAST_APART, len(first) // 2)
        return Strip(first, changes, list(_columns(first, changes, apart)), apart, {})

    @property
    def size(self) -> int:
        """About how many bytes the strip takes."""
        steps = sum(len(track) for track in self._over.values())
        return (
            21 * len(self._changes.instants)
            + 8 * len(self._first) * (1 + len(self._kept))
            + (120 * steps)
        )

    @property
    def length(self) -> int:
        """The number of places."""
        return len(self._first)

    def column(self, at: Instant) -> "array[int]":
        """The cell of each place at an instant."""
        number = self._changes.up_to(at)
        kept = number // self._apart
        column = self._kept[kept][:]
        begin, changes = kept * self._apart, self._changes
        cells = changes.cells[begin:number]
        for place, cell in zip(changes.places[begin:number], cells, strict=True):
            column[place] = cell
        for place, track in self._over.items():
            column[place] = _cell_at(track, at)
        return column

    def over(self, tracks: Mapping[int, Track]) -> "Strip":
        """The strip with other tracks of some places."""
        laid = {**self._over, **tracks}
        lying = replace(self, _over=laid)
        return lying if len(laid) <= MOST_OVER else Strip.of(lying.tracks())

    @property
    def without_base(self) -> "Strip":
        """The places laid over alone, for a process that has the base."""
        return Strip(array("Q"), MapChanges(), [], 1, self._over, self.base)

    @property
    def lacks_base(self) -> bool:
        return not self._kept

    def on_base_of(self, other: "Strip") -> "Strip":
        """The places laid over, on the base of another strip."""
        return replace(other, _over=self._over)

    def tracks(self) -> Iterator[Track]:
        """The tracks of all places, in their order."""
        steps = [[TrackStep(BEGINNING, cell)] for cell in self._first]
        changes = self._changes
        for start, place, cell in zip(changes.instants, changes.places, changes.cells, strict=True):
            steps[place].append(TrackStep(Instant(start), cell))
        for place, track in enumerate(steps):
            yield self._over.get(place, track)

    def moments(
        self, after: Instant, until: Instant, among: Collection[int] | None = None
    ) -> list[tuple[Instant, int]]:
        """The moments after an instant and by another at which the look of a place changes, each
        with the number of such places; of all places, or of those `among`."""
        found: Counter[int] = Counter()
        begin, end = self._changes.up_to(after), self._changes.up_to(until)
        changes = self._changes
        for start, place, is_seen in zip(
            changes.instants[begin:end],
            changes.places[begin:end],
            changes.is_seen[begin:end],
            strict=True,
        ):
            if is_seen and (among is None or place in among) and place not in self._over:
                found[start] += 1
        for place, track in self._over.items():
            if among is None or place in among:
                found.update(
                    step.start
                    for before, step in pairwise(track)
                    if after < step.start <= until and (before.cell ^ step.cell) & LOOK
                )
        return sorted((Instant(start), places) for start, places in found.items())

    def changed(self, after: Instant, until: Instant) -> dict[int, int]:
        """The places with another cell at the later instant, each with the cell then."""
        begin, end = self._changes.up_to(after), self._changes.up_to(until)
        touched = set(self._changes.places[begin:end]) | self._over.keys()
        before, now = self.column(after), self.column(until)
        return {place: now[place] for place in sorted(touched) if before[place] != now[place]}


def track_of(steps: Sequence[TrackStep]) -> Track:
    """The steps without those that change nothing."""
    found = [TrackStep(BEGINNING, steps[0].cell)]
    found += (step for before, step in pairwise(steps) if before.cell != step.cell)
    return found


def _cell_at(track: Track, at: Instant) -> int:
    return track[max(0, bisect_right(track, at, key=_start) - 1)].cell


def _start(step: TrackStep) -> Instant:
    return step.start


def _in_order(tracks: Iterable[Track]) -> "tuple[array[int], MapChanges]":
    """The column before all changes, and the changes in the order of time."""
    # One sort of all changes would hold Python's lock for its whole length, and stop the server:
    # only their instants are sorted.
    first, found = array("Q"), MapChanges()
    at: dict[int, array[int]] = {}
    for place, track in enumerate(tracks):
        first.append(track[0].cell)
        for before, step in pairwise(track):
            at.setdefault(step.start, array("I")).append(len(found.cells))
            found.add(step.start, place, step.cell, (before.cell ^ step.cell) & LOOK != 0)
    changes = MapChanges()
    for instant in sorted(at):
        for each in at[instant]:
            changes.add(instant, found.places[each], found.cells[each], bool(found.is_seen[each]))
    return first, changes


def _columns(first: "array[int]", changes: MapChanges, apart: int) -> "Iterator[array[int]]":
    """The column before every `apart` changes."""
    column = first[:]
    yield column[:]
    for number, (place, cell) in enumerate(zip(changes.places, changes.cells, strict=True), 1):
        column[place] = cell
        if number % apart == 0:
            yield column[:]
