"""Whose word: every question about control follows the perspective, and says which one it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.perspective import StatementFilter
from api.answers.situation import Situation, compare
from api.answers.sources import explanation_of
from api.node import Node
from domain import events
from domain.control.claims import ControlStatus
from domain.control.perspective import DEFAULT, Perspective
from domain.location import fold
from domain.occurred import parse_moment
from domain.refusals import UnknownReference
from domain.values import ActorId, LocationId, Reliability, SourceId
from domain.words.perspective import spoken_perspective
from projections.places import PlaceFilter
from tests.api.server import Server, describe_the_world, server_at
from tests.domain.builders import event
from tests.domain.strategies import perspectives
from tests.nodes import WORLD, node_at, tell
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import PLACES, edges, followed

RFI, CSP = SourceId("rfi"), SourceId("csp-comms")
ONLY_CSP = Perspective(sources=frozenset({CSP}))
ONLY_RFI = Perspective(sources=frozenset({RFI}))
KIDAL = LocationId("kidal")
ON = parse_moment("2023-11-20")

TAKEN = event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14")
DENIED = event(events.TownSeized, by="csp", occurred="2023-11-16", report="report-2")
BESIEGED = event(events.SiegeLaid, by="csp", occurred="2023-11-01", report="report-2")
STALLED = event(
    events.ConvoyStalled, convoy="column", owners="fama", occurred="2023-11-02", location="kidal"
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """What Radio France says of Kidal, and what the CSP says."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD, TAKEN, DENIED, BESIEGED, STALLED)
        yield node


def situation(node: Node, perspective: Perspective, day: str = "2023-11-20") -> Situation:
    basis = node.answers.basis(parse_moment(day), perspective=perspective)
    return Situation(node.answers, basis)


def held_by(node: Node, perspective: Perspective) -> dict[str, tuple[str, ...]]:
    found = node.answers.map(PlaceFilter(), node.answers.basis(ON, perspective=perspective))
    return {answer.location: answer.verdict.holders for answer in found}


# ---- Every question --------------------------------------------------------------------------


def test_a_map_is_that_of_whom_one_asks(node: Node) -> None:
    assert held_by(node, ONLY_RFI)["kidal"] == ("fama", "wagner")
    assert held_by(node, ONLY_CSP)["kidal"] == ("csp",)
    assert held_by(node, Perspective(published_by=parse_moment("2023-12-01")))["kidal"] == ()


def test_what_an_actor_holds_is_what_they_say_it_holds(node: Node) -> None:
    def held(actor: str, perspective: Perspective) -> list[str]:
        basis = node.answers.basis(ON, perspective=perspective)
        found = node.answers.holdings(ActorId(actor), basis)
        return [answer.location for answer in found]

    assert (held("fama", ONLY_RFI), held("fama", ONLY_CSP)) == (["kidal"], [])
    assert (held("csp", ONLY_RFI), held("csp", ONLY_CSP)) == ([], ["kidal"])


def test_revisions_leave_out_what_is_not_heard(node: Node) -> None:
    def positions(perspective: Perspective) -> list[int]:
        basis = node.answers.basis(ON, perspective=perspective)
        found = node.answers.revisions("kidal", basis)
        return [position for position, _ in found]

    first = len(WORLD) + 1
    assert positions(DEFAULT) == [first, first + 1]
    assert (positions(ONLY_RFI), positions(ONLY_CSP)) == ([first], [first + 1])


def test_a_situation_follows_in_all_its_parts(node: Node) -> None:
    rfi, csp = situation(node, ONLY_RFI), situation(node, ONLY_CSP)
    assert [each.tie.subject for each in csp.sieges] == ["csp"]
    assert rfi.sieges == []
    assert [each.convoy for each in rfi.convoys()] == ["column"]
    assert csp.convoys() == []
    told = [type(each.event).__name__ for each in csp.reported()]
    assert told == ["SiegeLaid", "TownSeized"]
    assert [each.after.verdict.holders for each in csp.changes()] == [("csp",)]


def test_a_retraction_that_is_not_heard_leaves_the_word_standing(node: Node) -> None:
    entry = next(it for it in node.ledger.read() if it.event == BESIEGED)
    tell(
        node,
        event(
            events.EventRetracted, event=entry.statement.id, reason="No siege", report="report-1"
        ),
    )
    assert situation(node, DEFAULT).sieges == []
    csp = situation(node, ONLY_CSP)
    assert [each.tie.subject for each in csp.sieges] == ["csp"]
    assert [type(each.event).__name__ for each in csp.reported()] == ["SiegeLaid", "TownSeized"]


def test_two_dates_are_compared_from_one_perspective(node: Node) -> None:
    before, after = (situation(node, ONLY_CSP, day) for day in ("2023-11-15", "2023-11-20"))
    (found,) = compare(node.answers, before, after)
    assert (found.before.verdict.status, found.after.verdict.holders) == (
        ControlStatus.UNKNOWN,
        ("csp",),
    )


def test_two_states_of_knowledge_are_compared_from_one_perspective(node: Node) -> None:
    answers = node.answers
    before, after = (
        Situation(answers, answers.basis(ON, position=position, perspective=ONLY_CSP))
        for position in (len(WORLD) + 1, None)
    )
    (found,) = compare(answers, before, after)
    named = answers.entries.many(found.events, known=answers.head)
    assert [named[each].position for each in found.events] == [len(WORLD) + 2]


@settings(max_examples=30, deadline=None)
@given(appends(), perspectives, st.data())
def test_what_counts_is_what_the_fold_of_the_ledger_admits(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        answers, basis = node.answers, node.answers.basis(perspective=perspective)
        counted = StatementFilter(answers.entries, answers.sources, basis)
        for place in PLACES:
            folded = fold(place, ledger)
            claimed = {each.event for each in folded.claims(perspective).claims}
            copied = {each.event for each, _ in folded.claims(perspective).copies}
            claims = [event for event in folded.said if folded.claim(event)]
            assert counted(claims) == claimed | copied


@settings(max_examples=30, deadline=None)
@given(appends(), perspectives, st.data())
def test_a_map_has_the_answer_for_each_of_its_places(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        answers = node.answers
        at = data.draw(st.sampled_from(edges(ledger, KIDAL)))
        position = data.draw(st.integers(0, len(ledger)))
        basis = answers.basis(at, position=position, perspective=perspective)
        for answer in answers.map(PlaceFilter(), basis):
            assert answer == answers.control(answer.location, basis)


# ---- Tokens ----------------------------------------------------------------------------------


def test_the_token_of_a_situation_carries_the_perspective(node: Node) -> None:
    asked = situation(node, ONLY_CSP)
    again = Situation.again(node.answers, asked.token)
    assert again.basis.perspective == ONLY_CSP
    assert again.token == asked.token != situation(node, DEFAULT).token


def test_a_token_of_a_situation_by_an_unknown_source_is_refused(node: Node) -> None:
    stranger = Perspective(sources=frozenset({SourceId("stranger")}))
    with pytest.raises(UnknownReference, match="stranger"):
        Situation.again(node.answers, situation(node, stranger).token)


# ---- In words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("perspective", "words"),
    [
        (DEFAULT, ""),
        (ONLY_RFI, "according to RFI only"),
        (Perspective(sources=frozenset({RFI, CSP})), "according to CSP-COMMS and RFI only"),
        (Perspective(sources=frozenset()), "according to nobody"),
        (Perspective(exclude_sources=frozenset({RFI, CSP})), "without what CSP-COMMS or RFI said"),
        (Perspective(min_reliability=Reliability.A), "by sources of reliability A only"),
        (Perspective(min_reliability=Reliability.C), "by sources of reliability A to C only"),
        (Perspective(min_credibility=1), "by information of credibility 1 only"),
        (Perspective(min_credibility=3), "by information of credibility 1 to 3 only"),
        (Perspective(published_by=ON), "as published by 2023-11-20"),
        (
            Perspective(published_by=parse_moment("2023-11-20+04:30")),
            "as published before 2023-11-20T19:30:00Z",
        ),
        (
            Perspective(
                sources=frozenset({RFI}), published_by=parse_moment("2023-11-20T06:00:00Z")
            ),
            "according to RFI only, as published by 2023-11-20T06:00:00Z",
        ),
    ],
)
def test_whose_word_is_said_in_plain_english(perspective: Perspective, words: str) -> None:
    assert spoken_perspective(perspective, str.upper) == words


def test_an_explanation_begins_with_whose_word_it_is(node: Node) -> None:
    answers = node.answers
    answer = answers.control("kidal", answers.basis(ON, perspective=ONLY_CSP))
    assert explanation_of(answers, answer).startswith(
        "According to CSP only: Kidal was held by CSP"
    )


# ---- Over GraphQL ----------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        yield server


EVERY_QUESTION = """
query ($at: Moment!, $whose: PerspectiveInput) {
  controlMap(at: $at, perspective: $whose) { location { slug } ...Told }
  revisions(location: "kidal", at: $at, perspective: $whose) { control { ...Told } }
  situation(at: $at, perspective: $whose) { places { places { ...Told } } basis { ...Pinned } }
  compare(from: {at: "2023-11-01"}, to: {at: $at}, perspective: $whose) { to { ...Told } }
  actor(id: "fama") { holdings(at: $at, perspective: $whose) { ...Told } }
  location(id: "kidal") { controlledBy(at: $at, perspective: $whose) { ...Told } }
}
fragment Told on Control { status holders { slug } basis { ...Pinned } }
fragment Pinned on Basis {
  token perspective { sources excludeSources minReliability minCredibility publishedBy words }
}
"""


def perspectives_in(found: Any) -> Iterator[Any]:
    """The perspective of every basis in an answer."""
    if isinstance(found, list):
        for each in found:
            yield from perspectives_in(each)
    elif isinstance(found, dict):
        if "perspective" in found:
            yield found["perspective"]
        for each in found.values():
            yield from perspectives_in(each)


def test_every_question_takes_a_perspective_and_gives_it_back(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    whose = {"sources": ["rfi"], "minCredibility": 3}
    found = server.ask(EVERY_QUESTION, at="2023-11-20", whose=whose)
    asked = {
        "sources": ["rfi"],
        "excludeSources": [],
        "minReliability": "F",
        "minCredibility": 3,
        "publishedBy": None,
    }
    told = list(perspectives_in(found))
    assert len(told) > 6
    for each in told:
        words = each.pop("words")
        assert words.startswith("according to ") and words.endswith("credibility 1 to 3 only")
        assert each == asked
    again = server.ask(EVERY_QUESTION, at="2023-11-20", whose=asked)
    assert [each.pop("words") for each in perspectives_in(again)]
    assert again == found


def test_everybody_s_word_has_no_perspective(server: Server) -> None:
    server.seized("fama", on="2023-11-14")
    found = server.ask(EVERY_QUESTION, at="2023-11-20", whose=None)
    assert set(perspectives_in(found)) == {None}


TIES = """
query ($whose: PerspectiveInput) {
  location(id: "kidal") {
    sieges(at: "2023-11-20", perspective: $whose) { besieger { slug } }
    missions(at: "2023-11-20", perspective: $whose) { mission { slug } }
  }
  fama: actor(id: "fama") {
    allies(at: "2023-11-20", perspective: $whose) { slug }
    convoys(at: "2023-11-20", perspective: $whose) { slug }
    lineage(at: "2023-11-20", perspective: $whose) { coalitions { actor { slug } } }
  }
}
"""


def test_ties_of_places_and_actors_follow_the_perspective(server: Server) -> None:
    common = {"occurred": "2023-11-02", "report": "un-1", "credibility": 2}
    column = {"convoy": "column", "owners": ["fama"], "location": "kidal"}
    server.tell("recordSiegeLaid", **common, location="kidal", by=["csp"])
    server.tell("recordAllianceFormed", **common, parties=["fama", "wagner"])
    server.tell("recordCoalitionJoined", **common, members=["fama"], coalition="csp")
    server.tell("recordMissionDeployed", **common, location="kidal", mission="minusma")
    server.tell("recordConvoyStalled", **common, **column)
    assert server.ask(TIES, whose=None) == {
        "location": {
            "sieges": [{"besieger": {"slug": "csp"}}],
            "missions": [{"mission": {"slug": "minusma"}}],
        },
        "fama": {
            "allies": [{"slug": "wagner"}],
            "convoys": [{"slug": "column"}],
            "lineage": {"coalitions": [{"actor": {"slug": "csp"}}]},
        },
    }
    assert server.ask(TIES, whose={"sources": ["rfi"]}) == {
        "location": {"sieges": [], "missions": []},
        "fama": {"allies": [], "convoys": [], "lineage": {"coalitions": []}},
    }


AVAILABLE = """
query ($at: Moment!, $position: Int, $whose: PerspectiveInput) {
  control(location: "kidal", at: $at, position: $position, perspective: $whose) {
    status explanation
    available {
      leftOut firstRecorded around { status inheritedFrom { slug } } aroundLeftOut { status }
    }
  }
}
"""


def test_an_unknown_answer_says_what_could_be_had(server: Server) -> None:
    before = server.head
    taken = server.seized("fama", on="2023-11-14")

    def available(**more: Any) -> Any:
        return server.ask(AVAILABLE, at="2023-11-20", **more)["control"]["available"]

    assert available() is None
    nothing = {"firstRecorded": taken["position"], "around": None, "aroundLeftOut": None}
    left_out = {"leftOut": 1, **nothing}
    assert available(whose={"publishedBy": "2023-01-01"}) == left_out
    assert available(position=before) == {"leftOut": 0, **nothing}
    told = server.ask(AVAILABLE, at="2023-11-20", position=before)["control"]["explanation"]
    assert f"Up to position {before} nothing that says who holds it had been recorded" in told


def test_an_answer_about_the_first_word_is_kept_by_no_cache_for_ever(server: Server) -> None:
    head = server.head
    closed = '{ control(location: "kidal", at: "2023-11-20", position: %d) { status %s } }'
    fixed = server.get(closed % (head, "available { leftOut }"))
    moving = server.get(closed % (head, "available { firstRecorded }"))
    assert "immutable" in fixed.headers["cache-control"]
    assert "immutable" not in moving.headers["cache-control"]
    assert orjson.loads(moving.content)["data"]["control"]["available"]["firstRecorded"] is None
