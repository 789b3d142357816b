"""Local times, at random: by clocks of the east and the west, and on days when they were turned."""

from datetime import date, timedelta

from hypothesis import strategies as st

BRACKETS = [
    "[+04:30 Asia/Kabul]",
    "[+04:30]",
    "[-03:30/-02:30 America/St_Johns]",
    "[+02:00/+01:00 Europe/Paris]",
    "[-11:00 Pacific/Midway]",
    "[+14:00 Pacific/Kiritimati]",
    "[+00:19:32 Europe/Amsterdam]",
    "[+00:00 Africa/Bamako]",
]
HOURLY = [each for each in BRACKETS if "/-" not in each and "/+" not in each]
"""The zones of clocks without turns."""


@st.composite
def local_times(draw: st.DrawFn) -> str:
    """A stored local time with its offsets, or a range of two."""
    day = date(1850, 1, 1) + timedelta(days=draw(st.integers(0, 80_000)))
    text = _local(day, draw)
    if draw(st.booleans()):
        return text
    return f"{text}/{_local(day + timedelta(days=draw(st.integers(800, 900))), draw)}"


def _local(day: date, draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        hour = draw(st.sampled_from(["T00", "T13", "T23"]))
        return f"{day}{hour}{draw(st.sampled_from(HOURLY))}"
    length = draw(st.sampled_from([4, 7, 10]))
    return f"{str(day)[:length]}{draw(st.sampled_from(BRACKETS))}"
