"""What a client does not read is not kept for ever: such a connection is cut off."""

import logging
from asyncio import AbstractEventLoop, TimerHandle, Transport

log = logging.getLogger("api.http.connections")


class UnreadWatch:
    """Cuts a connection off that takes nothing of what waits for it."""

    def __init__(self, loop: AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._timer: TimerHandle | None = None

    def begin(self, transport: Transport) -> None:
        self.stop()
        unread = transport.get_write_buffer_size()
        self._timer = self._loop.call_later(self._seconds, self._look_again, transport, unread)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _look_again(self, transport: Transport, before: int) -> None:
        if transport.get_write_buffer_size() < before:
            self.begin(transport)
        else:
            log.warning("a client did not read its response, and was cut off")
            transport.abort()
