"""A kept answer is given before the layers of the server: is it the one that they would give?"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http.kept_first import KeptFirst, ReadOncePerTurn
from tests.api.server import Server, describe_the_world, server_at
from tests.keys import token_of, write_keys

CLOSED = '{ control(location: "kidal", at: "2023-11-20", position: 17) { status } }'
NOW = '{ control(location: "kidal", at: "2023-11-20") { holders { slug } } }'
MAP = "https://map.example.org"
POSITION = "tenure-position"


@pytest.fixture
def given_first(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses of the answers given first."""
    given = list[int]()
    give = KeptFirst.give

    async def counting(self: KeptFirst, found: Any, scope: Any, send: Any) -> None:
        given.append(found.reply.status)
        await give(self, found, scope, send)

    monkeypatch.setattr(KeptFirst, "give", counting)
    return given


def world(server: Server) -> Server:
    describe_the_world(server)
    server.seized("fama", on="2023-11-14")
    return server


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Server]:
    with server_at(tmp_path) as server:
        yield world(server)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return write_keys(tmp_path / "keys", {"reader": ["read"], "w": ["record"]})


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({}, {}),
        ({"read": "keys"}, {"authorization": f"Bearer {token_of('reader')}"}),
        ({"read": "anybody"}, {}),
        ({"read": "anybody", "cors_origins": MAP}, {"origin": MAP}),
        ({"read": "anybody", "cors_origins": MAP}, {"origin": "https://other.example.org"}),
        ({"read": "anybody", "cors_origins": "*"}, {}),
    ],
)
@pytest.mark.parametrize("query", [CLOSED, NOW])
def test_it_is_the_same_to_the_last_header(
    tmp_path: Path,
    keys: Path,
    given_first: list[int],
    settings: dict[str, Any],
    headers: dict[str, str],
    query: str,
) -> None:
    keyed: dict[str, Any] = {"keys": keys} if settings else {}
    with server_at(tmp_path, **keyed, **settings) as server:
        if settings:
            server.http.headers["authorization"] = f"Bearer {token_of('w')}"
        world(server)
        server.http.headers.pop("authorization", None)
        first, again = (server.get(query, **headers) for _ in range(2))
        assert (again.status_code, again.content) == (200, first.content)
        assert again.headers == first.headers
        unchanged = server.get(query, **headers, **{"if-none-match": first.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert given_first == [200, 304]


def test_nobody_passes_the_wall_by_it(tmp_path: Path, keys: Path, given_first: list[int]) -> None:
    with server_at(tmp_path, keys=keys, read="keys") as server:
        server.http.headers["authorization"] = f"Bearer {token_of('w')}"
        world(server).get(CLOSED)
        assert server.get(CLOSED).status_code == 200
        for token in ("Bearer unknown", "Basic x", ""):
            refused = server.get(CLOSED, authorization=token)
            assert (refused.status_code, refused.json()["detail"][:4]) == (401, "this")
        reader = {"authorization": f"Bearer {token_of('reader')}"}
        assert server.get(CLOSED, **reader).status_code == 200
        write_keys(keys, {"w": ["record"]})
        server.http.app.kept_first._gate.reload()  # type: ignore[attr-defined]
        assert server.get(CLOSED, **reader).status_code == 401
    assert given_first == [200, 200]


def test_a_page_of_another_site_and_a_proxy_are_refused(
    told: Server, given_first: list[int]
) -> None:
    told.get(CLOSED)
    for headers in ({"origin": MAP}, {"x-forwarded-for": "192.0.2.1"}, {"via": "1.1 x"}):
        assert told.get(CLOSED, **headers).status_code == 403
    assert given_first == []


def test_whoever_names_a_position_waits_for_it(told: Server, given_first: list[int]) -> None:
    told.get(CLOSED)
    assert told.get(CLOSED, **{POSITION: "x"}).status_code == 400
    assert told.get(CLOSED, **{POSITION: "17"}).status_code == 200
    assert given_first == []


def test_an_entry_ends_what_was_known_before(told: Server, given_first: list[int]) -> None:
    before, again = told.get(NOW), told.get(NOW)
    told.seized("csp", on="2023-11-15", report="un-1")
    after = told.get(NOW)
    assert (before.content, b'"csp"' in after.content) == (again.content, True)
    assert given_first == [200]


def test_the_metrics_tell_of_it(told: Server, given_first: list[int]) -> None:
    for _ in range(3):
        told.get(CLOSED)
    page = told.http.get("/metrics").text
    assert 'tenure_requests_total{document="",kind="query",route="/graphql",status="200"} 3' in page
    assert "tenure_kept_answers_given_total 2.0" in page
    assert given_first == [200, 200]


def test_what_is_read_once_is_read_again_in_the_next_turn() -> None:
    read = list[int]()

    def now() -> int:
        read.append(len(read))
        return read[-1]

    once = ReadOncePerTurn(now)

    async def asked() -> int:
        return once()

    async def both_turns() -> list[int]:
        together = await asyncio.gather(asked(), asked(), asked())
        return [*together, *await asyncio.gather(asked(), asked())]

    assert asyncio.run(both_turns()) == [0, 0, 0, 1, 1]
