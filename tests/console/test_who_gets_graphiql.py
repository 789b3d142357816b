"""Who gets GraphiQL at /graphql, and who an answer?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.server import Server, server_at
from tests.console.browser import built
from tests.console.built_files import BROWSER
from tests.keys import write_keys

PROXIED = {**BROWSER, "X-Forwarded-For": "192.0.2.1"}
QUERY = {"query": "{ __typename }"}


@pytest.fixture(scope="module", autouse=True)
def _the_console_is_built() -> None:
    built()


@contextmanager
def node(folder: Path, **settings: Any) -> Iterator[Server]:
    keys = write_keys(folder / "keys.json", {"reader": ["read"]})
    with server_at(folder, ledger="memory:", keys=keys, **settings) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with node(tmp_path_factory.mktemp("node")) as server:
        yield server


def gives_graphiql(server: Server, headers: dict[str, str]) -> bool:
    answer = server.http.get("/graphql", headers=headers)
    is_page = answer.headers["content-type"].startswith("text/html")
    assert is_page or answer.status_code in (400, 401, 406)
    return is_page and "<title>GraphiQL" in answer.text


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (BROWSER["Accept"], True),
        ("text/html", True),
        ("text/html, application/json", True),
        ("application/json;q=0.9, text/html", True),
        ("application/json, text/html", False),
        ("application/graphql-response+json, application/json, text/html;q=0.9", False),
        ("text/html;q=0", False),
        ("text/html;charset=latin-1, application/json", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_whoever_would_rather_have_a_page_gets_one(
    server: Server, accept: str, is_page: bool
) -> None:
    assert gives_graphiql(server, {"Accept": accept}) is is_page


def test_a_question_is_answered_whoever_asks(server: Server) -> None:
    answer = server.http.get("/graphql", params=QUERY, headers=BROWSER)
    assert answer.json() == {"data": {"__typename": "Query"}}
    known = server.http.get("/graphql", params={"documentId": "situation"}, headers=BROWSER)
    assert known.headers["content-type"].startswith("application/json")
    posted = server.http.post("/graphql", json=QUERY, headers=BROWSER)
    assert posted.json() == {"data": {"__typename": "Query"}}
    assert server.http.get("/graphql?v=2", headers=BROWSER).text.startswith("<!doctype html>")


def test_without_a_word_it_is_for_this_machine_alone(server: Server) -> None:
    assert gives_graphiql(server, BROWSER)
    assert not gives_graphiql(server, PROXIED)


def test_with_a_word_it_is_for_everybody_or_for_nobody(tmp_path: Path) -> None:
    with node(tmp_path, graphiql=True, read="keys") as server:
        assert gives_graphiql(server, PROXIED)
        assert server.http.get("/graphql", params=QUERY, headers=PROXIED).status_code == 401
    with node(tmp_path, graphiql=False) as server:
        assert not gives_graphiql(server, BROWSER)


def test_caches_know_that_it_depends_on_what_is_asked_for(server: Server) -> None:
    answer = server.http.get("/graphql", headers=BROWSER)
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["cache-control"] == "no-cache"
