"""A transport that sends the head of a response together with the body.

uvicorn writes them one after the other, and each write would be a system call and a packet.
"""

from asyncio import AbstractEventLoop, Handle, Transport
from typing import Any

_SHORT = 4_096
"""The bytes of the longest piece that waits for the next one."""


class JoinedWrites:
    """Keeps a short piece until the next one, or until the turn of the event loop ends.

    Whatever else is asked of a transport, the transport behind answers.
    """

    __slots__ = ("_flushing", "_kept", "_loop", "bare")

    def __init__(self, bare: Transport, loop: AbstractEventLoop) -> None:
        self.bare, self._loop = bare, loop
        self._kept = b""
        self._flushing: Handle | None = None

    def write(self, data: bytes) -> None:
        if self._kept:
            kept = self._taken()
            self.bare.writelines((kept, data) if data else (kept,))
        elif 0 < len(data) <= _SHORT:
            self._kept = bytes(data)
            self._flushing = self._loop.call_soon(self.flush)
        else:
            self.bare.write(data)

    def flush(self) -> None:
        """Sends what is kept."""
        if self._kept:
            kept = self._taken()
            if not self.bare.is_closing():
                self.bare.write(kept)

    def close(self) -> None:
        self.flush()
        self.bare.close()

    def abort(self) -> None:
        self._taken()
        self.bare.abort()

    def is_closing(self) -> bool:
        return self.bare.is_closing()

    def get_write_buffer_size(self) -> int:
        return self.bare.get_write_buffer_size() + len(self._kept)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)

    def _taken(self) -> bytes:
        kept, self._kept = self._kept, b""
        if self._flushing:
            self._flushing.cancel()
            self._flushing = None
        return kept
