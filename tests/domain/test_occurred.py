"""Times: the forms for users, their meaning, and their refusals."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.occurred import (
    DAY,
    Instant,
    NotATime,
    Occurred,
    Precision,
    Window,
    datetime_of,
    instant_of,
    parse_moment,
    rfc3339,
)
from domain.offsets import clocks_of, ends_of, without_offsets, zone_of
from tests.domain.local_times import local_times
from tests.domain.strategies import times

often = settings(max_examples=300, deadline=None)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> Instant:
    return instant_of(datetime(year, month, day, hour, minute, tzinfo=UTC))


def window(earliest: Instant, latest: int, precision: Precision) -> Window:
    return Window(earliest, Instant(latest), precision)


# ---- What may be written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023-11-14", window(utc(2023, 11, 14), utc(2023, 11, 15), Precision.DAY)),
        ("2023-12-31", window(utc(2023, 12, 31), utc(2024, 1, 1), Precision.DAY)),
        ("2024-02-29", window(utc(2024, 2, 29), utc(2024, 3, 1), Precision.DAY)),
        ("2023-11", window(utc(2023, 11, 1), utc(2023, 12, 1), Precision.MONTH)),
        ("2024-02", window(utc(2024, 2, 1), utc(2024, 3, 1), Precision.MONTH)),
        ("2023-12", window(utc(2023, 12, 1), utc(2024, 1, 1), Precision.MONTH)),
        ("2023", window(utc(2023, 1, 1), utc(2024, 1, 1), Precision.YEAR)),
        ("2024", window(utc(2024, 1, 1), utc(2025, 1, 1), Precision.YEAR)),
        ("9998", window(utc(9998, 1, 1), utc(9999, 1, 1), Precision.YEAR)),
        ("2023-11-14T06Z", window(utc(2023, 11, 14, 6), utc(2023, 11, 14, 7), Precision.HOUR)),
        ("2023-11-14T23Z", window(utc(2023, 11, 14, 23), utc(2023, 11, 15), Precision.HOUR)),
        (
            "2023-11-14T06:30:00Z",
            window(utc(2023, 11, 14, 6, 30), utc(2023, 11, 14, 6, 30) + 1, Precision.INSTANT),
        ),
        (
            "2023-10-05/2023-10-06",
            window(utc(2023, 10, 5), utc(2023, 10, 7), Precision.RANGE),
        ),
        ("2023-10/2023-11", window(utc(2023, 10, 1), utc(2023, 12, 1), Precision.RANGE)),
        ("2023-10-05/2023-11", window(utc(2023, 10, 5), utc(2023, 12, 1), Precision.RANGE)),
        (
            "2023-10-05T06:30:00Z/2023-10-05T07:00:00Z",
            window(utc(2023, 10, 5, 6, 30), utc(2023, 10, 5, 7) + 1, Precision.RANGE),
        ),
    ],
)
def test_a_time_means_a_window_and_keeps_its_text(text: str, meant: Window) -> None:
    assert Occurred.parse(text) == Occurred(text, meant)
    assert str(Occurred.parse(text)) == text


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("2023-11-14T06:30:00-00:00", "2023-11-14T06:30:00Z"),
        ("2023-11-14T06:30:00+00:00", "2023-11-14T06:30:00Z"),
        ("2023-11-14t06:30:00z", "2023-11-14T06:30:00Z"),
        ("2023-11-14T06:30:00.000000Z", "2023-11-14T06:30:00Z"),
        ("2023-11-14T06:30:00.5Z", "2023-11-14T06:30:00.500000Z"),
        ("2023-11-14T06:30:00.000001Z", "2023-11-14T06:30:00.000001Z"),
        ("2023-11-14T06:30:00.1234567Z", "2023-11-14T06:30:00.123456Z"),
        ("2023-11-14T06:30:00.99999999999999999999Z", "2023-11-14T06:30:00.999999Z"),
        ("2023-11-14T06:30:00.0000009Z", "2023-11-14T06:30:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2016-12-31T23:59:60.25Z", "2016-12-31T23:59:59.999999Z"),
        ("0999-05-01T06Z", "0999-05-01T06Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("2023-11-14t06z", "2023-11-14T06Z"),
        ("2023-11-14/2023-11-14", "2023-11-14"),
        ("2023-11-14T06:30:00Z/2023-11-14T07:30:00+01:00", "2023-11-14T06:30:00Z"),
        ("2023-11-14T06:30:00+23:00", "2023-11-13T07:30:00Z"),  # no clocks are there
        ("9999-12-31T23+01:00", "9999-12-31T22Z"),  # its end by those clocks is in no calendar
    ],
)
def test_one_time_has_one_text_in_utc(written: str, normal: str) -> None:
    assert Occurred.parse(written) == Occurred.parse(normal)
    assert str(Occurred.parse(written)) == normal


@pytest.mark.parametrize(
    ("written", "kept", "in_utc"),
    [
        ("2023-11-14T07:30:00+01:00", "2023-11-14T07:30:00[+01:00]", "2023-11-14T06:30:00Z"),
        ("2023-11-14t01:30:00+05:30", "2023-11-14T01:30:00[+05:30]", "2023-11-13T20:00:00Z"),
        ("2023-11-14T23:30:00-01:00", "2023-11-14T23:30:00[-01:00]", "2023-11-15T00:30:00Z"),
        ("2023-11-14T06:30:00.5[-01:00]", "2023-11-14T06:30:00.500000[-01:00]", None),
        (
            "2016-12-31T15:59:60-08:00",
            "2016-12-31T15:59:59.999999[-08:00]",
            "2016-12-31T23:59:59.999999Z",
        ),
        (
            "2015-07-01T05:29:60+05:30",
            "2015-07-01T05:29:59.999999[+05:30]",
            "2015-06-30T23:59:59.999999Z",
        ),
        ("0001-01-01T01:00:00+01:00", "0001-01-01T01:00:00[+01:00]", "0001-01-01T00:00:00Z"),
        ("0023-11-14T07+01:00", "0023-11-14T07[+01:00]", "0023-11-14T06Z"),
        ("2023-11-14T00+01:00", "2023-11-14T00[+01:00]", "2023-11-13T23Z"),
        ("2023-11-14T07+05:30", "2023-11-14T07[+05:30]", "2023-11-14T07[+05:30]"),
        ("2021-08-15T06[+01:00]", "2021-08-15T06[+01:00]", "2021-08-15T05Z"),
        ("2021-08-15+02:00", "2021-08-15[+02:00]", "2021-08-15[+02:00]"),
        (
            "2023-11-14T07:30:00+01:00/2023-11-14T06:30:00Z",
            "2023-11-14T07:30:00[+01:00]",
            "2023-11-14T06:30:00Z",
        ),
        (
            "2023-11-14T07+01:00/2023-11-14T08+02:00",
            "2023-11-14T07[+01:00]",
            "2023-11-14T06Z",
        ),
        (
            "2021-08-15/2021-08-17T06+02:00",
            "2021-08-15[+00:00]/2021-08-17T06[+02:00]",
            "2021-08-15/2021-08-17T04Z",
        ),
        (
            "2021-08-15+02:00/2021-08-17T06+02:00",
            "2021-08-15[+02:00]/2021-08-17T06[+02:00]",
            "2021-08-15[+02:00]/2021-08-17T04Z",
        ),
    ],
)
def test_an_hour_or_instant_keeps_its_offset_and_means_the_time_in_utc(
    written: str, kept: str, in_utc: str | None
) -> None:
    said = Occurred.parse(written)
    assert said.text == kept
    assert Occurred.parse(kept) == said
    assert said.in_utc.text == (in_utc or "2023-11-14T07:30:00.500000Z")
    assert Occurred.parse(said.in_utc.text) == said.in_utc
    assert said.in_utc.window == said.window


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "/",
            "yesterday",
            "14.11.2023",
            "11/14/2023",
            "20231114",
            "2023-W46",
            "2023-318",
        ),
        *("23-11-14", "2023-1-4", "2023-11-14/", "/2023-11-14", "2023/2024/2025", "2023--11"),
        *("+2023-11-14", "-2023", "12023-11-14", "2023-11-14T", "2023-11Z", "2023Z"),
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(NotATime, match="is not a time"):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-02-29", "2023-02-30", "2023-11-31", "2023-13-01", "2023-00-10", "2023-11-00"),
        *("2023-13", "2023-00", "2023-11-14T24Z", "2023-11-14T24:00:00Z", "2023-11-14T06:60:00Z"),
        *("2023-11-14T06:30:00+24:00", "2023-11-14T06:30:00-99:00"),
        *("2023-11-14T06:30:00+05:60", "2023-11-14T06+05:60"),
    ],
)
def test_impossible_times_are_refused(text: str) -> None:
    with pytest.raises(NotATime, match="is not a time"):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-30T23:59:60Z",
        "2016-12-31T23:58:60Z",
        "2016-12-31T22:59:60Z",
        "2016-12-31T23:59:60+01:00",
        "2016-12-31T23:59:60-00:01",
    ],
)
def test_a_leap_second_is_refused_where_none_can_be(text: str) -> None:
    with pytest.raises(NotATime, match="second 60 is a leap second, and those end a month"):
        Occurred.parse(text)


def test_a_question_about_a_leap_second_asks_about_the_last_microsecond_before_it() -> None:
    assert parse_moment("2016-12-31T23:59:60Z") == parse_moment("2016-12-31")


@pytest.mark.parametrize(
    "text", ["2023-11-14T06:30:00", "2023-11-14T06", "2023-11-14T06:30:00+01", "2023-11-14T06:30Z"]
)
def test_an_instant_or_an_hour_needs_its_offset_and_its_seconds(text: str) -> None:
    with pytest.raises(NotATime):
        Occurred.parse(text)


def test_an_hour_that_is_not_one_of_utc_keeps_its_offset() -> None:
    said = Occurred.parse("2023-11-14T06+05:30")
    assert said.text == "2023-11-14T06[+05:30]"
    assert said.window == window(utc(2023, 11, 14, 0, 30), utc(2023, 11, 14, 1, 30), Precision.HOUR)


@pytest.mark.parametrize(
    "text", [" 2023-11-14", "2023-11-14 ", "2023-11-14\n", "2023- 11-14", "2023-11-14 06:30:00Z"]
)
def test_whitespace_is_refused(text: str) -> None:
    with pytest.raises(NotATime):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "\N{FULLWIDTH DIGIT TWO}023-11-14",
        "\N{ARABIC-INDIC DIGIT TWO}023-11-14",
        "\N{DEVANAGARI DIGIT TWO}023",
        "2023\N{MINUS SIGN}11\N{MINUS SIGN}14",
        "2023\N{NON-BREAKING HYPHEN}11",
    ],
)
def test_only_the_digits_and_the_hyphen_of_ascii_are_read(text: str) -> None:
    with pytest.raises(NotATime):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("0000", "0000-01", "0000-01-01", "0001-01-01T00:00:00+00:01", "0001-01-01T00+01:00"),
        *("9999", "9999-12", "9999-12-31", "9999-12-31T23Z", "9999-12-31T23:59:59.999999Z"),
        *("9999-12-31T23:59:59-00:01", "2023/9999"),
    ],
)
def test_a_window_that_leaves_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="the calendar that we count in, from 0001-01-01"):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text", ["2023-11-15/2023-11-14", "2024/2023", "2023-11-14/2023-11", "2023-11/2023-11-14"]
)
def test_a_range_that_ends_before_it_begins_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="the range ends before it begins"):
        Occurred.parse(text)


def test_a_refusal_shows_the_forms_that_can_be_read_and_little_of_a_long_text() -> None:
    with pytest.raises(NotATime) as refused:
        Occurred.parse("x" * 1000)
    assert str(refused.value).startswith(f"'{'x' * 57}...' is not a time; write a day (2023-11-14)")


# ---- One time, one text ----------------------------------------------------------------------


@often
@given(times())
def test_what_is_read_is_written_as_it_was_read(text: str) -> None:
    said = Occurred.parse(text)
    assert Occurred.parse(str(said)) == said


@often
@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_an_instant_is_the_same_in_every_offset(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    said = Occurred.parse(local.isoformat())
    assert said.in_utc == Occurred.at(local)
    assert str(said.in_utc).endswith("Z")
    assert Occurred.parse(str(said)) == said
    assert datetime_of(said.window.earliest) == local
    assert said.window.latest == said.window.earliest + 1
    assert parse_moment(local.isoformat()) == instant_of(local)
    assert rfc3339(instant_of(local)) == str(said.in_utc)


@often
@given(times(), times())
def test_a_range_runs_from_the_first_window_to_the_last(first: str, last: str) -> None:
    assume("[" not in first + last)
    begin = Occurred.parse(first.split("/")[0])
    end = Occurred.parse(last.split("/")[-1])
    assume(begin.window.earliest <= end.window.earliest)
    assume(begin.window.latest < end.window.latest)
    said = Occurred.parse(f"{begin}/{end}")
    assert said.window == Window(begin.window.earliest, end.window.latest, Precision.RANGE)
    assert Occurred.parse(str(said)) == said


@often
@given(st.text(alphabet="0123456789-/:TtZz.+[]A \n\N{ARABIC-INDIC DIGIT TWO}", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        said = Occurred.parse(text)
    except NotATime:
        return
    assert Occurred.parse(str(said)) == said


# ---- From the first year of the calendar to the last -----------------------------------------

years = st.sampled_from([1, 2, 9, 10, 99, 100, 999, 1000, 1582, 1900, 9998, 9999]) | st.integers(
    1, 9999
)
offsets = st.just("Z") | st.builds(
    "{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 23), st.sampled_from([0, 30, 59])
)
fractions = st.just("") | st.text("0123456789", min_size=1, max_size=12).map(".{}".format)
PRECISIONS = [*Precision]


@st.composite
def written(draw: st.DrawFn, precision: Precision) -> str:
    """A time with a precision as written by a person, perhaps outside the calendar in UTC."""
    day = draw(st.dates(date(1, 1, 1), date(9999, 12, 31))).replace(year=draw(years), day=1)
    day += timedelta(days=draw(st.integers(0, 27)))
    clock = draw(st.times()).isoformat(timespec="seconds")
    match precision:
        case Precision.RANGE:
            ends = st.sampled_from([each for each in Precision if each is not Precision.RANGE])
            return f"{draw(written(draw(ends)))}/{draw(written(draw(ends)))}"
        case Precision.YEAR:
            return day.isoformat()[:4]
        case Precision.MONTH:
            return day.isoformat()[:7]
        case Precision.DAY:
            return day.isoformat()
        case Precision.HOUR:
            return f"{day}T{clock[:2]}{draw(offsets)}"
    return f"{day}T{clock}{draw(fractions)}{draw(offsets)}"


@pytest.mark.parametrize("precision", PRECISIONS)
@often
@given(data=st.data())
def test_a_time_of_any_year_is_read_back_from_its_text_or_refused_in_words(
    precision: Precision, data: st.DataObject
) -> None:
    text = data.draw(written(precision))
    try:
        said = Occurred.parse(text)
    except NotATime as refused:
        known = ("the calendar", "range ends before", "offsets from UTC lie", "names its zone")
        assert any(words in refused.why for words in known), refused  # noqa: PT017
        return
    assert said.window.earliest < said.window.latest
    assert Occurred.parse(said.text) == said
    assert all(re.match(r"[0-9]{4}(?![0-9])", end) for end in ends_of(said.text)[::2] if end)
    assert parse_moment(rfc3339(said.window.earliest)) == said.window.earliest


@often
@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_998)))
def test_any_instant_of_the_calendar_is_read_back_from_rfc_3339(moment: datetime) -> None:
    instant = instant_of(moment.replace(tzinfo=UTC))
    assert parse_moment(rfc3339(instant)) == instant
    assert datetime.fromisoformat(rfc3339(instant)) == datetime_of(instant)


@often
@given(
    st.from_regex(
        r"(?:[0-3][0-9]{3}|9999)-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]"
        r"(?:[.][0-9]{6})?(?:Z|[+]00:00)",
        fullmatch=True,
    )
)
@example("9999-12-31T23:59:59.999999Z")
@example("0000-01-01T00:00:00Z")
@example("2023-02-29T00:00:00+00:00")
@example("2023-01-01T24:00:00Z")
@example("2016-12-31T23:59:60Z")
def test_an_instant_as_programs_write_it_is_that_of_any_other_form(text: str) -> None:
    """The usual form is read in a shorter way than the same with a small letter."""

    def told(asked: str) -> Instant | str:
        try:
            return parse_moment(asked)
        except NotATime as wrong:
            return wrong.why

    assert told(text) == told(text.replace("T", "t"))


# ---- Local times -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "opens", "ends", "precision"),
    [
        ("2021-08-15[+04:30 Asia/Kabul]", "2021-08-14T19:30", "2021-08-15T19:30", "day"),
        ("2021-08-15[+04:30]", "2021-08-14T19:30", "2021-08-15T19:30", "day"),
        ("2021-08-15[-05:00 America/Bogota]", "2021-08-15T05:00", "2021-08-16T05:00", "day"),
        ("2021-03-28[+01:00/+02:00 Europe/Paris]", "2021-03-27T23:00", "2021-03-28T22:00", "day"),
        ("2021-10-31[+02:00/+01:00 Europe/Paris]", "2021-10-30T22:00", "2021-10-31T23:00", "day"),
        ("2021-03[+01:00/+02:00 Europe/Paris]", "2021-02-28T23:00", "2021-03-31T22:00", "month"),
        ("2021-08[+04:30]", "2021-07-31T19:30", "2021-08-31T19:30", "month"),
        ("2021[-05:00 America/New_York]", "2021-01-01T05:00", "2022-01-01T05:00", "year"),
        ("2021-08-15T06[+04:30 Asia/Kabul]", "2021-08-15T01:30", "2021-08-15T02:30", "hour"),
        (
            "2021-10-31T02[+02:00/+01:00 Europe/Paris]",
            "2021-10-31T00:00",
            "2021-10-31T02:00",
            "hour",
        ),
        ("1930-05-01[+00:19:32]", "1930-04-30T23:40:28", "1930-05-01T23:40:28", "day"),
        (
            "2021-08-15[+04:30 Asia/Kabul]/2021-08-17[+04:30 Asia/Kabul]",
            *("2021-08-14T19:30", "2021-08-17T19:30", "range"),
        ),
        (
            "2021-08-15[+04:30 Asia/Kabul]/2021-08-17[+00:00]",
            *("2021-08-14T19:30", "2021-08-18T00:00", "range"),
        ),
    ],
)
def test_a_local_time_is_a_window_and_keeps_its_text(
    text: str, opens: str, ends: str, precision: str
) -> None:
    earliest, latest = (instant_of(datetime.fromisoformat(f"{it}+00:00")) for it in (opens, ends))
    assert Occurred.parse(text) == Occurred(text, window(earliest, latest, Precision(precision)))


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("2021-08-15+04:30", "2021-08-15[+04:30]"),
        ("2021-08-15-04:30", "2021-08-15[-04:30]"),
        *((f"2021-08-15{utc}", "2021-08-15") for utc in ("Z", "z", "+00:00", "-00:00")),
        ("2021-08-15[+00:00]", "2021-08-15"),
        ("2021-08-15[+04:30/+04:30 Asia/Kabul]", "2021-08-15[+04:30 Asia/Kabul]"),
        ("2021-08-15[-00:00 Europe/London]", "2021-08-15[+00:00 Europe/London]"),
        ("2021-08-15t06[+04:30 Asia/Kabul]", "2021-08-15T06[+04:30 Asia/Kabul]"),
        ("2021-08-15T06+01:00", "2021-08-15T06[+01:00]"),
        ("2021-08-15T06:30:00+04:30", "2021-08-15T06:30:00[+04:30]"),
        ("2021-08-15T06:30:00.50[+04:30 A]", "2021-08-15T06:30:00.500000[+04:30 A]"),
        ("2021-08-15+04:30/2021-08-17Z", "2021-08-15[+04:30]/2021-08-17[+00:00]"),
        ("2021-08-15[+00:00]/2021-08-17[+00:00]", "2021-08-15/2021-08-17"),
        (
            "2021-08-15[+04:30 Asia/Kabul]/2021-08-15[+04:30 Asia/Kabul]",
            "2021-08-15[+04:30 Asia/Kabul]",
        ),
    ],
)
def test_one_local_time_has_one_text(written: str, normal: str) -> None:
    assert Occurred.parse(written) == Occurred.parse(normal)
    assert str(Occurred.parse(written)) == normal


@pytest.mark.parametrize(
    "text",
    [
        *("2021-08-15[Asia/Kabul]", "2021-08-15[]", "2021-08-15[+04:30", "2021-08-15+04:30]"),
        *("2021-08-15[+14:01]", "2021-08-15[-14:30 X]", "2021-08-15[+04:60]", "2021-08-15[+4:30]"),
        *("2021-08-15[+04:30  A]", "2021-08-15[+04:30 a b]", "2021-08-15[+04:30 ../etc]"),
        *("2021-08-15[+04:30]x", "2021-08-15Z[+04:30]", "2021-08-15T06Z[+04:30]", "[+04:30]"),
        *("2021-08-15T06:30:00[+01:00/+02:00 A]", "0001-01-01[+04:30]", "9998-12-31[-04:30]/9999"),
        "2021-08-15T06[+01:00/+02:00 A]",
    ],
)
def test_a_local_time_without_its_offsets_or_with_impossible_ones_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="is not a time"):
        Occurred.parse(text)


@pytest.mark.parametrize(
    "text", ["2021-08-15[+04:30]/2021-08-16", "2021-08/2021-09[+04:30]", "2021[+01:00 A]/2022"]
)
def test_a_range_with_a_zone_at_one_end_says_that_of_the_other(text: str) -> None:
    with pytest.raises(NotATime, match="name that of the other end too"):
        Occurred.parse(text)


@pytest.mark.parametrize(
    ("text", "zone", "shows"),
    [
        ("2021-08-15[+04:30 Asia/Kabul]", "Asia/Kabul", "2021-08-15T00:00:00Z"),
        ("2021-08-15[+04:30]", "UTC+04:30", "2021-08-15T00:00:00Z"),
        ("2021-03[+01:00/+02:00]", "UTC+01:00, then UTC+02:00", "2021-03-01T00:00:00Z"),
        ("2021-08-15T06[+04:30 A]/2021-08-16[+04:30 A]", "A", "2021-08-15T06:00:00Z"),
    ],
)
def test_a_local_time_knows_what_the_clocks_showed(text: str, zone: str, shows: str) -> None:
    local = Occurred.parse(text).local
    assert local is not None
    assert (local.zone, rfc3339(local.window.earliest)) == (zone, shows)


@pytest.mark.parametrize(
    "text", ["2021-08-15", "2021-08-15T06Z", "2021-08-15[+04:30 A]/2021-08-16[+04:30 B]"]
)
def test_a_time_in_utc_or_in_two_zones_has_no_clocks_of_its_own(text: str) -> None:
    assert Occurred.parse(text).local is None


@often
@given(local_times())
def test_a_local_time_opens_and_ends_its_offsets_before_the_clocks_of_utc(text: str) -> None:
    said = Occurred.parse(text)
    assert Occurred.parse(said.text) == said
    first, slash, last = ends_of(text)
    assert said.window.earliest == shifted(first).earliest
    assert said.window.latest == shifted(last if slash else first).latest


def shifted(text: str) -> Window:
    """The window on the clocks, less the offsets."""
    shown = clocks_of(text)
    clocks = Occurred.parse(f"{shown}Z" if "T" in shown else shown).window
    first, last, _ = zone_of(text) or (0, 0, "")
    return window(Instant(clocks.earliest - first), clocks.latest - last, clocks.precision)


def test_what_was_looked_up_is_told_from_what_was_written() -> None:
    assert without_offsets("2021-08-15[+04:30 Asia/Kabul]") == "2021-08-15[Asia/Kabul]"
    assert without_offsets("2021-08[+01:00 A]/2021-10-31[+02:00/+01:00 A/B]") == (
        "2021-08[A]/2021-10-31[A/B]"
    )
    for kept in ("2021-08-15", "2021-08-15[+04:30]", "2021-10-31T02:30:00[+01:00 Europe/Paris]"):
        assert without_offsets(kept) == kept


# ---- Windows and moments ---------------------------------------------------------------------


def test_a_window_is_over_at_the_close_of_its_last_microsecond() -> None:
    day = Occurred.parse("2023-11-14").window
    last = Instant(day.latest - 1)
    assert not day.is_over_at(Instant(last - 1))
    assert day.is_over_at(last)


def test_a_window_is_open_once_it_has_begun_and_until_it_is_over() -> None:
    day = Occurred.parse("2023-11-14").window
    at = [day.earliest - 1, day.earliest, day.latest - 2, day.latest - 1]
    assert [day.is_open_at(Instant(instant)) for instant in at] == [False, True, True, False]


def test_windows_that_only_touch_do_not_overlap() -> None:
    one, next_day, month = (
        Occurred.parse(text).window for text in ("2023-11-14", "2023-11-15", "2023-11")
    )
    assert not one.overlaps(next_day)
    assert not next_day.overlaps(one)
    assert one.overlaps(one)
    assert one.overlaps(month)
    assert month.overlaps(one)


def test_a_question_for_a_date_asks_about_its_close() -> None:
    assert parse_moment("2023-11-14") == utc(2023, 11, 15) - 1
    assert (parse_moment("2023-11-14") + 1) % DAY == 0


@pytest.mark.parametrize("day", ["2021-08-15+04:30", "2021-08-15[+04:30 Asia/Kabul]"])
def test_a_question_for_a_date_with_an_offset_asks_about_the_close_of_that_local_day(
    day: str,
) -> None:
    assert rfc3339(parse_moment(day)) == "2021-08-15T19:29:59.999999Z"


def test_a_question_for_an_instant_asks_about_that_microsecond() -> None:
    assert parse_moment("2023-11-14T06:30:00Z") == utc(2023, 11, 14, 6, 30)
    assert parse_moment("2023-11-14T07:30:00+01:00") == utc(2023, 11, 14, 6, 30)


@pytest.mark.parametrize("text", ["2023", "2023-11", "2023-11-14T06Z", "2023-11-14/2023-11-15"])
def test_a_question_needs_a_day_or_an_instant(text: str) -> None:
    with pytest.raises(NotATime):
        parse_moment(text)


# ---- As a field of an event ------------------------------------------------------------------


class Said(BaseModel):
    occurred: Occurred


def test_a_field_reads_and_writes_text() -> None:
    said = Said.model_validate({"occurred": "2023-11-14T07:30:00+01:00"})
    assert said.model_dump_json() == '{"occurred":"2023-11-14T07:30:00[+01:00]"}'
    assert Said.model_validate_json(said.model_dump_json()) == said
    assert Said(occurred=said.occurred) == said
    assert Said.model_json_schema()["properties"]["occurred"]["type"] == "string"


@pytest.mark.parametrize("given", [None, 2023, 1.5, True, {}, ["2023"], datetime(2023, 11, 14)])
def test_a_field_reads_nothing_but_text(given: object) -> None:
    with pytest.raises(ValidationError, match="is not a time as text"):
        Said.model_validate({"occurred": given})
