"""Connections of strangers: none holds a place for ever, and a good client finds one."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from api.http.connections import BoundedConnection, ConnectionLimits
from api.http.log_flood import FloodFilter
from tests.api.serving import serving

LONG = b"x" * 40_000_000
"""A response longer than the buffers of two sockets."""
QUICK = ConnectionLimits(head_seconds=0.4, body_seconds=0.4, unread_seconds=0.4, connections=5)
CUT_OFF = (ConnectionResetError, BrokenPipeError)
SOON = 5.0
"""The seconds within which a test expects an end."""


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body; /long at length, /early before the body has come."""
    request = Request(scope, receive)
    answer: Response
    if scope["path"] == "/long":
        answer = Response(LONG)
    elif scope["path"] == "/early":
        answer = PlainTextResponse("early")
    else:
        try:
            answer = PlainTextResponse(str(len(await request.body())))
        except ClientDisconnect:
            return
    await answer(scope, receive, send)


@pytest.fixture
def address(caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    for name in ("uvicorn.error", "api.http.connections"):
        logging.getLogger(name).filters.clear()
    with serving(echo, lifespan="off", limits=QUICK) as address:
        yield address


@contextmanager
def connected(address: str, sent: bytes = b"") -> Iterator[socket.socket]:
    where = urlsplit(address)
    with closing(socket.create_connection((where.hostname, where.port), timeout=SOON)) as client:
        client.sendall(sent)
        yield client


def everything(client: socket.socket) -> bytes:
    """All that arrives until the server closes the connection."""
    told = b""
    while True:
        try:
            part = client.recv(1 << 16)
        except ConnectionResetError:
            return told
        if not part:
            return told
        told += part


def drip(client: socket.socket, data: bytes) -> None:
    """Sends the same bytes again and again, with hardly a pause."""
    ends = time.monotonic() + SOON
    while time.monotonic() < ends:
        client.sendall(data)
        time.sleep(0.05)


def asked(address: str) -> str:
    with urlopen(address, timeout=SOON) as answer:
        return str(answer.read().decode())


def test_a_connection_that_sends_nothing_is_closed(address: str) -> None:
    with connected(address) as client:
        assert everything(client) == b""


def test_a_connection_that_sends_empty_lines_is_closed(address: str) -> None:
    with connected(address) as client, pytest.raises(CUT_OFF):
        drip(client, b"\r\n")


@pytest.mark.parametrize(
    "begun", [b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"GET /", b"POST / HTTP/1.1\r\nHost: a\r\n"]
)
def test_a_head_that_arrives_slowly_is_refused(address: str, begun: bytes) -> None:
    with connected(address, begun) as client:
        assert everything(client).startswith(b"HTTP/1.1 408 ")


def test_a_head_of_single_bytes_is_refused_though_something_always_comes(address: str) -> None:
    with connected(address, b"GET / HTTP/1.1\r\nX: ") as client, pytest.raises(CUT_OFF):
        drip(client, b"x")


def test_a_body_that_arrives_slowly_is_refused(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"
    with connected(address, head) as client:
        assert everything(client).startswith(b"HTTP/1.1 408 ")


def test_a_body_in_chunks_without_end_is_refused(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
    with connected(address, head) as client:
        assert everything(client).startswith(b"HTTP/1.1 408 ")


def test_a_body_without_end_after_an_early_answer_is_closed(address: str) -> None:
    head = b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    with connected(address, head) as client:
        assert everything(client).endswith(b"early")


def test_a_connection_that_is_silent_after_a_late_body_is_closed(address: str) -> None:
    head = b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    with connected(address, head) as client:
        time.sleep(0.1)
        client.sendall(b"abc")
        assert everything(client).endswith(b"early")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 66_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 66_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 12_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 1_000_000,
    ],
    ids=["value", "address", "lines", "endless"],
)
def test_headers_above_64_kib_are_refused(address: str, head: bytes) -> None:
    with connected(address) as client:
        with suppress(*CUT_OFF):
            client.sendall(head)
        assert everything(client).startswith(b"HTTP/1.1 431 ")


def test_headers_below_64_kib_and_a_long_body_are_answered(address: str) -> None:
    body = b"b" * 500_000
    head = b"X: " + b"x" * 64_000 + f"\r\nContent-Length: {len(body)}".encode()
    request = b"POST / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\nConnection: close\r\n\r\n" + body
    with connected(address, request) as client:
        assert everything(client).endswith(b"500000")


def test_trailers_above_64_kib_end_the_connection(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    with connected(address, head + b"X: y\r\n" * 12_000) as client:
        assert b"431" in everything(client)[:20]


def test_a_response_that_nobody_reads_is_given_up(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(address, b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n") as client:
        time.sleep(1.5)
        assert len(everything(client)) < len(LONG)
    assert "did not read its response" in caplog.text


def test_a_response_that_is_read_slowly_arrives_whole(address: str) -> None:
    with connected(address, b"GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") as slow:
        told = 0
        while part := slow.recv(2_000_000):
            told += len(part)
            time.sleep(0.02)
    assert told > len(LONG)


def test_those_that_wait_longest_make_room_for_a_good_client(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(connected(address)) for _ in range(QUICK.connections)]
        for _ in range(3):
            assert asked(address) == "0"
        assert everything(silent[0]) == b""
    assert "more than 5 connections" in caplog.text


def test_connections_without_number_leave_no_more_than_the_limit(address: str) -> None:
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(connected(address))
        assert asked(address) == "0"


def test_a_flood_of_one_message_is_counted_and_not_logged() -> None:
    flood = FloodFilter(most=3, seconds=0.2)

    def passes(number: int) -> bool:
        record = logging.LogRecord("a", logging.WARNING, "", 0, "refused %d", (number,), None)
        return flood.filter(record)

    assert [passes(number) for number in range(5)] == [True, True, True, False, False]
    time.sleep(0.25)
    record = logging.LogRecord("a", logging.WARNING, "", 0, "refused %d", (9,), None)
    assert flood.filter(record)
    assert record.getMessage() == "refused 9 (and 2 like it since the last)"


def test_limits_fit_the_files_that_the_process_may_open() -> None:
    assert 1 <= ConnectionLimits().within_open_files().connections <= ConnectionLimits().connections
    assert ConnectionLimits(connections=10).within_open_files() == ConnectionLimits(connections=10)


def test_every_connection_is_forgotten_when_it_ends(address: str) -> None:
    kinds = [kind for kind in BoundedConnection.__subclasses__() if kind.limits is QUICK]
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(connected(address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        assert asked(address) == "0"
    ends = time.monotonic() + SOON
    while any(kind.waiting for kind in kinds) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(kind.waiting for kind in kinds)
