"""Answers: what does a caching proxy in front of a node keep, and to whom does it give it?"""

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.keys import token_of, write_keys
from tests.proxies import nginx_program, proxied

CLOSED = '{ control(location: "kidal", at: "2023-11-20", position: 17) { holders { name } } }'
OPEN = '{ control(location: "kidal", at: "2023-11-20") { holders { name } } }'
MANY = 12


class Got(NamedTuple):
    status: int
    body: bytes
    headers: Any


class Counting:
    """Counts the requests that reach the server, and how many were there at once."""

    def __init__(self, app: ASGIApp, seconds: float = 0.2) -> None:
        self._app, self._seconds = app, seconds
        self.reached: Counter[str] = Counter()
        self.inside, self.most = 0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.reached[scope["path"]] += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
            await asyncio.sleep(self._seconds)  # so that all who ask at once are there at once
            self.inside -= 1
        await self._app(scope, receive, send)


class Proxied(NamedTuple):
    url: str
    counting: Counting
    server: Server

    def ask(self, query: str, **headers: str) -> Got:
        return self.get(f"/graphql?query={quote(query)}", **headers)

    def get(self, path: str, **headers: str) -> Got:
        try:
            with urlopen(Request(f"{self.url}{path}", headers=headers), timeout=30) as answer:
                return Got(answer.status, answer.read(), answer.headers)
        except HTTPError as refused:
            with refused:
                return Got(refused.code, refused.read(), refused.headers)

    def at_once(self, query: str) -> list[Got]:
        with ThreadPoolExecutor(MANY) as clients:
            return list(clients.map(self.ask, [query] * MANY))


@pytest.fixture(scope="session")
def nginx() -> Path:
    return nginx_program()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return write_keys(tmp_path / "keys.json", {"reader": ["read"], "auditor": ["audit"]})


@contextmanager
def behind(nginx: Path, tmp_path: Path, keys: Path, **settings: Any) -> Iterator[Proxied]:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        server.seized("fama", on="2023-11-14")
    folder = tmp_path / "nginx"
    folder.mkdir()
    with server_at(tmp_path, keys=keys, **settings) as server:
        counting = Counting(server.http.app)
        with (
            serving(counting, lifespan="off") as url,
            proxied(nginx, folder, url) as proxy,
        ):
            yield Proxied(proxy, counting, server)


def test_an_answer_for_ever_reaches_the_node_once_for_many_clients(
    nginx: Path, tmp_path: Path, keys: Path
) -> None:
    with behind(nginx, tmp_path, keys, read="anybody") as proxy:
        answers = proxy.at_once(CLOSED)
        answers += proxy.at_once(CLOSED)
        assert proxy.counting.reached["/graphql"] == 1
    bodies = {each.body for each in answers}
    assert [json.loads(each)["data"]["control"]["holders"] for each in bodies] == [
        [{"name": "FAMa"}]
    ]
    assert {each.status for each in answers} == {200}
    kept = Counter(each.headers["Tenure-Cache"] for each in answers)
    assert kept == {"MISS": 1, "HIT": 2 * MANY - 1}


def test_an_answer_of_now_is_asked_for_each_time_and_nobody_waits_for_another(
    nginx: Path, tmp_path: Path, keys: Path
) -> None:
    with behind(nginx, tmp_path, keys, read="anybody") as proxy:
        answers = proxy.at_once(OPEN)
        assert proxy.counting.reached["/graphql"] == MANY
        assert proxy.counting.most > 1
        assert {each.headers["Cache-Control"] for each in answers} == {"no-cache"}


def test_media_types_and_origins_are_kept_apart(nginx: Path, tmp_path: Path, keys: Path) -> None:
    media = ("application/json", "application/graphql-response+json")
    page = "https://map.example.org"
    with behind(nginx, tmp_path, keys, read="anybody", cors_origins=page) as proxy:
        for _ in range(2):
            for accept in media:
                answer = proxy.ask(CLOSED, Accept=accept)
                assert answer.headers["Content-Type"] == f"{accept}; charset=utf-8"
                assert answer.headers["Access-Control-Allow-Origin"] is None
            of_page = proxy.ask(CLOSED, Accept=media[0], Origin=page)
            assert of_page.headers["Access-Control-Allow-Origin"] == page
        assert proxy.counting.reached["/graphql"] == 3


def test_what_needs_a_token_is_kept_for_nobody(nginx: Path, tmp_path: Path, keys: Path) -> None:
    reader = {"Authorization": f"Bearer {token_of('reader')}"}
    with behind(nginx, tmp_path, keys, read="keys") as proxy:
        for number in range(1, 4):
            told = proxy.ask(CLOSED, **reader)
            assert (told.status, told.headers["Cache-Control"].split(",")[0]) == (200, "private")
            assert proxy.ask(CLOSED).status == 401
            assert proxy.ask(CLOSED, Authorization="Bearer guessed").status == 401
            assert proxy.counting.reached["/graphql"] == 3 * number


def test_what_an_auditor_reads_is_given_to_no_other_reader(
    nginx: Path, tmp_path: Path, keys: Path
) -> None:
    query = (
        '{ control(location: "kidal", at: "2023-11-20", position: 17) { evidence { recordedBy } } }'
    )
    auditor = {"Authorization": f"Bearer {token_of('auditor')}"}

    def recorders(answer: Got) -> list[str | None]:
        evidence = json.loads(answer.body)["data"]["control"]["evidence"]
        return [each["recordedBy"] for each in evidence]

    with behind(nginx, tmp_path, keys, read="anybody") as proxy:
        for _ in range(2):
            assert recorders(proxy.ask(query, **auditor)) == ["local"]
            assert recorders(proxy.ask(query)) == [None]
        assert proxy.counting.reached["/graphql"] == 4


def test_a_refusal_is_not_kept(nginx: Path, tmp_path: Path, keys: Path) -> None:
    query = '{ control(location: "kidal", at: "2023-11-20", position: 18) { status } }'
    with behind(nginx, tmp_path, keys, read="anybody") as proxy:
        assert "NotRecordedYet" in proxy.ask(query).body.decode()
        assert "NotRecordedYet" in proxy.ask(query).body.decode()
        assert proxy.counting.reached["/graphql"] == 2


# ---- what flows --------------------------------------------------------------------------------


def test_a_stream_of_events_passes_as_it_comes(nginx: Path, tmp_path: Path) -> None:
    go_on = threading.Event()

    async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
        kind = (b"content-type", b"text/event-stream")
        await send({"type": "http.response.start", "status": 200, "headers": [kind]})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await asyncio.to_thread(go_on.wait, 20)
        await send({"type": "http.response.body", "body": b"data: 2\n\n"})

    with serving(streaming, lifespan="off") as url, proxied(nginx, tmp_path, url) as proxy:
        asked = Request(f"{proxy}/graphql?position=1", headers={"Accept": "text/event-stream"})
        with urlopen(asked, timeout=10) as answer:
            assert answer.readline() == b"data: 1\n"  # before the second was sent
            assert answer.headers["Tenure-Cache"] is None
            go_on.set()
            assert answer.read() == b"\ndata: 2\n\n"


def test_a_web_socket_passes(nginx: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told: list[bytes] = []
        serving = threading.Thread(target=_echo, args=(listening, told))
        serving.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with proxied(nginx, tmp_path, url) as proxy:
            host, _, port = proxy.removeprefix("http://").partition(":")
            with socket.create_connection((host, int(port)), timeout=10) as client:
                client.sendall(
                    b"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
                )
                assert client.recv(1_000).startswith(b"HTTP/1.1 101")
                client.sendall(b"hello")
                assert client.recv(1_000) == b"hello"
        serving.join(10)
    assert b"Upgrade: websocket" in told[0]


def _echo(listening: socket.socket, told: list[bytes]) -> None:
    """Accepts an upgrade and sends back what it is sent; nginx's look at the port comes first."""
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(10)
        told.append(connection.recv(10_000))
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        )
        while sent := connection.recv(1_000):
            connection.sendall(sent)
