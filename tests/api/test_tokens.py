"""A token reproduces its answer to the byte: later, after a rebuild, elsewhere, on any engine."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.answers.answers import Answers
from api.answers.basis import Answer, NotRecordedYet
from api.answers.situation import Situation
from api.answers.tokens import BadToken, OtherRule
from api.commands.print.answer_json import document
from api.commands.print.answer_text import answer_lines
from api.node import Node
from domain import events
from domain.control.perspective import Perspective
from domain.occurred import parse_moment
from domain.refusals import UnknownReference
from domain.values import LocationId, Reliability, SourceId
from infra.ledger.codec import identify
from tests.api.server import Server, describe_the_world, server_at
from tests.command_line import CommandLine
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell

SAID: list[events.Event] = [
    event(events.TownSeized, by="csp", occurred="2014-05-21", passage="paragraph 2"),
    event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14"),
    event(events.ControlReported, holders="csp", occurred="2023-11-15", report="report-2"),
    event(events.ControlReported, holders="fama", occurred="2023-12", report="report-2"),
]
LATER: list[events.Event] = [
    event(events.SourceRegraded, source="csp-comms", reliability="A", reason="Right often."),
    event(events.ActorRenamed, actor="csp", name="FLA", occurred="2014"),
    event(events.LocationRenamed, name="Kidal city", occurred="2014"),
    event(events.TownSeized, by="wagner", occurred="2023-11-19", credibility=1),
    event(
        events.EventRetracted,
        event=identify(SAID[1]).id,
        reason="It was another town.",
        report="report-2",
    ),
]
PERSPECTIVES = [
    Perspective(),
    Perspective(sources=frozenset({SourceId("rfi")})),
    Perspective(sources=frozenset()),
    Perspective(
        exclude_sources=frozenset({SourceId("csp-comms")}),
        min_reliability=Reliability.C,
        min_credibility=3,
        published_by=parse_moment("2024-02-01"),
    ),
]
TIMES = ["2014-05-20", "2023-11-20", "2023-11-20T06:30:00.000001Z", "2023-12-15"]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD, *SAID)
        yield node


def printed(answers: Answers, answer: Answer) -> str:
    return "\n".join([document(answers, answer), *answer_lines(answers, answer)])


def asked(node: Node) -> dict[str, str]:
    """The tokens of many questions, and the answers to the byte."""
    answers, found = node.answers, {}
    for day in TIMES:
        for perspective in PERSPECTIVES:
            basis = answers.basis(parse_moment(day), perspective=perspective)
            for place in ("kidal", "kidal-camp", "mali"):
                for inherit in (False, True):
                    answer = answers.control(place, basis, inherit=inherit)
                    found[answer.token] = printed(answers, answer)
    for answer in answers.timeline("kidal", answers.basis())[1:]:
        found[answer.token] = printed(answers, answer)
    return found


def asked_again(node: Node, tokens: Iterable[str]) -> dict[str, str]:
    found = {}
    for token in tokens:
        answer = node.answers.again(token)
        found[token] = printed(node.answers, answer)
    return found


# ---- The same answer, to the byte ------------------------------------------------------------


def test_a_token_reproduces_its_answer_whatever_is_recorded_since(node: Node) -> None:
    before = asked(node)
    assert len(before) > 40
    tell(node, *LATER)
    assert asked_again(node, before) == before
    assert asked(node) != before


def test_a_token_reproduces_its_answer_after_a_rebuild(node: Node) -> None:
    before = asked(node)
    tell(node, *LATER)
    node.projector.rebuild()
    assert asked_again(node, before) == before


def test_a_token_reproduces_its_answer_on_another_node(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with node_at(tmp_path / "one.db", ledger=url) as one:
        tell(one, *WORLD, *SAID)
        before = asked(one)
        tell(one, *LATER)
    with node_at(tmp_path / "other.db", ledger=url) as other:
        other.projector.catch_up()
        assert asked_again(other, before) == before


def test_a_token_reproduces_its_answer_on_any_engine(
    node: Node, ledger_url: str, tmp_path: Path
) -> None:
    before = asked(node)
    with node_at(tmp_path / "other.db", ledger=ledger_url) as other:
        tell(other, *WORLD, *SAID, *LATER)
        assert asked_again(other, before) == before


def test_a_token_of_a_situation_reproduces_it(node: Node) -> None:
    for within in (None, LocationId("mali")):
        basis = node.answers.basis(parse_moment("2023-11-20"))
        situation = Situation(node.answers, basis, within)
        tell(node, event(events.TownSeized, by="csp", occurred="2023-11-16"))
        again = Situation.again(node.answers, situation.token)
        assert (again.basis, again.within) == (replace(basis, closed=True), within)
        assert again.token == situation.token


# ---- What is no token ------------------------------------------------------------------------


def forged(token: str, **changes: Any) -> str:
    """The token with other contents, written as ours are."""
    held = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    held |= changes
    written = json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(written.encode()).decode().rstrip("=")


@pytest.fixture
def token(node: Node) -> str:
    basis = node.answers.basis(parse_moment("2023-11-20"))
    return node.answers.control("kidal", basis).token


@pytest.mark.parametrize("given", ["", "x", "????", "a b", "e30", "W10", "bnVsbA", "A" * 30_000])
def test_what_is_no_token_is_refused(node: Node, given: str) -> None:
    with pytest.raises(BadToken):
        node.answers.again(given)


def test_a_token_is_taken_to_the_letter(node: Node, token: str) -> None:
    for given in (f"{token}=", f" {token}", token[:-1], token.swapcase()):
        with pytest.raises(BadToken):
            node.answers.again(given)
    loose = json.dumps(json.loads(urlsafe_b64decode(token + "==")), indent=1)
    with pytest.raises(BadToken, match="can't be read"):
        node.answers.again(urlsafe_b64encode(loose.encode()).decode().rstrip("="))


@pytest.mark.parametrize(
    "changes",
    [
        {"position": -1},
        {"position": "12"},
        {"position": True},
        {"position": 1.5},
        {"position": 2**70},
        {"at": "2023-11-20"},
        {"at": "yesterday"},
        {"at": 5},
        {"location": "Kidal"},
        {"inherited": "mali"},
        {"inherited": "kidal-camp"},
        {"rule": 2},
        {"rule": "the best rule"},
        {"perspective": None},
        {"perspective": []},
        {"perspective": [None, [], "F", 6, None]},
        {"perspective": [["rfi", "csp-comms"], [], "F", 6, None]},
        {"perspective": [["rfi", "rfi"], [], "F", 6, None]},
        {"perspective": [None, [], "G", 6, None]},
        {"perspective": [None, [], "F", 7, None]},
        {"perspective": [None, [], "F", True, None]},
        {"perspective": [None, [], "F", 6, "2023"]},
        {"more": 1},
        {"situation": None},
    ],
)
def test_a_forged_token_is_refused(node: Node, token: str, changes: dict[str, Any]) -> None:
    assert forged(token) == token
    with pytest.raises(BadToken):
        node.answers.again(forged(token, **changes))


@pytest.mark.parametrize("rule", ["rule 1", "rule 2", "rule 4"])
def test_a_token_of_another_rule_is_refused_by_its_name(node: Node, token: str, rule: str) -> None:
    with pytest.raises(OtherRule, match=f"an answer by {rule}; here answers go by rule 3"):
        node.answers.again(forged(token, rule=rule))


def test_a_token_of_what_is_not_known_here_is_refused(node: Node, token: str) -> None:
    with pytest.raises(NotRecordedYet):
        node.answers.again(forged(token, position=99))
    with pytest.raises(UnknownReference, match="'gao'"):
        node.answers.again(forged(token, location="gao"))
    with pytest.raises(UnknownReference, match="'afp'"):
        node.answers.again(forged(token, perspective=[["afp"], [], "F", 6, None]))


def test_tokens_of_places_and_of_situations_are_told_apart(node: Node, token: str) -> None:
    basis = node.answers.basis(parse_moment("2023-11-20"))
    of_all = Situation(node.answers, basis).token
    with pytest.raises(BadToken, match="that of a situation"):
        node.answers.again(of_all)
    with pytest.raises(BadToken, match="one place"):
        Situation.again(node.answers, token)


# ---- On the command line, and over GraphQL ---------------------------------------------------


MORE = """\
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11,
   report: press-1, credibility: 1}
"""


def test_who_and_situation_answer_a_token_as_they_did(kidal: CommandLine) -> None:
    questions = [
        ("who", "kidal", "--on", "2023-11-20"),
        ("who", "kidal-market", "--on", "2023-11-20", "--inherit"),
        ("who", "kidal", "--on", "2023-11-20", "--not-according-to", "press"),
        ("situation", "--on", "2023-11-20", "--within", "kidal-region"),
    ]
    told = {}
    for command, *more in questions:
        pages = [kidal.run(command, *more, *form).stdout for form in ([], ["--json"])]
        told[command, json.loads(pages[1])["basis"]["token"]] = pages
    assert kidal.run("record", kidal.write("more.yaml", MORE)).code == 0
    for (command, token), (page_, document_) in told.items():
        assert kidal.run(command, "--token", token).stdout == page_
        assert kidal.run(command, "--token", token, "--json").stdout == document_


@pytest.mark.parametrize(
    "more",
    [
        ["who", "kidal"],
        ["who", "--on", "2023-11-20"],
        ["who", "--inherit"],
        ["who", "--position", "3"],
        ["who", "--min-credibility", "2"],
        ["who", "--according-to", "press"],
        ["situation", "--on", "2023-11-20"],
        ["situation", "--within", "kidal"],
        ["situation", "--position", "3"],
    ],
)
def test_a_token_is_the_whole_question(kidal: CommandLine, more: list[str]) -> None:
    outcome = kidal.run(*more, "--token", "x")
    assert outcome.code == 2
    assert "token" in outcome.stderr


def test_a_bad_token_is_refused_on_the_command_line(kidal: CommandLine) -> None:
    for command in ("who", "situation"):
        outcome = kidal.run(command, "--token", "x")
        assert (outcome.code, outcome.stdout) == (1, "")
        assert "not the token of an answer" in outcome.stderr
    assert kidal.run("who").code == 2


CONTROL = "status holders { slug } explanation evidence { eventId } basis { position token }"


def test_a_token_over_graphql(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        server.seized("csp", on="2014-05-21")
        first = f'{{ control(location: "kidal", at: "2023-11-20") {{ {CONTROL} }} }}'
        before = server.ask(first)["control"]
        server.seized("fama", on="2023-11-14")
        assert server.ask(first)["control"] != before
        again = f'{{ answer(token: "{before["basis"]["token"]}") {{ {CONTROL} }} }}'
        answer = server.get(again)
        assert answer.json()["data"]["answer"] == before
        assert "immutable" in answer.headers["cache-control"]


def test_a_token_of_a_situation_over_graphql(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        server.seized("csp", on="2014-05-21")
        told = "explanation basis { position token }"
        before = server.ask(f'{{ situation(at: "2023-11-20") {{ {told} }} }}')["situation"]
        server.seized("fama", on="2023-11-14")
        again = f'{{ situationOf(token: "{before["basis"]["token"]}") {{ {told} }} }}'
        assert server.ask(again)["situationOf"] == before


def test_a_bad_token_is_refused_over_graphql(empty_server: Server) -> None:
    code, message = empty_server.error('{ answer(token: "x") { status } }')
    assert (code, "not the token" in message) == ("BadToken", True)
    rule1 = urlsafe_b64encode(b'{"rule":"rule 1"}').decode().rstrip("=")
    code, message = empty_server.error(f'{{ answer(token: "{rule1}") {{ status }} }}')
    assert (code, "rule 1" in message) == ("OtherRule", True)
