"""How far have the views followed the ledger? Watched once for all subscriptions."""

import asyncio
import logging
from collections.abc import Callable, Hashable

_SECONDS = 0.05
"""Between two looks at the position of the views. Any process may write the file of the views, so
there is nobody to tell us."""
_AT_ONCE = 25
"""How many subscriptions are woken before the event loop turns to others."""
log = logging.getLogger(__name__)


class Head:
    """The position of the views; looked at only while somebody waits."""

    def __init__(
        self,
        read: Callable[[], int],
        seconds: float = _SECONDS,
        build_of: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self._read, self._seconds, self._build_of = read, seconds, build_of
        self._waiting: dict[asyncio.Future[None], int] = {}
        """Who waits, and for the views to come beyond which position."""
        self._watching: asyncio.Task[None] | None = None
        self._is_out_of_use = False
        self.position = 0
        """As of the last look."""
        self.build: Hashable = None
        """The build of the views, as of the last look; what was made of another may not hold."""
        self.highest = 0
        """The highest position ever seen. The views are below while they are built anew."""

    def close(self) -> None:
        if self._watching:
            self._watching.cancel()

    def look(self) -> int:
        """The position of the views now; the last one seen, where they can't be read."""
        try:
            self.position, self.build = self._read(), self._build_of()
        except Exception as error:  # noqa: BLE001 - reading fails in as many ways as storage does
            if not self._is_out_of_use:
                log.error("the position of the views can't be read; looking again: %s", error)
            self._is_out_of_use = True
        else:
            self._is_out_of_use = False
            self.highest = max(self.highest, self.position)
        return self.position

    async def beyond(self, position: int, seconds: float | None = None) -> int | None:
        """The position of the views, once it is beyond another; None where that takes longer."""
        if self.position > position:
            return self.position
        moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[moved] = position
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(seconds):
                await moved
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(moved, None)
        return self.position

    async def settled(self) -> None:
        """Returns once the views are as far as they ever were."""
        if self.look() < self.highest:
            await self.beyond(self.highest - 1)

    async def _watch(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._seconds)
            before, due = self.position, list[asyncio.Future[None]]()
            if self.look() != before:
                due = [each for each, beyond in self._waiting.items() if self.position > beyond]
            for number, each in enumerate(due, 1):
                if not each.done():
                    each.set_result(None)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
