"""Plain clients of subscriptions: WebSockets and event streams, message by message."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = "graphql-transport-ws"
PATIENCE = 15.0
"""The seconds within which a test expects a message."""


class Socket:
    """A WebSocket, spoken to in messages of the protocol."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def tell(self, kind: str, **more: Any) -> None:
        self.connection.send(json.dumps({"type": kind, **more}))

    def hear(self) -> dict[str, Any]:
        told = self.connection.recv(timeout=PATIENCE)
        found: dict[str, Any] = json.loads(told)
        return found

    def init(self, **payload: Any) -> None:
        self.tell("connection_init", **({"payload": payload} if payload else {}))
        assert self.hear() == {"type": "connection_ack"}

    def subscribe(self, query: str, name: str = "1", **variables: Any) -> None:
        self.tell("subscribe", id=name, payload={"query": query, "variables": variables})

    def results(self, number: int, field: str) -> list[Any]:
        """The field of so many results."""
        found = []
        for _ in range(number):
            message = self.hear()
            assert message["type"] == "next", message
            found.append(message["payload"]["data"][field])
        return found

    def close_code(self) -> int:
        """The code with which the server closes, whatever it says before."""
        code = None
        while code is None:
            try:
                self.connection.recv(timeout=PATIENCE)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
        return code


@contextmanager
def socket_to(address: str, *protocols: str, **headers: str) -> Iterator[Socket]:
    with connect(
        address.replace("http", "ws", 1) + "/graphql",
        subprotocols=[*map(Subprotocol, protocols or [PROTOCOL])],
        additional_headers=headers,
        compression=None,
        open_timeout=PATIENCE,
        close_timeout=PATIENCE,
    ) as connection:
        yield Socket(connection)


@contextmanager
def events_of(address: str, query: str, **headers: str) -> Iterator[Iterator[dict[str, str]]]:
    """The events of a stream, each as its fields; comments and lone ids are passed over."""
    body = json.dumps({"query": query}).encode()
    asked = {"Accept": "text/event-stream", "Content-Type": "application/json", **headers}
    with urlopen(Request(f"{address}/graphql", body, asked), timeout=PATIENCE) as answer:
        yield _events(answer)


def _events(lines: Any) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    for line in lines:
        text = line.decode().rstrip("\n")
        if text:
            name, _, value = text.partition(": ")
            fields[name] = value
        elif fields:
            yield fields
            fields = {}
