"""The axis along which a map moves: valid time, publication, or both together.

Without `publishedBy` a map moves along valid time. With it, one question after another has the same
moment of publication, or the same instant of valid time, or both move by the same step: each is a
line through the plane of the two times.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING, END
from domain.occurred import Instant
from projections.control.pieces import MapPiece, Shown
from projections.control.published import Stretch

NOTHING = Shown(ControlStatus.UNKNOWN, (), True, False, False, None, None)
"""The look of a place without any word."""


class Direction(StrEnum):
    """Which of the two times moves."""

    VALID = "valid"
    PUBLISHED = "published"
    BOTH = "both"


class TimePoint(NamedTuple):
    """An instant of valid time, and one of publication."""

    at: Instant
    published: Instant


class TimeAxis(NamedTuple):
    """A line through the plane of valid time and publication, with instants on it."""

    direction: Direction
    fixed: int
    """The instant that does not move; of both, how much later the publication is than the valid
    time."""

    @staticmethod
    def through(point: TimePoint) -> "tuple[TimeAxis, TimeAxis, TimeAxis]":
        """The three axes through a point."""
        return (
            TimeAxis(Direction.VALID, point.published),
            TimeAxis(Direction.PUBLISHED, point.at),
            TimeAxis(Direction.BOTH, point.published - point.at),
        )

    def instant(self, point: TimePoint) -> Instant:
        """The instant on the axis of a point that lies on it."""
        return point.published if self.direction is Direction.PUBLISHED else point.at

    def point(self, instant: Instant) -> TimePoint:
        """The point at an instant of the axis."""
        match self.direction:
            case Direction.VALID:
                return TimePoint(instant, Instant(self.fixed))
            case Direction.PUBLISHED:
                return TimePoint(Instant(self.fixed), instant)
            case _:
                return TimePoint(instant, Instant(instant + self.fixed))

    def on_published(self, published: Instant) -> Instant | None:
        """The instant of the axis with that publication; None where publication does not move."""
        match self.direction:
            case Direction.VALID:
                return None
            case Direction.PUBLISHED:
                return published
            case _:
                return Instant(published - self.fixed)

    def on_valid(self, at: Instant) -> Instant | None:
        """The instant of the axis with that valid time; None where valid time does not move."""
        return None if self.direction is Direction.PUBLISHED else at

    def cut(self, stretches: Iterable[Stretch]) -> list[MapPiece]:
        """The pieces of a place along the axis."""
        found = sorted(
            (begin, end, each.shown)
            for each in stretches
            for begin, end in (self._bounds(each),)
            if begin < end
        )
        pieces: list[MapPiece] = []
        reached = BEGINNING
        for begin, end, shown in found:
            if begin > reached:
                pieces.append(MapPiece(reached, NOTHING))
            pieces.append(MapPiece(Instant(begin), shown))
            reached = Instant(end)
        if reached < END:
            pieces.append(MapPiece(reached, NOTHING))
        return pieces

    def _bounds(self, each: Stretch) -> tuple[int, int]:
        """The part of the axis that lies in a stretch."""
        fixed = self.fixed
        match self.direction:
            case Direction.VALID:
                inside = each.published_from <= fixed < each.published_to
                return (each.valid_from, each.valid_to) if inside else (0, 0)
            case Direction.PUBLISHED:
                inside = each.valid_from <= fixed < each.valid_to
                return (each.published_from, each.published_to) if inside else (0, 0)
            case _:
                first, last = each.published_from - fixed, each.published_to - fixed
                last = END if each.published_to == END else last
                return max(each.valid_from, first), min(each.valid_to, last)


def merged(*instants: Iterable[Instant | None]) -> Sequence[Instant]:
    """All instants in order, each once."""
    return sorted({each for some in instants for each in some if each is not None})
