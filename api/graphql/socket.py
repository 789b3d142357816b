"""GraphQL over WebSocket: the connections of the protocol graphql-transport-ws.

Whoever breaks the protocol is closed with the code that the protocol has for it.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar

from starlette.types import Receive, Scope, Send

from api.graphql.socket_admission import SocketAdmission
from api.graphql.socket_messages import PROTOCOL, Closing, Gone, MessageSender, understood
from api.graphql.socket_operations import SocketOperations
from api.graphql.subscriptions import Subscriptions
from api.graphql.view import GraphQLView

C = TypeVar("C")
log = logging.getLogger(__name__)


class SocketEndpoint(Generic[C]):
    """The WebSockets of one URL, as an ASGI application."""

    def __init__(self, view: GraphQLView[C], subscriptions: Subscriptions[C]) -> None:
        self._view, self._subscriptions = view, subscriptions
        self._before_init: dict[SocketConnection[C], None] = {}
        """The connections without a `connection_init`, the oldest first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self._subscriptions.limits
        if (await receive())["type"] != "websocket.connect":
            return
        if self._subscriptions.places.sockets >= limits.sockets:
            log.warning(
                "all %d places for WebSockets are taken; new ones are refused", limits.sockets
            )
            await _refuse(send)
            return
        self._subscriptions.places.sockets += 1
        made = SocketConnection(self._view, self._subscriptions, scope, receive, send)
        self._before_init[made] = None
        made.on_init = lambda: self._before_init.pop(made, None)
        if len(self._before_init) > limits.sockets_before_init:
            next(iter(self._before_init)).give_way()
        try:
            await made.serve(scope["subprotocols"])
        finally:
            self._before_init.pop(made, None)
            self._subscriptions.places.sockets -= 1


async def _refuse(send: Send) -> None:
    headers = [(b"retry-after", b"5"), (b"cache-control", b"no-store")]
    start = {"type": "websocket.http.response.start", "status": 503, "headers": headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": b"all places are taken\n"})


class SocketConnection(Generic[C]):
    """One WebSocket, with its operations."""

    def __init__(
        self,
        view: GraphQLView[C],
        subscriptions: Subscriptions[C],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._limits = subscriptions.limits
        self._receive, self._send = receive, send
        self._sender = MessageSender(send, self._limits.send_seconds)
        self._admission = SocketAdmission(subscriptions, scope)
        parts = (view, subscriptions, self._admission, self._sender, scope)
        self._operations = SocketOperations(*parts, self._end)
        self._ended: asyncio.Future[Closing] = asyncio.get_running_loop().create_future()
        self.on_init: Any = lambda: None

    def give_way(self) -> None:
        """Ends a connection that has not begun, for another."""
        self._end(Closing(4408, "Connection initialisation timeout"))

    async def serve(self, offered: list[str]) -> None:
        """Serves the connection to its end."""
        listening = asyncio.ensure_future(self._listen(offered))
        try:
            ends: set[asyncio.Future[Any]] = {listening, self._ended}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            why = (listening if listening.done() else self._ended).result()
        finally:
            listening.cancel()
            await self._operations.end_all()
            await asyncio.gather(listening, return_exceptions=True)
        await self._close(why)

    async def _close(self, why: Closing | None) -> None:
        if why is None:
            return
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                closing = {"type": "websocket.close", "code": why.code, "reason": why.reason}
                await self._send(closing)
        except (TimeoutError, OSError, RuntimeError):
            log.info("a WebSocket was gone before it was closed")

    def _end(self, why: Closing) -> None:
        if not self._ended.done():
            self._ended.set_result(why)

    async def _listen(self, offered: list[str]) -> Closing | None:
        """Why the connection is to be closed; None once the client has gone."""
        try:
            if PROTOCOL not in offered:
                await self._send({"type": "websocket.accept"})
                raise Closing(4406, "Subprotocol not acceptable")
            await self._send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            await self._hear_init()
            while True:
                await self._obey(await self._hear(self._limits.admission_seconds))
        except Closing as why:
            return why
        except (Gone, OSError):
            return None
        except Exception as bug:
            log.exception("Internal error in a WebSocket", exc_info=bug)
            return Closing(4500, "Internal error")

    async def _hear_init(self) -> None:
        """Returns once the client was admitted."""
        try:
            async with asyncio.timeout(self._limits.init_seconds):
                while self._admission.author is None:
                    await self._obey(await self._hear(None))
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None

    async def _hear(self, seconds: float | None) -> Mapping[str, Any]:
        """The next message. The client has to be admitted still, again and again."""
        while True:
            await asyncio.sleep(0)  # a flood of messages leaves the event loop to others
            if self._admission.author is not None:
                self._admission.look_again()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    return understood(await self._receive())

    async def _obey(self, message: Mapping[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message)
            case "ping":
                await self._sender.tell({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._operations.begin(message)
            case "complete":
                self._operations.cancel(message)
            case _:
                raise Closing(4400, "Invalid message: no type that a client may send")

    async def _init(self, message: Mapping[str, Any]) -> None:
        if self._admission.author is not None:
            raise Closing(4429, "Too many initialisation requests")
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Closing(4400, "Invalid message: the payload must be an object")
        self._admission.admit(payload or {})
        self.on_init()
        await self._sender.tell({"type": "connection_ack"})
