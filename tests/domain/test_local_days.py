"""A local day is told by its own clocks, also from a bare window."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.local_days import day_of, local_of
from domain.occurred import DAY, HOUR, Instant, Occurred, Precision, Window, rfc3339
from domain.words.explanation import spoken_time, spoken_window
from tests.domain.local_times import local_times

KABUL = "[+04:30 Asia/Kabul]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2021-08-15[+04:30 Asia/Kabul]", "on 2021-08-15 (Asia/Kabul)"),
        ("2021-08-15[+04:30]", "on 2021-08-15 (UTC+04:30)"),
        ("2021-03-28[+01:00/+02:00 Europe/Paris]", "on 2021-03-28 (Europe/Paris)"),
        ("2021-03-28[+01:00/+02:00]", "on 2021-03-28 (UTC+01:00, then UTC+02:00)"),
        ("2021-08[+04:30 Asia/Kabul]", "in 2021-08 (Asia/Kabul)"),
        ("2021[+04:30 Asia/Kabul]", "in 2021 (Asia/Kabul)"),
        ("2021-08-15T06[+04:30 Asia/Kabul]", "in the hour of 2021-08-15T06 (Asia/Kabul)"),
        ("2021-08-15T06:30:00[+04:30 Asia/Kabul]", "at 2021-08-15T06:30:00 (Asia/Kabul)"),
        (f"2021-08-15{KABUL}/2021-08-17{KABUL}", "between 2021-08-15 and 2021-08-17 (Asia/Kabul)"),
        (f"2021-07{KABUL}/2021-08{KABUL}", "between 2021-07-01 and 2021-08-31 (Asia/Kabul)"),
        (
            f"2021-08-15{KABUL}/2021-08-17[+00:00]",
            "between 2021-08-14T19:30:00Z and 2021-08-18T00:00:00Z",
        ),
        ("2021-08-15", "on 2021-08-15"),
        ("2021-08-15T06Z", "in the hour of 2021-08-15T06Z"),
    ],
)
def test_a_time_is_said_by_the_clocks_of_its_zone(text: str, said: str) -> None:
    assert spoken_time(Occurred.parse(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2021-08-15[+04:30 Asia/Kabul]", "on 2021-08-15 (UTC+04:30)"),
        ("2021-08-15[-05:00 America/Bogota]", "on 2021-08-15 (UTC-05:00)"),
        ("2021-10-31[+02:00/+01:00 A]", "on 2021-10-31 (UTC+02:00, then UTC+01:00)"),
        ("2021-08[-11:00]", "in 2021-08 (UTC-11:00)"),
        ("2020-02[+14:00]", "in 2020-02 (UTC+14:00)"),
        ("2020[-03:30]", "in 2020 (UTC-03:30)"),
        ("2021-08-15T06[+04:30]", "between 2021-08-15T01:30:00Z and 2021-08-15T02:30:00Z"),
        ("2021-10-31T02[+02:00/+01:00 A]", "between 2021-10-31T00:00:00Z and 2021-10-31T02:00:00Z"),
        # a day of Honolulu, or the next one of Kiritimati
        ("2021-08-15[-10:00]", "between 2021-08-15T10:00:00Z and 2021-08-16T10:00:00Z"),
        ("2021-08-16[+14:00]", "between 2021-08-15T10:00:00Z and 2021-08-16T10:00:00Z"),
    ],
)
def test_a_window_alone_is_said_by_clocks_where_only_one_day_fits(text: str, said: str) -> None:
    assert spoken_window(Occurred.parse(text).window) == said


@pytest.mark.parametrize(
    "text",
    ["2021-08-15", "2021-08", "2021", "2021-08-15T06Z", "2021-08-15T06:30:00Z", "0001-01-01"],
)
def test_what_is_of_utc_is_of_no_other_clocks(text: str) -> None:
    assert local_of(Occurred.parse(text).window) is None


def test_a_window_at_the_end_of_the_calendar_is_of_no_other_clocks() -> None:
    last = Occurred.parse("9998-12-31").window
    assert local_of(last) is None
    beyond = Window(
        Instant(last.latest + 23 * HOUR), Instant(last.latest + 47 * HOUR), Precision.DAY
    )
    assert local_of(beyond) is not None
    assert local_of(Window(Instant(last.latest + 360 * DAY), last.latest, Precision.DAY)) is None


@settings(deadline=None)
@given(st.dates(), st.integers(-9 * 4, 11 * 4))
def test_the_day_of_a_window_is_that_of_its_clocks(day: object, quarters: int) -> None:
    sign, far = "-" if quarters < 0 else "+", abs(quarters)
    offset = f"{sign}{far // 4:02}:{far % 4 * 15:02}"
    try:
        said = Occurred.parse(f"{day}[{offset}]")
    except ValueError:
        return
    opening = day_of(said.window)
    assert opening is not None
    assert rfc3339(opening)[:10] == str(day)


@settings(deadline=None)
@given(local_times())
def test_the_day_of_what_is_told_is_the_one_that_was_written(text: str) -> None:
    said = Occurred.parse(text)
    opening = day_of(said.window, said.local)
    if said.window.precision is Precision.DAY:
        assert opening is not None
        assert rfc3339(opening)[:10] == text[:10]
    else:
        assert opening is None
    local = local_of(said.window)
    assert local is None or instant_of_text(spoken_window(local.window)) == local.window.earliest


def instant_of_text(words: str) -> Instant:
    """The opening of "on 2021-08-15", "in 2021-08" or "in 2021"."""
    return Occurred.parse(words.split()[1]).window.earliest
