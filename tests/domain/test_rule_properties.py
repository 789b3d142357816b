"""Two ways to the same answer: the rule, its sweep and the oracle agree on random histories."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claims import Claim, ControlStatus, Grade
from domain.lineage import Lineage
from domain.location import fold
from domain.occurred import Instant, Window
from domain.perspective import DEFAULT, Perspective
from domain.registry import Entry
from domain.ties import Word
from domain.timeline import BEGINNING, END, Timeline, resolve
from domain.values import ActorId, LocationId, Reliability
from domain.verdict import Period, Verdict
from tests.domain import oracle
from tests.domain.naive_place import admitted, kinship
from tests.domain.strategies import edges, histories, ledgers, lineages, perspectives

KIDAL = LocationId("kidal")
often = settings(max_examples=300, deadline=None)
very_often = settings(max_examples=500, deadline=None)


@very_often
@given(histories(), lineages())
def test_the_rule_agrees_with_the_oracle_at_every_edge(
    claims: list[Claim], kin: list[Word]
) -> None:
    lineage = Lineage(kin)
    for at in edges([*claims, *kin]):
        assert oracle.bare(resolve(claims, at, lineage)) == oracle.read(claims, at, kin)


@very_often
@given(histories(), lineages())
def test_the_timeline_agrees_with_the_rule_at_every_edge(
    claims: list[Claim], kin: list[Word]
) -> None:
    lineage = Lineage(kin)
    timeline = Timeline(claims, lineage)
    for at in edges([*claims, *kin]):
        assert timeline.at(at).reading == resolve(claims, at, lineage)


@often
@given(histories(), lineages(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    claims: list[Claim], kin: list[Word], random: Random
) -> None:
    shuffled, mixed = list(claims), list(kin)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert Timeline(shuffled, Lineage(mixed)).periods() == Timeline(claims, Lineage(kin)).periods()
    assert [resolve(shuffled, at, Lineage(mixed)) for at in edges(claims)] == [
        resolve(claims, at, Lineage(kin)) for at in edges(claims)
    ]


@often
@given(histories(), lineages(), st.data())
def test_a_timeline_that_grows_and_shrinks_equals_one_made_at_once(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    lineage = Lineage(kin)
    timeline = Timeline(lineage=lineage)
    present: list[Claim] = []
    for claim, is_taken_back in _changes(claims, data):
        before = timeline.periods()
        if is_taken_back:
            present.remove(claim)
            cut = timeline.become(present)
        else:
            present.append(claim)
            cut = timeline.add(claim)
        after = timeline.periods()
        assert after == Timeline(present, lineage).periods()
        assert _until(before, cut) == _until(after, cut)
        assert cut <= claim.occurred.earliest
    assert list(timeline.claims) == sorted(
        present, key=lambda claim: (claim.occurred.latest, oracle.order(claim))
    )


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
    cut = timeline.become(anew)
    assert timeline.periods() == Timeline(anew, lineage).periods()
    assert _until(before, cut) == _until(timeline.periods(), cut)
    assert (cut == END) == (anew == claims)


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
        assert one.reading != following.reading


@often
@given(histories(), lineages())
def test_a_period_knows_when_its_answer_began_and_ended(
    claims: list[Claim], kin: list[Word]
) -> None:
    periods = Timeline(claims, Lineage(kin)).periods()
    runs = [[periods[0]]]
    for period in periods[1:]:
        if _goes_on(runs[-1][-1].reading.verdict, period.reading.verdict, kin, period.start):
            runs[-1].append(period)
        else:
            runs.append([period])
    turns = [_turn(run[0], claims, kin) for run in runs]
    for run, began, ended in zip(runs, turns, [*turns[1:], None], strict=True):
        assert {(period.since, period.until) for period in run} == {(began, ended)}


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
    assert list(place.claims(perspective)) == list(admitted(ledger, KIDAL, perspective))
    assert list(place.claims()) == list(admitted(ledger, KIDAL, DEFAULT))


@often
@given(ledgers(), perspectives)
def test_a_place_resolves_what_it_hears_by_the_rule(
    ledger: list[Entry], perspective: Perspective
) -> None:
    place = fold(KIDAL, ledger)
    claims = list(place.claims(perspective))
    kin = list(kinship(ledger, perspective))
    for at in edges([*claims, *kin]):
        reading = place.timeline(perspective).at(at).reading
        assert oracle.bare(reading) == oracle.read(claims, at, kin)


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


def _goes_on(one: Verdict, following: Verdict, kin: list[Word], at: Instant) -> bool:
    """Whether the same side holds the answer still."""
    if one.status != ControlStatus.HELD or following.status != ControlStatus.HELD:
        return one.status == following.status
    return oracle.kin_at(kin, at).share(one.holders, following.holders)


def _turn(period: Period, claims: list[Claim], kin: list[Word]) -> Window | None:
    """The time of the first claim that came to count as the answer turned, one for it if any; or
    of what came to count of those who are named."""
    came = sorted((c for c in claims if c.occurred.latest == period.start + 1), key=oracle.order)
    told = [claim for claim in came if claim.event in period.reading.verdict.evidence]
    if came:
        return (told or came)[0].occurred
    named = {
        actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
    }
    akin = _akin(named, kin)
    turned = [w for w in akin if w.occurred.latest == period.start + 1]
    return min(turned, key=oracle.word_order).occurred if turned else None


def _akin(named: set[ActorId], kin: list[Word]) -> list[Word]:
    """The words on ties that lead to any of these actors."""
    reached: set[str] = set(named)
    for _ in kin:
        for word in kin:
            ends = {word.tie.subject, word.tie.object} - {""}
            if ends & reached:
                reached |= ends
    return [word for word in kin if {word.tie.subject, word.tie.object} & reached]


def _until(periods: list[Period], cut: Instant) -> list[Period]:
    """The periods as far as they lie before the cut."""
    return [replace(period, end=min(period.end, cut)) for period in periods if period.start < cut]
