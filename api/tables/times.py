"""Times in a table: RFC 3339 with microseconds, in the same form down a column."""

from domain.occurred import Instant, datetime_of


def in_microseconds(instant: int) -> str:
    """As in "2023-11-14T00:00:00.000000Z"."""
    return datetime_of(Instant(instant)).isoformat(timespec="microseconds")[:-6] + "Z"
