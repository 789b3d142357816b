"""GraphQL over WebSocket: one connection of the protocol graphql-transport-ws.

Every operation is admitted, checked, priced and executed as over HTTP. Whoever breaks the protocol
is closed with the code that the protocol has for it.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, NoReturn, TypeVar

import orjson
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from api.graphql.documents import InvalidDocument
from api.graphql.execution import Question
from api.graphql.messages import Malformed, Parameters, parameters_in_message
from api.graphql.request_notes import EndedOperation, RequestNotes, tell_operation
from api.graphql.subscriptions import SubscriptionRefused, Subscriptions
from api.graphql.view import GraphQLView
from domain.texts import escaped

C = TypeVar("C")
PROTOCOL = "graphql-transport-ws"
_LONGEST_ID = 100
_LONGEST_REASON = 100
_LONGEST_CREDENTIAL = 10_000
log = logging.getLogger(__name__)


class Closing(Exception):
    """The connection is to be closed, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, escaped(reason)[:_LONGEST_REASON]


class _Gone(Exception):
    """The client has gone."""


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
        if self._subscriptions.sockets >= limits.sockets:
            log.warning(
                "all %d places for WebSockets are taken; new ones are refused", limits.sockets
            )
            await _refuse(send)
            return
        self._subscriptions.sockets += 1
        made = SocketConnection(self._view, self._subscriptions, scope, receive, send)
        self._before_init[made] = None
        made.on_init = lambda: self._before_init.pop(made, None)
        if len(self._before_init) > limits.sockets_before_init:
            next(iter(self._before_init)).give_way()
        try:
            await made.serve(scope["subprotocols"])
        finally:
            self._before_init.pop(made, None)
            self._subscriptions.sockets -= 1


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
        self._view, self._subscriptions = view, subscriptions
        self._limits = subscriptions.limits
        self._scope, self._receive, self._send = scope, receive, send
        self._author: Any = None
        """Who was admitted; None before `connection_init`."""
        self._admitted_at = monotonic()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
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
            operations = [*self._operations.values()]
            for each in operations:
                each.cancel()
            await asyncio.gather(listening, *operations, return_exceptions=True)
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

    # ---- messages of the client --------------------------------------------------------------

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
        except (_Gone, OSError):
            return None
        except Exception as bug:
            log.exception("Internal error in a WebSocket", exc_info=bug)
            return Closing(4500, "Internal error")

    async def _hear_init(self) -> None:
        """Returns once the client was admitted."""
        try:
            async with asyncio.timeout(self._limits.init_seconds):
                while self._author is None:
                    await self._obey(await self._hear(None))
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None

    async def _hear(self, seconds: float | None) -> Mapping[str, Any]:
        """The next message. The client has to be admitted still, again and again."""
        while True:
            await asyncio.sleep(0)  # a flood of messages leaves the event loop to others
            if self._author is not None:
                self._look_at_admission()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    return _understood(await self._receive())

    async def _obey(self, message: Mapping[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message)
            case "ping":
                await self._tell({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if operation := self._operations.pop(_id_in(message), None):
                    operation.cancel()
            case _:
                raise Closing(4400, "Invalid message: no type that a client may send")

    # ---- admission -----------------------------------------------------------------------------

    async def _init(self, message: Mapping[str, Any]) -> None:
        if self._author is not None:
            raise Closing(4429, "Too many initialisation requests")
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Closing(4400, "Invalid message: the payload must be an object")
        self._take_credentials(payload or {})
        self._author = self._subscriptions.source.author_of(self._admitted())
        self.on_init()
        await self._tell({"type": "connection_ack"})

    def _take_credentials(self, payload: Mapping[str, Any]) -> None:
        """What stands as Authorization in the payload counts as a header: browsers send none."""
        named = {name.lower(): value for name, value in payload.items()}
        given = named.get("authorization")
        if given is None:
            return
        if not isinstance(given, str) or len(given) > _LONGEST_CREDENTIAL:
            raise Closing(4400, "Invalid message: Authorization must be a text like a header's")
        header = (b"authorization", given.encode("utf-8", "replace"))
        others = [each for each in self._scope["headers"] if each[0] != b"authorization"]
        self._scope = {**self._scope, "headers": [*others, header]}

    def _admitted(self) -> C:
        """A context for the client, if it is admitted now. Raises Closing."""
        connection = HTTPConnection(self._scope)
        try:
            context = self._subscriptions.source.admit(connection)
        except HTTPException as refused:
            raise Closing(4403, f"Forbidden: {refused.detail}") from None
        self._admitted_at = monotonic()
        return context

    def _look_at_admission(self) -> None:
        """Raises Closing for whoever is not admitted any longer, or is somebody else by now."""
        if monotonic() - self._admitted_at >= self._limits.admission_seconds:
            self._context()

    def _context(self) -> C:
        context = self._admitted()
        if self._subscriptions.source.author_of(context) != self._author:
            raise Closing(4403, "Forbidden: the token has other rights by now")
        return context

    # ---- operations --------------------------------------------------------------------------

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        name = _id_in(message)
        if self._author is None:
            raise Closing(4401, "Unauthorized")
        if name in self._operations:
            raise Closing(4409, f"Subscriber for {name} already exists")
        try:
            asked = parameters_in_message(message.get("payload"))
        except Malformed as wrong:
            raise Closing(4400, f"Invalid message: {wrong.message}") from None
        context = self._context()
        if len(self._operations) >= self._limits.of_one_connection:
            most = self._limits.of_one_connection
            told = f"A connection has {most} operations at most; end one of them, or open another."
            await self._fail(_Operation(name), _as_error(told, "TooMuch"))
            return
        operation = asyncio.create_task(self._operate(name, asked, context))
        self._operations[name] = operation

    async def _operate(self, name: str, asked: Parameters, context: C) -> None:
        operation = _Operation(name)
        try:
            operation.status = await self._answer(operation, asked, context)
        except Closing as why:
            self._end(why)
        except (OSError, _Gone):
            self._end(Closing(1001, "gone"))
        except Exception as error:
            log.exception("Internal error in an operation over WebSocket", exc_info=error)
            operation.status = 500
            self._end(Closing(4500, "Internal error"))
        finally:
            subject = self._subscriptions.source.subject_of(self._author)
            tell_operation(self._scope, operation.ended(subject))
            if self._operations.get(name) is asyncio.current_task():
                del self._operations[name]

    async def _answer(self, operation: "_Operation", asked: Parameters, context: C) -> int:
        """Answers to the end; returns the status of the same answer over HTTP."""
        notes = operation.notes
        try:
            question = self._view.question(asked, notes)
            with self._subscriptions.turn_of_a_question():
                cost = await self._view.subscribed(question, context, _never, notes)
                if cost is None:
                    reply = await self._view.answer(question, context, _never, notes)
            if cost is not None:
                await self._follow(operation, question, cost, context)
        except SubscriptionRefused as refused:
            reply = refused.reply
        except InvalidDocument as invalid:
            notes.refused = "InvalidDocument"
            reply = self._view.failed(invalid.errors)
        except GraphQLError as error:
            notes.refused = str((error.extensions or {}).get("code", "GraphQLError"))
            reply = self._view.failed([error])
        except Malformed as wrong:
            notes.refused = wrong.code
            await self._fail(operation, _as_error(wrong.message, wrong.code))
            return wrong.status
        notes.position, notes.is_closed = reply.position, reply.is_the_same_for_ever
        if (errors := reply.errors) is not None:
            await self._fail(operation, errors)
        else:
            await self._next(operation, reply.body)
            await self._finish(operation)
        return reply.status

    async def _follow(
        self, operation: "_Operation", question: Question, cost: float, context: C
    ) -> NoReturn:
        """Passes on what a subscription gives, for ever."""
        with self._subscriptions.place(self._author, question):
            following = await self._subscriptions.begin(question, cost, context)
            operation.status = 200
            while True:
                page = await following.next_page()
                for each in page.results if page else ():
                    await self._next(operation, each.body)

    # ---- messages to the client --------------------------------------------------------------

    async def _next(self, operation: "_Operation", payload: bytes) -> None:
        await self._pass_on(b'{"id":%b,"type":"next","payload":%b}', operation, payload)

    async def _fail(self, operation: "_Operation", errors: bytes) -> None:
        self._forget(operation.name)
        await self._pass_on(b'{"id":%b,"type":"error","payload":%b}', operation, errors)

    async def _finish(self, operation: "_Operation") -> None:
        self._forget(operation.name)
        await self._pass_on(b'{"id":%b,"type":"complete"%b}', operation, b"")

    def _forget(self, name: str) -> None:
        """The id is free as soon as the client can know that the operation has ended."""
        if self._operations.get(name) is asyncio.current_task():
            del self._operations[name]

    async def _pass_on(self, form: bytes, operation: "_Operation", payload: bytes) -> None:
        text = form % (orjson.dumps(operation.name), payload)
        operation.size += len(text)
        await self._put({"type": "websocket.send", "text": text.decode()})

    async def _tell(self, message: Mapping[str, Any]) -> None:
        await self._put({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _put(self, message: Message) -> None:
        """Sends one message after another; a client that takes none for long is cut off."""
        try:
            async with asyncio.timeout(self._limits.send_seconds), self._sending:
                await self._send(message)
        except TimeoutError:
            raise Closing(1008, "The client takes no messages") from None


@dataclass(slots=True)
class _Operation:
    """An operation under way, and what there is to tell of it."""

    name: str
    notes: RequestNotes = field(default_factory=RequestNotes)
    began: float = field(default_factory=monotonic)
    status: int = 0
    """0 until it is answered: where it ends before, its client has gone."""
    size: int = 0

    def ended(self, subject: str) -> EndedOperation:
        seconds = monotonic() - self.began
        return EndedOperation(self.notes, subject, self.status, seconds, self.size)


def _understood(message: Message) -> Mapping[str, Any]:
    """The message of the protocol. Raises Closing, and _Gone."""
    if message["type"] != "websocket.receive":
        raise _Gone
    text = message.get("text")
    if text is None:
        raise Closing(4400, "Invalid message: not a text")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Closing(4400, "Invalid message: no JSON") from None
    if not isinstance(found, dict):
        raise Closing(4400, "Invalid message: no object")
    return found


def _id_in(message: Mapping[str, Any]) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID:
        raise Closing(4400, f"Invalid message: the id must be a text of 1 to {_LONGEST_ID} letters")
    return found


def _as_error(message: str, code: str) -> bytes:
    return orjson.dumps([{"message": escaped(message), "extensions": {"code": code}}])


async def _never() -> Message:
    """A client that never hangs up: the operation is cancelled where the socket closes."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nothing ever comes")
