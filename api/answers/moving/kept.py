"""The moving maps in memory: built once, moved on as the ledger grows, and bounded.

A map is built by a thread, and by one at a time. Maps of an earlier build of the views are dropped.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from threading import Lock
from typing import TypeVar

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.moving.axes import TimeAxis, TimePoint
from api.answers.moving.build import MapBuilder, place_list_at
from api.answers.moving.histories import KeptHistories
from api.answers.moving.lines import QuestionLines
from api.answers.moving.moved_by import Moved, moved_by
from api.answers.moving.moving_map import Chosen, MapKey, MovingMap, Spot
from api.answers.moving.place_list import EVERYWHERE, Choice, PlaceList
from api.answers.moving.scenes import KnownScene, PublishedScene, Scene
from domain.refusals import Refusal
from infra.views.file import ViewFile
from projections.control.pieces import MapPieces
from projections.places import PlaceFilter

T = TypeVar("T")
MOST_BYTES = 256 * 2**20
MOST_WAITING = 32
"""The most questions that wait for the thread of the maps."""
_LISTS_KEPT = 8


class MapsBusy(Refusal):
    """Too many questions wait for maps, or the node is being stopped."""

    def __init__(self) -> None:
        super().__init__("too many questions about maps wait already; try again in a moment")


@dataclass
class MovingMaps:
    """The maps asked about lately."""

    answers: Answers
    views: ViewFile
    most_bytes: int = MOST_BYTES
    built: int = 0
    """How many maps have been built from nothing."""
    moved: int = 0
    """How many maps have been moved on from a map of another position."""
    _build: str = ""
    """The build of the views that the kept maps are of."""
    _maps: "OrderedDict[MapKey, MovingMap]" = field(default_factory=OrderedDict)
    _lists: "OrderedDict[int, PlaceList]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _lines: QuestionLines = field(default_factory=QuestionLines)
    _reading: Lock = field(default_factory=Lock)
    """Held while a map is built or moved on: one at a time."""
    _waiting: int = 0
    _is_closed: bool = False
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "moving-map")
    )

    def close(self) -> None:
        """Gives up the map that is being built, and ends the thread."""
        self._is_closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    def place_on_map(self, basis: Basis, *, along_valid_time: bool = False) -> Spot:
        """The map that answers on a basis, and the instant on the axis of the map. Of a question
        with `published_by`, a map in memory where there is one."""
        perspective, published = basis.perspective, basis.perspective.published_by
        if published is None:
            return Spot(MapKey(basis.position, perspective), basis.at)
        point, whose = TimePoint(basis.at, published), replace(perspective, published_by=None)

        def is_kept(axis: TimeAxis) -> bool:
            return MapKey(basis.position, whose, axis) in self._maps

        with self._lock:
            axes = TimeAxis.through(point)[:1] if along_valid_time else TimeAxis.through(point)
            axis = self._lines.axis(whose, point, axes, is_kept)
        return Spot(MapKey(basis.position, whose, axis), axis.instant(point))

    # ---- from memory: quick ------------------------------------------------------------------

    def at_hand(self, key: MapKey, wanted: PlaceFilter) -> Chosen | None:
        """The map and the places of a filter, if both are in memory."""
        build = self.views.state.build
        with self._lock:
            if build != self._build or (found := self._maps.get(key)) is None:
                return None
            self._maps.move_to_end(key)
        choice = found.listed.chosen(wanted)
        return None if choice is None else Chosen(found, choice)

    def places_at_hand(self, position: int, wanted: PlaceFilter) -> Choice | None:
        """The places of a filter as known at a position, if they are in memory."""
        build = self.views.state.build
        with self._lock:
            listed = self._lists.get(position) if build == self._build else None
        return listed.chosen(wanted) if listed else None

    # ---- read where need be, in this thread --------------------------------------------------

    def of(self, key: MapKey, wanted: PlaceFilter) -> Chosen:
        """The map and the places of a filter. Raises TooManyHolders."""
        if found := self.at_hand(key, wanted):
            return found
        with self._reading, self.views.snapshot():
            found_map = self._map(key)
            return Chosen(found_map, self._choice(found_map.listed, key.position, wanted))

    def places(self, position: int, wanted: PlaceFilter) -> Choice:
        """The places of a filter, as known at a position."""
        if found := self.places_at_hand(position, wanted):
            return found
        with self._reading, self.views.snapshot():
            self._follow_build()
            return self._choice(self._listed(position), position, wanted)

    def soon(self, work: Callable[[], T]) -> "Future[T]":
        """The result of work on maps, by the thread of the maps. Raises MapsBusy."""
        with self._lock:
            if self._waiting >= MOST_WAITING:
                raise MapsBusy
            self._waiting += 1
        found = self._threads.submit(work)
        found.add_done_callback(self._has_ended)
        return found

    def _has_ended(self, _: object) -> None:
        with self._lock:
            self._waiting -= 1

    # ---- inside a snapshot of the views ------------------------------------------------------

    def _map(self, key: MapKey) -> MovingMap:
        self._follow_build()
        with self._lock:
            if kept := self._maps.get(key):
                return kept
        found = self._moved(key) or self._built(key)
        with self._lock:
            self._maps[key] = found
            while len(self._maps) > 1 and self._size > self.most_bytes:
                self._maps.popitem(last=False)
        return found

    def _builder(self, key: MapKey, listed: PlaceList) -> MapBuilder:
        if key.axis is None:
            scene: Scene = KnownScene(self.answers, self._pieces, key)
        else:
            history = self._histories.of(key.perspective, key.position, listed, self._moved_by)
            scene = PublishedScene(self.answers, key, key.axis, history.lineages, history.of)
        return MapBuilder(scene, self._refuse_closed)

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise MapsBusy

    def _built(self, key: MapKey) -> MovingMap:
        self.built += 1
        listed = self._listed(key.position)
        return self._builder(key, listed).built(listed)

    def _moved(self, key: MapKey) -> MovingMap | None:
        """The map of the nearest kept position, moved on; None where it is better built."""
        with self._lock:
            kept = {
                each.position: found
                for each, found in self._maps.items()
                if each._replace(position=key.position) == key
            }
        if not kept:
            return None
        position = min(kept, key=partial(_apart, key.position))
        if (moved := self._moved_by(position, key.position)) is None:
            return None
        listed = self._listed(key.position)
        found = self._builder(key, listed).moved(kept[position], listed, moved)
        self.moved += found is not None
        return found

    def _listed(self, position: int) -> PlaceList:
        """The list of the position: an earlier one, unless places came or went."""
        with self._lock:
            kept = dict(self._lists)
        if position in kept:
            return kept[position]
        if not kept:
            return self._keep_list(position, self._read_list(position))
        nearest = min(kept, key=partial(_apart, position))
        before, moved = kept[nearest], self._moved_by(nearest, position)
        if moved and not moved.has_registered and before.holds_all(moved.places):
            return self._keep_list(position, before)
        listed = self._read_list(position)
        return self._keep_list(position, before if listed.says_the_same_as(before) else listed)

    def _read_list(self, position: int) -> PlaceList:
        return place_list_at(self.answers, self._pieces, position)

    @cached_property
    def _pieces(self) -> MapPieces:
        return MapPieces(self.views)

    @cached_property
    def _histories(self) -> KeptHistories:
        return KeptHistories(self.views, self._refuse_closed)

    def _moved_by(self, one: int, other: int) -> Moved | None:
        return moved_by(self.answers.entries, min(one, other), max(one, other))

    def _keep_list(self, position: int, listed: PlaceList) -> PlaceList:
        with self._lock:
            self._lists[position] = listed
            while len(self._lists) > _LISTS_KEPT:
                self._lists.popitem(last=False)
        return listed

    def _choice(self, listed: PlaceList, position: int, wanted: PlaceFilter) -> Choice:
        if kept := listed.chosen(wanted):
            return kept
        if wanted == EVERYWHERE:
            return listed.choose(wanted, None)
        inside, _ = self.answers.places.page(wanted, known=position, size=None)
        return listed.choose(wanted, inside)

    def _follow_build(self) -> None:
        """Drops what is of an earlier build of the views."""
        build = self.views.state.build
        with self._lock:
            if build != self._build:
                self._maps.clear()
                self._lists.clear()
                self._histories.forget()
                self._build = build

    @property
    def _size(self) -> int:
        return sum(each.size for each in self._maps.values())


def _apart(position: int, other: int) -> int:
    return abs(position - other)
