"""GraphQL over server-sent events: one operation for each connection, as graphql-sse asks.

Each result is an event `next` with an id. A client that names the last id again (Last-Event-ID)
goes on behind it. Whatever is refused before the first event is refused as over HTTP.
"""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any, Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from api.graphql.execution import Question, Reply
from api.graphql.feed_pages import TextResult
from api.graphql.feeds import BadCursor, Cursor
from api.graphql.hang_up import unless_gone
from api.graphql.messages import EVENT_STREAM, Headers, Malformed
from api.graphql.subscriptions import OpenSubscription, Subscriptions

C = TypeVar("C")
LONG_RESPONSE = "tenure.long_response"
"""The extension of a scope: a function to be told that the response is a stream without end."""
_HEADERS = [
    (b"content-type", EVENT_STREAM + b"; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"vary", b"Accept"),
    (b"x-accel-buffering", b"no"),
]
_COMPLETE = b"event: complete\ndata: \n\n"


def resumed_at(headers: Headers) -> Cursor | None:
    """Where the client wants to go on. Raises Malformed."""
    if not headers.last_event_id:
        return None
    try:
        return Cursor.parse(headers.last_event_id.decode("latin-1"))
    except BadCursor:
        told = "Last-Event-ID is no id that we gave: 17, or 18:2 within an entry."
        raise Malformed(400, told) from None


async def send_once(reply: Reply, send: Send) -> None:
    """The one result of a question, as a stream."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    body = b"event: next\ndata: %b\n\n%b" % (reply.body, _COMPLETE)
    await send({"type": "http.response.body", "body": body})


class EventStream(Generic[C]):
    """The stream of one subscription."""

    def __init__(
        self, subscriptions: Subscriptions[C], scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._subscriptions, self._limits = subscriptions, subscriptions.limits
        self._scope, self._receive, self._send = scope, receive, send
        self._put_at = self._admitted_at = monotonic()

    async def serve(
        self, question: Question, cost: float, context: C, resumed: Cursor | None
    ) -> None:
        """Streams until the client has gone, or is no longer admitted.

        Raises, before the first event, SubscriptionRefused, GraphQLError, InvalidDocument, Busy and
        ClientDisconnect.
        """
        author = self._subscriptions.source.author_of(context)
        subject = self._subscriptions.source.subject_of(author)
        with self._subscriptions.places.for_subscription(subject, question):
            beginning = self._subscriptions.begin(question, cost, context, resumed)
            following = await unless_gone(beginning, self._receive)
            if told := self._scope.get("extensions", {}).get(LONG_RESPONSE):
                told()
            with suppress(ClientDisconnect):
                await unless_gone(self._stream(following, author), self._receive)

    async def _stream(self, following: OpenSubscription[C], author: object) -> None:
        """Without an event `complete` at the end: the client is to come again."""
        await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._put(_place(following))  # for a client that loses the stream before any event
        while self._is_admitted(author):
            page = await following.next_page(self._limits.admission_seconds)
            if page and page.results:
                await self._put(b"".join(map(_event, page.results)))
            elif monotonic() - self._put_at >= self._limits.heartbeat_seconds:
                await self._put(b":\n" + _place(following))
        await self._send({"type": "http.response.body", "body": b""})

    def _is_admitted(self, author: object) -> bool:
        if monotonic() - self._admitted_at < self._limits.admission_seconds:
            return True
        self._admitted_at = monotonic()
        source = self._subscriptions.source
        try:
            return bool(source.author_of(source.admit(Request(self._scope))) == author)
        except HTTPException:
            return False

    async def _put(self, body: bytes) -> None:
        """Sends a part; the stream ends where the client takes none for long."""
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError:
            raise ClientDisconnect from None
        self._put_at = monotonic()


def _event(result: TextResult) -> bytes:
    return b"event: next\nid: %b\ndata: %b\n\n" % (result.id.encode(), result.body)


def _place(following: OpenSubscription[Any]) -> bytes:
    """An id without an event: clients keep it, and call no listener."""
    return b"id: %b\n\n" % following.cursor.id.encode()
