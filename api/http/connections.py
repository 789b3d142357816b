"""The connections of a server: time-outs, a limit on their number, and a limit on headers.

uvicorn's protocol only ends a connection that is silent between two requests. Here a connection
that sends nothing, a request that arrives slowly and a response that nobody reads end as well.
Where all places are taken, the connection that has waited longest for a request makes room.
"""

import logging
import resource
from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.graphql.event_stream import LONG_RESPONSE
from api.http.joined_writes import JoinedWrites
from api.http.log_flood import limit_flood
from api.http.sockets import BoundedSocket, bounded_sockets
from api.http.unread import UnreadWatch

_SPARE_FILES = 200
"""The open files left to the ledger, the views and the log."""

WEBSOCKETS: dict[str, Any] = {
    "ws": "websockets-sansio",
    "ws_max_size": 200_000,  # a message of the longest body, with its JSON around
    "ws_per_message_deflate": False,  # its memory is per connection, and bombs fit into it
}
"""What uvicorn's configuration has to say of WebSockets."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of every connection; times in seconds, sizes in bytes."""

    head_seconds: float = 10
    """From the opening of a connection, or the first byte of a request, to the end of headers."""
    body_seconds: float = 30
    """From the end of the headers to the end of the body."""
    unread_seconds: float = 20
    """The longest time in which a client takes nothing of a response."""
    longest_head: int = 64 * 1024
    """The length of a request line and headers."""
    connections: int = 1_000
    streams: int = 10_000
    """The WebSockets and event streams, which have no place among the connections."""
    """The number of connections at once."""

    def within_open_files(self) -> "ConnectionLimits":
        """The limits with as many connections as this process may open files."""
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.connections + self.streams + _SPARE_FILES
        if files < wanted and (most == resource.RLIM_INFINITY or files < most):
            files = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
        if files >= wanted:
            return self
        left = max(2, files - _SPARE_FILES)
        connections = min(self.connections, max(1, left // 2))
        return replace(self, connections=connections, streams=left - connections)


class BoundedConnection(HttpToolsProtocol):
    """A connection within limits."""

    limits: ClassVar[ConnectionLimits]
    tell_refusal: ClassVar[Callable[[int], None]]
    """Told the status of a request that is refused here, before any application."""
    waiting: ClassVar["dict[BoundedConnection, None]"]
    """The connections without a whole request, the longest waiting first."""
    streams: ClassVar[set[Any]]
    """The WebSockets and event streams."""
    sockets: ClassVar[type[BoundedSocket]]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._deadline: TimerHandle | None = None
        self._unread = UnreadWatch(self.loop, self.limits.unread_seconds)
        self._is_in_head, self._is_in_body = True, False
        self._head = 0
        """The length of the head of a request so far."""
        self._is_refused = False

    # ---- places ------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]
        self._wait(self.limits.head_seconds)
        if len(self.connections) - len(self.streams) > self.limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._unread.stop()
        self.streams.discard(self)
        super().connection_lost(exc)

    def _make_room(self) -> None:
        oldest = next(iter(self.waiting))
        if oldest is self:
            log.warning("all %d connections are busy; new ones are refused", len(self.connections))
            self._refuse(503, "all connections are busy; try again", "retry-after: 1")
        else:
            log.warning(
                "more than %d connections: those that wait longest for a request are closed",
                self.limits.connections,
            )
            self.waiting.pop(oldest)
            oldest.transport.abort()

    # ---- a request that arrives --------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head:
            self._count(len(data))
        if self._deadline is None and not self._is_refused:
            self._wait_for_the_rest()

    def _wait_for_the_rest(self) -> None:
        """Most requests arrive whole, and need no deadline."""
        if self._is_in_body:
            self._wait(self.limits.body_seconds)
        elif self._is_in_head and self._is_idle:
            self._wait(self.limits.head_seconds)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head = True, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value) + len(": \r\n"))

    def on_headers_complete(self) -> None:
        self._is_in_head, self._head = False, 0
        if not self._is_refused:
            self.scope["extensions"] = _extensions(self._become_a_stream)
            super().on_headers_complete()
            self._is_in_body = True
            self._stop_waiting()  # for the head

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_in_body = False
        if self._is_refused:
            return
        super().on_message_complete()
        self._stop_waiting()
        if self._is_idle:  # the answer was given before the body had arrived
            self._wait(self.limits.head_seconds)

    def on_response_complete(self) -> None:
        self.streams.discard(self)
        super().on_response_complete()
        self.waiting[self] = None

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _count(self, length: int) -> None:
        self._head += length
        if self._head > self.limits.longest_head and not self._is_refused:
            self._refuse(431, f"headers are longer than {self.limits.longest_head:,} bytes")

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self.waiting[self] = None
        self._deadline = self.loop.call_later(seconds, self._is_late)

    def _stop_waiting(self) -> None:
        self.waiting.pop(self, None)
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _is_late(self) -> None:
        self._deadline = None
        if self._is_idle and not self._head:
            self.transport.close()
        elif not self._is_refused:
            log.warning("a request took too long to arrive, and was refused")
            self._refuse(408, "the request took too long to arrive")

    def _refuse(self, status: int, message: str, *headers: str) -> None:
        self._is_refused = True
        type(self).tell_refusal(status)
        if self._is_idle or not self.cycle.response_started:
            head = (
                f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(message) + 1}",
                "connection: close",
                *headers,
            )
            lines = "\r\n".join(head)
            self.transport.write(STATUS_LINE[status] + f"{lines}\r\n\r\n{message}\n".encode())
        self.transport.close()

    # ---- a response that is not read -----------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.begin(self.transport)

    def resume_writing(self) -> None:
        self._unread.stop()
        super().resume_writing()

    # ---- responses without end, and WebSockets ---------------------------------------------------

    def _become_a_stream(self) -> None:
        self.streams.add(self)

    def handle_websocket_upgrade(self) -> None:
        if self._is_refused:
            return
        if not self._is_idle or self.pipeline:
            self.transport.close()  # another response is under way
            return
        self._is_in_body = False
        self._stop_waiting()
        self._unread.stop()
        self.ws_protocol_class = self.sockets
        self.transport = getattr(self.transport, "bare", self.transport)
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """Ends a stream, since it does not end by itself; any other response has its time."""
        if self in self.streams and not self._is_idle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.close()
        else:
            super().shutdown()


def _extensions(become_a_stream: Callable[[], None]) -> dict[str, Any]:
    return {LONG_RESPONSE: become_a_stream}


def bounded_connections(
    limits: ConnectionLimits, tell_refusal: Callable[[int], None] = lambda status: None
) -> type[BoundedConnection]:
    """The protocol of one server, for uvicorn; `tell_refusal` is told the status of each request
    that is refused before any application."""
    limit_flood("uvicorn.error", __name__)
    streams = set[Any]()
    its = {"limits": limits, "waiting": {}, "streams": streams}
    its["tell_refusal"] = staticmethod(tell_refusal)
    its["sockets"] = bounded_sockets(limits.unread_seconds, streams)
    return type("Connection", (BoundedConnection,), its)
