"""Builds a moving map from the views, or moves one on to another position."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.basis import LATEST, Basis
from api.answers.moving.around import Kin, chain, held_to_places_around
from api.answers.moving.cells import HolderSets, Siege, cell_of
from api.answers.moving.moved_by import Moved
from api.answers.moving.moving_map import MapKey, MovingMap
from api.answers.moving.place_book import EVERYWHERE, PlaceBook
from api.answers.moving.sieges import Sieges, sieges_of_places
from api.answers.moving.strip import Step, Strip, Track, track_of
from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING
from domain.occurred import Instant
from domain.situation.ties import TieKind
from domain.values import LocationId
from projections.control.pieces import Piece, Pieces, Shown

_NOTHING = [Piece(BEGINNING, Shown(ControlStatus.UNKNOWN, (), True, False, False, None, None))]
"""The pieces of a place without any word."""
_AT_ONCE = 500
"""How many places are read at once."""


@dataclass
class MapBuilder:
    """Reads one moving map from the views, which stand still meanwhile."""

    answers: Answers
    pieces: Pieces
    key: MapKey
    go_on: Callable[[], None] = lambda: None
    """Called between parts of the work; raises to give it up."""

    def book(self) -> PlaceBook:
        """The places as known at the position."""
        known = self.key.position
        places, _ = self.answers.places.page(EVERYWHERE, known=known, size=None)
        regions = [
            each.location
            for each in places
            if each.kind.may_be_controlled and not each.kind.can_be_held
        ]
        return PlaceBook.of(places, self.pieces.with_claims(regions, known=known))

    def built(self, book: PlaceBook) -> MovingMap:
        """The map, from nothing."""
        sets = HolderSets()
        tracks = self._tracks(book, range(len(book.places)), sets)
        return MovingMap(book, sets, Strip.of(track for _, track in tracks))

    def moved(self, before: MovingMap, book: PlaceBook, moved: Moved) -> MovingMap | None:
        """The map of another position, moved on to this one; None where it is better built."""
        touched = self._with_places_inside(moved.places, book)
        if len(touched) > max(500, len(book.places) // 4):
            return None
        sets = before.sets.copy()
        some = sorted(book.numbers[place] for place in touched if place in book.numbers)
        tracks = dict(self._tracks(book, some, sets))
        if book is before.book:
            return MovingMap(book, sets, before.strip.over(tracks))
        return MovingMap(book, sets, self._renumbered(before, book, tracks))

    def _renumbered(self, before: MovingMap, book: PlaceBook, tracks: Mapping[int, Track]) -> Strip:
        """The strip with its places in the order of another book."""
        known = dict(
            zip((each.location for each in before.book.places), before.strip.tracks(), strict=True)
        )
        return Strip.of(
            tracks[number] if number in tracks else known[place.location]
            for number, place in enumerate(book.places)
        )

    def _with_places_inside(
        self, places: Collection[LocationId], book: PlaceBook
    ) -> set[LocationId]:
        """The places, and all places inside, whose answers are held to theirs."""
        touched = set(places)
        if touched.isdisjoint(book.containers):
            return touched
        return touched | {
            place.location
            for place in book.places
            if not touched.isdisjoint(chain(place.location, book.within))
        }

    # ---- tracks ------------------------------------------------------------------------------

    def _tracks(
        self, book: PlaceBook, numbers: Sequence[int], sets: HolderSets
    ) -> Iterator[tuple[int, Track]]:
        """The tracks of places of the book, with their numbers, in the same order."""
        asked = [book.places[number].location for number in numbers]
        bearing = self._bearing(book, asked)
        sieges, kin = self._sieges(), self._kin()
        for first in range(0, len(asked), _AT_ONCE):
            self.go_on()
            pieces = self._pieces(asked[first : first + _AT_ONCE])
            for number in numbers[first : first + _AT_ONCE]:
                place = book.places[number].location
                mine = pieces.get(place, _NOTHING)
                can_be_held = book.places[number].kind.can_be_held
                if can_be_held and bearing and place in pieces:
                    around = [
                        bearing[each] for each in chain(place, book.within) if each in bearing
                    ]
                    mine = held_to_places_around(mine, around, kin.meet, kin.turns)
                steps = (
                    Step(start, cell_of(shown, siege, sets, is_held_alone=can_be_held))
                    for start, shown, siege in _besieged(mine, sieges.get(place, ()))
                )
                yield number, track_of(list(steps))

    def _bearing(
        self, book: PlaceBook, asked: Collection[LocationId]
    ) -> dict[LocationId, list[Piece]]:
        """The pieces of the places around these that ever came into known hands."""
        around = sorted({each for place in asked for each in chain(place, book.within)})
        return {
            place: pieces
            for first in range(0, len(around), _AT_ONCE)
            for place, pieces in self._pieces(around[first : first + _AT_ONCE]).items()
            if any(piece.shown.began is not None for piece in pieces)
        }

    def _pieces(self, asked: Collection[LocationId]) -> dict[LocationId, list[Piece]]:
        key = self.key
        if key.perspective.is_default:
            return dict(self.pieces.known(asked, known=key.position))
        return dict(self.pieces.seen(key.perspective, asked, known=key.position))

    def _kin(self) -> Kin:
        view, key = self.answers.control_view, self.key
        return Kin(view.lineage(key.perspective, known=key.position))

    def _sieges(self) -> dict[str, Sieges]:
        key = self.key
        basis = Basis(LATEST, key.position, perspective=key.perspective)
        words = self.answers.ties_view.words(
            known=key.position,
            kinds=[TieKind.BESIEGES],
            counting=self.answers.statement_filter(basis),
        )
        return sieges_of_places(words)


def _besieged(pieces: Sequence[Piece], sieges: Sieges) -> Iterator[tuple[Instant, Shown, int]]:
    """The pieces cut where a siege begins or ends: start, look and siege of each part."""
    if not sieges:
        for piece in pieces:
            yield piece.start, piece.shown, Siege.NONE
        return
    turns: dict[Instant, tuple[Shown | None, int | None]] = {}
    for piece in pieces:
        turns[piece.start] = piece.shown, None
    for start, siege in sieges:
        turns[start] = turns.get(start, (None, None))[0], siege
    shown, siege_now = pieces[0].shown, int(Siege.NONE)
    for start in sorted(turns):
        next_shown, next_siege = turns[start]
        shown = shown if next_shown is None else next_shown
        siege_now = siege_now if next_siege is None else next_siege
        yield start, shown, siege_now
