"""The threads of mutations, which wait for the disk, for a lock, for each other.

The threads are few, and serve mutations alone: many waiting writers leave readers alone. No wait
is longer than a limit.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from api.graphql.messages import Busy, Malformed

LIMIT = 20.0
"""Seconds in which a mutation has to be done."""

Result = TypeVar("Result")


class Writers:
    """A few threads for mutations."""

    def __init__(self, number: int, queue: int, limit: float = LIMIT) -> None:
        self._number, self._queue, self._limit = number, queue, limit
        self._waiting = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._limiter: CapacityLimiter | None = None

    @property
    def waiting(self) -> int:
        """How many mutations are at work or wait for their turn."""
        return self._waiting

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of the work. Raises Malformed with status 503 where it takes too long."""
        if self._waiting >= self._queue:
            raise _too_busy(f"{self._waiting:,} others wait to record")
        begun: list[bool] = []

        def working() -> Result:
            begun.append(True)
            return work()

        self._waiting += 1
        try:
            with anyio.fail_after(self._limit):
                limiter = self._threads()
                return await to_thread.run_sync(working, limiter=limiter, abandon_on_cancel=True)
        except TimeoutError:
            if not begun:
                raise _too_busy(f"others have been recording for {self._limit:.0f} s") from None
            raise _undecided(self._limit) from None
        finally:
            self._waiting -= 1

    def _threads(self) -> CapacityLimiter:
        loop = asyncio.get_running_loop()
        if self._limiter is None or self._loop is not loop:
            self._loop, self._limiter = loop, CapacityLimiter(self._number)
        return self._limiter


def _too_busy(why: str) -> Malformed:
    message = f"Nothing was recorded: {why}. Send it again later."
    return Busy(message)


def _undecided(limit: float) -> Malformed:
    message = (
        f"The ledger has not answered for {limit:.0f} s, so it is not known whether this was "
        "recorded. Send the same again: what is recorded already is recorded once."
    )
    return Malformed(503, message, code="LedgerUnavailable")
