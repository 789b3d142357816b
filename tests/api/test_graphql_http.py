"""Answers: does our HTTP view keep to the form of "GraphQL over HTTP"?"""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from strawberry.extensions import SchemaExtension

from api.graphql.view import GraphQLView
from tests.api.small_schema import GRAPHQL, JSON, body, client, get, post, schema, view, who_asks


def test_a_query_is_answered_by_post_and_by_get() -> None:
    for answer in (post("{ hello }"), get(query="{ hello }")):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
        assert answer.json() == {"data": {"hello": "Hello you"}}


def test_resolvers_may_be_asynchronous() -> None:
    assert post("{ later hello }").json()["data"] == {"later": "later", "hello": "Hello you"}


def test_variables_and_operation_names_are_heard() -> None:
    query = "query A($at: Day!) { holder(at: $at) } query B { hello }"
    variables = {"at": "2023-11-14"}
    answer = post(query, operationName="A", variables=variables)
    assert answer.json() == {"data": {"holder": "fama on 2023-11-14"}}
    answer = get(query=query, operationName="A", variables='{"at":"2023-11-14"}', extensions="")
    assert answer.json() == {"data": {"holder": "fama on 2023-11-14"}}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.5, {GRAPHQL};q=0.7", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON}", JSON),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL}, */*", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
    ],
)
def test_the_media_type_is_the_one_the_client_prefers(accept: str, media: str) -> None:
    answer = post("{ hello }", accept=accept)
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", ["text/html", f"{JSON};q=0", f"{JSON}; charset=latin-1"])
def test_a_client_that_accepts_nothing_we_have_is_told_so(accept: str) -> None:
    answer = post("{ hello }", accept=accept)
    assert answer.status_code == 406
    assert GRAPHQL in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("{", {}),
        ("{ nothing }", {}),
        ("{ place { } }", {}),
        ("{ hello } { hello }", {}),
        ("query A { hello }", {"operationName": "B"}),
        ("query A { hello } query B { hello }", {}),
        ("query ($at: Day!) { holder(at: $at) }", {}),
        ("query ($at: Day!) { holder(at: $at) }", {"variables": {"at": None}}),
    ],
)
def test_a_refused_document_is_a_success_only_as_plain_json(query: str, more: Any) -> None:
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        answer = post(query, accept=accept, **more)
        assert answer.status_code == status
        assert "data" not in answer.json()
        assert answer.json()["errors"]
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b'"x"',
        b"7",
        b"{",
        b"[]",
        b'{"query": "\xff"}',
        b'{"qeury": "{ hello }"}',
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": "{ hello }", "documentId": "hello"}',
        b'{"query": "{ hello }", "variables": []}',
        b'{"query": "{ hello }", "extensions": "x"}',
        b'{"query": "{ hello }", "operationName": 7}',
        b'{"query": "{ hello }", "variables": ' + b"[" * 5000,
    ],
)
def test_a_malformed_request_is_refused_in_every_media_type(content: bytes) -> None:
    for accept in (GRAPHQL, JSON):
        headers = {"content-type": JSON, "accept": accept}
        answer = client().post("/graphql", content=content, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"] == {"code": "MalformedRequest"}


def test_a_batch_is_refused_clearly() -> None:
    answer = body('[{"query": "{ hello }"}]')
    assert answer.status_code == 400
    assert "Batches are not supported" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "parameters",
    [{}, {"query": "{ hello }", "variables": "{"}, {"query": "{ hello }", "variables": "[]"}],
)
def test_a_malformed_url_is_refused(parameters: dict[str, str]) -> None:
    assert get(**parameters).status_code == 400


def test_a_url_that_is_not_utf_8_is_refused() -> None:
    assert client().get("/graphql?query=%ff").status_code == 400


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_bodies_are_read(kind: str) -> None:
    assert body('{"query": "{ hello }"}', kind).status_code == 415
    assert body('{"query": "{ hello }"}', f"{JSON}; charset=latin-1").status_code == 415
    assert body('{"query": "{ hello }"}', f"{JSON}; charset=UTF-8").status_code == 200


def test_a_mutation_is_refused_by_get_and_its_answer_is_never_stored() -> None:
    refused = get(query='mutation { greet(name: "x") }')
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    answer = post('mutation { greet(name: "x") }')
    assert answer.json() == {"data": {"greet": "Hello x"}}
    assert answer.headers["cache-control"] == "no-store"


def test_other_methods_are_refused_even_when_the_route_lets_them_through() -> None:
    answer = TestClient(Starlette(routes=[Route("/graphql", view())])).put("/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_whoever_may_not_ask_gets_the_answer_of_the_application() -> None:
    headers = {"authorization": "Bearer wrong"}
    assert client().get("/graphql?query={hello}", headers=headers).status_code == 401


def test_a_persisted_document_is_asked_for_by_its_id() -> None:
    assert get(documentId="hello").json() == {"data": {"hello": "Hello you"}}
    answer = client().post("/graphql", json={"documentId": "sha256:ab"})
    assert answer.json() == {"data": {"greet": "Hello x"}}
    assert get(documentId="sha256:ab").status_code == 405


def test_an_unknown_document_is_one_error() -> None:
    answer = get(documentId="sha256:cd")
    assert answer.status_code == 404
    assert answer.json() == {
        "errors": [
            {
                "message": "No document is kept under the id 'sha256:cd'.",
                "extensions": {"code": "UnknownDocument"},
            }
        ]
    }


def test_a_subscription_is_sent_elsewhere() -> None:
    answer = post("subscription { ticks }")
    assert answer.status_code == 400
    assert "WebSocket" in answer.json()["errors"][0]["message"]


def test_a_schema_whose_extensions_would_not_run_is_refused() -> None:
    with pytest.raises(ValueError, match="does not run schema extensions"):
        GraphQLView(
            schema(extensions=[SchemaExtension]),
            context_of=who_asks,
            cache_control=lambda _: None,
        )
