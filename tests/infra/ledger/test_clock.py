"""Clocks of writers and readers: who may record, and what is read."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.answers.answers import Answers
from domain.occurred import instant_of
from infra.findings import Wrong
from infra.ledger.clock import (
    TOLERANCE,
    ClockAhead,
    ClockBehind,
    ClockCheck,
    LedgerClock,
    spoken,
)
from infra.ledger.codec import identify
from infra.ledger.dcb import Recorder
from infra.ledger.ledger import Ledger
from infra.settings import Settings
from infra.views.file import ViewFile
from infra.views.projector import Projector
from tests.nodes import WORLD

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
AHEAD = NOW + timedelta(days=70 * 365)
MINUTE = timedelta(minutes=1)


class Hand:
    """A clock that shows what somebody sets."""

    def __init__(self, shows: datetime = NOW) -> None:
        self.shows = shows

    def __call__(self) -> datetime:
        return self.shows


def tell(recorder: Recorder, number: int, shows: datetime) -> None:
    """Records a statement by a writer with that time, whom nobody holds to a clock."""
    Ledger(recorder, Hand(shows)).record([identify(WORLD[number])], by="archivist")


@contextmanager
def following(ledger: Ledger, path: Path) -> Iterator[Projector]:
    with closing(ViewFile(path)) as views:
        yield Projector(ledger, views, Answers(views).projections)


def test_nobody_reads_on_from_an_entry_of_the_future(recorder: Recorder) -> None:
    for number, shows in enumerate([NOW, AHEAD, NOW]):
        tell(recorder, number, shows)
    clock = Hand()
    ledger = Ledger(recorder, clock, TOLERANCE)
    taken = ledger.entries(0)
    assert next(taken).position == 1
    with pytest.raises(ClockAhead) as refused:
        next(taken)
    for said in ("position 2", "2094-05-15T12:00:00Z", "2024-06-01T12:00:00Z", "5 minutes"):
        assert said in str(refused.value)
    for advice in ("check the clock", "--anew-from 2", "TENURE_CLOCK_TOLERANCE"):
        assert advice in str(refused.value)
    clock.shows = AHEAD
    assert len([*ledger.entries(0)]) == 3


def test_a_difference_within_the_tolerance_is_no_matter(recorder: Recorder) -> None:
    for number, shows in enumerate([NOW + TOLERANCE, NOW, NOW - 3 * MINUTE]):
        tell(recorder, number, shows)
    ledger = Ledger(recorder, Hand(), TOLERANCE)
    assert len([*ledger.entries(0)]) == 3
    ledger.record([identify(WORLD[3])], by="archivist")
    with pytest.raises(ClockAhead):
        [*Ledger(recorder, Hand(NOW - timedelta(microseconds=1)), TOLERANCE).entries(0)]


def test_a_writer_behind_the_ledger_is_refused_before_anything_is_appended(
    recorder: Recorder,
) -> None:
    tell(recorder, 0, NOW)
    behind = Ledger(recorder, Hand(NOW - TOLERANCE - MINUTE), TOLERANCE)
    with pytest.raises(ClockBehind) as refused:
        behind.record([identify(WORLD[1])], by="archivist")
    for said in ("nothing was recorded", "11:54:00Z", "12:00:00Z", "position 1", "5 minutes"):
        assert said in str(refused.value)
    assert behind.head == 1
    Ledger(recorder, Hand(NOW - TOLERANCE), TOLERANCE).record([identify(WORLD[1])], by="archivist")
    assert behind.head == 2


def test_a_writer_whose_own_clock_is_set_back_is_refused(recorder: Recorder) -> None:
    clock = Hand()
    ledger = Ledger(recorder, clock, TOLERANCE)
    ledger.record([identify(WORLD[0])], by="archivist")
    clock.shows = NOW - timedelta(hours=1)
    with pytest.raises(ClockBehind):
        ledger.record([identify(WORLD[1])], by="archivist")
    duplicate = ledger.record([identify(WORLD[0])], by="archivist")
    assert duplicate[0].duplicate


def test_the_views_keep_what_was_before_and_go_on_when_the_clock_is_right(
    recorder: Recorder, tmp_path: Path
) -> None:
    for number, shows in enumerate([NOW, NOW, AHEAD, NOW]):
        tell(recorder, number, shows)
    clock = Hand()
    with following(Ledger(recorder, clock, TOLERANCE), tmp_path / "views.db") as projector:
        for _ in range(2):
            with pytest.raises(ClockAhead, match="position 3 "):
                projector.catch_up()
            assert projector.views.position == 2
        clock.shows = AHEAD
        assert projector.catch_up() == 4
        digests = {each.name: projector.views.digest(each) for each in projector.projections}
    whole = Ledger(recorder, Hand(AHEAD), None)
    with following(whole, tmp_path / "other.db") as projector:
        projector.catch_up()
        assert digests == {it.name: projector.views.digest(it) for it in projector.projections}


def test_views_that_took_in_the_future_already_are_refused_by_its_entry(
    recorder: Recorder, tmp_path: Path
) -> None:
    for number, shows in enumerate([NOW, AHEAD, NOW]):
        tell(recorder, number, shows)
    with following(Ledger(recorder, Hand()), tmp_path / "views.db") as projector:
        projector.catch_up()
    clock = Hand()
    with following(Ledger(recorder, clock, TOLERANCE), tmp_path / "views.db") as projector:
        for _ in range(2):
            with pytest.raises(ClockAhead, match="position 2 "):
                projector.catch_up()
        clock.shows = AHEAD
        assert projector.catch_up() == 3


def times(*minutes: int) -> ClockCheck:
    check = ClockCheck(LedgerClock(Hand(), TOLERANCE))
    for position, each in enumerate(minutes, 1):
        check.take(position, instant_of(NOW + each * MINUTE))
    return check


def test_raised_times_are_counted_and_named_and_far_ones_are_findings() -> None:
    normal = times(-20, -10, -12, -10, -15)
    assert [str(each) for each in normal.raised] == [
        "position 3: 2024-06-01T11:48:00Z, counts as 2024-06-01T11:50:00Z",
        "position 5: 2024-06-01T11:45:00Z, counts as 2024-06-01T11:50:00Z",
    ]
    assert (normal.count, normal.findings) == (2, [])
    far = times(-10, -16, -9)
    assert [(each.wrong, each.position) for each in far.findings] == [(Wrong.CLOCK_BEHIND, 2)]
    assert "more than 5 minutes later" in str(far.findings[0])
    many = times(0, *range(-1, -5, -1), *[-2] * 20)
    assert (many.count, len(many.raised)) == (24, 10)
    ahead = times(-1, 6, -1)
    assert [(each.wrong, each.position) for each in ahead.findings] == [(Wrong.CLOCK_AHEAD, 2)]
    assert ahead.count == 0


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [
        ("300", 300, "5 minutes"),
        ("90s", 90, "90 seconds"),
        ("1m", 60, "1 minute"),
        ("2h", 7_200, "2 hours"),
        ("30000d", 2_592_000_000, "30,000 days"),
        ("0", 0, "0 seconds"),
    ],
)
def test_the_tolerance_is_a_setting(text: str, seconds: int, words: str) -> None:
    tolerance = Settings.of({"TENURE_CLOCK_TOLERANCE": text}).clock_tolerance
    assert tolerance == timedelta(seconds=seconds)
    assert spoken(tolerance // timedelta(microseconds=1)) == words
    assert Settings().clock_tolerance == TOLERANCE


@pytest.mark.parametrize("text", ["", "5 minutes", "-1", "5y", "1.5h", "m", "9" * 12, "９m"])
def test_a_tolerance_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="write seconds, or a number with s, m, h or d"):
        Settings.of({"TENURE_CLOCK_TOLERANCE": text})


Looks = Callable[[], datetime]


def test_the_clock_is_looked_at_once_for_many_entries(recorder: Recorder) -> None:
    looks: list[None] = []

    def look() -> datetime:
        looks.append(None)
        return NOW

    for number in range(4):
        tell(recorder, number, NOW)
    assert len([*Ledger(recorder, look, TOLERANCE).entries(0)]) == 4
    assert len(looks) == 1
