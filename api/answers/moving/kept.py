"""The moving maps in memory: built once, moved on as the ledger grows, and bounded.

One map is built at a time. Maps of an earlier build of the views are dropped.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Lock

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.moving.build import MapBuilder, place_list_at
from api.answers.moving.histories import KeptHistories
from api.answers.moving.lines import QuestionLines
from api.answers.moving.moved_by import Moved, moved_by
from api.answers.moving.moving_map import Chosen, ListedMap, MapKey, Spot
from api.answers.moving.place_list import EVERYWHERE, Choice, PlaceList
from api.answers.moving.scenes import KnownScene, PublishedScene, Scene
from domain.refusals import Refusal
from infra.views.file import ViewFile
from projections.control.pieces import MapPieces
from projections.places import PlaceFilter

MOST_BYTES = 256 * 2**20
_LISTS_KEPT = 8


class MapsEnded(Refusal):
    """The node is being stopped."""

    def __init__(self) -> None:
        super().__init__("the server is being stopped; ask another, or again in a moment")


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
    _maps: "OrderedDict[MapKey, ListedMap]" = field(default_factory=OrderedDict)
    _lists: "OrderedDict[int, PlaceList]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _lines: QuestionLines = field(default_factory=QuestionLines)
    _reading: Lock = field(default_factory=Lock)
    """Held while a map is built or moved on: one at a time."""
    _is_closed: bool = False

    def close(self) -> None:
        """Gives up the map that is being built."""
        self._is_closed = True

    def place_on_map(self, basis: Basis, *, along_valid_time: bool = False) -> Spot:
        """The map that answers on a basis, and the instant on the axis of the map. Of a question
        with `published_by`, a map in memory where there is one."""
        with self._lock:
            return self._lines.spot(
                basis, self._maps.__contains__, along_valid_time=along_valid_time
            )

    # ---- from memory: quick ------------------------------------------------------------------

    def at_hand(self, key: MapKey, wanted: PlaceFilter) -> Chosen | None:
        """The map and the places of a filter, if both are in memory."""
        build = self.views.state.build
        with self._lock:
            if build != self._build or (found := self._maps.get(key)) is None:
                return None
            self._maps.move_to_end(key)
        choice = found.listed.chosen(wanted)
        return None if choice is None else Chosen(found.map, choice)

    def places_at_hand(self, position: int, wanted: PlaceFilter) -> Choice | None:
        """The places of a filter as known at a position, if they are in memory."""
        build = self.views.state.build
        with self._lock:
            listed = self._lists.get(position) if build == self._build else None
        return listed.chosen(wanted) if listed else None

    # ---- read where need be, in this thread --------------------------------------------------

    def of(self, key: MapKey, wanted: PlaceFilter) -> Chosen:
        """The map and the places of a filter. Raises TooManyHolders."""
        if kept := self.at_hand(key, wanted):
            return kept
        with self._reading, self.views.snapshot():
            found = self._map(key)
            return Chosen(found.map, self._choice(found.listed, key.position, wanted))

    def places(self, position: int, wanted: PlaceFilter) -> Choice:
        """The places of a filter, as known at a position."""
        if found := self.places_at_hand(position, wanted):
            return found
        with self._reading, self.views.snapshot():
            self._follow_build()
            return self._choice(self._listed(position), position, wanted)

    # ---- inside a snapshot of the views ------------------------------------------------------

    def _map(self, key: MapKey) -> ListedMap:
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
            raise MapsEnded

    def _built(self, key: MapKey) -> ListedMap:
        self.built += 1
        listed = self._listed(key.position)
        return ListedMap(listed, self._builder(key, listed).built(listed))

    def _moved(self, key: MapKey) -> ListedMap | None:
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
        if found is None:
            return None
        self.moved += 1
        return ListedMap(listed, found)

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
        return sum(each.map.size for each in self._maps.values())


def _apart(position: int, other: int) -> int:
    return abs(position - other)
