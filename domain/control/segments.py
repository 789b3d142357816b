"""Stretches of time without any change, and the runs of segments with the same answer."""

from dataclasses import dataclass

from domain.control.claims import Claim
from domain.control.hearing import Hearing, Judgement
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.verdict import NOTHING, Holding, Reading, SinceIs
from domain.occurred import Instant, Window

BEGINNING = Instant(-62_135_596_800_000_001)
"""Before the first microsecond of the year 1: no claim begins, and no question asks, earlier."""
END = Instant(253_402_300_800_000_000)
"""The first microsecond after the year 9999: every question asks about an earlier instant."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of time with the same status and the same holders, as they count."""

    first: int
    """The number of the first segment."""
    since: Window | None
    since_is: SinceIs | None
    revealed_by: tuple[Claim, ...] = ()
    """The sightings behind an unreported change; empty for a reported change."""


@dataclass(slots=True, eq=False)
class Segment:
    """The time from an instant with changes to the next."""

    start: Instant
    answer: Hearing
    """The voices, open observations included."""
    settled: Hearing
    """The voices without open observations."""
    kinship: Kinship
    judgement: Judgement
    run: Run
    last_word: Instant | None = None
    """The latest close among agreeing claims of no less weight."""
    last_heard: Window | None = None
    """The latest window among the answering voices."""
    holding: tuple[Holding, ...] = ()
    reading: Reading = NOTHING
    """The reading, without later sightings."""
    lapses: Instant = END
    """The first change by time alone."""


def unsaid() -> Segment:
    """The segment before anybody said anything."""
    nobody = Hearing()
    judgement = Judgement(NOTHING.verdict)
    return Segment(BEGINNING, nobody, nobody, EVERYBODY_APART, judgement, Run(0, None, None))
