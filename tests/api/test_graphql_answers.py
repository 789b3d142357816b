"""Answers: what do our answers give away, and who may keep them for how long?"""

import logging

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from api.graphql.limits import Limits
from tests.api.small_schema import FOR_EVER, GRAPHQL, JSON, Query, client, get, post, view


@pytest.mark.parametrize("field", ["broken", "unplugged"])
def test_an_unexpected_error_is_logged_with_an_id_and_not_shown(
    field: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = post(f"{{ hello {field} }}")
    error = answer.json()["errors"][0]
    assert "swordfish" not in answer.text
    assert (error["path"], error["extensions"]) == ([field], {"code": "InternalError"})
    assert answer.json()["data"] == {"hello": "Hello you", field: None}
    name = error["message"].removeprefix("Internal error ")
    assert name in caplog.text
    assert "swordfish" in caplog.text


def test_a_bug_in_a_scalar_is_not_shown_either(caplog: pytest.LogCaptureFixture) -> None:
    by_variable = post("query ($at: Day!) { holder(at: $at) }", variables={"at": "bug"})
    in_the_text = post('{ holder(at: "bug") }', accept=JSON)
    for answer in (by_variable, in_the_text):
        assert answer.status_code == 500
        assert "swordfish" not in answer.text
    assert caplog.text.count("swordfish") >= 2


@pytest.mark.parametrize(
    ("field", "message", "code"),
    [("refused", "Not today.", "CLOSED"), ("noSuchDay", "there is no 31 June", "NoSuchDay")],
)
def test_an_error_meant_for_the_client_is_shown(field: str, message: str, code: str) -> None:
    error = post(f"{{ {field} }}").json()["errors"][0]
    assert (error["message"], error["extensions"]) == (message, {"code": code})


def test_a_value_that_a_scalar_refuses_is_explained() -> None:
    by_variable = post("query ($at: Day!) { holder(at: $at) }", variables={"at": "2023-02-30"})
    in_the_text = post('{ holder(at: "2023-02-30") }')
    for answer in (by_variable, in_the_text):
        error = answer.json()["errors"][0]
        assert answer.status_code == 400
        assert "there is no 30 February" in error["message"]
        assert error["extensions"] == {"code": "NoSuchDay"}


def test_a_partial_answer_has_its_own_status_where_the_media_type_says_what_it_means() -> None:
    assert post("{ hello refused }").status_code == 294
    assert post("{ hello refused }", accept=JSON).status_code == 200
    nothing_left = post("{ brokenAndNeeded }")
    assert (nothing_left.status_code, nothing_left.json()["data"]) == (294, None)


def test_a_client_that_holds_the_answer_is_not_sent_it_again() -> None:
    browser = client()
    first = browser.get("/graphql?query={hello}")
    assert first.headers["cache-control"] == "no-cache"
    for held in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = browser.get("/graphql?query={hello}", headers={"if-none-match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    changed = browser.get("/graphql?query={hello}", headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


def test_one_answer_in_two_media_types_has_two_tags() -> None:
    tags = {
        client().get("/graphql?query={hello}", headers={"accept": accept}).headers["etag"]
        for accept in (JSON, GRAPHQL)
    }
    assert len(tags) == 2


def test_an_answer_with_an_error_has_no_tag_and_is_not_stored() -> None:
    answer = get(query="{ hello refused }")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_an_answer_that_is_closed_is_worked_out_once() -> None:
    browser, url = client(), '/graphql?query={holder(at:"2023-11-14")}'
    Query.calls = 0
    answers = [browser.get(url) for _ in range(3)]
    assert Query.calls == 1
    assert {answer.headers["cache-control"] for answer in answers} == {FOR_EVER}
    assert {answer.content for answer in answers} == {b'{"data":{"holder":"fama on 2023-11-14"}}'}
    held = {"if-none-match": answers[0].headers["etag"]}
    assert browser.get(url, headers=held).status_code == 304
    assert browser.get(url, headers={"accept": JSON}).headers["content-type"].startswith(JSON)


def test_a_remembered_answer_is_given_only_to_those_who_may_ask() -> None:
    browser, url = client(), '/graphql?query={holder(at:"2023-11-14")}'
    assert browser.get(url).status_code == 200
    assert browser.get(url, headers={"authorization": "Bearer wrong"}).status_code == 401


def test_remembered_answers_are_bounded() -> None:
    bounded = view(limits=Limits(kept_answers=3))
    browser = TestClient(Starlette(routes=[Route("/graphql", bounded)]))
    for number in range(9):
        browser.get("/graphql", params={"query": f'{{ holder(at: "{number}") }}'})
    assert len(bounded.answers) == 3
