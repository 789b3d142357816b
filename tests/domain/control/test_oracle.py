"""What must hold of every reading of the rule, asked of the oracle, to which others are held."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.grades import Grade
from domain.occurred import Instant, Occurred, Window
from domain.situation.ties import TieKind, Word
from domain.values import Reliability, ReportId, SourceId
from tests.domain.builders import event_id
from tests.domain.control import oracle
from tests.domain.control.naive_kin import Kin
from tests.domain.control.naive_words import FIRM, is_leaving, weight
from tests.domain.strategies import SOURCES, assertions, crowded, histories, lineages

some = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
LATER = Occurred.parse("2025-06-01").window
"""After all that the histories tell of."""
NEW = SourceId("new")
reliable = st.sampled_from([Reliability.A, Reliability.B, Reliability.C])


def said(what: Assertion, window: Window, origin: SourceId, grade: Grade) -> Claim:
    """One more claim, published when it is about."""
    published = Instant(window.latest - 1)
    voice = origin, origin, ReportId("report-99")
    return Claim(event_id(99), 99, window, published, window, what, *voice, grade)


@some
@given(histories(), lineages(), st.data())
def test_between_its_moments_nothing_changes(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    pairs = [pair for pair in pairwise(oracle.moments(claims, kin)) if pair[1] - pair[0] > 1]
    assume(pairs)
    start, end = data.draw(st.sampled_from(pairs))
    at = data.draw(st.integers(start, end - 1))
    assert oracle.read(claims, at, kin) == oracle.read(claims, start, kin)
    assert oracle.times(claims, at, kin) == oracle.times(claims, start, kin)


@some
@given(histories(), lineages(), st.data())
def test_in_which_order_sources_are_recorded_does_not_matter(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    own = defaultdict(list)
    for claim in claims:
        own[claim.origin].append(claim)
    origins = data.draw(st.permutations([claim.origin for claim in claims]))
    mixed = [
        replace(own[origin].pop(0), position=position) for position, origin in enumerate(origins, 1)
    ]
    for at in _some_moments(claims, kin, data):
        assert oracle.read(mixed, at, kin).shown == oracle.read(claims, at, kin).shown
        assert oracle.last_heard(mixed, at, kin) == oracle.last_heard(claims, at, kin)


@some
@given(histories(), lineages(), reliable, st.data())
def test_a_later_firm_sighting_that_agrees_removes_no_holder(
    claims: list[Claim], kin: list[Word], reliability: Reliability, data: st.DataObject
) -> None:
    at = Instant(LATER.latest - 1)
    before = oracle.read(claims, at, kin)
    assume(before.status == ControlStatus.HELD)
    same = Assertion(ClaimKind.OBSERVATION, ControlStatus.HELD, before.holders)
    credibility = data.draw(st.sampled_from([1, 2, 3]))
    sighting = said(same, LATER, NEW, Grade(reliability, credibility))
    after = oracle.read([*claims, sighting], at, kin)
    assert set(after.holders) >= set(before.holders)


@some
@given(histories(), lineages(), st.data())
def test_a_winner_that_is_graded_higher_still_wins(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    for at in _some_moments(claims, kin, data):
        before = oracle.read(claims, at, kin)
        for winner in before.evidence:
            best = Grade(Reliability.A, 1)
            anew = [replace(c, grade=best) if c.event == winner else c for c in claims]
            after = oracle.read(anew, at, kin)
            assert after.status == before.status
            # Of a coalition and its member, the better graded one is shown.
            passed = Kin([word for word in kin if word.occurred.latest <= at + 1])
            assert not before.holders or passed.meet(after.holders, before.holders)


@some
@given(histories(), lineages(), st.data())
def test_a_rumour_unsays_nothing_that_its_own_source_knew(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    known = [claim for claim in claims if weight(claim) == FIRM]
    assume(known)
    claim, window = data.draw(st.sampled_from(known)), data.draw(crowded)
    assume(window.earliest >= claim.occurred.earliest and window.latest >= claim.occurred.latest)
    doubtful = Grade(claim.grade.reliability, data.draw(st.sampled_from([4, 5])))
    rumour = said(data.draw(assertions()), window, claim.origin, doubtful)
    rumour = replace(rumour, kept_until=claim.kept_until)
    for at in _some_moments([*claims, rumour], kin, data):
        if at >= oracle.counts_from(claim):
            before, after = (oracle.read(all_, at, kin) for all_ in (claims, [*claims, rumour]))
            is_rumour = before.evidence and all(
                weight(each) < FIRM for each in claims if each.event in before.evidence
            )
            if not is_rumour:  # which may silence another
                assert (after.status, after.holders) == (before.status, before.holders)


@some
@given(histories(), lineages(), st.data())
def test_the_same_word_said_again_changes_nothing(
    claims: list[Claim], kin: list[Word], data: st.DataObject
) -> None:
    alone = [
        claim
        for claim in claims
        if not any(_might_tie(claim, other) for other in claims if other is not claim)
    ]
    assume(alone)
    claim, spoken = data.draw(st.sampled_from(alone)), data.draw(crowded)
    assume(spoken.latest >= claim.spoken.latest)
    again = replace(claim, event=event_id(99), position=99, spoken=spoken)
    for at in _some_moments(claims, kin, data):
        before, after = (oracle.read(all_, at, kin) for all_ in (claims, [*claims, again]))
        assert (after.status, after.holders) == (before.status, before.holders)


@some
@given(histories(), lineages(), st.sampled_from([NEW, *SOURCES]), assertions(), reliable)
def test_the_newest_firm_word_that_nothing_contradicts_is_the_answer(
    claims: list[Claim],
    kin: list[Word],
    origin: SourceId,
    what: Assertion,
    reliability: Reliability,
) -> None:
    newest = said(what, LATER, origin, Grade(reliability, 2))
    assume(what.status != ControlStatus.UNKNOWN and not is_leaving(newest))
    # A word that names an actor after its end agrees with an earlier one of which others are left.
    assume(all(word.tie.kind != TieKind.SUCCEEDED_BY for word in kin))
    answer = oracle.read([*claims, newest], Instant(LATER.latest - 1), kin)
    assert answer.status == what.status
    assert newest.event in answer.evidence


def _might_tie(one: Claim, other: Claim) -> bool:
    """Whether the order of recording alone may decide which of them is the later word."""
    return one.origin == other.origin and one.occurred == other.occurred


def _some_moments(claims: list[Claim], kin: list[Word], data: st.DataObject) -> list[Instant]:
    found = oracle.moments(claims, kin)
    assume(found)
    return data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=8))
