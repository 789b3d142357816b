"""Which messages of graphql-transport-ws are understood, and how are ours sent?"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.types import Message, Send

from domain.texts import escaped

PROTOCOL = "graphql-transport-ws"
_LONGEST_ID = 100
_LONGEST_REASON = 100


class Closing(Exception):
    """The connection is to be closed, with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, escaped(reason)[:_LONGEST_REASON]


class Gone(Exception):
    """The client has gone."""


def understood(message: Message) -> Mapping[str, Any]:
    """The message of the protocol. Raises Closing, and Gone."""
    if message["type"] != "websocket.receive":
        raise Gone
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


def id_in(message: Mapping[str, Any]) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID:
        raise Closing(4400, f"Invalid message: the id must be a text of 1 to {_LONGEST_ID} letters")
    return found


def as_error(message: str, code: str) -> bytes:
    return orjson.dumps([{"message": escaped(message), "extensions": {"code": code}}])


class MessageSender:
    """Sends the messages of one connection, one after another.

    Raises Closing where the client takes none for long.
    """

    def __init__(self, send: Send, seconds: float) -> None:
        self._send, self._seconds = send, seconds
        self._sending = asyncio.Lock()

    async def next(self, name: str, payload: bytes) -> int:
        """A result of the operation with that id; gives the bytes sent, as those below."""
        return await self._pass_on(b'{"id":%b,"type":"next","payload":%b}', name, payload)

    async def fail(self, name: str, errors: bytes) -> int:
        """The end of an operation, with errors."""
        return await self._pass_on(b'{"id":%b,"type":"error","payload":%b}', name, errors)

    async def complete(self, name: str) -> int:
        """The end of an operation."""
        return await self._pass_on(b'{"id":%b,"type":"complete"%b}', name, b"")

    async def _pass_on(self, form: bytes, name: str, payload: bytes) -> int:
        text = form % (orjson.dumps(name), payload)
        await self._put({"type": "websocket.send", "text": text.decode()})
        return len(text)

    async def tell(self, message: Mapping[str, Any]) -> None:
        """A message about the connection."""
        await self._put({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _put(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self._seconds), self._sending:
                await self._send(message)
        except TimeoutError:
            raise Closing(1008, "The client takes no messages") from None
