"""The answer at one instant by few claims is the answer by all of them."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.control.concord import bearing_at
from domain.control.perspective import Admitted
from domain.control.timeline import Timeline
from domain.grades import Grade
from domain.occurred import DAY, Instant, Occurred, Precision, Window
from domain.values import ActorId, EventId, Reliability, ReportId, SourceId
from tests.domain.builders import event_id
from tests.domain.control.test_rule_properties import HISTORIES

START = Occurred.parse("2014").window.earliest
LAST = Instant(START + 10_000 * DAY)
FAMA, CSP, JNIM = (ActorId(each) for each in ("fama", "csp", "jnim"))
SEEN, LEFT = ClaimKind.OBSERVATION, ClaimKind.TRANSITION
DISSENT = [
    Assertion(SEEN, ControlStatus.HELD, (JNIM,)),
    Assertion(SEEN, ControlStatus.HELD, (FAMA, CSP)),
    Assertion(SEEN, ControlStatus.VACANT),
    Assertion(SEEN, ControlStatus.UNKNOWN),
    Assertion(SEEN, ControlStatus.CONTESTED, (FAMA, JNIM)),
    Assertion(LEFT, ControlStatus.HELD, (CSP,), (FAMA,)),
    Assertion(LEFT, ControlStatus.VACANT, leaving=(FAMA,)),
]


def history(random: Random) -> Iterator[Claim]:
    """Sources that agree for long, some of them silent from some day on, some continuous; and a few
    words to the contrary, which may be late, weak or wide."""
    sources, every, change = (random.choice(each) for each in ([1, 2, 3], [1, 3, 8], [30, 99, 999]))
    grades = random.choice([[2], [3], [2, 3], [3, 3, 3, 4]])
    pair, size = random.choice([(FAMA,), (FAMA, CSP)]), random.choice([30, 60, 90])
    kept = {source: random.choice([None, None, None, LAST]) for source in range(4)}
    trust = {source: Reliability(random.choice("ABBCCDF")) for source in range(4)}
    contrary = random.sample(range(1, size + 1), random.choice([1, 2, 4]))
    silent_from = random.choice([size, size // 2, size * 3 // 4])
    for number in range(1, size + 1):
        source = number % sources if number < silent_from else 0
        day, width = number // sources * every, 1
        said = Assertion(SEEN, ControlStatus.HELD, (JNIM,) if day // change % 2 else pair)
        credibility = random.choice(grades)
        if number in contrary:
            said, source = random.choice(DISSENT), random.choice([source, 3, 3])
            credibility = random.choice([1, 2, 3, 4])
            day, width = random.choice([day, day, day // 2]), random.choice([1, 1, 3, 40])
        window = Window(Instant(START + day * DAY), Instant(START + (day + width) * DAY), _RANGE)
        voice = SourceId(f"s{source}"), SourceId(f"s{source}"), ReportId(f"r{number}")
        grade = Grade(trust[source], credibility)
        spoken = Instant(window.latest - 1)
        yield Claim(
            event_id(number), number, window, spoken, window, said, *voice, grade, kept[source]
        )


_RANGE = Precision.RANGE


@settings(max_examples=HISTORIES // 2, deadline=None)
@given(st.integers(0, 2**32))
def test_the_claims_that_bear_on_an_instant_give_the_answer_of_all(seed: int) -> None:
    random = Random(seed)
    claims = tuple(history(random))
    whole = Timeline(claims)
    windows = [claim.occurred for claim in claims]
    edges = [window.earliest for window in windows] + [window.latest for window in windows]
    for _ in range(3):
        at = Instant(random.choice(edges) + random.choice([-1, 0, DAY // 2]))
        assert Timeline(bearing_at(Admitted(claims), at)).at(at) == whole.at(at)


@pytest.fixture
def daily() -> tuple[Claim, ...]:
    """Two sources that say the same every day for two years."""
    return tuple(_sighting(number, FAMA) for number in range(1, 1_461))


def _sighting(number: int, holder: ActorId, days: int = 1) -> Claim:
    opening = START + number // 2 * DAY
    window = Window(Instant(opening), Instant(opening + days * DAY), _RANGE)
    source, what = SourceId(f"s{number % 2}"), Assertion(SEEN, ControlStatus.HELD, (holder,))
    voice, spoken = (source, source, ReportId(f"r{number}")), Instant(window.latest - 1)
    grade = Grade(Reliability.B, 2)
    return Claim(event_id(number), number, window, spoken, window, what, *voice, grade)


def _left(claims: tuple[Claim, ...], at: Instant, *, copied: EventId | None = None) -> set[EventId]:
    copies = ((_sighting(9_999, FAMA), copied),) if copied else ()
    return {claim.event for claim in bearing_at(Admitted(claims, copies), at).claims}


def test_of_long_agreement_only_the_ends_bear_on_an_instant(daily: tuple[Claim, ...]) -> None:
    at = Instant(START + 400 * DAY)
    assert len(_left(daily, at)) < 40
    assert {daily[0].event, daily[-1].event, event_id(799), event_id(800)} <= _left(daily, at)


def test_all_claims_around_a_word_to_the_contrary_are_heard(daily: tuple[Claim, ...]) -> None:
    at, day = Instant(START + 700 * DAY), 300
    contrary = _sighting(2 * day, CSP, days=40)
    told = (*daily[: 2 * day - 1], contrary, *daily[2 * day :])
    around = {event_id(number) for number in range(2 * day, 2 * (day + 40))}
    assert around <= _left(told, at)
    assert not around <= _left(daily, at)


def test_an_original_stays_for_the_sake_of_its_copy(daily: tuple[Claim, ...]) -> None:
    at, original = Instant(START + 700 * DAY), event_id(600)
    assert original not in _left(daily, at)
    assert original in _left(daily, at, copied=original)
