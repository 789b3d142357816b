"""Answers: does a subscription tell every event and every change once, wherever it begins?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.graphql.feeds import BadCursor, Cursor, Feed, TakesLong
from api.node import Node
from api.schema.context import Context, Principal
from api.schema.queries import TARGETS
from api.schema.subscriptions import ControlFeed, EventFeed
from domain import events
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import DAY, Instant
from domain.values import LocationId
from projections.entries import EventFilter
from tests.domain.builders import event
from tests.domain.strategies import perspectives
from tests.nodes import WORLD, node_at, tell
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import PLACES, followed

some = settings(max_examples=40, deadline=None)
Told = tuple[int, str, bool]


def context_of(node: Node) -> Context:
    return Context(node, Principal("reader", frozenset({"read"})), TARGETS)


def changes(node: Node, perspective: Perspective = DEFAULT, within: str | None = None) -> Feed:
    place = LocationId(within) if within else None
    return ControlFeed(context_of(node), None, place, perspective)


def recorded(node: Node, **wanted: Any) -> Feed:
    return EventFeed(context_of(node), None, EventFilter(**wanted))


def told_by(feed: Feed, cursor: Cursor, until: int) -> list[Told]:
    return [
        (each.position, each.about, each.is_last)
        for each in feed.read(cursor, until, is_brief=False)
    ]


def brute_force(node: Node, head: int, perspective: Perspective) -> Iterator[tuple[int, str]]:
    """Every entry and place with another answer than before the entry, one by one."""
    view = node.answers.control_view
    for position in range(1, head + 1):
        at = node.answers.entries.recorded_at(position)
        assert at is not None
        at = Instant(at // DAY * DAY + DAY - 1)
        for place in sorted(PLACES):
            before, after = (
                view.at_from(perspective, place, at=at, known=known).reading
                for known in (position - 1, position)
            )
            if before != after:
                yield position, place


@some
@given(appends(), perspectives, st.data())
def test_a_change_is_told_for_every_place_and_entry_that_changed_the_answer(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        head = len(ledger)
        for whose in (DEFAULT, perspective):
            found = told_by(changes(node, whose), Cursor(0), head)
            assert [(at, place) for at, place, _ in found] == [*brute_force(node, head, whose)]


@some
@given(appends(), st.data())
def test_whoever_goes_on_after_any_result_gets_exactly_the_rest(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        feed, head = changes(node), len(ledger)
        whole = [*feed.read(Cursor(0), head, is_brief=False)]
        for number, each in enumerate(whole, 1):
            rest = told_by(feed, Cursor(0), head)[number:]
            assert told_by(feed, each.cursor, head) == rest
            assert told_by(feed, Cursor.parse(each.cursor.id), head) == rest


def seized(place: str, report: str = "report-1", **more: Any) -> events.Event:
    common = {"location": place, "by": "fama", "occurred": "2023-11-14", "credibility": 2}
    return event(events.TownSeized, **(common | more), report=report)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with node_at(tmp_path / "views.db") as made:
        tell(made, *WORLD)
        yield made


def towns(node: Node, number: int) -> None:
    """So many towns, each held by FAMa, as one source says."""
    for each in range(number):
        name = f"town-{each:02}"
        town = event(
            events.LocationRegistered, location=name, name=name, kind="town", within="mali"
        )
        tell(node, town, seized(name))


def regraded() -> events.Event:
    return event(events.SourceRegraded, source="rfi", reliability="E", reason="It was wrong.")


def test_one_entry_that_changes_many_answers_is_told_in_the_order_of_places(node: Node) -> None:
    towns(node, 4)
    before = node.answers.head
    merged = {"merged": ("fama",), "into": "wagner", "occurred": "2023-12-01"}
    tell(node, event(events.ActorMerged, **merged))
    several = [*changes(node).read(Cursor(before), node.answers.head, is_brief=False)]
    assert len(several) == 4
    assert {each.position for each in several} == {before + 1}
    assert [each.about for each in several] == sorted(each.about for each in several)
    assert [each.number for each in several] == [*range(1, len(several) + 1)]
    assert [each.is_last for each in several] == [False] * (len(several) - 1) + [True]
    assert several[-1].cursor == Cursor(before + 1)


def test_an_entry_that_bears_on_many_places_is_no_work_for_the_event_loop(node: Node) -> None:
    towns(node, 21)
    before = node.answers.head
    tell(node, regraded())
    feed, head = changes(node), node.answers.head
    with pytest.raises(TakesLong):
        list(feed.read(Cursor(before), head, is_brief=True))
    told_by(feed, Cursor(before), head)


def test_only_changes_within_a_place_as_known_at_the_change(node: Node) -> None:
    first, last = seized("kidal"), seized("kidal", by="csp", occurred="2023-11-20")
    tell(node, event(events.LocationRegistered, location="azawad", name="Azawad", kind="region"))
    tell(node, first)
    known = node.answers.head
    tell(node, event(events.LocationAmended, location="kidal", within="azawad", reason="An error."))
    tell(node, last)
    head = node.answers.head
    for place, expected in (
        ("kidal", [known, head]),
        ("mali", [known]),
        ("azawad", [head]),
        ("kidal-camp", []),
    ):
        found = told_by(changes(node, within=place), Cursor(0), head)
        assert [position for position, *_ in found] == expected, place


def test_every_event_is_told_as_it_was_recorded(node: Node) -> None:
    (said,) = tell(node, seized("kidal"))
    tell(node, event(events.EventRetracted, event=said.id, reason="wrong", report="report-2"))
    head = node.answers.head
    found = [*recorded(node).read(Cursor(0), head, is_brief=False)]
    assert [each.position for each in found] == [*range(1, head + 1)]
    assert [each.value.retracted for each in found] == [False] * head
    of_place = [each for each, *_ in told_by(recorded(node, within="mali"), Cursor(0), head)]
    live = []
    for position in range(1, head + 1):  # what a listener was told as each entry came
        live += [at for at, *_ in told_by(recorded(node, within="mali"), Cursor(position - 1),
                                          position)]  # fmt: skip
    assert of_place == live
    assert head in of_place


def test_whoever_has_an_event_and_counts_it_is_not_told_it_again(node: Node) -> None:
    head = node.answers.head
    found = told_by(recorded(node), Cursor.parse(f"{head - 2}:1"), head)
    assert [position for position, *_ in found] == [head - 1, head]


@pytest.mark.parametrize("text", ["17", "18:2", "0"])
def test_an_id_names_a_cursor(text: str) -> None:
    assert Cursor.parse(text).id == text


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1:", "0:1", "1:2:3", "9" * 5_000, "١٧", "1 ", "+1"]
)
def test_no_other_text_is_an_id(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.parse(text)
