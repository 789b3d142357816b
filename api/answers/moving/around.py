"""Step 8 of the rule along an axis of time: a place is no longer certain where a place around it
came into other hands after the last word about the place itself."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.control.lineage import Lineage
from domain.control.timeline import END
from domain.occurred import Instant
from domain.values import ActorId, LocationId
from projections.control.pieces import MapPiece, Shown

MapPieces = Sequence[MapPiece]
Meets = Callable[[Collection[ActorId], Collection[ActorId], Instant], bool]
"""Whether some actors are, contain or belong to others, at an instant of the axis."""


@dataclass
class Kin:
    """A lineage along valid time; the lineage of some actors is looked up once."""

    lineage: Lineage
    _concerning: dict[frozenset[ActorId], Lineage] = field(default_factory=dict)

    @property
    def turns(self) -> Sequence[Instant]:
        """The instants at which actors may come to meet, or cease to."""
        return self.lineage.turns

    def meet(self, some: Collection[ActorId], others: Collection[ActorId], at: Instant) -> bool:
        named = frozenset((*some, *others))
        if (found := self._concerning.get(named)) is None:
            found = self._concerning[named] = self.lineage.concerning(named)
        return found.at(at).meet(some, others)


def held_to_places_around(
    pieces: MapPieces, around: Sequence[MapPieces], meet: Meets, turns: Sequence[Instant]
) -> list[MapPiece]:
    """The pieces of a place that can be held, given the pieces of the places around, the innermost
    first."""
    bearing = [each for each in around if any(piece.shown.began is not None for piece in each)]
    if not bearing:
        return list(pieces)
    ends = [*(piece.start for piece in pieces[1:]), END]
    found: list[MapPiece] = []
    for piece, end in zip(pieces, ends, strict=True):
        if piece.shown.heard is None or not piece.shown.certain:
            found.append(piece)
        else:
            found += _cut(piece, Instant(end), bearing, meet, turns)
    return found


def _cut(
    piece: MapPiece,
    end: Instant,
    around: Sequence[MapPieces],
    meet: Meets,
    turns: Sequence[Instant],
) -> Iterator[MapPiece]:
    """The parts of a certain piece: each certain or not."""
    starts = {piece.start, *_between(turns, piece.start, end)}
    for pieces in around:
        starts.update(_between([each.start for each in pieces], piece.start, end))
    for start in sorted(starts):
        has_changed = _has_changed(piece.shown, start, around, meet)
        yield MapPiece(start, piece.shown._replace(certain=False) if has_changed else piece.shown)


def _between(instants: Sequence[Instant], after: Instant, before: Instant) -> Sequence[Instant]:
    first, last = bisect_right(instants, after), bisect_right(instants, before - 1)
    return instants[first:last]


def _has_changed(shown: Shown, at: Instant, around: Sequence[MapPieces], meet: Meets) -> bool:
    assert shown.heard is not None, "only then anything is compared"
    for pieces in around:
        index = bisect_right(pieces, at, key=_start) - 1
        above = pieces[max(index, 0)].shown
        if above.began is not None and above.began >= shown.heard:
            if not meet(above.holders, shown.holders, at):
                return True
    return False


def _start(piece: MapPiece) -> Instant:
    return piece.start


def chain(place: LocationId, within: Mapping[LocationId, LocationId | None]) -> list[LocationId]:
    """The places around a place, the innermost first; a circle ends where it comes back."""
    found: list[LocationId] = []
    above = within.get(place)
    while above is not None and above != place and above not in found:
        found.append(above)
        above = within.get(above)
    return found
