"""The moments at which a map changes, and how many places change at each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.occurred import Instant, rfc3339
from domain.refusals import DomainError


class ChangeUnit(StrEnum):
    """By what the changes of a map are counted."""

    INSTANT = "instant"
    DAY = "day"
    """A day of UTC."""
    MONTH = "month"
    YEAR = "year"


_LENGTHS = {ChangeUnit.DAY: 10, ChangeUnit.MONTH: 7, ChangeUnit.YEAR: 4}
"""The number of characters of RFC 3339 that name a day, a month and a year of UTC."""
MOST = 10_000


class TooManyMoments(DomainError):
    """A map changes more often than an answer tells."""

    field = "unit"

    def __init__(self, count: int, unit: ChangeUnit) -> None:
        units = list(ChangeUnit)
        longer = units[units.index(unit) + 1 :]
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


def change_dates(moments: Sequence[tuple[Instant, int]], unit: ChangeUnit) -> Sequence[ChangeDate]:
    """The changes by unit, in the order of time. Raises TooManyMoments."""
    length = _LENGTHS.get(unit)
    if length is None and len(moments) > MOST:
        raise TooManyMoments(len(moments), unit)
    found: Counter[str] = Counter()
    for at, places in moments:
        found[rfc3339(at)[:length]] += places
    if len(found) > MOST:
        raise TooManyMoments(len(found), unit)
    return [ChangeDate(at, places) for at, places in found.items()]
