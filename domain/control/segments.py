"""Stretches of time between two instants at which something matters."""

from dataclasses import dataclass

from domain.control.claims import Claim
from domain.control.hearing import Hearing, Judgement
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.verdict import NOTHING, Holding, Reading, SinceIs
from domain.occurred import Instant, Window

BEGINNING = Instant(-62_135_596_800_000_001)
"""Before the first microsecond of the year 1: no claim begins, and no question asks, earlier."""
END = Instant(253_402_300_800_000_000)
"""The first microsecond after the year 9999: every question asks about an earlier one."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of time with one status and the same holders, as they count."""

    first: int
    """The number of the first segment."""
    since: Window | None
    since_is: SinceIs | None
    revealed_by: tuple[Claim, ...] = ()
    """The sightings that alone reveal that the answer before had changed; empty, where the change
    itself is reported."""


@dataclass(slots=True, eq=False)
class Segment:
    """From one instant at which something matters to the next."""

    start: Instant
    answer: Hearing
    """The voices, with the observations whose windows are open."""
    settled: Hearing
    """The voices without open observations."""
    kinship: Kinship
    judgement: Judgement
    run: Run
    last_word: Instant | None = None
    """The latest close of the claims that agree with the answer and weigh no less."""
    last_heard: Window | None = None
    """The latest window of the voices that answer."""
    holding: tuple[Holding, ...] = ()
    reading: Reading = NOTHING
    """Without the readings that a later sighting reveals."""
    lapses: Instant = END
    """The first instant at which time alone changes anything."""


def unsaid() -> Segment:
    """The segment before anybody said anything."""
    nobody = Hearing()
    judgement = Judgement(NOTHING.verdict)
    return Segment(BEGINNING, nobody, nobody, EVERYBODY_APART, judgement, Run(0, None, None))
