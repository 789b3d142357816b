"""WebSocket connections of a server, within limits.

uvicorn's protocol parses all that has arrived at once, answers pings of a client that reads no
answer, waits for ever for a handshake that it could not read, and takes one that is refused for an
error. Here frames are parsed a few at a time, nothing is read from a client that does not read
itself, and a bad handshake ends.
"""

from typing import Any, ClassVar

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from api.http.unread import UnreadWatch

_AT_ONCE = 4_096
"""The bytes parsed before the event loop turns to others: a frame may have 6."""
_FRAGMENTS = 1_000
"""The most fragments of a message."""
_TOO_BIG, _POLICY = 1009, 1008
_BAD_HANDSHAKE = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 35\r\nconnection: close\r\n\r\nthe handshake could not be understood"
)


class BoundedSocket(WebSocketsSansIOProtocol):
    """A WebSocket within limits."""

    unread_seconds: ClassVar[float]
    streams: ClassVar[set[Any]]
    """The connections that have no place among the others: they stay open without requests."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._unparsed = b""
        self._is_parsing = False
        self._unread = UnreadWatch(self.loop, self.unread_seconds)

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.streams.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.streams.discard(self)
        self._unread.stop()
        self._unparsed = b""
        super().connection_lost(exc)

    # ---- what arrives ------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        if not self._is_parsing:
            self._parse()

    def _parse(self) -> None:
        self._is_parsing = False
        if self.transport.is_closing():
            self._unparsed = b""
            return
        part, self._unparsed = self._unparsed[:_AT_ONCE], self._unparsed[_AT_ONCE:]
        if not self.handshake_initiated:  # uvicorn hands the whole of it over
            part, self._unparsed = part + self._unparsed, b""
        super().data_received(part)
        if not self.handshake_initiated:
            self.transport.write(_BAD_HANDSHAKE)
            self.transport.close()
        self._go_on()

    def _go_on(self) -> None:
        """Parses on once the application has taken what was parsed; reads on once all is."""
        waits = not self.queue.empty() and not self.close_sent
        if self._unparsed and not self._is_parsing and not waits:
            self._is_parsing = True
            self.loop.call_soon(self._parse)
        may_read = not self._unparsed and not waits and self.writable.is_set()
        if may_read and self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        elif not may_read and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    async def receive(self) -> ASGIReceiveEvent:
        message = await self.queue.get()
        if not self.disconnected and not self.transport.is_closing():
            self._go_on()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True  # uvicorn logs an error for a refused one otherwise

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= _FRAGMENTS:
            self.conn.fail(_TOO_BIG, "too many fragments")
            self.handle_parser_exception()
            return
        super().handle_cont(event)

    # ---- what is not read --------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.begin(self.transport)
        self._go_on()

    def resume_writing(self) -> None:
        self._unread.stop()
        super().resume_writing()
        if not self.transport.is_closing():
            self._go_on()


def bounded_sockets(unread_seconds: float, streams: set[Any]) -> type[BoundedSocket]:
    """The protocol of one server, for uvicorn."""
    return type("Socket", (BoundedSocket,), {"unread_seconds": unread_seconds, "streams": streams})
