"""Are the rows of the tables what the answers say?"""

from dataclasses import fields
from typing import Any, get_args

import pytest

from api.node import Node
from api.tables.asked import AskedTable, BadTableQuestion
from api.tables.columns import Axis, ColumnType, columns_of, meanings_of_columns
from api.tables.kinds import KINDS
from api.tables.question import OPTIONS, TableName
from domain.control.claims import ControlStatus
from domain.events import SituationEvent
from domain.occurred import Instant, parse_moment
from domain.values import LocationId
from projections.entries import EventFilter
from projections.places import PlaceFilter
from tests.api.tables.asking import rows_of

ON = "2023-11-20"
AT = parse_moment(ON)


# ---- control -------------------------------------------------------------------------------------


def test_control_has_a_row_for_each_answer_of_the_map(node: Node) -> None:
    answers = node.answers
    rows = rows_of(answers, "control", on=ON)
    told = answers.map(PlaceFilter(), answers.basis(AT))
    assert [row.location for row in rows] == [each.location for each in told]
    for row, answer in zip(rows, told, strict=True):
        assert row.status.upper() == answer.verdict.status
        named = row.holders or row.contenders or ""
        assert tuple(filter(None, named.split(";"))) == answer.verdict.holders
        assert (row.certain, row.disputed) == (answer.certain, answer.verdict.disputed)
        assert tuple(filter(None, (row.events or "").split(";"))) == answer.events


def test_kidal_is_held_by_two_and_disputed_by_a_third(node: Node) -> None:
    (kidal,) = (row for row in rows_of(node.answers, "control", on=ON) if row.location == "kidal")
    assert (kidal.status, kidal.holders, kidal.holder_names) == (
        "held",
        "fama;wagner",
        "FAMa; Wagner",
    )
    assert (kidal.disputed, kidal.rivals, kidal.since_is) == (True, "held:csp", "began")
    assert kidal.sources == "world-press;united-nations;csp-spokesman"
    assert (kidal.geo_scale, kidal.geo_precision, kidal.within) == ("ucdp", 1, "kidal-region")
    assert kidal.explanation is None


def test_contenders_are_no_holders(node: Node) -> None:
    rows = rows_of(node.answers, "timelines")
    contested = [row for row in rows if row.status == "contested"]
    assert contested
    assert all(row.holders is None and row.contenders for row in contested)


def test_an_explanation_is_given_where_it_is_asked_for(node: Node) -> None:
    rows = rows_of(node.answers, "control", on=ON, within="kidal", options=frozenset({"explain"}))
    assert [row.location for row in rows] == ["kidal", "minusma-camp-kidal"]
    assert rows[0].explanation.startswith("Kidal was held by FAMa and Wagner")


def test_a_perspective_and_a_position_count(node: Node) -> None:
    answers = node.answers
    for more in ({"without": ("csp-spokesman",)}, {"position": 142}, {"published_by": ON}):
        rows = rows_of(answers, "control", on=ON, **more)
        basis = AskedTable(table="control", on=ON, **more).question(answers).basis
        told = {each.location: each for each in answers.map(PlaceFilter(), basis)}
        assert {row.location: row.status.upper() for row in rows} == {
            place: each.verdict.status for place, each in told.items()
        }
    (kidal,) = (
        row
        for row in rows_of(answers, "control", on=ON, without=("csp-spokesman",))
        if row.location == "kidal"
    )
    assert not kidal.disputed


# ---- timelines -----------------------------------------------------------------------------------


def test_what_is_known_now_is_the_timeline_of_each_place(node: Node) -> None:
    answers = node.answers
    rows = rows_of(answers, "timelines")
    assert all(row.known_to is None and row.known_to_position is None for row in rows)
    for place in {row.location for row in rows}:
        told = answers.timeline(place, answers.basis())
        mine = [row for row in rows if row.location == place]
        assert [row.status.upper() for row in mine] == [each.verdict.status for each in told]
        assert [row.valid_from for row in mine][1:] == [each.period.start for each in told][1:]
        assert mine[0].valid_from is None and mine[-1].valid_to is None
        assert [row.valid_to for row in mine][:-1] == [row.valid_from for row in mine][1:]


@pytest.mark.parametrize("whose", [{}, {"published_by": "2023-11-20"}, {"min_credibility": 3}])
def test_one_row_of_all_knowledge_is_the_answer_at_any_time(
    node: Node, whose: dict[str, Any]
) -> None:
    answers = node.answers
    rows = rows_of(
        answers, "timelines", within="kidal", options=frozenset({"all-knowledge"}), **whose
    )
    for day in ("2012-04-10", "2023-10-31", "2023-11-20"):
        at = parse_moment(day)
        for position in range(1, answers.head + 1, 7):
            asked = AskedTable(table="control", on=day, position=position, **whose)
            basis = asked.question(answers).basis
            for place in ("kidal", "minusma-camp-kidal"):
                found = [row for row in rows if row.location == place and _is(row, at, position)]
                answer = answers.control(place, basis)
                if not found:
                    assert answer.verdict.status is ControlStatus.UNKNOWN
                    continue
                (row,) = found
                assert row.status.upper() == answer.verdict.status
                assert (row.evidence or "").split(";") == [*answer.verdict.evidence] or not (
                    answer.verdict.evidence
                )


def _is(row: Any, at: Instant, position: int) -> bool:
    return (
        (row.valid_from is None or row.valid_from <= at)
        and (row.valid_to is None or at < row.valid_to)
        and row.known_from_position <= position
        and (row.known_to_position is None or position < row.known_to_position)
    )


def test_known_from_is_the_time_of_the_entry_that_brought_the_row(node: Node) -> None:
    answers = node.answers
    for row in rows_of(answers, "timelines", options=frozenset({"all-knowledge"})):
        assert row.known_from == answers.entries.recorded_at(row.known_from_position)
        if row.known_to_position is not None:
            assert row.known_to == answers.entries.recorded_at(row.known_to_position)
            assert row.known_from_position < row.known_to_position


def test_what_came_after_the_position_of_the_table_is_not_in_the_table(node: Node) -> None:
    rows = rows_of(node.answers, "timelines", position=142, options=frozenset({"all-knowledge"}))
    assert max(row.known_from_position for row in rows) <= 142
    assert all(row.known_to_position is None or row.known_to_position <= 142 for row in rows)


# ---- events --------------------------------------------------------------------------------------


def test_events_has_a_row_for_each_statement(node: Node) -> None:
    answers = node.answers
    rows = rows_of(answers, "events")
    page = answers.entries.page(EventFilter(), known=answers.head, size=10_000)
    said = [each for each in page.entries if isinstance(each.event, SituationEvent)]
    assert [row.event for row in rows] == [each.id for each in said]
    assert [row.retracted for row in rows] == [each.retracted for each in said]
    assert all(row.recorded_by is None for row in rows)
    options = frozenset({"recorded-by"})
    assert {row.recorded_by for row in rows_of(answers, "events", options=options)} == {"local"}


def test_a_retraction_has_its_reason_and_its_report(node: Node) -> None:
    (gone,) = (row for row in rows_of(node.answers, "events") if row.retracted)
    assert (gone.source, gone.retracted_by, gone.retracted_why) == (
        "first",
        "second-1",
        'It was "elsewhere"',
    )
    assert gone.retracted_at == node.answers.entries.recorded_at(node.answers.head)
    early = rows_of(node.answers, "events", position=gone.position)
    assert not early[-1].retracted and early[-1].retracted_why is None


def test_a_retraction_does_not_count_without_the_word_that_retracts(node: Node) -> None:
    for whose in ({"without": ("second",)}, {"published_by": "2024-02-01"}):
        rows = rows_of(node.answers, "events", within="formula", **whose)
        assert [(row.source, row.retracted, row.retracted_why) for row in rows] == [
            ("first", False, None)
        ]
    (row, *_) = rows_of(node.answers, "events", within="formula", min_credibility=2)
    assert row.retracted_by == "second-1"


def test_the_sides_of_a_clash_are_told_apart(node: Node) -> None:
    *_, clash = rows_of(node.answers, "events", within="formula")
    assert clash.roles == "side1:fama;side1-uncertain:wagner;side2:minus"
    assert (clash.deaths_low, clash.deaths_best, clash.deaths_high) == (3, None, 5)


def test_the_window_of_events_is_cut_by_from_and_to(node: Node) -> None:
    rows = rows_of(node.answers, "events", since="2023-11-01", until="2023-11-30")
    assert rows
    first, last = parse_moment("2023-10-31") + 1, parse_moment("2023-11-30")
    assert all(row.occurred_to > first and row.occurred_from <= last for row in rows)
    inside = rows_of(node.answers, "events", within="kidal")
    assert {row.location for row in inside} >= {"kidal"}
    assert len(inside) < len(rows_of(node.answers, "events"))


def test_every_actor_has_a_role(node: Node) -> None:
    for row in rows_of(node.answers, "events"):
        actors = (row.actors or "").split(";")
        roles = [role.partition(":")[2] for role in (row.roles or "").split(";")]
        assert sorted(set(actors)) == sorted(set(roles))


# ---- what is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "control", "on": ON, "within": "kidal-region"},
        {"table": "timelines", "published_by": ON, "options": frozenset({"all-knowledge"})},
        {"table": "events", "since": "2023-11-01", "until": "2023-11-30", "sources": ("ocha",)},
        {"table": "events", "until": "9999-12-30"},
    ],
)
def test_a_token_asks_the_same_again(node: Node, asked: dict[str, Any]) -> None:
    answers = node.answers
    if asked.get("sources"):
        asked = asked | {"sources": (next(iter(answers.sources.names())),)}
    question = AskedTable(**asked).question(answers)
    again = AskedTable(table=asked["table"], token=question.token)
    assert again.question(answers).token == question.token
    kind = KINDS[question.table]
    once, twice = (kind.rows(answers, each) for each in (question, again.question(answers)))
    assert [*once.pages()] == [*twice.pages()]


def test_parameters_that_do_not_go_together_are_refused(node: Node) -> None:
    bad: list[dict[str, Any]] = [
        {"table": "control"},
        {"table": "events", "on": ON},
        {"table": "control", "on": ON, "since": ON},
        {"table": "control", "on": ON, "options": frozenset({"all-knowledge"})},
        {"table": "control", "on": ON, "known_on": ON, "position": 3},
        {"table": "events", "token": "x", "within": "kidal"},
    ]
    for given in bad:
        with pytest.raises(BadTableQuestion):
            AskedTable(**given)
    token = AskedTable(table="events").question(node.answers).token
    with pytest.raises(BadTableQuestion, match="the table events"):
        AskedTable(table="timelines", token=token).question(node.answers)


# ---- the columns ---------------------------------------------------------------------------------


@pytest.mark.parametrize("table", get_args(TableName))
def test_every_column_has_a_meaning_and_every_time_its_clock(table: TableName) -> None:
    row = KINDS[table].row
    meanings = meanings_of_columns(row)
    columns = columns_of(row)
    assert [each.name for each in columns] == [each.name for each in fields(row)]
    assert set(meanings) == {each.name for each in columns}
    for each in columns:
        assert (each.type is ColumnType.DATETIME) <= (each.axis in set(Axis))
        assert meanings[each.name].endswith((".", ";"))


def test_no_option_is_of_two_minds() -> None:
    assert set(OPTIONS) == set(get_args(TableName)) == set(KINDS)


def test_the_order_of_a_place_is_that_of_valid_time(node: Node) -> None:
    rows = rows_of(node.answers, "timelines", within="kidal")
    starts = [row.valid_from or 0 for row in rows if row.location == LocationId("kidal")]
    assert starts[1:] == sorted(starts[1:])
