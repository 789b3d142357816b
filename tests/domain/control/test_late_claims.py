"""Late claims on a place of which many sources speak: a sweep beside the former one judges few
voices anew, and gives what a sweep of all claims gives.

The histories are shaped like those of a war; the strategies of the other properties make shorter
ones, with fewer sources.
"""

from os import environ
from random import Random

import pytest

from domain.control import rule
from domain.control.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.control.timeline import Timeline
from domain.grades import Grade
from domain.occurred import DAY, Instant, Occurred, Precision, Window
from domain.values import ActorId, Reliability, ReportId, SourceId
from tests.domain.builders import event_id

START = Occurred.parse("2014").window.earliest
_HELD, _VACANT = ControlStatus.HELD, ControlStatus.VACANT
_SEEN, _CHANGED = ClaimKind.OBSERVATION, ClaimKind.TRANSITION
WARS = int(environ.get("HISTORIES", "120")) // 4


class War:
    """Random claims on one place: so many sources and actors, over so many days."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.sources, self.days = (
            self.random.choice([2, 4, 8, 20]),
            self.random.choice([20, 60, 300]),
        )
        self.actors = [ActorId(f"actor-{each}") for each in range(self.random.choice([2, 3, 6]))]
        self.wide = self.random.choice([0.05, 0.2, 0.5])

    def claims(self, number: int) -> list[Claim]:
        return [self._claim(position) for position in range(1, number + 1)]

    def _claim(self, position: int) -> Claim:
        random = self.random
        opening = START + random.randrange(self.days) * DAY
        days = random.choice([2, 7, 30]) if random.random() < self.wide else 1
        window = Window(Instant(opening), Instant(opening + days * DAY), Precision.RANGE)
        told = Instant(window.latest + random.choice([0, 1, 5, 40]) * DAY)
        spoken = Window(told, Instant(told + DAY), Precision.RANGE)
        source = random.randrange(self.sources)
        voice = SourceId(f"source-{source}"), SourceId(f"source-{source}"), ReportId(f"r{position}")
        grade = Grade(Reliability("ABBCDEF"[source % 7]), random.choice([1, 2, 2, 3, 3, 4, 5, 6]))
        kept_until = Instant(START + self.days * DAY) if source % 11 == 5 else None
        said = (event_id(position), position, window, Instant(spoken.latest - 1), spoken)
        return Claim(*said, self._asserted(), *voice, grade, kept_until)

    def _asserted(self) -> Assertion:
        some = tuple(self.random.sample(self.actors, self.random.choice([1, 1, 1, 2])))
        others = tuple(each for each in self.random.sample(self.actors, 1) if each not in some)
        made = [
            Assertion(_SEEN, _HELD, some),
            Assertion(_CHANGED, _HELD, some, others if self.random.random() < 0.5 else ()),
            Assertion(_CHANGED, _VACANT, leaving=some),
            Assertion(_SEEN, ControlStatus.CONTESTED, some),
            Assertion(_SEEN, ControlStatus.UNKNOWN),
            Assertion(_SEEN, _VACANT),
        ]
        return self.random.choices(made, [50, 20, 8, 8, 6, 8])[0]


@pytest.mark.parametrize("seed", range(WARS))
def test_claims_that_come_late_and_go_leave_a_timeline_as_made_at_once(seed: int) -> None:
    war = War(seed)
    claims = war.claims(war.random.choice([15, 30, 60]))
    begun = war.random.randrange(len(claims))
    timeline, present, gone = Timeline(claims[:begun]), claims[:begun], list[Claim]()
    for claim in claims[begun:]:
        timeline.add(claim)
        present.append(claim)
        if war.random.random() < 0.15:
            gone.append(present.pop(war.random.randrange(len(present))))
            timeline.take_back(gone[-1].event)
        if gone and war.random.random() < 0.1:
            present.append(gone.pop())
            timeline.reinstate(present[-1].event)
        if war.random.random() < 0.2:
            assert timeline.periods() == Timeline(present).periods()
    assert timeline.periods() == Timeline(present).periods()


def test_three_open_changes_count_as_they_close_however_the_claims_arrive() -> None:
    def change(position: int, opening: int, close: int, what: Assertion) -> Claim:
        window = Window(
            Instant(START + opening * DAY), Instant(START + close * DAY), Precision.RANGE
        )
        voice = SourceId(f"s{position}"), SourceId(f"s{position}"), ReportId(f"r{position}")
        said = (event_id(position), position, window, Instant(window.latest - 1), window)
        return Claim(*said, what, *voice, Grade(Reliability.A, 2))

    taken = Assertion(_CHANGED, _HELD, (ActorId("fama"),))
    left = Assertion(_CHANGED, _VACANT, leaving=(ActorId("fama"),))
    claims = [change(1, 4, 35, taken), change(2, 3, 33, left), change(3, 5, 12, left)]
    grown = Timeline(claims[:2])
    grown.add(claims[2])
    assert grown.periods() == Timeline(claims).periods()


def test_a_late_sighting_has_few_voices_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    judged, judge = [0], rule._judge

    def counted(hearing: object, moment: object) -> object:
        judged[0] += 1
        return judge(hearing, moment)  # type: ignore[arg-type]

    claims = [
        Claim(
            event_id(position),
            position,
            window := Window(
                Instant(START + position * 7 * DAY),
                Instant(START + position * 7 * DAY + DAY),
                Precision.DAY,
            ),
            Instant(window.latest - 1),
            window,
            Assertion(_SEEN, _HELD, (ActorId("fama" if position != 20 else "csp"),)),
            *(SourceId(f"source-{position % 20}"), SourceId(f"source-{position % 20}")),
            ReportId(f"report-{position}"),
            Grade(Reliability.B, 2),
        )
        for position in range(1, 201)
    ]
    late = claims.pop(19)
    timeline = Timeline(claims)
    monkeypatch.setattr(rule, "_judge", counted)
    timeline.add(late)
    assert 0 < judged[0] <= 40  # of two hundred
    assert timeline.periods() == Timeline([*claims, late]).periods()
