"""Who controlled a place, period by period?

A claim in order touches only the end of the timeline; after a late claim, all from the opening of
its window is swept again.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from domain.control.claims import Claim
from domain.control.kinship import Kinship
from domain.control.lineage import NO_LINEAGE, Lineage
from domain.control.perspective import Admitted
from domain.control.sequence import without_repetitions
from domain.control.since import (
    BEGINNING,
    END,
    Run,
    Segment,
    is_kept_through,
    is_news,
    unheard_since,
)
from domain.control.sweep import Sweep, other_than
from domain.control.verdict import Period, Reading, Verdict
from domain.occurred import Instant, Window
from domain.values import ActorId, EventId, ReportId, SourceId

__all__ = ["BEGINNING", "END", "Timeline"]


class Timeline:
    """All claims on a place, resolved into periods, while claims come and go."""

    def __init__(
        self, claims: Iterable[Claim] | Admitted = (), lineage: Lineage = NO_LINEAGE
    ) -> None:
        self._sweep = Sweep(NO_LINEAGE)
        self._by_subject: dict[tuple[SourceId, int, int], list[Claim]] = {}
        self._copied: set[ReportId] = set()
        self._all_lineage = lineage
        self._named: set[ActorId] = set()
        self._take_in(claims)
        self._sweep.again_from(Instant(BEGINNING + 1))

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims in the order of settlement, each as published at first."""
        return self._sweep.claims

    def can_add(self, claim: Claim) -> bool:
        """Whether `add` can take the claim. Among reports with copies, only all claims together
        tell which reports speak, and `become` has to take them all."""
        return not claim.copied and claim.report not in self._copied

    def add(self, claim: Claim) -> Instant:
        """Takes a claim in; returns the instant before which every period stayed as before."""
        same, sweep = self._by_subject.setdefault(claim.subject, []), self._sweep
        same.append(claim)
        if len(same) > 1:
            said = {each.event for each in same}
            sweep.claims = [each for each in sweep.claims if each.event not in said]
        for each in without_repetitions(same):
            insort(sweep.claims, each, key=attrgetter("end_order"))
        turning = self._name_actors_of([claim])
        return sweep.again_from(min(claim.occurred.earliest, turning))

    def become(self, claims: Iterable[Claim] | Admitted) -> Instant:
        """Replaces all claims, after retractions, reinstatements, or new grades. Returns the
        instant before which every period stayed as before."""
        before = {claim.event: (claim, by) for claim, by in self._told()}
        turning = self._take_in(claims)
        changed = [
            claim for claim, by in self._told() if before.pop(claim.event, None) != (claim, by)
        ]
        changed += (claim for claim, _ in before.values())
        if not changed:
            return END
        opening = min(claim.occurred.earliest for claim in changed)
        return self._sweep.again_from(min(opening, turning))

    def periods(self, after: Instant = BEGINNING) -> list[Period]:
        """The periods ending after an instant, in the order of valid time."""
        found: list[_Piece] = []
        later: _Piece | None = None
        for piece in _latest_first(self._sweep.segments, self._sweep.lineage):
            if later and piece.is_one_period_with(later):
                later.start = piece.start
            elif later and later.start <= after:
                break
            else:
                found.append(later := piece)
        return [piece.period for piece in reversed(found)]

    def at(self, instant: Instant) -> Period:
        """The period around an instant."""
        return self.periods(instant)[0]

    def _take_in(self, claims: Iterable[Claim] | Admitted) -> Instant:
        """Replaces all claims; returns the first change in kinship of newly named actors."""
        heard = claims if isinstance(claims, Admitted) else Admitted(tuple(claims))
        self._by_subject = {}
        for claim in heard.claims:
            self._by_subject.setdefault(claim.subject, []).append(claim)
        told = (each for same in self._by_subject.values() for each in without_repetitions(same))
        self._sweep.claims = sorted(told, key=attrgetter("end_order"))
        self._sweep.copies = heard.copies
        return self._name_actors_of([claim for claim, _ in self._told()])

    def _told(self) -> Iterator[tuple[Claim, EventId | None]]:
        """Every claim; each copy with the event that speaks instead."""
        yield from ((claim, None) for claim in self._sweep.claims)
        yield from self._sweep.copies

    def _name_actors_of(self, claims: Collection[Claim]) -> Instant:
        """Takes in the lineage of the actors in the claims; only named actors matter here."""
        self._copied.update(report for claim in claims for report in claim.copied)
        named = {
            actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
        }
        if named <= self._named:
            return END
        self._named |= named
        before = set(self._sweep.lineage.turns)
        self._sweep.lineage = self._all_lineage.concerning(self._named)
        return min(set(self._sweep.lineage.turns) - before, default=END)


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
        is_one_run = mine.run is its.run or mine.run == its.run
        return is_one_run and (mine.holding, self.reading) == (its.holding, later.reading)

    @property
    def period(self) -> Period:
        run, segment = self.segment.run, self.segment
        times = (run.since, run.since_is, self.until, segment.last_heard, segment.holding)
        return Period(self.start, self.end, self.reading, *times)


def _latest_first(segments: Sequence[Segment], lineage: Lineage) -> Iterator[_Piece]:
    """A piece for each segment, or two where a later sighting makes part of it uncertain."""
    end, until = END, None
    following: Run | None = None
    revealed: tuple[Claim, ...] = ()
    unheard = END
    for segment in reversed(segments):
        if following and following.first != segment.run.first:
            until, revealed = following.since, following.revealed_by
            unheard = unheard_since(segment)
        following = segment.run
        news = [claim for claim in revealed if is_news(claim, segment, lineage)]
        if not news:
            yield _Piece(segment.start, end, segment.reading, segment, until)
        else:
            kinship = lineage.at(segment.start)
            for start, reading in _pieces(segment, end, news, unheard, kinship):
                yield _Piece(start, end, reading, segment, until)
                end = start
        end = segment.start


def _pieces(
    segment: Segment,
    end: Instant,
    revealed: Sequence[Claim],
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
