"""Answers: is every route answered to everybody as the table in docs/run.md says?"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Match
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from api.http.app import create_app
from infra.log.key_files import write_signer_key
from infra.log.signed_notes import SignedNote
from infra.settings import Settings
from tests.api.server import Server, describe_the_world, server_at
from tests.api.test_jwt_tokens import AUDIENCE, ED, ISSUER, public, token
from tests.api.test_serving import until
from tests.console.browser import built
from tests.console.built_files import script
from tests.keys import token_of, write_keys, write_private
from tests.logs import SIGNER, WITNESS
from tests.pages import PAGES

MUTATION = """mutation { registerActor(input: {actor: "fama", name: "FAMa", kind: STATE_FORCE}) {
  ... on Recorded { position } ... on Refused { code } } }"""
REPLAY = '{ replay(location: "kidal", at: "2023-11-20") { rule } }'
RECORDER = "{ events(first: 1) { nodes { recordedBy } } }"
QUESTION = '{ control(location: "kidal", at: "2023-11-20", position: 5) { status } }'
STREAM = "subscription { eventRecorded(after: 99999) { position } }"
"""It is refused by the ledger, if by nobody before."""
SOCKET, BROWSER = "a WebSocket", "a browser"
REQUESTS: dict[str, tuple[str, str | None]] = {
    "`/healthz`": ("/healthz", None),
    "`/readyz`": ("/readyz", None),
    "`/graphql`, a question": ("/graphql", QUESTION),
    "`/graphql`, a mutation": ("/graphql", MUTATION),
    "`/graphql`, an event stream": ("/graphql", STREAM),
    "`/graphql`, WebSocket": ("/graphql", SOCKET),
    "`/graphql`, `replay`": ("/graphql", REPLAY),
    "`/graphql`, `recordedBy`": ("/graphql", RECORDER),
    "`/metrics`": ("/metrics", None),
    "`/tlog/checkpoint`": ("/tlog/checkpoint", None),
    "`/tlog/cosigned`": ("/tlog/cosigned", None),
    "`/tlog/timestamps.jsonl`": ("/tlog/timestamps.jsonl", None),
    "`/tlog/tile/...`, hashes": ("/tlog/tile/0/000.p/5", None),
    "`/tlog/tile/entries/...`": ("/tlog/tile/entries/000.p/5", None),
    "`/export/...`": ("/export/control.csv?on=2023-11-20", None),
    "`/export/...` with `recorded-by`": ("/export/events.csv?recorded-by=true", None),
    "`/map/...`": ("/map/places", None),
    "`/map.geojson`": ("/map.geojson?at=2023-11-20", None),
    "`/`, the page": ("/", None),
    "`/console/...`": ("/console/SCRIPT", None),
    "`/graphql`, opened in a browser": ("/graphql", BROWSER),
    "any other path": ("/nowhere", None),
}
"""The path of each row, and the document that is posted."""
SCOPES = {"nobody": [], "reader": ["read"], "writer": ["record"], "auditor": ["audit"]}
PROXIED = {"X-Forwarded-For": "192.0.2.1"}


def bearer(given: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {given}"}


def refused_tokens() -> list[str]:
    past = int(time.time()) - 3_600
    return [
        *("unknown", token_of("late"), token(ED, "EdDSA", "another key", scope="audit")),
        token(ED, "EdDSA", "ed", scope="audit", exp=past),
        token(ED, "EdDSA", "ed", scope="audit", aud="another"),
    ]


COLUMNS: dict[str, tuple[str, list[dict[str, str]]]] = {
    "no keys, loopback": ("open", [{}]),
    "no keys, proxied": ("open", [PROXIED]),
    "anybody, no token": ("anybody", [{}]),
    "keys, no token": ("keys", [{}]),
    "no scope": ("keys", [bearer(token_of("nobody"))]),
    "`read`": ("keys", [bearer(token_of("reader"))]),
    "`record`": ("keys", [bearer(token_of("writer"))]),
    "`audit`": ("keys", [bearer(token_of("auditor"))]),
    "JWT `read`": ("keys", [bearer(token(ED, "EdDSA", "ed", scope="read"))]),
    "refused token": ("keys", [bearer(each) for each in refused_tokens()]),
}
"""The node that is asked in each column, and the headers; all of them are answered the same."""


@contextmanager
def node(folder: Path, mode: str) -> Iterator[Server]:
    """A node that signs its log and knows the world, with keys or without."""
    folder.mkdir()
    write_signer_key(folder / "log.key", SIGNER)
    (folder / "witnesses").write_text(f"{WITNESS.verifier}\n")
    settings: dict[str, Any] = {
        "signing_key": folder / "log.key",
        "witnesses": folder / "witnesses",
    }
    if mode != "open":
        settings |= with_keys(folder) | {"read": mode}
    with server_at(folder, **settings) as server:
        server.http.headers |= bearer(token_of("writer"))
        describe_the_world(server)
        server.seized("fama", on="2023-11-14")
        until(lambda: server.http.get("/readyz").json()["log"]["lag"] == 0)
        cosign(server)
        del server.http.headers["authorization"]
        yield server


def with_keys(folder: Path) -> dict[str, Any]:
    keys = write_keys(folder / "keys.json", SCOPES)
    late = write_keys(folder / "late.json", {"late": ["audit"]}, expires="2024-01-31")
    write_private(keys, json.dumps(json.loads(keys.read_text()) | json.loads(late.read_text())))
    jwks = write_private(folder / "jwks.json", json.dumps({"keys": [public(ED, kid="ed")]}))
    return {"keys": keys, "jwt_keys": jwks, "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}


def cosign(server: Server) -> None:
    log = server.http.app.state.node.log  # type: ignore[attr-defined]
    note = SignedNote.parse(str(log.checkpoint()))
    made = WITNESS.cosign(note.text, at=1_700_000_000)
    log.add_cosignatures(SignedNote(note.text, (*note.signatures, made)))


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    built()
    folder = tmp_path_factory.mktemp("nodes")
    with ExitStack() as stack:
        modes = ("open", "anybody", "keys")
        yield {mode: stack.enter_context(node(folder / mode, mode)) for mode in modes}


def outcome(server: Server, path: str, document: str | None, headers: dict[str, str]) -> str:
    """The cell of the table."""
    if document is None:
        answer = server.http.get(path.replace("SCRIPT", script().name), headers=headers)
        is_brief = path == "/readyz" and set(answer.json()) == {"ready"}
        return f"{answer.status_code}{' brief' if is_brief else ''}"
    if document == BROWSER:
        headers = headers | {"Accept": "text/html"}
        return str(server.http.get(path, headers=headers).status_code)
    if document == SOCKET:
        return outcome_of_socket(server, path, headers)
    if document == STREAM:
        headers = headers | {"Accept": "text/event-stream"}
        answer = server.http.post(path, json={"query": document}, headers=headers)
        return "200" if "NotRecordedYet" in answer.text else str(answer.status_code)
    answer = server.http.post(path, json={"query": document}, headers=headers)
    if answer.status_code != 200:
        return str(answer.status_code)
    if "NotPermitted" in answer.text:
        return "`NotPermitted`"
    return "200 `null`" if '"recordedBy":null' in answer.text else "200"


def outcome_of_socket(server: Server, path: str, headers: dict[str, str]) -> str:
    """101 where a client is let in, else the status or the code with which it is shut out."""
    headers = {"Host": "127.0.0.1", **headers}
    try:
        with server.http.websocket_connect(path, ["graphql-transport-ws"], headers=headers) as made:
            made.send_json({"type": "connection_init"})
            return "101" if made.receive_json() == {"type": "connection_ack"} else "?"
    except WebSocketDenialResponse as refused:
        return str(refused.status_code)
    except WebSocketDisconnect as closed:
        return str(closed.code)


def test_the_table_says_what_is_answered_to_whom(nodes: dict[str, Server]) -> None:
    rows = []
    for name, (path, document) in REQUESTS.items():
        cells = [name]
        for mode, credentials in COLUMNS.values():
            told = {outcome(nodes[mode], path, document, headers) for headers in credentials}
            assert len(told) == 1, (name, told)
            cells.append(told.pop())
        rows.append(f"| {' | '.join(cells)} |")
    table = "\n".join((f"| request | {' | '.join(COLUMNS)} |", f"|{'---|' * 11}", *rows, ""))
    assert table in PAGES["docs/run.md"], table


def test_every_route_has_its_row(nodes: dict[str, Server]) -> None:
    for route in nodes["open"].http.app.routes:  # type: ignore[attr-defined]
        asked = [
            {
                "type": "websocket" if document == SOCKET else "http",
                "path": path.partition("?")[0],
                "method": "GET",
            }
            for path, document in REQUESTS.values()
        ]
        asked += [
            {"type": "http", "path": f"/map/{name}", "method": "GET"}
            for name in ("column", "changes", "dates")
        ]
        assert any(route.matches(each)[0] is Match.FULL for each in asked), route


def test_a_route_without_a_word_of_its_own_is_behind_the_wall(tmp_path: Path) -> None:
    app = create_app(Settings(ledger="memory:", views=tmp_path / "v.db", **with_keys(tmp_path)))
    app.add_api_route("/later", lambda: "secret")
    with TestClient(app, base_url="http://tenure.example") as http:
        assert http.get("/later").status_code == 401
        assert http.get("/later", headers=bearer(token_of("reader"))).json() == "secret"


# ---- What a refusal says, and what caches keep -----------------------------------------------


def test_a_refusal_says_what_to_do(nodes: dict[str, Server]) -> None:
    server = nodes["keys"]
    none = server.http.get("/graphql")
    assert (none.headers["www-authenticate"], none.headers["cache-control"]) == (
        "Bearer",
        "no-store",
    )
    lacking = server.http.get("/graphql", headers=bearer(token_of("nobody")))
    assert 'error="insufficient_scope", scope="read"' in lacking.headers["www-authenticate"]
    entries = server.http.get("/tlog/tile/entries/000.p/5", headers=bearer(token_of("reader")))
    assert 'scope="audit"' in entries.headers["www-authenticate"]
    assert "whose scopes include 'audit'" in entries.json()["detail"]


def test_a_token_is_given_once_and_is_not_too_long(nodes: dict[str, Server]) -> None:
    good = f"Bearer {token_of('reader')}"
    http = nodes["keys"].http
    for given in ([good, good], ["Bearer " + "x" * 8_193], [f"Basic {token_of('reader')}"]):
        headers = [(b"authorization", each.encode()) for each in given]
        assert http.get("/graphql", headers=headers).status_code == 401


def cache_headers(server: Server, path: str, **headers: str) -> tuple[str, set[str]]:
    answer = server.http.get(path, headers=headers)
    assert answer.status_code == 200
    varies = {each.strip() for each in answer.headers.get("vary", "").split(",")} - {""}
    return answer.headers.get("cache-control", ""), varies


CLOSED = "/graphql?query=" + re.sub(r"\s", "%20", QUESTION)


def test_no_shared_cache_keeps_what_is_for_bearers_of_tokens(nodes: dict[str, Server]) -> None:
    reader, auditor = (bearer(token_of(each)) for each in ("reader", "auditor"))
    for path in (CLOSED, "/tlog/tile/0/000.p/5"):
        kept, varies = cache_headers(nodes["keys"], path, **reader)
        assert kept == "private, immutable, max-age=31536000"
        assert "Authorization" in varies
        kept, varies = cache_headers(nodes["anybody"], path)
        assert kept == "public, immutable, max-age=31536000"
        assert "Authorization" not in varies
    for mode in ("keys", "anybody"):
        kept, varies = cache_headers(nodes[mode], "/tlog/tile/entries/000.p/5", **auditor)
        assert kept == "private, immutable, max-age=31536000"
        assert varies == {"Accept-Encoding", "Authorization"}


def test_an_answer_with_its_recorder_is_for_its_asker_alone(nodes: dict[str, Server]) -> None:
    query = '{control(location:"kidal",at:"2023-11-20",position:17){evidence{recordedBy}}}'
    closed = f"/graphql?query={query}"
    server, auditor = nodes["anybody"], bearer(token_of("auditor"))
    for headers, shown in (({}, None), (auditor, "writer"), ({}, None)):
        answer = server.http.get(closed, headers=headers)
        assert answer.json()["data"]["control"]["evidence"] == [{"recordedBy": shown}]
        assert answer.headers["cache-control"] == "no-cache"
        assert "Authorization" in answer.headers["vary"]


def test_without_a_word_of_the_settings_only_this_machine_reads_freely(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:", **with_keys(tmp_path)) as server:
        asked = {"query": "{ __typename }"}
        elsewhere = [{"Host": "tenure.example"}, PROXIED, {"Origin": "https://evil.example"}]
        for headers, status in (({}, 200), *((each, 401) for each in elsewhere)):
            assert server.http.get("/graphql", params=asked, headers=headers).status_code == status
        known = bearer(token_of("reader"))
        for headers in elsewhere:
            answer = server.http.get("/graphql", params=asked, headers=headers | known)
            assert answer.status_code == 200
