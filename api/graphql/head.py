"""How far have the views followed the ledger, and are they being built anew? Watched once for all
subscriptions.
"""

import asyncio
import logging
from collections.abc import Callable, Hashable

_SECONDS = 0.05
"""Between two looks at the position of the views. Any process may write the file of the views, so
there is nobody to tell us."""
_AGAIN_SECONDS = 0.5
"""Before another attempt to read the ledger."""
_AT_ONCE = 25
"""How many subscriptions are woken before the event loop turns to others."""
log = logging.getLogger(__name__)


class Head:
    """The position of the views; looked at only while somebody waits."""

    def __init__(
        self,
        read: Callable[[], int],
        recorded: Callable[[], int],
        build_of: Callable[[], Hashable],
    ) -> None:
        """`read` gives the position of the views; `recorded` the last one of the ledger, and is
        asked in a thread."""
        self._read, self._recorded, self._build_of = read, recorded, build_of
        self._waiting: dict[asyncio.Future[None], int] = {}
        """Who waits, and for the views to come beyond which position."""
        self._watching: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._is_out_of_use = False
        self._has_moved = False
        """Whether any look found another position since those who wait were last woken."""
        self.position = 0
        """As of the last look."""
        self.build: Hashable = None
        """The build of the views, as of the last look; what was made of another may not hold."""
        self.highest = 0
        """The highest position that the views had, or had to come to when this process began. They
        are below while they are built anew."""
        self.is_ledger_known = False
        """Whether the ledger was read, so that the views are known not to be built anew."""

    def close(self) -> None:
        for each in (self._watching, self._asking):
            if each:
                each.cancel()

    def look(self) -> int:
        """The position of the views now; the last one seen, where they can't be read."""
        before = self.position
        try:
            self.position, self.build = self._read(), self._build_of()
        except Exception as error:  # noqa: BLE001 - reading fails in as many ways as storage does
            if not self._is_out_of_use:
                log.error("the position of the views can't be read; looking again: %s", error)
            self._is_out_of_use = True
        else:
            self._is_out_of_use = False
            self.highest = max(self.highest, self.position)
        self._has_moved = self._has_moved or self.position != before
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

    async def newest(self) -> int:
        """The last position before what comes from now on: of the views, or of the ledger while the
        views are being built anew."""
        if self.look() < self.highest or not self.is_ledger_known:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask_ledger())
            await asyncio.shield(self._asking)
        return self.highest

    async def settled(self) -> None:
        """Returns once the views are as far as they were, or had to come to at the start."""
        if self.look() < self.highest:
            await self.beyond(self.highest - 1)

    async def _ask_ledger(self) -> None:
        """A ledger out of use is asked again, until this process has read it once."""
        is_told = False
        while True:
            try:
                recorded = await asyncio.to_thread(self._recorded)
            except Exception as error:  # noqa: BLE001 - as above
                if self.is_ledger_known:
                    return
                if not is_told:
                    log.error("no subscription begins, since the ledger can't be read: %s", error)
                is_told = True
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                # Not max(): a ledger put back from an older backup is behind what the views had.
                self.highest, self.is_ledger_known = max(self.look(), recorded), True
                return

    async def _watch(self) -> None:
        while self._waiting:
            await asyncio.sleep(_SECONDS)
            due = list[asyncio.Future[None]]()
            self.look()
            if self._has_moved:
                due = [each for each, beyond in self._waiting.items() if self.position > beyond]
                self._has_moved = False
            for number, each in enumerate(due, 1):
                if not each.done():
                    each.set_result(None)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
