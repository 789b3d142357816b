"""Which answers are given again, and when are they gone? Rows altered by hand tell: an answer that
is given again does not know of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.answers.answers import Answers
from api.graphql.execution import Reply
from api.graphql.kept import KeptAnswers, Resting
from api.graphql.view import GraphQLView
from api.node import Node
from infra.log.key_files import write_signer_key
from infra.views.mending import replace
from tests.api.server import Server, describe_the_world, server_at
from tests.keys import token_of, write_keys
from tests.logs import SIGNER

OPEN = '{ control(location: "kidal", at: "2023-11-20") { status holders { slug } } }'
CLOSED = '{ control(location: "kidal", at: "2023-11-20", position: 17) { status } }'
MAP = '{ controlMap(at: "2023-11-20") { location { slug } status } }'
HELD, FORGED = b'"HELD"', b'"VACANT"'


@pytest.fixture
def told(server: Server) -> Server:
    """A server that knows who took Kidal, as of position 17."""
    server.seized("fama", on="2023-11-14")
    return server


def node_of(server: Server) -> Node:
    node: Node = server.http.app.state.node  # type: ignore[attr-defined]
    return node


def kept_by(server: Server) -> KeptAnswers:
    routes = server.http.app.routes  # type: ignore[attr-defined]
    views = [route.endpoint for route in routes if route.path == "/graphql"]
    (view,) = (each for each in views if isinstance(each, GraphQLView))
    return view.answers


def is_kept_by(server: Server, query: str) -> bool:
    rests_on = Resting((state := node_of(server).views.state).build, state)
    return kept_by(server).get(request_of(query), rests_on) is not None


def forge(server: Server) -> None:
    with closing(sqlite3.connect(node_of(server).views.path)) as db, db:
        db.execute("UPDATE control_period SET status = 'VACANT'")


@pytest.mark.parametrize("query", [OPEN, CLOSED, MAP])
def test_an_equal_request_at_an_equal_head_has_the_same_bytes(told: Server, query: str) -> None:
    asked, fetched = told.post(query), told.get(query)
    assert HELD in asked.content
    forge(told)
    assert told.post(query).content == asked.content == told.get(query).content
    again = told.get(query, **{"if-none-match": fetched.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_media_type_or_method_is_another_request(told: Server) -> None:
    told.post(OPEN)
    forge(told)
    assert FORGED in told.get(OPEN).content
    other = {"accept": "application/graphql-response+json"}
    assert FORGED in told.http.post("/graphql", json={"query": OPEN}, headers=other).content


def test_an_answer_of_what_is_known_now_goes_with_the_next_entry(told: Server) -> None:
    before, closed = told.post(OPEN), told.post(CLOSED)
    told.seized("csp", on="2023-11-15", report="un-1")
    after = told.post(OPEN)
    assert (b'"fama"' in before.content, b'"csp"' in after.content) == (True, True)
    forge(told)
    assert told.post(CLOSED).content == closed.content
    assert is_kept_by(told, OPEN)
    told.seen("csp", on="2023-11-15", report="un-1")
    assert told.head == 19
    assert not is_kept_by(told, OPEN)


def request_of(query: str) -> tuple[bytes, bool, bytes]:
    body = orjson.dumps({"query": query, "variables": {}})
    return b"application/json", False, body


@pytest.mark.parametrize("query", [OPEN, CLOSED, MAP])
def test_no_answer_outlives_a_rebuild_of_the_views(told: Server, query: str) -> None:
    told.post(query)
    node_of(told).projector.rebuild()
    forge(told)
    assert FORGED in told.post(query).content


@pytest.mark.parametrize("query", [OPEN, CLOSED])
def test_no_answer_outlives_the_file_of_the_views(told: Server, query: str) -> None:
    told.post(query)
    node = node_of(told)
    replace(node.ledger, node.views.path, lambda views: Answers(views).projections, None, "gone")
    forge(told)
    assert FORGED in told.post(query).content


def test_while_the_views_are_away_nothing_kept_is_given(told: Server) -> None:
    told.post(CLOSED)
    path = node_of(told).views.path
    path.rename(path.with_suffix(".away"))
    assert told.post(CLOSED).status_code == 503
    path.with_suffix(".away").rename(path)
    assert told.post(CLOSED).status_code == 200


def test_a_refusal_that_the_clock_makes_untrue_is_not_kept(told: Server) -> None:
    query = '{ control(location: "kidal", at: "2999-01-02") { status } }'
    assert told.error(query)[0] == "InTheFuture"
    node_of(told).answers._now = lambda: datetime(2999, 1, 2, tzinfo=UTC)
    assert told.ask(query)["control"]["status"] == "HELD"


@pytest.mark.parametrize(
    "query",
    [
        'mutation { registerActor(input: {actor: "x", name: "X", kind: MISSION}) { __typename } }',
        '{ control(location: "nowhere", at: "2023-11-20") { status } }',
        '{ a: ledger { position } b: __type(name: "Control") { name } }',
    ],
)
def test_what_is_no_answer_of_the_views_alone_is_not_kept(told: Server, query: str) -> None:
    told.post(query)
    assert len(kept_by(told)) == 0


# ---- Who asks, and what the log knows --------------------------------------------------------


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Server]:
    """A server with keys and a signed log."""
    keys = write_keys(
        tmp_path / "keys", {"reader": ["read"], "auditor": ["audit"], "w": ["record"]}
    )
    write_signer_key(tmp_path / "log.key", SIGNER)
    settings: dict[str, Any] = {"keys": keys, "read": "keys", "signing_key": tmp_path / "log.key"}
    with server_at(tmp_path, **settings) as server:
        become(server, "w")
        describe_the_world(server)
        server.seized("fama", on="2023-11-14")
        become(server, "reader")
        yield server


def become(server: Server, subject: str) -> None:
    server.http.headers["authorization"] = f"Bearer {token_of(subject)}"


def test_an_answer_for_one_caller_is_for_no_other(guarded: Server) -> None:
    query = "{ events(last: 1) { nodes { recordedBy } } }"
    become(guarded, "auditor")
    assert guarded.ask(query)["events"]["nodes"] == [{"recordedBy": "w"}]
    become(guarded, "reader")
    assert guarded.ask(query)["events"]["nodes"] == [{"recordedBy": None}]
    become(guarded, "auditor")
    assert guarded.ask(query)["events"]["nodes"] == [{"recordedBy": "w"}]
    guarded.post('{ replay(location: "kidal", at: "2023-11-20") { rule } }')
    assert len(kept_by(guarded)) == 0


def test_an_answer_for_all_is_given_to_whoever_is_admitted(guarded: Server) -> None:
    asked = guarded.post(OPEN)
    forge(guarded)
    become(guarded, "auditor")
    assert guarded.post(OPEN).content == asked.content
    guarded.http.headers["authorization"] = "Bearer nobody"
    assert guarded.post(OPEN).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "{ ledger { checkpoint } }",
        "{ ledger { cosignedCheckpoint } }",
        "{ events(first: 1) { nodes { inclusionProof { index } } } }",
        "{ consistencyProof(from: 0, to: 0) { to } ledger { position } }",
    ],
)
def test_what_the_log_says_is_asked_again(guarded: Server, query: str) -> None:
    assert "errors" not in guarded.post(query).json()
    assert len(kept_by(guarded)) == 0


# ---- The bound -------------------------------------------------------------------------------


def kept_for(name: str) -> tuple[bytes, bool, bytes]:
    return b"", False, name.encode()


def test_an_answer_that_was_overtaken_while_it_was_made_is_not_kept() -> None:
    kept, early, late = KeptAnswers(number=9, weight=80_000), Resting("a", 1), Resting("a", 2)
    reply = Reply(200, b"early", is_shared=True)
    kept.get(kept_for("one"), early)
    kept.keep(kept_for("one"), reply, early)
    assert kept.get(kept_for("one"), early) is reply
    assert kept.get(kept_for("one"), None) is None
    assert kept.get(kept_for("one"), late) is None
    kept.keep(kept_for("one"), reply, early)  # a slow one, after a quicker one asked later
    assert len(kept) == 0


def test_number_and_weight_are_bounded_and_a_heavy_answer_is_not_kept() -> None:
    kept, now = KeptAnswers(number=3, weight=80_000), Resting("a", 1)
    assert kept.get(kept_for("one"), now) is None
    kept.keep(kept_for("heavy"), Reply(200, b"x" * 10_000), now)
    assert len(kept) == 0
    for number in range(5):
        kept.keep(kept_for(str(number)), Reply(200, b"x" * 9_000), now)
    assert [kept.get(kept_for(str(each)), now) is not None for each in range(5)] == [
        *(False, False),
        *(True, True, True),
    ]
