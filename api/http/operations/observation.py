"""The outermost layer of a server: it sees each request end, and tells metrics, log and traces.

Nothing of it may fail or delay a request: numbers are added in memory, lines and spans wait for
threads of their own.
"""

import asyncio
from functools import partial
from hashlib import sha256
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.request_notes import (
    EndedOperation,
    RequestNotes,
    listen_to_operations,
    new_notes,
)
from api.http.auth.admission import principal_of_scope
from api.http.operations.access_log import AccessLog, EndedRequest
from api.http.operations.metrics import GONE, ServerMetrics
from api.http.operations.routes import route_of
from api.http.operations.traces import RequestTraces
from infra.ledger.ledger import utc_now

_LONGEST_NAME = 100
_LONGEST_PATH = 200
_DIGITS = 16
"""Hexadecimal digits of the SHA-256 of a document."""
_UPGRADED = 101
_SOCKET_REFUSED = 403


class Observation:
    """What metrics and log are told of each request when it has ended."""

    def __init__(self, metrics: ServerMetrics, access_log: AccessLog | None = None) -> None:
        self.metrics, self.log = metrics, access_log

    def tell(
        self,
        scope: Scope,
        notes: RequestNotes,
        status: int,
        began: float,
        size: int,
        trace: str | None = None,
    ) -> None:
        """Tells of a request that began at that time of `perf_counter`, with `size` bytes sent."""
        seconds = perf_counter() - began
        self.metrics.add(route_of(scope["path"]), notes, status, seconds, size)
        if self.log:
            subject = principal_of_scope(scope).subject
            self.log.add(_ended(scope, notes, subject, status, size, seconds, trace))


class ObservationMiddleware:
    """Tells of each request when it has ended."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: ServerMetrics,
        access_log: AccessLog | None = None,
        traces: RequestTraces | None = None,
    ) -> None:
        self._app, self._metrics = app, metrics
        self._log, self._traces = access_log, traces
        self._observation = Observation(metrics, access_log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        notes, began = new_notes(scope), perf_counter()
        status = size = 0
        traces = self._traces if self._traces and self._traces.begin(scope, notes) else None

        async def send_counted(message: Message) -> None:
            nonlocal status, size
            match message["type"]:
                case "http.response.start" | "websocket.http.response.start":
                    status = message["status"]
                case "http.response.body" | "websocket.http.response.body":
                    size += len(message.get("body", b""))
                case "websocket.accept":
                    status = _UPGRADED
                case "websocket.close":
                    status = status or _SOCKET_REFUSED
                case "websocket.send":
                    size += len(message.get("bytes") or message.get("text") or "")
            await send(message)

        if scope["type"] == "websocket":
            listen_to_operations(scope, partial(self._tell_operation, scope))
        open_requests = self._metrics.open_requests
        open_requests.inc()
        try:
            await self._app(scope, receive, send_counted)
        except asyncio.CancelledError:
            if status or scope["type"] != "http":
                raise
            await _say_that_it_ends(send_counted)
        except Exception:
            status = status or 500
            raise
        finally:
            open_requests.dec()
            trace = traces.end(scope, notes, status) if traces else None
            self._observation.tell(scope, notes, status, began, size, trace)

    def _tell_operation(self, scope: Scope, ended: EndedOperation) -> None:
        """An operation over a WebSocket counts as a request of its own."""
        told = (ended.status, ended.size, ended.seconds)
        route = route_of(scope["path"])
        self._metrics.add(route, ended.notes, ended.status, ended.seconds, ended.size)
        if self._log:
            self._log.add(_ended(scope, ended.notes, ended.subject, *told, None))


async def _say_that_it_ends(send: Send) -> None:
    """The answer to a request that is cut off, as the server ends."""
    body = b"the server is ending; send the request again, or to another\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"2"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _ended(
    scope: Scope,
    notes: RequestNotes,
    subject: str,
    status: int,
    size: int,
    seconds: float,
    trace: str | None,
) -> EndedRequest:
    client = scope.get("client")
    return EndedRequest(
        utc_now(),
        client[0] if client else None,
        subject,
        scope.get("method", "WEBSOCKET"),
        scope["path"][:_LONGEST_PATH],
        status or GONE,
        size,
        seconds * 1_000,
        notes.kind,
        notes.operation[:_LONGEST_NAME],
        notes.document[:_LONGEST_NAME] or _digest(notes.text),
        notes.cost,
        notes.position,
        notes.is_closed,
        notes.is_kept,
        notes.refused,
        trace,
    )


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()[:_DIGITS] if text else ""
