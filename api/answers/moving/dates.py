"""The moments at which a map changes, and how many places change at each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.occurred import Instant, rfc3339
from domain.refusals import DomainError

UNITS = ("instant", "day", "month", "year")
_LENGTHS = {"day": 10, "month": 7, "year": 4}
"""The number of characters of RFC 3339 that name a day, a month and a year of UTC."""
MOST = 10_000


class TooManyMoments(DomainError):
    """A map changes more often than an answer tells."""

    field = "unit"

    def __init__(self, count: int, unit: str) -> None:
        longer = UNITS[UNITS.index(unit) + 1 :]
        ask = f"; ask by {' or '.join(longer)}, or" if longer else "; ask"
        super().__init__(
            f"the map changes at {count:,} moments, and an answer tells {MOST:,}{ask} for a "
            "shorter time"
        )


@dataclass(frozen=True, slots=True)
class ChangeDate:
    """A moment, day, month or year at which the look of places changes."""

    at: str
    """An instant in RFC 3339, or a day, a month or a year of UTC."""
    places: int
    """The number of changes; a place that changes twice within a day counts twice."""


def change_dates(moments: Iterable[tuple[Instant, int]], unit: str) -> Sequence[ChangeDate]:
    """The changes by unit, in the order of time. Raises TooManyMoments."""
    length = _LENGTHS.get(unit)
    found: Counter[str] = Counter()
    for at, places in moments:
        found[rfc3339(at)[:length]] += places
    if len(found) > MOST:
        raise TooManyMoments(len(found), unit)
    return [ChangeDate(at, places) for at, places in found.items()]
