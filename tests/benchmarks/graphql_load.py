"""How many requests does a server answer in a second?

One process beside the servers sends prepared bytes over a few connections that are kept alive,
each with one request under way, and only counts what comes back: the less it does, the less it
takes from the servers on the same machine.
"""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from multiprocessing import get_context

CONNECTIONS = 16


class BadAnswer(Exception):
    """A server answered with something else than a whole answer without errors."""


@dataclass(frozen=True, slots=True)
class Load:
    """Requests for one server, as bytes; they are sent in turn, and again from the first."""

    port: int
    requests: Sequence[bytes]


def rate(load: Load, *, seconds: float, connections: int = CONNECTIONS) -> float:
    """Answers in a second. Raises BadAnswer."""
    requests = cycle(load.requests)
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            asking = _Asking(socket.create_connection(("127.0.0.1", load.port)))
            selector.register(asking.socket, selectors.EVENT_READ, asking)
            asking.socket.sendall(next(requests))
        try:
            return _count(selector, requests, seconds)
        finally:
            for key in list(selector.get_map().values()):
                key.data.socket.close()


@contextmanager
def loading(seconds: float) -> Iterator[Callable[..., float]]:
    """The process beside the servers that sends requests and counts answers."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        yield lambda load, connections: beside.submit(
            rate, load, seconds=seconds, connections=connections
        ).result()


def ask(port: int, request: bytes) -> bytes:
    """The body of the answer to one request. Raises BadAnswer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        asking = _Asking(connection)
        connection.sendall(request)
        while not (body := asking.receive()):
            pass
        return body


def post(body: bytes) -> bytes:
    """A GraphQL request by POST."""
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    return head % len(body) + body


def get(target: str) -> bytes:
    """Any request by GET."""
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n".encode()


class _Asking:
    """One connection, and what came of the answer so far."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connected
        self._parts: list[bytes] = []
        self._missing = 0

    def receive(self) -> bytes:
        """The body once it is whole, until then nothing."""
        part = self.socket.recv(1 << 20)
        if not part:
            raise BadAnswer("the server hung up")
        self._parts.append(part)
        self._missing -= len(part)
        if self._missing > 0:
            return b""
        head, blank, body = b"".join(self._parts).partition(b"\r\n\r\n")
        if not blank:
            return b""
        fields = head.lower()
        start = fields.find(b"content-length:")
        if start < 0 or b" 200 " not in fields[:16]:
            raise BadAnswer(head.decode())
        whole = int(fields[start + 15 : start + 26].split(b"\r\n")[0])
        if (missing := whole - len(body)) > 0:
            self._missing = missing
            return b""
        if b'"errors"' in body[:20] or b'"errors"' in body[-20_000:]:
            raise BadAnswer(body[:1_000].decode())
        self._parts, self._missing = [], 0
        return body


def _count(selector: selectors.BaseSelector, requests: "cycle[bytes]", seconds: float) -> float:
    answered, started = 0, time.perf_counter()
    while (now := time.perf_counter()) < started + seconds or not answered:
        for key, _ in selector.select(timeout=10):
            if key.data.receive():
                answered += 1
                key.data.socket.sendall(next(requests))
    return answered / (now - started)
