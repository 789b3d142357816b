"""What the process that follows the ledger tells the serving processes of its node.

The board is a small memory shared by the processes: one of them writes, and any may read. A process
killed while it writes leaves a torn page, known by its checksum; the next writing mends it.
"""

import time
from ctypes import memmove
from multiprocessing import get_context
from struct import Struct
from typing import Any, NamedTuple
from zlib import crc32

import orjson

from api.http.witness_threads import WitnessProgress

_SIZE = 64 * 1024
_HEAD = Struct("<II")
"""The length of the page, and its checksum."""
_ATTEMPTS = 20
_LONGEST = 2_000
"""The most letters of a reason."""


class BoardPage(NamedTuple):
    """A page of the board."""

    at: float
    """When it was written, in seconds of the monotonic clock of the machine."""
    caught_up: bool
    """Whether views and log are at the head of the ledger."""
    code: str
    reason: str
    """Why the views, or the log, are behind; empty once caught up."""
    witnesses: list[WitnessProgress]


class FollowerBoard:
    """The page that the following process writes, for the processes started with the board."""

    def __init__(self) -> None:
        self._memory: Any = get_context("spawn").RawArray("c", _SIZE)

    def write(self, caught_up: bool, code: str, reason: str, *witnesses: WitnessProgress) -> None:
        """Replaces the page."""
        told = [[each.name, each.size, each.is_failing] for each in witnesses]
        page = orjson.dumps([time.monotonic(), caught_up, code, reason[:_LONGEST], told])
        if len(page) > _SIZE - _HEAD.size:  # witnesses by the hundred
            page = orjson.dumps([time.monotonic(), caught_up, code, reason[:_LONGEST], []])
        written = _HEAD.pack(len(page), crc32(page)) + page
        memmove(self._memory, written, len(written))

    def read(self) -> BoardPage | None:
        """The page; None before the first."""
        for _ in range(_ATTEMPTS):
            length, checksum = _HEAD.unpack(self._memory[: _HEAD.size])
            page = self._memory[_HEAD.size : _HEAD.size + min(length, _SIZE)]
            if not length:
                return None
            if crc32(page) == checksum:
                at, caught_up, code, reason, told = orjson.loads(page)
                return BoardPage(at, caught_up, code, reason, [WitnessProgress(*it) for it in told])
            time.sleep(0.001)
        return None
