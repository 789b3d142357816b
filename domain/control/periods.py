"""Segments joined into periods, with the doubts that later sightings reveal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.control.claims import Claim
from domain.control.kinship import Kinship
from domain.control.lineage import Lineage
from domain.control.segments import END, Run, Segment
from domain.control.since import is_kept_through, unheard_since
from domain.control.sweep import other_than
from domain.control.verdict import Period, Reading, Verdict
from domain.occurred import Instant, Window


@dataclass(slots=True, eq=False)
class _Piece:
    """A stretch of time with the same answer for the same reasons."""

    start: Instant
    end: Instant
    reading: Reading
    segment: Segment
    """Any of its segments; all have the same run and holders."""
    until: Window | None

    def is_one_period_with(self, later: "_Piece") -> bool:
        mine, its = self.segment, later.segment
        return (
            (mine.run is its.run or mine.run == its.run)
            and (mine.holding is its.holding or mine.holding == its.holding)
            and (self.reading is later.reading or self.reading == later.reading)
        )

    @property
    def period(self) -> Period:
        run, segment = self.segment.run, self.segment
        return Period(
            self.start,
            self.end,
            self.reading,
            run.since,
            run.since_is,
            self.until,
            segment.last_heard,
            segment.holding,
        )


def periods(segments: Sequence[Segment], lineage: Lineage, after: Instant) -> list[Period]:
    """The periods ending after an instant, in the order of valid time."""
    found: list[_Piece] = []
    later: _Piece | None = None
    for piece in _latest_first(segments, lineage):
        if later and piece.is_one_period_with(later):
            later.start = piece.start
        elif later and later.start <= after:
            break
        else:
            found.append(later := piece)
    return [piece.period for piece in reversed(found)]


def _latest_first(segments: Sequence[Segment], lineage: Lineage) -> Iterator[_Piece]:
    """A piece for each segment, or two where a later sighting makes part of the segment
    uncertain."""
    end, until = END, None
    following: Run | None = None
    revealed: tuple[Claim, ...] = ()
    unheard = END
    for segment in reversed(segments):
        if following and following.first != segment.run.first:
            until, revealed = following.since, following.revealed_by
            unheard = unheard_since(segment)
        following = segment.run
        if not revealed:
            yield _Piece(segment.start, end, segment.reading, segment, until)
        else:
            kinship = lineage.at(segment.start)
            for start, reading in _pieces(segment, end, revealed, unheard, kinship):
                yield _Piece(start, end, reading, segment, until)
                end = start
        end = segment.start


def _pieces(
    segment: Segment,
    end: Instant,
    revealed: tuple[Claim, ...],
    unheard: Instant,
    kinship: Kinship,
) -> Iterator[tuple[Instant, Reading]]:
    """The parts of a segment, the later first, where a later sighting makes a part uncertain. The
    sighting may name actors unknown when the segment was made."""
    start, reading = segment.start, segment.reading
    if unheard >= end or is_kept_through(segment):
        yield start, reading
        return
    seen = [
        Verdict(said.status, kinship.merged(said.holders), evidence=(claim.event,))
        for claim in revealed
        for said in (claim.asserts,)
    ]
    possible = other_than(reading.verdict, [*reading.possible, *seen])
    yield max(start, unheard), reading._replace(possible=possible)
    if start < unheard:
        yield start, reading
