"""A day by the clocks of a zone is all the time, and only that, in which they show it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.occurred import Instant, NotATime, Occurred, datetime_of, parse_moment, rfc3339
from infra.time_zones import UnknownZone, check_zone, moment, names_no_zone, resolved, zone_names

MINUTE = timedelta(minutes=1)
TURNED = [
    *("Asia/Kabul", "Africa/Bamako", "Europe/Paris", "America/New_York", "America/St_Johns"),
    *("Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia"),
    *("Asia/Kathmandu", "America/Havana", "Asia/Gaza", "Africa/Khartoum", "Africa/Juba"),
]


def clocks_in(zone: str) -> ZoneInfo:
    """Those of the package; the machine's own may tell years before 1970 otherwise."""
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data)


@pytest.mark.parametrize(
    ("text", "zone", "stored"),
    [
        ("2021-08-15", "Asia/Kabul", "2021-08-15[+04:30 Asia/Kabul]"),
        ("2021-08-15", "+04:30", "2021-08-15[+04:30]"),
        ("2021-08-15", "America/Bogota", "2021-08-15[-05:00 America/Bogota]"),
        ("2021-03-28", "Europe/Paris", "2021-03-28[+01:00/+02:00 Europe/Paris]"),
        ("2021-10-31", "Europe/Paris", "2021-10-31[+02:00/+01:00 Europe/Paris]"),
        ("2021-03", "Europe/Paris", "2021-03[+01:00/+02:00 Europe/Paris]"),
        ("2021", "Europe/Paris", "2021[+01:00 Europe/Paris]"),
        ("2021-08-15T06", "Asia/Kabul", "2021-08-15T06[+04:30 Asia/Kabul]"),
        ("2021-08-15T06:30:00", "Asia/Kabul", "2021-08-15T06:30:00[+04:30 Asia/Kabul]"),
        ("2021-08-15T06:30:00", "+04:30", "2021-08-15T06:30:00[+04:30]"),
        ("2021-08-15T06", "+02:00", "2021-08-15T06[+02:00]"),
        ("2021-08-15T06/2021-08-16", "+02:00", "2021-08-15T06[+02:00]/2021-08-16[+02:00]"),
        ("2021-10-31T01", "Europe/Paris", "2021-10-31T01[+02:00 Europe/Paris]"),
        ("2021-10-31T02", "Europe/Paris", "2021-10-31T02[+02:00/+01:00 Europe/Paris]"),
        ("1936-05-01", "Europe/Moscow", "1936-05-01[+03:00 Europe/Moscow]"),
        ("1960-01-01", "Africa/Monrovia", "1960-01-01[-00:44:30 Africa/Monrovia]"),
        (
            "2021-08-15/2021-08-17",
            "Asia/Kabul",
            "2021-08-15[+04:30 Asia/Kabul]/2021-08-17[+04:30 Asia/Kabul]",
        ),
    ],
)
def test_a_time_is_told_by_the_clocks_of_a_zone(text: str, zone: str, stored: str) -> None:
    said = resolved(text, zone)
    assert said == Occurred.parse(stored)
    assert said.text == stored
    assert resolved(f"{text}[{zone}]") == said, "the zone may stand behind the time"
    assert resolved(stored, "Asia/Tokyo") == said, "what is resolved stays as it is"


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "+00:00", "-00:00", "Z"])
def test_utc_is_stored_as_it_always_was(zone: str) -> None:
    assert resolved("2021-08-15", zone).text == "2021-08-15"
    assert resolved("2021-08-15T06", zone).text == "2021-08-15T06Z"
    assert resolved("2021-08-15/2021-08-17", zone).text == "2021-08-15/2021-08-17"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2021-08-15Z", "2021-08-15"),
        ("2021-08-15+02:00", "2021-08-15[+02:00]"),
        ("2021-08-15T06Z", "2021-08-15T06Z"),
        ("2021-08-15T06:00:00+02:00", "2021-08-15T06:00:00[+02:00]"),
        ("2021-10-31T02+01:00", "2021-10-31T02[+01:00]"),
        ("2021-08-15[Asia/Tokyo]", "2021-08-15[+09:00 Asia/Tokyo]"),
        ("2021-08-15/2021-08-17[+09:00]", "2021-08-15[+09:00]/2021-08-17[+09:00]"),
        ("2021-08-15[+09:00]/2021-08-17", "2021-08-15[+09:00]/2021-08-17[+09:00]"),
        ("2021-08-15[+09:00]/2021-08-17T06Z", "2021-08-15[+09:00]/2021-08-17T06Z"),
        ("2021-08-15[+09:00]/2021-08-17[UTC]", "2021-08-15[+09:00]/2021-08-17[+00:00]"),
    ],
)
def test_what_a_time_says_itself_comes_before_its_zone(text: str, stored: str) -> None:
    assert resolved(text, "Asia/Kabul").text == stored
    assert names_no_zone(text) is False


def test_without_a_zone_all_stays_as_it_was() -> None:
    for text in ("2021-08-15", "2021-08", "2021", "2021-08-15T06Z", "2021-08-15/2021-08-17"):
        assert resolved(text) == Occurred.parse(text)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(TURNED), st.dates(date(1972, 1, 1), date(2029, 12, 31)))
def test_a_local_day_holds_every_minute_that_the_clocks_show_of_it(zone: str, day: date) -> None:
    """Found the slow way, minute by minute."""
    clocks = clocks_in(zone)
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    minutes = [first + each * MINUTE for each in range(60 * 54)]
    inside = [each for each in minutes if each.astimezone(clocks).date() == day]
    if not inside:
        with pytest.raises(NotATime, match="the clocks were put forward over it"):
            resolved(str(day), zone)
        return
    window = resolved(str(day), zone).window
    assert datetime_of(window.earliest) == inside[0]
    assert datetime_of(window.latest) == inside[-1] + MINUTE


@settings(deadline=None)
@given(
    st.sampled_from(sorted(zone_names())),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H"]),
)
def test_what_is_stored_means_the_window_that_the_zone_gives(
    zone: str, when: datetime, form: str
) -> None:
    text = when.strftime(form)
    try:
        said = resolved(text, zone)
    except NotATime:
        return
    assert Occurred.parse(said.text) == said
    clocks, window = clocks_in(zone), said.window
    around = (window.earliest - 1, window.earliest, window.latest - 1, window.latest)
    shown = [datetime_of(Instant(it)).astimezone(clocks).strftime(form) for it in around]
    assert [each == text for each in shown] == [False, True, True, False]


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_every_zone_of_the_database_is_read(name: str) -> None:
    assert check_zone(name) == name
    said = resolved("2021-08-15", name)
    assert said.window.width > 0


# ---- What the clocks did not show, or showed twice -------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2021-03-28T02", "Europe/Paris"),
        ("2021-03-28T02:30:00", "Europe/Paris"),
        ("2011-12-30", "Pacific/Apia"),
    ],
)
def test_a_time_that_the_clocks_skipped_is_refused(text: str, zone: str) -> None:
    with pytest.raises(NotATime, match=f"in {zone}, where the clocks were put forward over it"):
        resolved(text, zone)


def test_an_instant_that_the_clocks_showed_twice_needs_its_offset() -> None:
    with pytest.raises(NotATime, match="showed it twice; give its offset"):
        resolved("2021-10-31T02:30:00", "Europe/Paris")
    first = resolved("2021-10-31T02:30:00[+02:00 Europe/Paris]")
    second = resolved("2021-10-31T02:30:00[+01:00 Europe/Paris]")
    assert second.window.earliest - first.window.earliest == 3_600_000_000


@pytest.mark.parametrize(
    "text",
    [
        "2021-08-15[+05:30 Asia/Kabul]",
        "2021-10-31[+02:00 Europe/Paris]",
        "2021-10-31T02:30:00[+03:00 Europe/Paris]",
    ],
)
def test_a_zone_with_an_offset_that_it_did_not_have_is_refused(text: str) -> None:
    with pytest.raises(NotATime, match="is at another offset from UTC then"):
        resolved(text)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Asia/Kabool", "did you mean Asia/Kabul"),
        ("asia/kabul", "did you mean Asia/Kabul"),
        ("Kyiv", "did you mean Europe/Kyiv"),
        ("+15:00", "offsets from UTC lie between -14:00 and +14:00"),
        ("+4:30", "are written as +04:30"),
        ("../../etc/passwd", "no time zone is called '../../etc/passwd'"),
        ("x" * 500, f"no time zone is called '{'x' * 57}...'"),
        ("", "no time zone is called ''"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_that_are_known(name: str, advice: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        check_zone(name)
    assert advice in str(refused.value)
    with pytest.raises(UnknownZone):
        resolved(f"2021-08-15[{name}]")


def test_an_hour_without_zone_or_offset_is_refused_in_those_words() -> None:
    with pytest.raises(NotATime, match="it says neither its offset from UTC nor its zone"):
        resolved("2021-08-15T06")


@pytest.mark.parametrize(("text", "zone"), [("0001-01-01", "Asia/Kabul"), ("9998", "-12:00")])
def test_a_local_time_that_leaves_the_calendar_is_refused(text: str, zone: str) -> None:
    try:
        said = resolved(text, zone)
    except NotATime:
        return
    assert Occurred.parse(said.text) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0001-01-01[Asia/Kabul]", "it does not lie, with all of its window in UTC, in the calen"),
        ("0000-01-01T00Z", "it does not lie, with all of its window in UTC, in the calendar"),
        ("2021-13-01", "no month is 13; months are 01 to 12"),
        ("2021-02-30", "no day of 2021-02 is 30; its days are 01 to 28"),
        ("2021-08-15T24:00:00Z", "the hours of a day are 00 to 23; its end is hour 00 of the day"),
        ("2021-08-15T25Z", "no hour is 25; hours are 00 to 23"),
        ("2021-08-15T23:60:00Z", "no minute is 60; minutes are 00 to 59"),
        ("2021-08-15T23:59:61Z", "no second is 61; seconds are 00 to 59, and 60 is a leap second"),
        ("2021-08-15T06+24:00", "offsets from UTC lie between -14:00 and +14:00, unlike +24:00"),
    ],
)
def test_what_no_calendar_or_clock_shows_is_refused_in_our_words(text: str, why: str) -> None:
    with pytest.raises(NotATime) as refused:
        resolved(text)
    assert str(refused.value).startswith(f"{text!r} is not a time: {why}")
    assert "write a day (2023-11-14)" in str(refused.value)


TWO_DIGITS = st.sampled_from(
    ["00", "01", "02", "06", "12", "23", "24", "28", "31", "59", "60", "99"]
)
MALFORMED = st.builds(
    lambda year, numbers, form, zone: form.format(year, *numbers) + zone,
    st.sampled_from(["0000", "0001", "1900", "2021", "9998", "9999"]),
    st.lists(TWO_DIGITS, min_size=5, max_size=5),
    st.sampled_from(
        ["{}", "{}-{}", "{}-{}-{}", "{}-{}-{}T{}", "{}-{}-{}T{}:{}:{}", "{}-{}-{}t{}:{}:{}.9999999"]
    ),
    st.sampled_from(
        [
            *("", "Z", "+04:30", "-14:00", "+14:01", "-23:59", "+24:00", "+99:00", "+05:60"),
            *(
                "[Asia/Kabul]",
                "[Pacific/Apia]",
                "[+04:30]",
                "[+15:00]",
                "[+99:00]",
                "[-14:00/+14:00]",
            ),
            *("[+01:00/+02:00 Europe/Paris]", "[+99:00 Asia/Kabul]", "[+00:19:32]", "[]", "[X]"),
        ]
    ),
)
PYTHONS_OWN = ("out of range", "must be in", "timedelta", "isoformat", "string", "unpack", "value")


@settings(deadline=None, max_examples=500)
@given(MALFORMED, st.sampled_from([None, "Asia/Kabul", "+04:30", "-12:00", "Pacific/Apia"]))
def test_no_refusal_of_a_time_is_in_the_words_of_python(text: str, zone: str | None) -> None:
    for read in (lambda: resolved(text, zone), lambda: moment(text, zone), lambda: told(text)):
        words = refusal_of(read)
        assert not [each for each in PYTHONS_OWN if each in words]


def refusal_of(read: Callable[[], object]) -> str:
    try:
        read()
    except (NotATime, UnknownZone) as refused:
        return str(refused)
    return ""


def told(text: str) -> Occurred:
    said = Occurred.parse(f"{text}/{text}")
    assert Occurred.parse(said.text) == said
    return said


# ---- Questions -------------------------------------------------------------------------------


def test_a_question_for_a_date_asks_about_its_close_by_the_clocks_of_the_zone() -> None:
    assert rfc3339(moment("2021-08-15", "Asia/Kabul")) == "2021-08-15T19:29:59.999999Z"
    assert rfc3339(moment("2021-08-15T12:00:00", "Asia/Kabul")) == "2021-08-15T07:30:00Z"
    assert rfc3339(moment("2021-03-28", "Europe/Paris")) == "2021-03-28T21:59:59.999999Z"
    assert moment("2021-08-15[Asia/Kabul]") == moment("2021-08-15", "Asia/Kabul")


@pytest.mark.parametrize("text", ["2021-08-15Z", "2021-08-15T06:00:00Z", "2021-08-15+02:00"])
def test_a_question_that_says_its_offset_is_asked_as_it_stands(text: str) -> None:
    assert moment(text, "Asia/Kabul") == parse_moment(text)


@pytest.mark.parametrize("text", ["2021", "2021-08", "2021-08-15T06", "15 August", ""])
def test_a_question_needs_a_day_or_an_instant_in_a_zone_too(text: str) -> None:
    with pytest.raises(NotATime):
        moment(text, "Asia/Kabul")
