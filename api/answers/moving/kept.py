"""The moving maps in memory: built once, moved on as the ledger grows, and bounded.

A map is built by a thread, and by one at a time. Maps of an earlier build of the views are dropped.
"""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from api.answers.answers import Answers
from api.answers.moving.build import MapBuilder
from api.answers.moving.moved_by import Moved, moved_by
from api.answers.moving.moving_map import MapKey, MovingMap
from api.answers.moving.place_book import EVERYWHERE, Choice, PlaceBook
from infra.views.file import ViewFile
from projections.control.pieces import Pieces
from projections.places import PlaceFilter

MOST_BYTES = 256 * 2**20
_BOOKS_KEPT = 8


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
    _books: "OrderedDict[int, PlaceBook]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "moving-map")
    )

    def close(self) -> None:
        """Ends the thread, once the map that it builds is done."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def at_hand(self, key: MapKey, wanted: PlaceFilter) -> tuple[MovingMap, Choice] | None:
        """The map and the places of a filter, if both are in memory."""
        build = self.views.state.build
        with self._lock:
            if build != self._build or (found := self._maps.get(key)) is None:
                return None
            self._maps.move_to_end(key)
        choice = found.book.chosen(wanted)
        return None if choice is None else (found, choice)

    def of(self, key: MapKey, wanted: PlaceFilter) -> tuple[MovingMap, Choice]:
        """The map and the places of a filter, built in this thread if they are not kept."""
        with self.views.snapshot():
            found = self._found(key)
            return found, self._choice(found.book, key.position, wanted)

    def soon(self, key: MapKey, wanted: PlaceFilter) -> "Future[tuple[MovingMap, Choice]]":
        """The same, built by the thread of the maps."""
        return self._threads.submit(self.of, key, wanted)

    def places(self, position: int, wanted: PlaceFilter) -> Choice:
        """The places of a filter, as known at a position."""
        with self.views.snapshot():
            self._follow_build()
            return self._choice(self._book(self._builder(MapKey(position))), position, wanted)

    def places_soon(self, position: int, wanted: PlaceFilter) -> "Future[Choice]":
        return self._threads.submit(self.places, position, wanted)

    # ---- inside a snapshot of the views ------------------------------------------------------

    def _found(self, key: MapKey) -> MovingMap:
        self._follow_build()
        with self._lock:
            if kept := self._maps.get(key):
                return kept
        builder = self._builder(key)
        found = self._moved(builder) or self._made(builder)
        with self._lock:
            self._maps[key] = found
            while len(self._maps) > 1 and self._size > self.most_bytes:
                self._maps.popitem(last=False)
        return found

    def _builder(self, key: MapKey) -> MapBuilder:
        return MapBuilder(self.answers, Pieces(self.views), key)

    def _made(self, builder: MapBuilder) -> MovingMap:
        self.built += 1
        return builder.built(self._book(builder))

    def _moved(self, builder: MapBuilder) -> MovingMap | None:
        """The map of the nearest kept position, moved on."""
        key = builder.key
        with self._lock:
            others = [other for other in self._maps if other.perspective == key.perspective]
            if not others:
                return None
            nearest = min(others, key=lambda other: abs(other.position - key.position))
            before = self._maps[nearest]
        first, last = sorted((nearest.position, key.position))
        moved = moved_by(self.answers.entries, first, last)
        if moved is None:
            return None
        book = self._book_moved(before.book, moved, builder)
        found = builder.moved(before, book, moved)
        self.moved += found is not None
        return found

    def _book_moved(self, before: PlaceBook, moved: Moved, builder: MapBuilder) -> PlaceBook:
        """The book of the position: the same, unless places came or went."""
        position, numbers = builder.key.position, before.numbers
        held = (
            place in numbers and before.places[numbers[place]].kind.can_be_held
            for place in moved.places
        )
        if all(held) and not moved.has_registered:
            return self._keep_book(position, before)
        book = self._book(builder)
        is_same = book.places == before.places and book.within == before.within
        return self._keep_book(position, before) if is_same else book

    def _book(self, builder: MapBuilder) -> PlaceBook:
        position = builder.key.position
        with self._lock:
            if kept := self._books.get(position):
                return kept
        return self._keep_book(position, builder.book())

    def _keep_book(self, position: int, book: PlaceBook) -> PlaceBook:
        with self._lock:
            self._books[position] = book
            while len(self._books) > _BOOKS_KEPT:
                self._books.popitem(last=False)
        return book

    def _choice(self, book: PlaceBook, position: int, wanted: PlaceFilter) -> Choice:
        if kept := book.chosen(wanted):
            return kept
        if wanted == EVERYWHERE:
            return book.choose(wanted, None)
        inside, _ = self.answers.places.page(wanted, known=position, size=None)
        return book.choose(wanted, inside)

    def _follow_build(self) -> None:
        """Drops what is of an earlier build of the views."""
        build = self.views.state.build
        with self._lock:
            if build != self._build:
                self._maps.clear()
                self._books.clear()
                self._build = build

    @property
    def _size(self) -> int:
        return sum(each.size for each in self._maps.values())
