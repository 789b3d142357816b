"""Answers: does a client that reads slowly, or not at all, take memory or time from others?"""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote, urlsplit

import pytest
from starlette.testclient import TestClient
from websockets.sync.client import connect

from api.http.connections import ConnectionLimits
from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.api.sockets import PATIENCE, PROTOCOL, Socket, socket_to
from tests.api.test_serving import until

EVENTS, LONG = 300, "x" * 1_000
WIDE = " ".join(f"a{each}: summary" for each in range(45))
BIG = f"subscription {{ eventRecorded(after: 0) {{ position {WIDE} }} }}"
"""Some 45 kB for each event: together more than the buffers of two sockets hold."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_at(tmp_path_factory.mktemp("told")) as server:
        describe_the_world(server)
        for each in range(EVENTS):
            server.seized("fama", on="2023-11-14", summary=f"{each} {LONG}")
        yield server


@pytest.fixture(scope="module")
def address(told: Server) -> Iterator[str]:
    limits = ConnectionLimits(unread_seconds=4)
    with serving(told.http.app, lifespan="off", limits=limits) as url:
        yield url


def narrow(address: str) -> socket.socket:
    """A connection that takes little at a time."""
    where = urlsplit(address)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    made.settimeout(PATIENCE)
    made.connect((where.hostname, where.port))
    return made


def delivered(told: Server) -> int:
    """How many results were ever handed over to connections."""
    assert isinstance(told.http, TestClient)
    number: int = told.http.app.state.subscriptions.delivered  # type: ignore[attr-defined]
    return number


def settled(told: Server) -> int:
    """The same, once nothing more is handed over."""
    before = -1
    while before != (before := delivered(told)):
        time.sleep(0.5)
    return before


def test_what_a_slow_client_has_not_read_waits_in_the_views(address: str, told: Server) -> None:
    before, where = delivered(told), address.replace("http", "ws", 1) + "/graphql"
    head = told.head
    with connect(
        where,
        sock=narrow(address),
        subprotocols=[PROTOCOL],  # type: ignore[list-item]
        compression=None,
        max_queue=1,
    ) as connection:
        slow = Socket(connection)
        slow.init()
        slow.subscribe(BIG)
        assert settled(told) - before < head / 2
        found = slow.results(head, "eventRecorded")
        assert [each["position"] for each in found] == [*range(1, head + 1)]
        assert delivered(told) - before == head


@pytest.mark.parametrize("over", ["ws", "sse"])
def test_a_client_that_reads_nothing_is_cut_off_and_others_are_told_in_time(
    address: str, told: Server, over: str
) -> None:
    subscriptions = told.http.app.state.subscriptions  # type: ignore[attr-defined]
    assert subscriptions.places.open == 0
    with closing(narrow(address)) as deaf:
        if over == "ws":
            deaf.sendall(_upgrade())
            assert deaf.recv(1)
            deaf.sendall(_frame({"type": "connection_init"}))
            deaf.sendall(_frame({"type": "subscribe", "id": "1", "payload": {"query": BIG}}))
        else:
            head = f"GET /graphql?query={quote(BIG)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            deaf.sendall(f"{head}Accept: text/event-stream\r\n\r\n".encode())
        until(lambda: subscriptions.places.open == 1)
        with socket_to(address) as good:
            good.init()
            good.subscribe("subscription { eventRecorded { position } }")
            good.subscribe("{ ledger { position } }", "2")
            assert good.hear()["payload"]["data"]["ledger"]["position"] == told.head
            assert good.hear()["type"] == "complete"
            threading.Timer(0.1, lambda: told.later_report(f"2024-01-0{len(over)}")).start()
            assert good.results(1, "eventRecorded")[0]["position"] == told.head
        until(lambda: subscriptions.places.open == 0)


def _upgrade() -> bytes:
    return (
        b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )


def _frame(message: object) -> bytes:
    payload = json.dumps(message).encode()
    return b"\x81\xfe" + len(payload).to_bytes(2, "big") + b"\x00" * 4 + payload
