"""When did an event happen, and how exactly do we know?

Time is counted in whole microseconds. A window is half-open, `[earliest, latest)`: a day is the
window of the whole day, and midnight is never invented. A question at an instant asks about the
close of the microsecond, as a question for a date asks about the close of the day; so "2023-11-14"
means 2023-11-14T23:59:59.999999Z in a question, and the whole day in a report.

A local time carries the offsets of its two ends from UTC, and the zone behind the offsets:
`2021-08-15[+04:30 Asia/Kabul]`, `2021-03-28[+01:00/+02:00 Europe/Paris]`, `2021-08-15T06[+02:00]`.
The window opens at the local opening less the first offset, and ends at the local end less the
second. So the text is read without a table of zones, and an auditor sees the time as written; the
form is ours, close to RFC 9557.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NewType

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from domain.offsets import (
    BRACKETS,
    NO_OFFSET,
    bracketed,
    ends_of,
    ends_with_zones,
    microseconds,
    only_days,
    with_zone_in_words,
    zone_of,
)
from domain.refusals import NotUnderstood

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z, on the axis of the variable (valid or recorded time)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000
"""Microseconds in a day of UTC."""
THIRTY_DAYS = 30 * DAY
"""In microseconds: "within 30 days" is at most so long after the close of the earlier window."""
HOUR = DAY // 24
BEGINNING = Instant(-62_135_596_800_000_001)
"""Before the first microsecond of the year 1: no claim begins, and no question asks, earlier."""
END = Instant(253_402_300_800_000_000)
"""The first microsecond after the year 9999: every question asks about an earlier instant."""


class Precision(StrEnum):
    """How exactly the time is known."""

    INSTANT = "instant"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


class NotATime(NotUnderstood, ValueError):  # pydantic takes only a ValueError of a validator
    """The text is not a time that we can read; the message says which forms can be."""

    FORMS = (
        "write a day (2023-11-14), a month (2023-11), a year (2023), an hour (2023-11-14T06Z), an "
        "instant with its offset (2023-11-14T06:30:00Z), or two of them as a range "
        "(2023-10-05/2023-10-06)"
    )

    FORMS_OF_A_MOMENT = (
        "write a day (2023-11-14; 2023-11-14+04:30 at an offset from UTC), which asks about its "
        "close, or an instant with its offset (2023-11-14T06:30:00Z)"
    )

    def __init__(self, text: str, why: str = "", forms: str = FORMS) -> None:
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        super().__init__(f"{shown!r} is not a time{why}; {forms}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time `[earliest, latest)`; an instant is a microsecond wide."""

    earliest: Instant
    latest: Instant
    precision: Precision

    @property
    def width(self) -> int:
        """Microseconds from the opening to the end."""
        return self.latest - self.earliest

    def overlaps(self, other: "Window") -> bool:
        return self.earliest < other.latest and other.earliest < self.latest

    def is_over_at(self, at: Instant) -> bool:
        """Whether the whole window has passed at the close of the microsecond."""
        return self.latest <= at + 1

    def is_open_at(self, at: Instant) -> bool:
        """Whether the window has begun and is not over: the event may or may not have happened."""
        return self.earliest <= at and not self.is_over_at(at)


@dataclass(frozen=True, slots=True)
class Local:
    """The display of local clocks, as a window counted as if in UTC, and the zone of the clocks."""

    window: Window
    zone: str
    """A zone of the IANA database, or "UTC+04:30"."""


@dataclass(frozen=True, slots=True)
class Occurred:
    """A time as given by a source: the text in normal form, and its window.

    The text is in UTC, or names its offsets in brackets.
    """

    text: str
    window: Window

    @staticmethod
    @lru_cache(maxsize=10_000)  # the days of a war are few, and each is read many times
    def parse(text: str) -> "Occurred":
        """Reads a time as written by a user. Raises NotATime."""
        first, slash, last = ends_of(text)
        if not slash:
            return _single(first)
        begin, end = _single(first), _single(last)
        if ("[" in first) is not ("[" in last) and (only_days(first) or only_days(last)):
            raise NotATime(text, ": only one end of the range names its zone", _BOTH_ZONES)
        if begin.window == end.window:
            return begin
        if end.window.latest <= begin.window.latest or end.window.earliest < begin.window.earliest:
            raise NotATime(text, ": the range ends before it begins")
        window = Window(begin.window.earliest, end.window.latest, Precision.RANGE)
        return Occurred("/".join(ends_with_zones(begin.text, end.text)), window)

    @property
    def local(self) -> Local | None:
        """The time by the clocks of its zone; None for a time in UTC, or in two zones."""
        if not (found := zone_of(self.text)):
            return None
        earliest, latest = self.window.earliest + found[0], self.window.latest + found[1]
        window = Window(Instant(earliest), Instant(latest), self.window.precision)
        return Local(window, zone=found[2])

    @property
    def written(self) -> str:
        """The text for people, with the zone and without offsets: "2021-08-15 (Asia/Kabul)"."""
        return with_zone_in_words(self.text)

    @property
    def in_utc(self) -> "Occurred":
        """The same window, with the text of `in_utc`."""
        return Occurred(in_utc(self.text), self.window)

    @classmethod
    def at(cls, moment: datetime) -> "Occurred":
        """The window of an exact instant."""
        return _single(rfc3339(instant_of(moment)))

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "description": f"When, as exactly as it is known: {NotATime.FORMS}. A zone stands "
            "behind it in brackets, as an IANA name or an offset.",
            "examples": [
                *("2023-11-14", "2023-11", "2023-10-05/2023-10-06", "2023-11-14T06:30:00Z"),
                *("2021-08-15[Asia/Kabul]", "2021-08-15+04:30"),
            ],
        }


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware datetime."""
    return Instant((moment - _EPOCH) // _MICROSECOND)


def datetime_of(instant: Instant) -> datetime:
    """The UTC datetime of an instant."""
    return _EPOCH + instant * _MICROSECOND


@lru_cache(maxsize=20_000)  # most answers tell of days, and a day is told by many
def rfc3339(instant: Instant) -> str:
    """The instant as RFC 3339 text in UTC, without needless zeros."""
    return datetime_of(instant).isoformat().replace("+00:00", "Z")


def just_before(at: Instant) -> str | None:
    """The whole second that an instant is the last microsecond before, as the close of a local day
    is; None of any other."""
    return rfc3339(Instant(at + 1)) if (at + 1) % 1_000_000 == 0 else None


def parse_moment(text: str) -> Instant:
    """The instant of a question: a date means its close, in UTC or at the offset in the text.
    Raises NotATime."""
    if (instant := _plain_instant(text)) is not None:
        return instant
    try:
        asked = _single(text)
    except NotATime as wrong:
        raise NotATime(text, wrong.why, NotATime.FORMS_OF_A_MOMENT) from None
    if asked.window.precision not in {Precision.DAY, Precision.INSTANT}:
        why = " that a question can be about"
        raise NotATime(text, why, NotATime.FORMS_OF_A_MOMENT)
    return Instant(asked.window.latest - 1)


def _plain_instant(text: str) -> Instant | None:
    """The instant in a text as programs write it, in UTC and to the second or microsecond; None
    for a text of any other form, and for an impossible time."""
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return instant_of(datetime.fromisoformat(text))
    except ValueError:
        return None


def in_utc(text: str) -> str:
    """The text with each instant at a bare offset, and each hour on a whole hour of UTC, in UTC:
    `2021-08-15T06[+02:00]` is `2021-08-15T04Z`. The ids of events cover this text, the stored form
    before offsets were kept. Raises NotATime."""
    if not _AT_OFFSET.search(text):
        return text
    first, slash, last = ends_of(text)
    if not slash:
        return _end_in_utc(first)
    return "/".join(ends_with_zones(_end_in_utc(first), _end_in_utc(last)))


def _end_in_utc(text: str) -> str:
    said = _single(text)
    if not _AT_OFFSET.fullmatch(said.text):
        return said.text
    shown = rfc3339(said.window.earliest)
    if said.window.precision is Precision.INSTANT:
        return shown
    return f"{shown[:13]}Z" if said.window.earliest % HOUR == 0 else said.text


def _read(given: Any) -> Occurred:
    if isinstance(given, Occurred):
        return given
    if isinstance(given, str):
        return Occurred.parse(given)
    raise NotATime(str(given), " as text")


def _single(text: str) -> Occurred:
    for form, read in _FORMS:
        if match := form.fullmatch(text):
            try:
                _refuse_impossible(text)
                return read(match)
            except OverflowError:
                raise NotATime(text, OFF_THE_CALENDAR) from None
            except NotATime as wrong:  # the same time in its brackets
                raise NotATime(text, wrong.why) from None
            except ValueError as impossible:
                raise NotATime(text, f": {impossible}") from None
    raise NotATime(text)


OFF_THE_CALENDAR = (
    ": it does not lie, with all of its window in UTC, in the calendar that we count in, from "
    "0001-01-01 to 9999-12-30"
)


def _refuse_impossible(text: str) -> None:
    """Raises ValueError for a time on no calendar or clock, and OverflowError for the year 0."""
    found = _PARTS.match(text)
    assert found is not None, "every form begins with a year"
    year, month, day, hour, minute, second = (
        None if it is None else int(it) for it in found.groups()
    )
    if not year:
        raise OverflowError("before the year 1")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"no month is {month:02}; months are 01 to 12")
    last = monthrange(year, month)[1] if month else 31
    if day is not None and not 1 <= day <= last:
        raise ValueError(f"no day of {year:04}-{month:02} is {day:02}; its days are 01 to {last}")
    if hour == 24:
        raise ValueError("the hours of a day are 00 to 23; its end is hour 00 of the day after")
    if hour and hour > 23:
        raise ValueError(f"no hour is {hour}; hours are 00 to 23")
    if minute and minute > 59:
        raise ValueError(f"no minute is {minute}; minutes are 00 to 59")
    if second and second > 60:
        raise ValueError(f"no second is {second}; seconds are 00 to 59, and 60 is a leap second")


def _in_utc_at(clock: str, offset: str) -> datetime:
    """The time of local clocks in UTC. Raises ValueError."""
    if offset not in "Zz" and int(offset[1:3]) > 23:
        raise ValueError(f"offsets from UTC lie between -14:00 and +14:00, unlike {offset}")
    return datetime.fromisoformat(f"{clock}{offset}".upper()).astimezone(UTC)


def _window(text: str, begin: datetime, length: timedelta, precision: Precision) -> Occurred:
    earliest = instant_of(begin)
    instant_of(begin + length)  # raises OverflowError where the window would leave the calendar
    return Occurred(text, Window(earliest, Instant(earliest + length // _MICROSECOND), precision))


def _year(match: re.Match[str]) -> Occurred:
    begin = datetime(int(match[1]), 1, 1, tzinfo=UTC)
    length = timedelta(days=366 if isleap(begin.year) else 365)
    return _window(match[0], begin, length, Precision.YEAR)


def _month(match: re.Match[str]) -> Occurred:
    begin = datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
    days = monthrange(begin.year, begin.month)[1]
    return _window(match[0], begin, timedelta(days=days), Precision.MONTH)


def _day(match: re.Match[str]) -> Occurred:
    begin = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    return _window(match[0], begin, timedelta(days=1), Precision.DAY)


def _hour(match: re.Match[str]) -> Occurred:
    offset = match[2].replace("z", "Z")
    begin = _in_utc_at(f"{match[1]}:00:00", offset)
    if begin.minute:  # an offset such as +05:30: the hour is not one of UTC's
        return _single(f"{match[1]}[{offset}]")
    # Not strftime: its %Y does not pad a year before 1000 everywhere, and "999" is no year of ours.
    said = _window(f"{begin.isoformat()[:13]}Z", begin, timedelta(hours=1), Precision.HOUR)
    return _as_told(said, offset)


def _day_at_offset(match: re.Match[str]) -> Occurred:
    return _single(f"{match[1]}[{NO_OFFSET if match[2] in 'Zz' else match[2]}]")


def _zoned(match: re.Match[str]) -> Occurred:
    clock, first, last, zone = match[1], match[2], match[3] or match[2], match[4]
    utc = "Z" if "T" in clock.upper() else ""
    local = _single(clock + utc)
    opens, ends, precision = microseconds(first), microseconds(last), local.window.precision
    if not zone and opens == ends and _is_of_utc_too(precision, opens):
        return _single(clock + (utc and first))
    earliest, latest = local.window.earliest - opens, local.window.latest - ends
    if earliest >= latest or (precision is Precision.INSTANT and opens != ends):
        raise ValueError("its two offsets leave no such time")
    datetime_of(Instant(earliest)), datetime_of(Instant(latest))  # raise beyond the calendar
    text = local.text.removesuffix("Z") + bracketed(opens, ends, zone)
    return Occurred(text, Window(Instant(earliest), Instant(latest), precision))


def _is_of_utc_too(precision: Precision, offset: int) -> bool:
    """Whether a time at the offset is on the clocks of UTC too."""
    whole_hours = precision is Precision.HOUR and offset % HOUR == 0
    return not offset or precision is Precision.INSTANT or whole_hours


def _instant(match: re.Match[str]) -> Occurred:
    """Fractions of a microsecond are rounded down, and a leap second is the last microsecond
    before: our calendar has no second 60."""
    minute, second, fraction, offset = match.groups()
    micros = (fraction or "").removeprefix(".")[:6].ljust(6, "0")
    is_leap = second == "60"
    told = f"{minute}:59.999999" if is_leap else f"{minute}:{second}.{micros}"
    moment = _in_utc_at(told, offset)
    if is_leap and not _ends_a_month(moment):
        raise ValueError("second 60 is a leap second, and those end a month, at 23:59:60 UTC")
    said = _window(rfc3339(instant_of(moment)), moment, _MICROSECOND, Precision.INSTANT)
    return _as_told(said, offset)


def _as_told(said: Occurred, offset: str) -> Occurred:
    """The hour or instant by the clocks at the offset, as written. The text stays in UTC for an
    offset without clocks, and for a local time outside the calendar."""
    try:
        east = 0 if offset in "Zz" else microseconds(offset)
        window = said.window
        shown, _ = (rfc3339(Instant(end + east)) for end in (window.earliest, window.latest))
    except (ValueError, OverflowError):
        return said
    if not east:
        return said
    clock = shown[:13] if window.precision is Precision.HOUR else shown.removesuffix("Z")
    return Occurred(clock + bracketed(east, east, None), window)


def _ends_a_month(moment: datetime) -> bool:
    last = monthrange(moment.year, moment.month)[1]
    return (moment.day, moment.hour, moment.minute) == (last, 23, 59)


_PLAIN = re.compile(
    "(?!9999)[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "(?:[.][0-9]{6})?(?:Z|[+]00:00)"
)
"""Not in the last year, whose end is the end of the calendar."""
_PARTS = re.compile(
    "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[Tt]([0-9]{2})(?::([0-9]{2}):([0-9]{2}))?)?)?)?"
)
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = "[Zz]|[+-][0-9]{2}:[0-5][0-9]"
_CLOCK = "[Tt][0-9]{2}(?::[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?)?"
_AT_OFFSET = re.compile(rf"{_DATE}{_CLOCK}\[[+-][0-9]{{2}}:[0-9]{{2}}\]")
_LOCAL = f"[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}}|{_DATE}{_CLOCK}"
_BOTH_ZONES = "name that of the other end too, as in 2021-08-15[+04:30]/2021-08-16[+00:00]"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Occurred]], ...] = (
    (re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})"), _day),
    (
        re.compile(f"({_DATE}[Tt][0-9]{{2}}:[0-9]{{2}}):([0-9]{{2}})([.][0-9]+)?({_OFFSET})"),
        _instant,
    ),
    (re.compile("([0-9]{4})-([0-9]{2})"), _month),
    (re.compile("([0-9]{4})"), _year),
    (re.compile(f"({_DATE}[Tt][0-9]{{2}})({_OFFSET})"), _hour),
    (re.compile(f"({_DATE})({_OFFSET})"), _day_at_offset),
    (re.compile(f"({_LOCAL}){BRACKETS}"), _zoned),
)
