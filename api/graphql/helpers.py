"""Work off the event loop: at most so many tasks at once, a bounded queue, and no more.

A task whose client has gone is taken from the queue, or interrupted.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from api.graphql.helper_process import HelperEnded, HelperFailed, HelperProcess, Opened
from api.graphql.limits import TooMuch
from api.graphql.messages import Busy

T = TypeVar("T")
_GRACE = 1.0
"""Seconds in which an interrupted task has to end."""
_TIMES = 10
"""The number of interruptions in the grace."""


@dataclass(frozen=True)
class HelperLimits:
    """The bounds of work off the event loop."""

    at_once: int = 2
    queued: int = 32
    seconds: float = 30.0
    """The longest time of a task."""
    memory_bytes: int = 1_500_000_000
    niceness: int = 10
    """By how much the processes yield to the server."""


class Helper(Protocol):
    """A worker on one task at a time."""

    def ask(self, task: Any) -> Any: ...
    def interrupt(self) -> None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


class Helpers:
    """Helpers for tasks, given out in turn; open between `start` and `close`."""

    def __init__(self, make: Callable[[], Helper], limits: HelperLimits) -> None:
        self._make, self._limits = make, limits
        self._all: list[Helper] = []
        self._free: asyncio.LifoQueue[Helper] = asyncio.LifoQueue()
        self._waiting = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._threads: ThreadPoolExecutor | None = None
        self.is_warm = False
        """Whether any helper has answered."""

    @staticmethod
    def of(opened: Opened, limits: HelperLimits) -> "Helpers":
        """Helpers in processes of their own."""
        return Helpers(lambda: HelperProcess(opened, limits.memory_bytes, limits.niceness), limits)

    @property
    def busy(self) -> int:
        """How many helpers are at work."""
        return len(self._all) - self._free.qsize()

    @property
    def waiting(self) -> int:
        """How many tasks wait for a helper."""
        return self._waiting

    @property
    def at_once(self) -> int:
        """How many helpers there are."""
        return self._limits.at_once

    def start(self) -> None:
        self._free, self._waiting, self.is_warm = asyncio.LifoQueue(), 0, False
        self._all = [self._make() for _ in range(self._limits.at_once)]
        self._threads = ThreadPoolExecutor(len(self._all), "helper")
        for each in self._all:
            self._free.put_nowait(each)

    def close(self) -> None:
        """Ends every helper, at work or not."""
        for each in self._all:
            each.close()
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._all = []

    async def warm(self, task: Any) -> None:
        """Starts every helper, with a small task."""
        with suppress(HelperEnded, HelperFailed):
            free = [await self._free.get() for _ in self._all]
            await asyncio.gather(*(self._given(each, task, None) for each in free))

    async def ask(self, task: Any) -> Any:
        """The result of a task. A cancelled call leaves the queue, or stops the task.

        Raises Busy, TooMuch, HelperEnded and HelperFailed.
        """
        if self._waiting >= self._limits.queued:
            raise Busy("Too many dear questions wait already; try again in a moment.")
        self._waiting += 1
        try:
            helper = await self._free.get()
        finally:
            self._waiting -= 1
        return await self._given(helper, task, self._limits.seconds)

    async def _given(self, helper: Helper, task: Any, seconds: float | None) -> Any:
        assert self._threads is not None, "the helpers have been started"
        asked = asyncio.get_running_loop().run_in_executor(self._threads, helper.ask, task)
        try:
            async with asyncio.timeout(seconds):
                result = await asyncio.shield(asked)
        except (TimeoutError, asyncio.CancelledError) as left:
            self._take_back_once_ended(helper, asked)
            if isinstance(left, TimeoutError):
                raise TooMuch(
                    f"The question took longer than {seconds:g} s, and was stopped; "
                    "ask for less at once."
                ) from None
            raise
        except BaseException:
            self._free.put_nowait(helper)
            raise
        self.is_warm = True
        self._free.put_nowait(helper)
        return result

    def _take_back_once_ended(self, helper: Helper, asked: "asyncio.Future[Any]") -> None:
        task = asyncio.create_task(self._ended(helper, asked))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _ended(self, helper: Helper, asked: "asyncio.Future[Any]") -> None:
        for _ in range(_TIMES):  # the first may come before the task has begun
            helper.interrupt()
            if (await asyncio.wait([asked], timeout=_GRACE / _TIMES))[0]:
                break
        else:
            await asyncio.get_running_loop().run_in_executor(None, helper.kill)
            await asyncio.wait([asked], timeout=_GRACE)
        with suppress(HelperEnded, HelperFailed, asyncio.CancelledError):
            if asked.done():
                asked.result()
        self._free.put_nowait(helper)


class HelperThread:
    """Tasks in a thread of the server, for a ledger in memory; without interruption."""

    def __init__(self, carry: Callable[[Any], Any]) -> None:
        self._carry = carry

    def ask(self, task: Any) -> Any:
        return self._carry(task)

    def interrupt(self) -> None:
        """No thread can be interrupted."""

    def kill(self) -> None:
        """No thread can be killed."""

    def close(self) -> None:
        """The thread ends with the task."""
