"""Two ways to the same answer: the rows of the view and the pure fold of the ledger."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.node import Node
from domain.control.claims import ControlStatus
from domain.control.perspective import Perspective
from domain.control.verdict import NOTHING, Period, Reading
from domain.events import LineageEvent, LocatedEvent
from domain.location import Location, fold
from domain.occurred import DAY, Instant
from domain.registry import Entry
from domain.values import LocationId
from infra.ledger.ledger import StatementRefused
from projections.control import UNKNOWN_FOR_EVER, SomePeriod, claims
from tests.domain.strategies import ACTORS, perspectives
from tests.nodes import node_at
from tests.projections.strategies import Append, appends

PLACES = [LocationId(place) for place in ("kidal", "tessalit", "gao")]
often = settings(max_examples=60, deadline=None)


@often
@given(appends(), st.data())
def test_the_view_agrees_with_the_fold_at_every_position_and_instant(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.control_view
        for place in PLACES:
            instants = edges(ledger, place)
            for known, location in enumerate(growing(place, ledger)):
                periods = location.timeline().periods()
                assert view.timeline(place, known=known) == periods
                for at in instants:
                    expected, shown = containing(periods, at), view.at(place, at=at, known=known)
                    assert columns(shown) == columns(expected)
                    assert shown == expected
                    assert shown.is_nothing is not bool(expected.reading.events)


@often
@given(appends(), st.data())
def test_the_view_of_today_is_the_timeline_of_the_place(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        for place in PLACES:
            timeline = fold(place, ledger).timeline()
            for at in edges(ledger, place):
                shown = node.answers.control_view.at(place, at=at, known=len(ledger))
                assert shown == timeline.at(at)


@often
@given(appends(), perspectives, st.data())
def test_a_perspective_hears_the_same_from_the_view_as_from_the_ledger(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        for place in PLACES:
            for known, location in enumerate(growing(place, ledger)):
                seen = node.answers.control_view.from_perspective(place, perspective, known=known)
                pure = location.timeline(perspective)
                assert list(seen.claims) == list(pure.claims)
                assert seen.periods() == pure.periods()


@often
@given(appends(), perspectives, st.data())
def test_a_perspective_of_a_crowded_place_is_kept_and_is_the_same(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger), pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "MANY", 0)
        view = node.answers.control_view
        for place in PLACES:
            at = data.draw(st.sampled_from(edges(ledger, place)))
            for known, location in enumerate(growing(place, ledger)):
                periods = location.timeline(perspective).periods()
                for _ in ("swept", "kept"):
                    seen = view.timeline_from(perspective, place, known=known)
                    assert seen == periods
                    found = view.at_from(perspective, place, at=at, known=known)
                    assert found == containing(periods, at)


@often
@given(appends(), st.data())
def test_the_map_and_the_holdings_agree_with_the_answer_for_each_place(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.control_view
        at = data.draw(st.sampled_from([each for p in PLACES for each in edges(ledger, p)]))
        for known in range(len(ledger) + 1):
            answers = {place: view.at(place, at=at, known=known) for place in PLACES}
            shown = dict(view.map(at=at, known=known, places=PLACES))
            assert {place for place in PLACES if answers[place].reading != NOTHING} <= set(shown)
            assert shown == {place: answers[place] for place in shown}
            for actor in ACTORS:
                held = [place for place in sorted(PLACES) if holds(actor, answers[place])]
                assert view.holdings(actor, at=at, known=known) == [
                    (place, answers[place]) for place in held
                ]


@often
@given(appends(), st.data())
def test_the_revisions_are_the_positions_at_which_the_answer_changed(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.control_view
        for place in PLACES:
            at = data.draw(st.sampled_from(edges(ledger, place)))
            known = data.draw(st.integers(0, len(ledger)))
            revisions = view.revisions(place, at=at, known=known)
            assert [(each.position, each.period.reading) for each in revisions] == changes(
                [view.at(place, at=at, known=each).reading for each in range(known + 1)]
            )


@often
@given(appends(), perspectives, st.data())
def test_a_perspective_has_the_map_the_holdings_and_the_revisions_of_the_fold(
    told: list[Append], perspective: Perspective, data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.control_view
        at = data.draw(st.sampled_from([each for p in PLACES for each in edges(ledger, p)]))
        answers = {
            place: [location.timeline(perspective).at(at) for location in growing(place, ledger)]
            for place in PLACES
        }
        for known in range(len(ledger) + 1):
            found = dict(view.map_from(perspective, at=at, known=known, places=PLACES))
            for place in PLACES:
                assert found.get(place, UNKNOWN_FOR_EVER) == answers[place][known]
            for actor in ACTORS:
                assert view.holdings_from(perspective, actor, at=at, known=known) == [
                    (place, answers[place][known])
                    for place in sorted(PLACES)
                    if holds(actor, answers[place][known])
                ]
        after = data.draw(st.integers(0, len(ledger)))
        for place in PLACES:
            readings = [each.reading for each in answers[place]]
            revisions = view.revisions_from(
                perspective, place, at=at, known=len(ledger), after=after
            )
            assert [(each.position, each.period.reading) for each in revisions] == [
                change for change in changes(readings) if change[0] > after
            ]


@often
@given(appends(), st.data())
def test_a_rebuild_finds_the_rows_that_following_wrote(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        followed_to = {each.name: node.views.digest(each) for each in node.projector.projections}
        rebuilt = node.projector.rebuild()
        assert rebuilt.differing == ()
        assert rebuilt.position == len(ledger)
        assert rebuilt.digests == followed_to


@often
@given(appends(), st.data())
def test_a_replay_from_the_ledger_alone_agrees_with_the_view(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        for place in PLACES:
            known = data.draw(st.integers(0, len(ledger)))
            replayed = node.ledger.location(place, until=known).timeline().periods()
            assert replayed == node.answers.control_view.timeline(place, known=known)


@contextmanager
def followed(told: list[Append], data: st.DataObject) -> Iterator[tuple[Node, list[Entry]]]:
    """A node that was told all of it and followed now and then, and what its ledger then holds."""
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        pauses = data.draw(st.sets(st.integers(0, len(told) - 1)))
        for number, append in enumerate(told):
            with suppress(StatementRefused):  # taken back twice, or reinstated though it stands
                node.ledger.record(append, by="archivist")
            if number in pauses:
                node.projector.catch_up(until=data.draw(st.none() | st.integers(0, 60)))
        node.projector.catch_up()
        yield node, [recorded.entry for recorded in node.ledger.read()]


def growing(place: LocationId, ledger: list[Entry]) -> Iterator[Location]:
    """The place as known at position 0, 1, 2 and so on."""
    location = Location(place)
    yield location
    for entry in ledger:
        location.learn(entry)
        yield location


def edges(ledger: list[Entry], place: LocationId) -> list[Instant]:
    """Every instant at which an answer may change, with its neighbours; and the day before all."""
    said = (entry.statement.event for entry in ledger)
    about = [
        each
        for each in said
        if isinstance(each, LineageEvent)
        or (isinstance(each, LocatedEvent) and each.location == place)
    ]
    windows = [each.occurred.window for each in about]
    found = {edge for window in windows for edge in (window.earliest, window.latest)}
    near = {edge + step for edge in found for step in (-2, -1, 0, 1)}
    return [Instant(at) for at in sorted(near | {min(found, default=0) - DAY})]


def containing(periods: list[Period], at: Instant) -> Period:
    return periods[bisect_right(periods, at, key=lambda period: period.start) - 1]


def columns(period: SomePeriod) -> tuple[object, ...]:
    """What can be told of a period without its verdicts."""
    said = (period.status, period.holders, period.corroboration, period.is_nothing)
    times = (period.since, period.since_is, period.until, period.last_heard, period.holding)
    return (period.start, period.end, *said, period.certain, period.disputed, *times)


def holds(actor: str, period: SomePeriod) -> bool:
    verdict = period.reading.verdict
    return verdict.status is ControlStatus.HELD and actor in verdict.holders


def changes(readings: list[Reading]) -> list[tuple[int, Reading]]:
    """Where the reading differs from the one before; at first nothing is known."""
    before = [NOTHING, *readings]
    return [(at, each) for at, each in enumerate(readings) if each != before[at]]
