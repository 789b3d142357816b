"""Two ways to the same answer: the sweep of the rule and the oracle agree on random histories."""

from dataclasses import replace
from itertools import pairwise
from os import environ
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.control.claims import Claim
from domain.control.lineage import Lineage
from domain.control.perspective import DEFAULT, Perspective
from domain.control.timeline import BEGINNING, END, NOT_TOUCHED, Timeline, Touched
from domain.control.verdict import Period
from domain.grades import Grade
from domain.location import fold
from domain.registry import Entry
from domain.situation.ties import Word
from domain.values import EventId, LocationId, Reliability
from tests.domain.control import oracle
from tests.domain.control.naive_place import admitted, kinship
from tests.domain.strategies import edges, histories, ledgers, lineages, perspectives

KIDAL = LocationId("kidal")
HISTORIES = int(environ.get("HISTORIES", "120"))
"""How many random histories each property is asked of: HISTORIES=5000 for a long night."""
often = settings(max_examples=HISTORIES // 2, deadline=None)
very_often = settings(max_examples=HISTORIES, deadline=None)


@very_often
@given(histories(), lineages())
def test_the_timeline_agrees_with_the_oracle_at_every_edge(
    claims: list[Claim], kin: list[Word]
) -> None:
    timeline = Timeline(claims, Lineage(kin))
    for at in edges([*claims, *kin]):
        assert oracle.shown(timeline.at(at).reading) == oracle.read(claims, at, kin).shown


@often
@given(histories(), lineages())
def test_a_period_knows_when_its_answer_began_and_was_last_heard(
    claims: list[Claim], kin: list[Word]
) -> None:
    for period in Timeline(claims, Lineage(kin)).periods():
        assert oracle.times_of(period) == oracle.times(claims, period.start, kin)
        assert oracle.times_of(period) == oracle.times(claims, period.end - 1, kin)


@often
@given(histories(), lineages(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    claims: list[Claim], kin: list[Word], random: Random
) -> None:
    shuffled, mixed = list(claims), list(kin)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert Timeline(shuffled, Lineage(mixed)).periods() == Timeline(claims, Lineage(kin)).periods()


@often
@given(histories(), lineages(), st.data())
def test_a_timeline_that_grows_and_shrinks_equals_one_made_at_once(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    lineage = Lineage(kin)
    timeline = Timeline(lineage=lineage)
    present: list[Claim] = []
    taken_back = set[EventId]()
    for claim, is_taken_back in _changes(claims, data):
        before = timeline.periods()
        if is_taken_back:
            present.remove(claim)
            touched = timeline.take_back(claim.event)
        elif claim.event in taken_back:
            present.append(claim)
            touched = timeline.reinstate(claim.event)
        else:
            present.append(claim)
            touched = timeline.add(claim)
        if is_taken_back:
            taken_back.add(claim.event)
        after = timeline.periods()
        assert after == Timeline(present, lineage).periods()
        assert _untouched(before, touched) == _untouched(after, touched)
        assert touched.after <= claim.occurred.earliest or before == after
    assert {each.event for each in timeline.claims} == {
        each.event for each in oracle.said_once(present)
    }


@often
@given(histories(), lineages(), st.data())
def test_a_timeline_of_claims_that_are_graded_anew_equals_one_made_at_once(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    lineage = Lineage(kin)
    timeline = Timeline(claims, lineage)
    before = timeline.periods()
    grade = Grade(data.draw(st.sampled_from(Reliability)), data.draw(st.integers(1, 6)))
    anew = [replace(each, grade=grade) if data.draw(st.booleans()) else each for each in claims]
    touched = timeline.become(anew)
    assert timeline.periods() == Timeline(anew, lineage).periods()
    assert _untouched(before, touched) == _untouched(timeline.periods(), touched)
    assert (touched == NOT_TOUCHED) == (Timeline(anew).claims == Timeline(claims).claims)


@often
@given(histories(), lineages())
def test_periods_fill_time_without_gaps_and_differ_from_their_neighbours(
    claims: list[Claim], kin: list[Word]
) -> None:
    periods = Timeline(claims, Lineage(kin)).periods()
    assert periods[0].start == BEGINNING
    assert periods[-1].end == END
    for one, following in pairwise(periods):
        assert one.start < one.end == following.start
        assert (one.reading, one.since, one.holding) != (
            following.reading,
            following.since,
            following.holding,
        )


@often
@given(histories(), lineages())
def test_the_periods_after_an_instant_are_the_last_ones_of_all(
    claims: list[Claim], kin: list[Word]
) -> None:
    timeline = Timeline(claims, Lineage(kin))
    periods = timeline.periods()
    for at in edges(claims):
        assert timeline.periods(at) == [period for period in periods if period.end > at]
        assert timeline.at(at) == next(each for each in periods if each.start <= at < each.end)


@often
@given(ledgers(), perspectives)
def test_a_place_hears_exactly_the_words_that_a_perspective_admits(
    ledger: list[Entry], perspective: Perspective
) -> None:
    place = fold(KIDAL, ledger)
    assert list(place.claims(perspective).claims) == list(admitted(ledger, KIDAL, perspective))
    assert list(place.claims().claims) == list(admitted(ledger, KIDAL, DEFAULT))


@often
@given(ledgers(), perspectives)
def test_a_place_resolves_what_it_hears_by_the_rule(
    ledger: list[Entry], perspective: Perspective
) -> None:
    place = fold(KIDAL, ledger)
    claims = list(place.claims(perspective).claims)
    kin = list(kinship(ledger, perspective))
    for at in edges([*claims, *kin]):
        reading = place.timeline(perspective).at(at).reading
        assert oracle.shown(reading) == oracle.read(claims, at, kin).shown


def _changes(claims: list[Claim], data: st.DataObject) -> list[tuple[Claim, bool]]:
    """Each claim added once, in any order; some removed later, and some of those added again."""
    todo = [(claim, False) for claim in data.draw(st.permutations(claims))]
    for claim in claims:
        if data.draw(st.booleans()):
            came = todo.index((claim, False))
            gone = data.draw(st.integers(came + 1, len(todo)))
            todo.insert(gone, (claim, True))
            if data.draw(st.booleans()):
                todo.insert(data.draw(st.integers(gone + 1, len(todo))), (claim, False))
    return todo


def _untouched(periods: list[Period], touched: Touched) -> tuple[list[Period], list[Period]]:
    """The periods before the touched time, as far as they lie before, and the periods after."""
    cut = touched.after
    before = [each._replace(end=min(each.end, cut)) for each in periods if each.start < cut]
    return before, [each for each in periods if each.start > touched.until]
