"""The written form of a local time, readable without a table of zones.

With the offsets from UTC of its two ends, and the zone behind the offsets, in brackets:
`2021-08-15[+04:30 Asia/Kabul]`; `2021-03-28[+01:00/+02:00 Europe/Paris]` for clocks turned in
between; `2021-08-15[+04:30]` for a bare offset.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

_MICROSECOND = timedelta(microseconds=1)
_FURTHEST = timedelta(hours=14)
NO_OFFSET = "+00:00"
OFFSET = "[+-][0-9]{2}:[0-5][0-9](?::[0-5][0-9])?"
"""Clocks of the past were seconds apart from UTC: the clocks of Amsterdam by +00:19:32 until
1937."""
ZONE = "[A-Za-z][A-Za-z0-9+_-]*(?:/[A-Za-z0-9+_-]+)*"
"""The form of a name in the IANA database of zones."""
ZONE_OR_OFFSET = f"^({ZONE}|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$"
BRACKETS = f"\\[({OFFSET})(?:/({OFFSET}))?(?: ({ZONE}))?\\]"
_BRACKETS = re.compile(BRACKETS)
_LOOKED_UP = re.compile(f"(^|/)([0-9Tt-]+)\\[{OFFSET}(?:/{OFFSET})? ")
_RANGE = re.compile(r"([^\[/]*(?:\[[^\]]*\])?)/(.*)", re.DOTALL)
_DAYS = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")


def ends_of(text: str) -> tuple[str, str, str]:
    """The two ends of a range and the slash in between, as from `str.partition`; a slash within
    brackets belongs to a zone."""
    found = _RANGE.fullmatch(text)
    return (found[1], "/", found[2]) if found else (text, "", "")


def without_offsets(text: str) -> str:
    """The text as written, without the offsets of a zone: `2021-08-15[Asia/Kabul]`. An instant
    keeps its offset: on the day of the turn back, the offset tells two instants apart."""
    return _LOOKED_UP.sub(r"\1\2[", text)


def clocks_of(text: str) -> str:
    """The text without any zone: the display of the clocks."""
    return _BRACKETS.sub("", text)


def with_zone_in_words(text: str) -> str:
    """As in "2021-08-15 (Asia/Kabul)"."""
    return _BRACKETS.sub(lambda found: f" ({found[3] or _in_words(found[1], found[2])})", text)


def zone_of(text: str) -> tuple[int, int, str] | None:
    """The offsets of the first and the last end, in microseconds east of UTC, and the zone.

    None where the text is in UTC, or in more than one zone.
    """
    first, slash, last = ends_of(text)
    ends = [_BRACKETS.search(end) for end in ([first, last] if slash else [first])]
    found = [end for end in ends if end]
    zones = {end[3] or _in_words(end[1], end[2]) for end in found}
    if len(found) < len(ends) or len(zones) > 1:
        return None
    return microseconds(found[0][1]), microseconds(found[-1][2] or found[-1][1]), zones.pop()


def microseconds(offset: str) -> int:
    """How far east of UTC. Raises ValueError."""
    hours, minutes, *seconds = map(int, offset[1:].split(":"))
    far = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    if far > _FURTHEST:
        raise ValueError(f"offsets from UTC lie between -14:00 and +14:00, unlike {offset}")
    return (-1 if offset[0] == "-" else 1) * (far // _MICROSECOND)


def written(offset: int) -> str:
    """The text of an offset in microseconds: whole seconds."""
    minutes, seconds = divmod(abs(offset) // 1_000_000, 60)
    shown = f":{seconds:02}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{shown}"


def bracketed(first: int, last: int, zone: str | None) -> str:
    """The brackets of a local time, in normal form."""
    offsets = written(first) if first == last else f"{written(first)}/{written(last)}"
    return f"[{offsets} {zone}]" if zone else f"[{offsets}]"


def only_days(text: str) -> bool:
    """Whether the text is a day, month or year without a zone."""
    return _DAYS.fullmatch(text) is not None


def ends_with_zones(first: str, last: str) -> Iterator[str]:
    """The ends of a range: a day in UTC says so where the other end is in a zone."""
    zoned = "[" in first or "[" in last
    for end in (first, last):
        yield f"{end}[{NO_OFFSET}]" if zoned and only_days(end) else end


def _in_words(first: str, last: str | None) -> str:
    return f"UTC{first}" if last is None else f"UTC{first}, then UTC{last}"
