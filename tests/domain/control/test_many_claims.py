"""A place with many claims: work grows with the claims, and answers stay as the rule has them.

Work is counted in judgements, not in time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest

from domain.control import rule, sweep
from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.control.timeline import Timeline
from domain.grades import Grade
from domain.occurred import DAY, Instant, Occurred, Precision, Window
from domain.values import ActorId, Reliability, ReportId, SourceId
from tests.domain.builders import abandoned, event_id, nobody_knows, seen
from tests.domain.given import given

START = Occurred.parse("2014").window.earliest
FAMA, CSP = ActorId("fama"), ActorId("csp")


def sighting(number: int, source: int, opening: int, days: int, holder: ActorId) -> Claim:
    """The claim at a position: a source's sighting of a holder, in a window."""
    window = Window(Instant(opening), Instant(opening + days * DAY), Precision.RANGE)
    what = Assertion(ClaimKind.OBSERVATION, ControlStatus.HELD, (holder,))
    voice = SourceId(f"source-{source}"), SourceId(f"source-{source}"), ReportId(f"report-{number}")
    grade = Grade(Reliability("ABBCCDF"[source % 7]), 2)
    return Claim(
        event_id(number), number, window, Instant(window.latest - 1), window, what, *voice, grade
    )


def daily(size: int, sources: int = 20, changes: int = 30) -> list[Claim]:
    """Each source every day; the place changes hands every so many days."""
    return [
        sighting(
            number,
            number % sources,
            START + number // sources * DAY,
            1,
            (FAMA, CSP)[number // sources // changes % 2],
        )
        for number in range(1, size + 1)
    ]


def wide(size: int, days: int = 8) -> list[Claim]:
    """Windows of so many days, a new one every six hours: many are open at once."""
    return [
        sighting(number, number % 20, START + number * DAY // 4, days, FAMA)
        for number in range(1, size + 1)
    ]


def grown(claims: list[Claim]) -> Timeline:
    timeline = Timeline()
    for claim in claims:
        timeline.add(claim)
    return timeline


SHAPES: dict[str, Callable[[int], list[Claim]]] = {
    "twenty sources daily": daily,
    "one source": lambda size: daily(size, sources=1),
    "holders alternating daily": lambda size: daily(size, changes=1),
    "windows of eight days": wide,
}


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the speakers in the judgements made inside the block."""
    found = [0]
    judge = rule._judge

    def judge_counted(hearing: object, moment: object) -> object:
        judgement = judge(hearing, moment)  # type: ignore[arg-type]
        found[0] += 1 + len(judgement.speakers)
        return judgement

    with patch.context() as patched:
        patched.setattr(rule, "_judge", judge_counted)
        yield found


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_the_number_of_claims(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(size: int) -> int:
        with counted(monkeypatch) as found:
            grown(SHAPES[shape](size))
        return found[0]

    assert work(800) <= 2.4 * work(400)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_late_claim_is_swept_only_until_all_is_as_before(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(size: int) -> int:
        claims = SHAPES[shape](size)
        late = claims.pop(200)
        timeline = grown(claims)
        with counted(monkeypatch) as found:
            touched = timeline.add(late)
        assert touched.until <= late.occurred.latest + 40 * DAY
        assert timeline.periods() == Timeline([*claims, late]).periods()
        return found[0]

    assert work(800) == work(400)


@pytest.mark.parametrize("shape", SHAPES)
def test_claims_taken_back_and_late_claims_leave_a_timeline_as_made_at_once(shape: str) -> None:
    random, claims = Random(shape), SHAPES[shape](200)
    random.shuffle(claims)
    timeline = Timeline(claims[:150])
    for claim in claims[150:]:
        timeline.add(claim)
    for claim in claims[:20]:
        timeline.take_back(claim.event)
    timeline.reinstate(claims[0].event)
    left = [claims[0], *claims[20:]]
    assert timeline.periods() == Timeline(left).periods()


def test_only_some_segments_keep_their_standings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_ROOM", 500)
    claims = daily(400, sources=1, changes=3)
    late = claims.pop(100)
    timeline = grown(claims)
    segments = timeline._sweep.segments
    assert sum(each.standings is not None for each in segments) < len(segments) / 2
    timeline.add(late)
    assert timeline.periods() == Timeline([*claims, late]).periods()


def test_the_periods_of_a_stretch_are_those_of_all_time_in_it() -> None:
    timeline = grown(daily(200, sources=2, changes=4))
    periods = timeline.periods()
    for one, other in ((3, 3), (5, 9), (0, 20)):
        after, until = periods[one].start, periods[other].start
        found = [each for each in periods if each.end > after and each.start <= until]
        assert timeline.periods(after, until) == found


def test_an_open_word_of_no_knowledge_below_a_leaving_may_be_wrong() -> None:
    said = given(
        seen("fama", day=1, source="afp"),
        nobody_knows(day="2023-11", source="afp"),
        abandoned("csp", day=3, source="afp"),
        seen("wagner", day="2023-11-04/2023-12-04", source="rfi", grade="B2"),
    )
    said.ask(3).vacant()
