"""The local day of a window, where only the window is kept.

A view keeps the window of a change and its precision. A day from 19:30 UTC to 19:30 is a day at
+04:30: no clocks are at -19:30.
"""

from calendar import isleap, monthrange

from domain.occurred import DAY, HOUR, Instant, Local, Precision, Window, datetime_of, instant_of
from domain.offsets import written

_WEST, _EAST = -12 * HOUR, 14 * HOUR
"""How far clocks are from UTC today."""
_TURNED = 3 * HOUR
"""How far clocks are turned within a day, at the most."""


def local_of(window: Window) -> Local | None:
    """The local day, month or year of the window, and the offset of its clocks from UTC.

    None for other windows, for those of UTC, and for a window with two possible days: a day that
    opens between 10:00 and 12:00 UTC is in the far east or in the far west of the calendar.
    """
    found = [each for span in _spans(window) if (each := _offsets(window, span))]
    if len(found) != 1 or not any(found[0]):
        return None
    first, last = found[0]
    local = Window(
        Instant(window.earliest + first), Instant(window.latest + last), window.precision
    )
    words = dict.fromkeys(f"UTC{written(offset)}" for offset in found[0])
    return Local(local, ", then ".join(words))


def day_of(window: Window, told: Local | None = None) -> Instant | None:
    """The opening of the day of the window, counted as if its clocks showed UTC; None for a window
    without a known day. `told` are the clocks, where known."""
    if window.precision is not Precision.DAY:
        return None
    local = told or local_of(window)
    opening = local.window.earliest if local else window.earliest
    return opening if opening % DAY == 0 else None


def _spans(window: Window) -> list[tuple[int, int]]:
    """The possible days, months or years of the window, by clocks as if in UTC."""
    day = (window.earliest + _EAST) // DAY * DAY
    if window.precision is Precision.DAY:
        return [(day, day + DAY), (day - DAY, day)]
    try:
        date = datetime_of(Instant(day))
    except OverflowError:
        return []
    if window.precision is Precision.MONTH:
        first = instant_of(date.replace(day=1))
        return [(first, first + monthrange(date.year, date.month)[1] * DAY)]
    if window.precision is Precision.YEAR:
        first = instant_of(date.replace(month=1, day=1))
        return [(first, first + (366 if isleap(date.year) else 365) * DAY)]
    return []


def _offsets(window: Window, span: tuple[int, int]) -> tuple[int, int] | None:
    """The offsets of the clocks from UTC at both ends, if possible."""
    opens, ends = span[0] - window.earliest, span[1] - window.latest
    is_far = not _WEST <= opens <= _EAST or abs(ends - opens) > _TURNED
    return None if is_far else (opens, ends)
