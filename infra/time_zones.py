"""Days and times by the clocks of a time zone.

The offsets come from the IANA database in the `tzdata` package, whatever the machine has, so that
two nodes of a release agree. Offsets are looked up once, before a time is recorded; the stored text
carries the offsets, and its readers never need the database again.
"""

import re
from bisect import bisect_left
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.occurred import (
    OFF_THE_CALENDAR,
    Instant,
    NotATime,
    Occurred,
    Precision,
    datetime_of,
    instant_of,
    parse_moment,
)
from domain.offsets import ZONE, ZONE_OR_OFFSET, bracketed, ends_of, microseconds
from domain.refusals import DomainError
from infra.spelling import nearest

UTC_NAMES = frozenset({"Z", "UTC", "Etc/UTC", "+00:00", "-00:00"})
"""Names for UTC: times in these zones are stored without a zone."""


class UnknownZone(DomainError):
    """A name without a zone in the IANA database."""

    field = "zone"

    def __init__(self, name: str) -> None:
        shown = name if len(name) <= 60 else f"{name[:57]}..."
        super().__init__(f"no time zone is called {shown!r}; {_advice(name)}")


def _advice(name: str) -> str:
    if name.startswith(("+", "-")):
        return "offsets from UTC lie between -14:00 and +14:00, and are written as +04:30"
    near = nearest(name[:100], {each: _words_of(each) for each in zone_names()})
    hint = f"did you mean {' or '.join(near)}?" if near else "write it as in Asia/Kabul;"
    return f"{hint} an offset is written as +04:30"


@cache
def zone_names() -> frozenset[str]:
    """Every name of the IANA database, old ones too."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="ascii")
    return frozenset(listed.split())


def check_zone(name: str) -> str:
    """The given name or offset. Raises UnknownZone."""
    _clocks(name)
    return name


@lru_cache(maxsize=10_000)
def resolved(text: str, zone: str | None = None) -> Occurred:
    """The time meant by a text. Days, months, years, hours and instants without an offset go by the
    clocks of `zone`; None is UTC, and then hours and instants must name UTC.

    An offset, a Z, or a zone in brackets in the text comes first. Raises NotATime and UnknownZone.
    """
    try:
        told = _with_offsets(text, zone)
    except OverflowError:
        raise NotATime(text, OFF_THE_CALENDAR) from None
    try:
        return Occurred.parse(told)
    except NotATime as wrong:
        if told == text:
            raise
        raise NotATime(text, wrong.why) from None


@lru_cache(maxsize=10_000)  # few different texts, each read many times
def names_no_zone(text: str) -> bool:
    """Whether an end of the time is a local time without a zone."""
    first, _, last = ends_of(text)
    return (
        any(map(_LOCAL.fullmatch, (first, last))) and not _named_in(first) and not _named_in(last)
    )


def moment(text: str, zone: str | None = None) -> Instant:
    """The instant meant in a question: a date means the close of the day by the clocks of `zone`.

    Raises NotATime and UnknownZone.
    """
    is_local = zone is not None and _LOCAL.fullmatch(text) and not _HAS_NO_DAY.fullmatch(text)
    return parse_moment(resolved(text, zone).text if is_local or "[" in text else text)


def clock_time(at: Instant, zone: str) -> Instant:
    """The time on the clocks of the zone at an instant, counted like UTC."""
    return instant_of(_shown(datetime_of(at), _clocks(zone)))


def _with_offsets(text: str, zone: str | None) -> str:
    first, slash, last = ends_of(text)
    if not slash:
        return _end(first, zone)
    named = _named_in(first) or _named_in(last) or zone
    return f"{_end(first, named)}/{_end(last, named)}"


def _named_in(end: str) -> str | None:
    """The zone named by an end of a range, and meant of both ends."""
    found = _IN_ZONE.fullmatch(end)
    return found[2] if found else None


def _end(text: str, zone: str | None) -> str:
    """A time with the offsets of its zone; a text with an offset stays unchanged."""
    if found := _RESOLVED.fullmatch(text):
        return _looked_up_before(text, found[1], found[2])
    if found := _IN_ZONE.fullmatch(text):
        text, zone = found[1], found[2]
    if not _LOCAL.fullmatch(text):
        return text
    if zone is None:
        return _in_utc(text)
    if zone in UTC_NAMES:
        return f"{text}Z" if "T" in text.upper() else f"{text}[+00:00]"
    return _local(text, zone)


def _in_utc(text: str) -> str:
    if "T" in text.upper():
        why = ": it says neither its offset from UTC nor its zone"
        raise NotATime(text, why, "write it as in 2023-11-14T06Z or 2021-08-15T06[Asia/Kabul]")
    return text


def _looked_up_before(text: str, clock: str, zone: str) -> str:
    """The text of a record with offsets looked up before. Raises NotATime where the offsets
    are wrong for the zone."""
    clocks = _clocks(zone)
    said = Occurred.parse(text)
    if said.window.precision is Precision.INSTANT:
        at, local = datetime_of(said.window.earliest), said.local
        assert local is not None, "a time with a zone is told by its clocks"
        right = _shown(at, clocks) == datetime_of(local.window.earliest)
    else:
        right = said.text == Occurred.parse(_local(clock, zone)).text
    if not right:
        meant = f"write {clock}[{zone}], or the offset alone"
        raise NotATime(text, f": {zone} is at another offset from UTC then", meant)
    return text


def _local(text: str, zone: str) -> str:
    """The text with the zone's offsets at the start and at the end of the time."""
    clocks = _clocks(zone)
    try:
        shown = Occurred.parse(f"{text}Z" if "T" in text.upper() else text).window
    except NotATime as wrong:  # the text without the Z, which nobody wrote
        raise NotATime(text, wrong.why) from None
    opening, end = datetime_of(shown.earliest), datetime_of(shown.latest)
    earliest, latest = _first_at(opening, clocks), _last_before(end, clocks)
    if earliest >= latest:
        turned = f" in {zone}, where the clocks were put forward over it"
        raise NotATime(text, turned, "write when it was by the clocks, or give its offset")
    if shown.precision is Precision.INSTANT and latest - earliest > _MICROSECOND:
        twice = f" that is known in {zone}: the clocks were put back, and showed it twice"
        raise NotATime(text, twice, "give its offset")
    offsets = [(each - of) // _MICROSECOND for each, of in ((opening, earliest), (end, latest))]
    is_name = re.fullmatch(ZONE, zone)
    return f"{text}{bracketed(offsets[0], offsets[1], zone if is_name else None)}"


def _first_at(local: datetime, clocks: tzinfo) -> datetime:
    """The first instant at which the clocks show a time; of a skipped time, the instant of the
    skip."""
    found = _instant(local, clocks, fold=0)
    return found if _shown(found, clocks) == local else _skipped(local, clocks)


def _last_before(local: datetime, clocks: tzinfo) -> datetime:
    """The end of the last microsecond at which the clocks show a time before `local`."""
    last = local - _MICROSECOND
    found = _instant(last, clocks, fold=1)
    return found + _MICROSECOND if _shown(found, clocks) == last else _skipped(last, clocks)


def _skipped(local: datetime, clocks: tzinfo) -> datetime:
    """The instant at which the clocks were put forward over a time."""
    low, high = (instant_of(_instant(local, clocks, fold=fold)) for fold in (1, 0))
    range_ = range(low, high + 1)

    def is_over(instant: int) -> bool:
        return _shown(datetime_of(Instant(instant)), clocks) >= local

    return datetime_of(Instant(range_[bisect_left(range_, True, key=is_over)]))


def _instant(local: datetime, clocks: tzinfo, *, fold: int) -> datetime:
    return local.replace(tzinfo=clocks, fold=fold).astimezone(UTC)


def _shown(at: datetime, clocks: tzinfo) -> datetime:
    """The time on the clocks, written like UTC."""
    return at.astimezone(clocks).replace(tzinfo=UTC, fold=0)


@cache
def _clocks(zone: str) -> tzinfo:
    if re.fullmatch("[+-].*", zone):
        return timezone(timedelta(microseconds=_offset(zone)))
    if zone not in zone_names():
        raise UnknownZone(zone)
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=zone)


def _offset(zone: str) -> int:
    if not re.fullmatch(ZONE_OR_OFFSET, zone):
        raise UnknownZone(zone)
    return microseconds(zone)


def _words_of(name: str) -> list[str]:
    """The name of a zone and the name of its city: "Kabul" means Asia/Kabul."""
    return [name, name.rpartition("/")[2]]


_MICROSECOND = timedelta(microseconds=1)
_CLOCK = "[Tt][0-9]{2}(?::[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?)?"
_WHEN = f"[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_CLOCK}"
_LOCAL = re.compile(_WHEN)
"""A time without an offset from UTC."""
_HAS_NO_DAY = re.compile("[0-9]{4}(-[0-9]{2})?")
_IN_ZONE = re.compile(rf"({_WHEN})\[([^\]]*)\]")
_RESOLVED = re.compile(rf"({_WHEN})\[[+-][0-9:/+-]+ ([^\]]*)\]")
