"""Is the scenario that we ship true to its sources, and does it answer what it is there for?"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.answers.basis import Answer
from api.answers.sources import explanation_of
from api.node import Node, open_node
from domain.control.verdict import Silence, Verdict
from domain.events import ActorRenamed, ReportFiled, SituationEvent, SourceRegistered
from domain.occurred import parse_moment
from domain.refusals import InTheFuture
from domain.registry import Statement
from domain.values import Reliability
from infra.intake.situation_file import read_situation
from infra.ledger.ledger import StatementRefused
from infra.settings import Settings

ROOT = Path(__file__).parents[3]
MALI = ROOT / "infra" / "scenarios" / "mali.yaml"
AFTERWARDS = MALI.with_name("mali-after.yaml")
SITUATION_REPORT = ROOT.parent / "shared" / "000_8052640f977bd1b2.txt"
THE_DAY_AFTER = datetime(2024, 3, 21, tzinfo=UTC)
YEARS_AFTER = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    return list(read_situation(MALI).statements)


@pytest.fixture(scope="module")
def everything(statements: list[Statement]) -> list[Statement]:
    """The scenario, and what became of the actors since."""
    return [*statements, *read_situation(AFTERWARDS).statements]


@pytest.fixture(scope="module")
def node(statements: list[Statement], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    views = tmp_path_factory.mktemp("mali") / "views.db"
    with open_node(Settings(ledger="memory:", views=views), lambda: THE_DAY_AFTER) as node:
        node.ledger.record(statements, by="test")
        node.projector.catch_up()
        yield node


def ask(node: Node, place: str, on: str) -> Verdict:
    return answer(node, place, on).verdict


def answer(node: Node, place: str, on: str) -> Answer:
    return node.answers.control(place, node.answers.basis(parse_moment(on)))


# ---- True to its sources ---------------------------------------------------------------------


def test_everything_said_is_told_in_our_words_or_has_its_passage(
    everything: list[Statement],
) -> None:
    told = [each.event for each in everything if isinstance(each.event, SituationEvent)]
    assert [event for event in told if not (event.summary or event.passage)] == []


def test_what_the_situation_report_says_has_its_passage(statements: list[Statement]) -> None:
    told = [each.event for each in statements if isinstance(each.event, SituationEvent)]
    cited = [event for event in told if event.report == "situation-report-2024-03-20"]
    assert len(cited) == 15
    assert all(event.passage and event.passage.startswith("paragraph") for event in cited)


def test_no_sentence_of_the_situation_report_is_copied() -> None:
    if not SITUATION_REPORT.exists():
        pytest.skip("the situation report is not beside this repository")
    ours = _runs_of_words(MALI) | _runs_of_words(AFTERWARDS)
    assert sorted(_runs_of_words(SITUATION_REPORT) & ours) == []


def test_no_report_invents_an_address(everything: list[Statement]) -> None:
    reports = [each.event for each in everything if isinstance(each.event, ReportFiled)]
    assert [report.report for report in reports if report.url or report.content_hash] == []


def test_every_report_is_cited(everything: list[Statement]) -> None:
    filed = {each.event.report for each in everything if isinstance(each.event, ReportFiled)}
    assert filed == {
        each.event.report for each in everything if isinstance(each.event, SituationEvent)
    }


def test_nothing_is_reported_before_it_has_begun(everything: list[Statement]) -> None:
    published = {
        each.event.report: each.event.published.window.latest
        for each in everything
        if isinstance(each.event, ReportFiled)
    }
    told = [each.event for each in everything if isinstance(each.event, SituationEvent)]
    assert [it for it in told if it.occurred.window.latest > published[it.report]] == []


def test_the_parties_to_the_fight_are_trusted_alike(statements: list[Statement]) -> None:
    trusted = {
        str(each.event.source): each.event.reliability
        for each in statements
        if isinstance(each.event, SourceRegistered)
    }
    assert trusted["army-press-service"] == trusted["csp-spokesman"] == Reliability.C
    assert trusted["situation-report"] == Reliability.F


# ---- What it answers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "on", "holders"),
    [
        ("kidal", "2023-11-13", ("csp",)),
        ("kidal", "2023-11-14", ("fama", "wagner")),
        ("kidal", "2023-11-20", ("fama", "wagner")),
        ("minusma-camp-kidal", "2023-10-30", ("minusma",)),
        ("minusma-camp-kidal", "2023-10-31", ("csp",)),
        ("minusma-camp-kidal", "2023-11-14", ("fama", "wagner")),
        ("minusma-camp-ber", "2023-08-12", ("minusma",)),
        ("minusma-camp-ber", "2023-08-13", ("fama",)),
        ("minusma-camp-tessalit", "2023-10-21", ("fama",)),
        ("minusma-camp-aguelhok", "2023-10-23", ("csp",)),
        ("aguelhok", "2023-12-20", ("fama",)),
        ("anefis", "2023-10-06", ("csp",)),
        ("anefis", "2023-10-07", ("fama", "wagner")),
        ("lere", "2023-09-17", ("csp",)),
        ("lere", "2023-09-18", ()),
        ("fama-camp-bamba", "2023-10-01", ("csp",)),
    ],
)
def test_who_held_it(node: Node, place: str, on: str, holders: tuple[str, ...]) -> None:
    found = answer(node, place, on)
    assert found.verdict.holders == holders
    assert found.verdict.status == ("HELD" if holders else "VACANT")
    assert found.period.reading.certain


def test_the_claim_of_the_csp_on_kidal_is_not_forgotten(node: Node) -> None:
    verdict = ask(node, "kidal", "2023-11-20")
    assert [side.holders for side in verdict.rivals] == [("csp",)]
    assert verdict.disputed and verdict.status == "HELD"
    explanation = explanation_of(node.answers, answer(node, "kidal", "2023-11-20"))
    assert "United Nations reporting (A2" in explanation
    assert "Spokesman of the CSP (C4" in explanation


def test_the_sources_disagree_about_bourem_until_the_press_sees_who_holds_it(node: Node) -> None:
    on_the_day = ask(node, "bourem", "2023-09-12")
    assert on_the_day.status == "DISPUTED"
    assert [side.holders for side in on_the_day.rivals] == [("fama",), ("csp", "fama")]
    afterwards = ask(node, "bourem", "2023-09-13")
    assert (afterwards.status, afterwards.holders) == ("HELD", ("fama",))
    assert not afterwards.disputed


def test_who_took_a_camp_and_left_it_on_one_day_disputes_nothing_at_its_close(node: Node) -> None:
    on_the_day = ask(node, "fama-camp-bourem", "2023-09-12")
    assert (on_the_day.status, on_the_day.holders) == ("HELD", ("fama",))
    assert [each.why for each in on_the_day.outweighed] == [Silence.ONLY_A_LEAVING]


def test_a_region_is_not_held(node: Node) -> None:
    assert ask(node, "mali", "2024-03-20").status == "UNKNOWN"


# ---- What became of the actors since ---------------------------------------------------------


@pytest.fixture(scope="module")
def later(everything: list[Statement], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    views = tmp_path_factory.mktemp("mali-after") / "views.db"
    with open_node(Settings(ledger="memory:", views=views), lambda: YEARS_AFTER) as node:
        node.ledger.record(everything, by="test")
        node.projector.catch_up()
        yield node


def test_nobody_could_have_recorded_it_in_that_march(
    node: Node, everything: list[Statement]
) -> None:
    with pytest.raises(StatementRefused) as refused:
        node.ledger.record(everything, by="test")
    assert isinstance(refused.value.refusal, InTheFuture)


@pytest.mark.parametrize(
    ("place", "on"), [("kidal", "2023-11-13"), ("kidal", "2024-03-20"), ("anefis", "2023-10-06")]
)
def test_who_held_it_is_not_changed_by_it(node: Node, later: Node, place: str, on: str) -> None:
    before, after = ask(node, place, on), ask(later, place, on)
    assert (after.status, after.holders) == (before.status, before.holders)


def test_two_sources_disagree_about_the_day_of_the_new_name(
    everything: list[Statement],
) -> None:
    renamed = [each.event for each in everything if isinstance(each.event, ActorRenamed)]
    source = {
        each.event.report: each.event.source
        for each in everything
        if isinstance(each.event, ReportFiled)
    }
    assert {each.name for each in renamed} == {"CSP-DPA"}
    assert {each.occurred.text for each in renamed} == {"2024-04", "2024-05-02"}
    assert len({source[each.report] for each in renamed}) == 2


def test_recording_it_twice_adds_nothing(node: Node, statements: list[Statement]) -> None:
    head = node.ledger.head
    receipts = node.ledger.record(statements, by="somebody else")
    assert all(receipt.duplicate for receipt in receipts)
    assert node.ledger.head == head == len(statements)


def _runs_of_words(path: Path) -> set[str]:
    """Every run of eight consecutive words."""
    words = re.findall(r"\w+", path.read_text("utf-8").lower())
    return {" ".join(words[start : start + 8]) for start in range(len(words) - 7)}
