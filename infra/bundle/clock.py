"""The positions at which the clock of a ledger moved on.

No entry counts as recorded before an earlier entry, and a batch has one recorded time; so a few
ticks give the recorded time of every position, also where entries are left out.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from domain.occurred import Instant, NotATime, parse_moment, rfc3339
from infra.bundle.files import BundleFolder
from infra.bundle.layout import CLOCK, BadBundle, BadLine


class Tick(NamedTuple):
    """Entries count as recorded at that time, from that position on."""

    after: int
    """The position of the entry before; 0 where there is none."""
    position: int
    recorded_at: Instant

    @property
    def line(self) -> bytes:
        recorded_at = rfc3339(self.recorded_at)
        written = {"after": self.after, "position": self.position, "recorded_at": recorded_at}
        return orjson.dumps(written, option=orjson.OPT_SORT_KEYS) + b"\n"


def ticks_of(entries: Iterable[tuple[int, Instant | None]]) -> Iterator[Tick]:
    """The ticks of entries with positions and recorded times; an unreadable time changes
    nothing."""
    before, latest = 0, None
    for position, recorded_at in entries:
        if recorded_at is not None and (latest is None or recorded_at > latest):
            latest = recorded_at
            yield Tick(before, position, recorded_at)
        before = position


def ticks_in(folder: BundleFolder) -> Iterator[Tick]:
    """The ticks in a bundle, each later than the tick before. Raises BadBundle."""
    last = Tick(-1, 0, Instant(-(2**62)))
    for number, data in folder.lines(CLOCK):
        try:
            tick = _parse(data)
        except BadLine as bad:
            raise BadBundle(f"{CLOCK}:{number}: {bad}") from None
        is_later = last.position <= tick.after < tick.position
        if not is_later or tick.recorded_at <= last.recorded_at:
            raise BadBundle(f"{CLOCK}:{number}: it doesn't come behind the line before")
        yield tick
        last = tick


class Clock:
    """All ticks, eight bytes for each number."""

    def __init__(self, ticks: Iterable[Tick]) -> None:
        self._after, self._positions, self._times = array("q"), array("q"), array("q")
        for tick in ticks:
            self._after.append(tick.after)
            self._positions.append(tick.position)
            self._times.append(tick.recorded_at)

    def recorded_at(self, position: int) -> Instant | None:
        """The recorded time of the last entry up to that position."""
        index = bisect_right(self._positions, position)
        return Instant(self._times[index - 1]) if index else None

    def position_at(self, recorded_at: Instant, last: int) -> int:
        """The last position recorded by then, at most `last`, where the ledger ends."""
        index = bisect_right(self._times, recorded_at)
        return self._after[index] if index < len(self._after) else last

    def is_tick(self, position: int) -> bool:
        """Whether the clock moved on there."""
        index = bisect_right(self._positions, position)
        return index > 0 and self._positions[index - 1] == position


_TICK = re.compile(
    rb'\{"after":(0|[1-9][0-9]{0,17}),"position":([1-9][0-9]{0,17}),"recorded_at":"([^"]{1,40})"\}\n'
)


def _parse(data: bytes) -> Tick:
    form = _TICK.fullmatch(data)
    try:
        after, position, moment = form.groups() if form else (b"", b"", b"")
        tick = Tick(int(after), int(position), parse_moment(moment.decode()))
    except (NotATime, ValueError):
        tick = None
    if tick is None or tick.line != data:
        raise BadLine('it is not {"after":…,"position":…,"recorded_at":"…"} in canonical form')
    return tick
