"""A limit on messages of one kind: strangers can't fill a disk by making a server log."""

import logging
from time import monotonic
from typing import NamedTuple

_MOST = 5
"""The most messages of a kind within a period."""
_SECONDS = 60.0
"""The length of a period."""
_KINDS = 1_000
"""The most kinds of messages kept in mind."""


def limit_flood(*names: str) -> None:
    """Gives each of the loggers a filter, once."""
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(each, FloodFilter) for each in logger.filters):
            logger.addFilter(FloodFilter())


class _MinuteCount(NamedTuple):
    began: float
    length: int


class FloodFilter(logging.Filter):
    """Lets a few messages of each kind through every minute, and tells how many were left out.

    Messages are of one kind where they differ in their values alone. Errors with a traceback pass.
    """

    def __init__(self, most: int = _MOST, seconds: float = _SECONDS) -> None:
        super().__init__()
        self._most, self._seconds = most, seconds
        self._periods: dict[str, _MinuteCount] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info:
            return True
        now, kind = monotonic(), str(record.msg)
        period = self._periods.get(kind)
        if len(self._periods) > _KINDS:
            self._periods.clear()
        if period is None or now - period.began >= self._seconds:
            self._periods[kind] = _MinuteCount(now, 1)
            left_out = period.length - self._most if period else 0
            if left_out > 0:
                record.msg = f"{record.msg} (and {left_out:,} like it since the last)"
            return True
        self._periods[kind] = period._replace(length=period.length + 1)
        return period.length < self._most
