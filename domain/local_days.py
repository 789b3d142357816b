"""Which day of which clocks is a window, where nothing but the window is kept?

A view keeps the window of a change and its precision. A day that opens at 19:30 UTC and ends at
19:30 is a day of clocks at +04:30: of those at -19:30 there are none.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from domain.occurred import DAY, HOUR, Instant, Local, Precision, Window, datetime_of, instant_of
from domain.offsets import written

_WEST, _EAST = -12 * HOUR, 14 * HOUR
"""How far clocks are from UTC today."""
_TURNED = 3 * HOUR
"""How far clocks are turned within a day, at the most."""


def local_of(window: Window) -> Local | None:
    """The day, month or year of some clocks that the window is, and how far they are from UTC.

    None for other windows, for those of UTC, and where two days would fit: one that opens between
    10:00 and 12:00 UTC is of the far east or of the far west of the calendar.
    """
    found = [each for opening in _openings(window) if (each := _offsets(window, opening))]
    if len(found) != 1 or not any(found[0]):
        return None
    first, last = found[0]
    local = Window(
        Instant(window.earliest + first), Instant(window.latest + last), window.precision
    )
    words = dict.fromkeys(f"UTC{written(offset)}" for offset in found[0])
    return Local(local, ", then ".join(words))


def day_of(window: Window, told: Local | None = None) -> Instant | None:
    """The opening of the day that the window is, counted as if its clocks showed UTC; None of what
    is not known to the day. `told` is what is known of its clocks."""
    if window.precision is not Precision.DAY:
        return None
    local = told or local_of(window)
    opening = local.window.earliest if local else window.earliest
    return opening if opening % DAY == 0 else None


def _openings(window: Window) -> list[datetime]:
    """The beginnings of a day, month or year that the window may open with, as clocks show them."""
    try:
        latest = datetime_of(Instant(window.earliest + _EAST))
    except OverflowError:
        return []
    day = latest.replace(hour=0, minute=0, second=0, microsecond=0)
    match window.precision:
        case Precision.DAY:
            return [day, day - timedelta(days=1)]
        case Precision.MONTH:
            return [day.replace(day=1)]
        case Precision.YEAR:
            return [day.replace(month=1, day=1)]
    return []


def _offsets(window: Window, opening: datetime) -> tuple[int, int] | None:
    """How far the clocks are from UTC at both ends, if they can be."""
    opens, ends = instant_of(opening) - window.earliest, _end(window, opening) - window.latest
    is_far = not _WEST <= opens <= _EAST or abs(ends - opens) > _TURNED
    return None if is_far else (opens, ends)


def _end(window: Window, opening: datetime) -> int:
    days = {
        Precision.DAY: 1,
        Precision.MONTH: monthrange(opening.year, opening.month)[1],
        Precision.YEAR: 366 if monthrange(opening.year, 2)[1] == 29 else 365,
    }
    return instant_of(opening) + days[window.precision] * DAY
