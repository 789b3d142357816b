"""Builds a moving map from the views, or moves one on to another position."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.moving.around import chain, held_to_places_around
from api.answers.moving.axes import NOTHING
from api.answers.moving.cells import HolderSets, Siege, cell_of
from api.answers.moving.moved_by import Moved
from api.answers.moving.moving_map import ListedMap, MovingMap
from api.answers.moving.place_list import EVERYWHERE, PlaceList
from api.answers.moving.scenes import Scene
from api.answers.moving.sieges import Sieges
from api.answers.moving.strip import Strip, Track, TrackStep, track_of
from domain.control.timeline import BEGINNING
from domain.occurred import Instant
from domain.values import LocationId
from projections.control.pieces import MapPiece, MapPieces, Shown

_NOTHING = [MapPiece(BEGINNING, NOTHING)]
"""The pieces of a place without any word."""
_AT_ONCE = 500
"""How many places are read at once."""


def place_list_at(answers: Answers, pieces: MapPieces, position: int) -> PlaceList:
    """The places as known at a position."""
    places, _ = answers.places.page(EVERYWHERE, known=position, size=None)
    regions = [
        each.location
        for each in places
        if each.kind.may_be_controlled and not each.kind.can_be_held
    ]
    return PlaceList.of(places, pieces.with_claims(regions, known=position))


@dataclass(frozen=True, slots=True)
class MapBuilder:
    """Makes one moving map, while the views stand still."""

    scene: Scene
    go_on: Callable[[], None] = lambda: None
    """Called between parts of the work; raises to give it up."""

    def built(self, listed: PlaceList) -> MovingMap:
        """The map, from nothing."""
        sets = HolderSets()
        tracks = self._tracks(listed, range(len(listed.places)), sets)
        return MovingMap(listed.name, sets, Strip.of(track for _, track in tracks))

    def moved(self, before: ListedMap, listed: PlaceList, moved: Moved) -> MovingMap | None:
        """The map of another position, moved on to this one; None where it is better built."""
        touched = self._with_places_inside(moved.places, listed)
        if len(touched) > max(500, len(listed.places) // 4):
            return None
        sets = before.map.sets.copy()
        some = sorted(listed.numbers[place] for place in touched if place in listed.numbers)
        tracks = dict(self._tracks(listed, some, sets))
        if listed is before.listed:
            return MovingMap(listed.name, sets, before.map.strip.over(tracks))
        return MovingMap(listed.name, sets, self._renumbered(before, listed, tracks))

    def _renumbered(
        self, before: ListedMap, listed: PlaceList, tracks: Mapping[int, Track]
    ) -> Strip:
        """The strip with its places in the order of another list."""
        ids = (each.location for each in before.listed.places)
        known = dict(zip(ids, before.map.strip.tracks(), strict=True))
        return Strip.of(
            tracks[number] if number in tracks else known[place.location]
            for number, place in enumerate(listed.places)
        )

    def _with_places_inside(
        self, places: Collection[LocationId], listed: PlaceList
    ) -> set[LocationId]:
        """The places, and all places inside, whose answers are held to theirs."""
        touched = set(places)
        if touched.isdisjoint(listed.containers):
            return touched
        return touched | {
            place.location
            for place in listed.places
            if not touched.isdisjoint(chain(place.location, listed.within))
        }

    # ---- tracks ------------------------------------------------------------------------------

    def _tracks(
        self, listed: PlaceList, numbers: Sequence[int], sets: HolderSets
    ) -> Iterator[tuple[int, Track]]:
        """The tracks of places of the list, with their numbers, in the same order."""
        asked = [listed.places[number].location for number in numbers]
        bearing = self._bearing(listed, asked)
        scene, sieges = self.scene, self.scene.sieges()
        turns = scene.turns
        for first in range(0, len(asked), _AT_ONCE):
            self.go_on()
            pieces = scene.pieces(asked[first : first + _AT_ONCE])
            for number in numbers[first : first + _AT_ONCE]:
                place = listed.places[number].location
                mine = pieces.get(place, _NOTHING)
                can_be_held = listed.places[number].kind.can_be_held
                if can_be_held and bearing and place in pieces:
                    around = [
                        bearing[each] for each in chain(place, listed.within) if each in bearing
                    ]
                    mine = held_to_places_around(mine, around, scene.meet, turns)
                steps = (
                    TrackStep(start, cell_of(shown, siege, sets, is_held_alone=can_be_held))
                    for start, shown, siege in _besieged(mine, sieges.get(place, ()))
                )
                yield number, track_of(list(steps))

    def _bearing(
        self, listed: PlaceList, asked: Collection[LocationId]
    ) -> dict[LocationId, list[MapPiece]]:
        """The pieces of the places around these that ever came into known hands."""
        around = sorted({each for place in asked for each in chain(place, listed.within)})
        return {
            place: pieces
            for first in range(0, len(around), _AT_ONCE)
            for place, pieces in self.scene.pieces(around[first : first + _AT_ONCE]).items()
            if any(piece.shown.began is not None for piece in pieces)
        }


def _besieged(pieces: Sequence[MapPiece], sieges: Sieges) -> Iterator[tuple[Instant, Shown, int]]:
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
