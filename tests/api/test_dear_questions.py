"""Answers: is a dear question answered as a cheap one is, and is one too dear told what to do?"""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.graphql.execution import Question, Reply
from api.graphql.limits import Limits
from api.graphql.messages import JSON
from api.http.auth.gate import ANYBODY
from api.http.question_process import carry_for
from api.schema.contract import schema
from domain import events
from infra.views.file import ViewFile
from infra.views.projector import Projector
from tests.api.server import describe_the_world, server_at
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell

CONTROL = 'control(location: "kidal", at: "2023-11-20") { status explanation basis { token } }'
COLUMN = '{ controlColumn(at: "2023-11-20") { position looks { holders } numbers } }'


@pytest.mark.parametrize("ledger", ["memory:", ""])
def test_a_dear_question_is_answered_as_a_cheap_one(tmp_path: Path, ledger: str) -> None:
    """Fifty of one question are dear, and are answered by a helper: a thread, or a process."""
    with server_at(tmp_path, ledger=ledger) as server:
        describe_the_world(server)
        server.seized("fama", on="2023-11-14")
        one = server.ask(f"{{ {CONTROL} }}")["control"]
        many = server.ask("{ " + " ".join(f"a{i}: {CONTROL}" for i in range(50)) + " }")
        assert one["status"] == "HELD"
        assert all(each == one for each in many.values())


def test_a_question_too_dear_is_told_its_cost_and_how_to_narrow_it(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:", question_cost=0.5) as server:
        describe_the_world(server)
        answer = server.post('{ controlMap(at: "2023-11-20") { status explanation } }').json()
        (error,) = answer["errors"]
        told = error["extensions"]
        assert (told["code"], told["dearest"]) == ("TooMuch", "controlMap")
        assert told["narrowing"] == ["within", "bbox"]
        assert "Narrow it by within, bbox" in error["message"]
        assert server.post("{ __typename }").json() == {"data": {"__typename": "Query"}}


def test_an_introspection_is_kept_as_it_was_answered(tmp_path: Path) -> None:
    with server_at(tmp_path, ledger="memory:") as server:
        first, again = (server.post("{ __schema { types { name } } }") for _ in range(2))
        assert first.content == again.content
        assert first.headers["cache-control"] == "no-cache"


def test_a_question_that_is_interrupted_within_sqlite_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As a helper's is, when its client hangs up."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD)
        carry = carry_for(node, schema(), Limits())
        node.views.reader.set_progress_handler(lambda: 1, 1)
        text = f"{{ {CONTROL} }}"
        reply = carry((Question(text, {}, None, None, JSON, by_url=False), ANYBODY))
        node.views.reader.set_progress_handler(None, 0)
    assert isinstance(reply, Reply)
    (error, *_) = json.loads(reply.body)["errors"]
    assert error["extensions"]["code"] == "QuestionStopped"
    assert not caplog.records


def test_a_dear_question_is_answered_from_one_state_of_the_views(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Views that are built anew meanwhile are behind, and have no map of its position."""
    seized = event(events.TownSeized, by="fama", occurred="2023-11-14")
    found = Answers.basis
    with node_at(tmp_path / "views.db") as node, closing(ViewFile(tmp_path / "b.db")) as behind:
        tell(node, *WORLD, seized)
        Projector(node.ledger, behind, node.projector.projections).catch_up(until=len(WORLD))

        def overtaken(answers: Answers, *given: Any, **named: Any) -> Basis:
            basis = found(answers, *given, **named)
            node.views.replace_with(behind, node.projector.projections)
            return basis

        carry = carry_for(node, schema(), Limits())
        question = Question(COLUMN, {}, None, None, JSON, by_url=False)
        with monkeypatch.context() as patched:
            patched.setattr(Answers, "basis", overtaken)
            meanwhile = carry((question, ANYBODY))
        node.projector.catch_up()
        later = carry((question, ANYBODY))
    assert isinstance(meanwhile, Reply)
    assert isinstance(later, Reply)
    assert b'"holders":["fama"]' in later.body
    assert meanwhile.body == later.body
