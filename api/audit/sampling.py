"""At which points is the rule asked, and does the view give the same answer there?

A point is drawn near what matters of a place: an edge of a window, and an entry about it. The same
seed on the same ledger draws the same points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from domain.control.timeline import BEGINNING, END
from domain.control.verdict import Reading
from domain.events import SituationEvent
from domain.location import fold
from domain.occurred import DAY, Instant, rfc3339
from domain.values import LocationId
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger
from infra.views.digests import RowDifference
from projections.control.encoding import reading_to_row

_ON_A_PLACE = 20
"""How many points in turn are drawn on one place: to read its entries takes most of the time."""


@dataclass(frozen=True, slots=True)
class Point:
    """A question about one place: a moment, and the position up to which all was known."""

    location: LocationId
    at: Instant
    known: int


class Sampler:
    """Draws points, and answers them from the ledger alone."""

    def __init__(
        self, ledger: Ledger, places: Sequence[LocationId], position: int, seed: int
    ) -> None:
        self._ledger = ledger
        self._places, self._position = places, position
        self._random = Random(seed)  # noqa: S311
        self._about = lru_cache(maxsize=1)(self._read)

    def points(self, count: int) -> Iterator[Point]:
        """So many points; none, where no place can be held."""
        for drawn in range(count if self._places else 0):
            if drawn % _ON_A_PLACE == 0:
                location = self._random.choice(self._places)
            about = self._about(location)
            yield Point(location, self._moment(about), self._known(about))

    def difference(self, point: Point, shown: Reading) -> RowDifference | None:
        """What a view shows for the point, beside what the rule says of the entries, if it is
        anything else."""
        key = {"location": point.location, "at": rfc3339(point.at), "known": point.known}
        try:
            reading = self._reading(point)
        except KeyError as hidden:
            why = f"the index of the ledger hides {hidden}, which the place rests on"
            return RowDifference("control", "control_period", key, {"ledger": why}, None)
        if shown == reading:
            return None
        stored, meant = ({"reading": reading_to_row(each)} for each in (shown, reading))
        return RowDifference("control", "control_period", key, stored, meant)

    def _reading(self, point: Point) -> Reading:
        """Raises KeyError where an entry cites what the index of the ledger doesn't find."""
        told = (each.entry for each in self._about(point.location) if each.position <= point.known)
        place = fold(point.location, told)
        return place.timeline().at(point.at).reading

    def _read(self, location: LocationId) -> list[Recorded]:
        return self._ledger.about(location, until=self._position)

    def _moment(self, about: Sequence[Recorded]) -> Instant:
        said = [each.event for each in about if isinstance(each.event, SituationEvent)]
        if not said:
            return Instant(0)
        window = self._random.choice(said).occurred.window
        edge = self._random.choice([window.earliest, window.latest])
        aside = self._random.choice([-31 * DAY, -1, 0, 1, 31 * DAY])
        return Instant(min(max(edge + aside, BEGINNING + 1), END - 1))

    def _known(self, about: Sequence[Recorded]) -> int:
        position = self._random.choice(about).position if about else self._position
        return self._random.choice([position - 1, position, self._position])
