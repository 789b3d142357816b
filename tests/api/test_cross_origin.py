"""Answers: which pages of other sites may read our answers, and what may they do?"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from infra.settings import Settings
from tests.api.server import Server, describe_the_world, server_at
from tests.keys import token_of, write_keys

MAP, OTHER = "https://map.example.org", "https://evil.example.org"
QUERY = '{ control(location: "kidal", at: "2023-11-20", position: 17) { status } }'
PATHS = ["/graphql?query={ledger{position}}", "/readyz", "/healthz", "/tlog/checkpoint", "/nowhere"]
EXPORT = "/export/control.csv?on=2023-11-20"
ALLOWED, VARY = "access-control-allow-origin", "vary"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def varies(answer: Any) -> set[str]:
    return {each.strip() for each in answer.headers.get(VARY, "").split(",") if each.strip()}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return write_keys(tmp_path / "keys.json", {"reader": ["read"]})


def closed_to_others(server: Server, path: str) -> None:
    answer = server.http.get(path, headers={"Origin": OTHER})
    assert ALLOWED not in answer.headers
    assert "access-control-expose-headers" not in answer.headers


def test_nothing_is_open_to_pages_of_other_sites_by_default(tmp_path: Path, keys: Path) -> None:
    with server_at(tmp_path, keys=keys, read="anybody") as server:
        for path in [*PATHS, EXPORT]:
            closed_to_others(server, path)
            assert "Origin" not in varies(server.http.get(path))
        asked = server.http.options("/graphql", headers={"Origin": MAP, **PREFLIGHT})
        assert ALLOWED not in asked.headers


def test_pages_of_a_named_origin_read_every_answer(tmp_path: Path, keys: Path) -> None:
    with server_at(tmp_path, keys=keys, read="anybody", cors_origins=f"{MAP}, x://y") as server:
        for path in [*PATHS, EXPORT]:
            answer = server.http.get(path, headers={"Origin": MAP})
            assert answer.headers[ALLOWED] == MAP
            assert "Origin" in varies(answer)
            assert "ETag" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers
            closed_to_others(server, path)
            # What a cache has kept for nobody's page is not given to a page.
            assert "Origin" in varies(server.http.get(path))
        both = server.http.get("/healthz", headers=[("Origin", MAP), ("Origin", OTHER)])
        assert ALLOWED not in both.headers


def test_a_page_asks_beforehand_without_a_token(tmp_path: Path, keys: Path) -> None:
    with server_at(tmp_path, keys=keys, read="keys", cors_origins=MAP) as server:
        for path in ("/graphql", EXPORT, "/readyz"):
            answer = server.http.options(path, headers={"Origin": MAP, **PREFLIGHT})
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers[ALLOWED] == MAP
            assert "Authorization" in answer.headers["access-control-allow-headers"]
            assert "POST" in answer.headers["access-control-allow-methods"]
        refused = server.http.options("/graphql", headers={"Origin": OTHER, **PREFLIGHT})
        assert refused.status_code == 403
        assert ALLOWED not in refused.headers
        # Without the header of a preflight it is a request like any other.
        assert server.http.options("/graphql", headers={"Origin": MAP}).status_code == 401


def test_a_page_can_read_why_it_was_refused(tmp_path: Path, keys: Path) -> None:
    with server_at(tmp_path, keys=keys, read="keys", cors_origins=MAP) as server:
        refused = server.http.post("/graphql", json={"query": QUERY}, headers={"Origin": MAP})
        assert (refused.status_code, refused.headers[ALLOWED]) == (401, MAP)
        assert "WWW-Authenticate" in refused.headers["access-control-expose-headers"]
        token = {"Authorization": f"Bearer {token_of('reader')}", "Origin": MAP}
        assert server.http.get("/graphql?query={ledger{rule}}", headers=token).status_code == 200
        malformed = server.http.post("/graphql", content=b"{", headers=token)
        assert (malformed.status_code, malformed.headers[ALLOWED]) == (415, MAP)


def test_with_a_star_one_answer_is_good_for_every_page(tmp_path: Path, keys: Path) -> None:
    with server_at(tmp_path, keys=keys, read="anybody", cors_origins="*") as server:
        for headers in ({"Origin": OTHER}, {"Origin": MAP}, {"Origin": "null"}, {}):
            answer = server.http.get("/graphql?query={ledger{position}}", headers=headers)
            assert answer.headers[ALLOWED] == "*"
            assert "Origin" not in varies(answer)
            assert "access-control-allow-credentials" not in answer.headers


def test_a_page_that_the_owner_named_is_local_without_keys(tmp_path: Path) -> None:
    dev = "http://localhost:5173"
    page = {"Origin": dev, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}
    with server_at(tmp_path, cors_origins=dev) as server:
        describe_the_world(server)
        asked = {"query": "{ ledger { position } }"}
        answer = server.http.post("/graphql", json=asked, headers=page)
        assert (answer.status_code, answer.headers[ALLOWED]) == (200, dev)
        other = server.http.post("/graphql", json=asked, headers={**page, "Origin": OTHER})
        assert other.status_code == 403
        picture = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        assert server.http.get("/graphql?query={ledger{rule}}", headers=picture).status_code == 403
        elsewhere = server.http.post("/graphql", json=asked, headers={**page, "Host": "a.example"})
        assert elsewhere.status_code == 421


@pytest.mark.parametrize(
    ("origins", "headers", "is_refused"),
    [
        ("", {}, False),
        ("", {"Origin": "http://127.0.0.1"}, False),
        ("", {"Origin": OTHER}, True),
        (MAP, {"Origin": MAP}, False),
        (MAP, {"Origin": OTHER}, True),
        (MAP, {"Origin": "null"}, True),
        ("*", {"Origin": OTHER}, False),
    ],
)
def test_a_page_of_another_site_opens_no_web_socket(
    tmp_path: Path, keys: Path, origins: str, headers: dict[str, str], is_refused: bool
) -> None:
    with server_at(tmp_path, keys=keys, read="anybody", cors_origins=origins) as server:
        opening = server.http.websocket_connect("ws://127.0.0.1/nowhere", headers=headers)
        with pytest.raises(WebSocketDisconnect) as closed, opening:
            pass
        denied = closed.value if isinstance(closed.value, WebSocketDenialResponse) else None
        assert (denied is not None and denied.status_code == 403) is is_refused


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (f"{MAP}/", "a slash at the end"),
        (f"{MAP}/app", "without a path"),
        ("map.example.org", "write scheme, host and port"),
        ("null", "write scheme, host and port"),
        ("https://Map.example.org", "in small letters"),
        ("https://*.example.org", "write scheme, host and port"),
        ("https://user@map.example.org", "write scheme, host and port"),
        (f"{MAP}:443", "browsers leave out the port 443"),
        ("http://a.example:80", "browsers leave out the port 80"),
        (f"{MAP}, *", "stands for all"),
        ("*", "TENURE_CORS_ORIGINS=* needs TENURE_KEYS"),
        ("https://" + "9" * 5_000, None),
        ("https://a:" + "9" * 5_000, "write scheme, host and port"),
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused_at_the_start(
    given: str, why: str | None
) -> None:
    if why is None:
        assert Settings.of({"TENURE_CORS_ORIGINS": given}).cors_origins == {given}
        return
    with pytest.raises(ValidationError) as refused:
        Settings.of({"TENURE_CORS_ORIGINS": given})
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "given", [MAP, "http://localhost:5173", "http://[::1]:3000", "tauri://localhost", ""]
)
def test_origins_are_taken_as_browsers_send_them(given: str) -> None:
    told = Settings.of({"TENURE_CORS_ORIGINS": given}).cors_origins
    assert told == ({given} if given else frozenset())
