"""The log of refused tokens: enough to find a leak or an attack, and too little to use."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from api.http.auth.keys_file import digest_of

_MOST, _SECONDS = 30, 60
"""The most lines in a stretch of time; the rest of the stretch is counted."""
_SHOWN = 8
log = logging.getLogger(__name__)


class FailedTokens:
    """Writes a line for each refused token, and for a flood of refused tokens their number."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._since: datetime | None = None
        self._count = 0

    def add(self, address: str, token: str, why: str) -> None:
        """Logs the first digits of the token's digest, for the owner to recognise the token."""
        with self._lock:
            at = self._now()
            if self._since is None or abs((at - self._since).total_seconds()) >= _SECONDS:
                self._say_how_many(at)
                self._since, self._count = at, 0
            self._count += 1
            if self._count <= _MOST:
                digest = digest_of(token)[:_SHOWN]
                log.warning(
                    "%s refused the token %s... of %s: %s", _stamp(at), digest, address, why
                )
            elif self._count == _MOST + 1:
                log.warning(
                    "%s more tokens are refused than are logged one by one; the rest of this "
                    "minute is counted",
                    _stamp(at),
                )

    def _say_how_many(self, at: datetime) -> None:
        if self._count > _MOST:
            more = self._count - _MOST
            log.warning("%s %s more tokens were refused meanwhile", _stamp(at), f"{more:,}")


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
