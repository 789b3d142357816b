"""Who controlled a place, period by period?

A claim in order touches only the end of the timeline; after a late claim, all from the opening of
its window is swept again.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from domain.control.claims import Claim
from domain.control.lineage import NO_LINEAGE, Lineage
from domain.control.periods import periods
from domain.control.perspective import Admitted
from domain.control.segments import BEGINNING, END
from domain.control.sequence import without_repetitions
from domain.control.sweep import Sweep
from domain.control.verdict import Period
from domain.occurred import Instant
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
        return periods(self._sweep.segments, self._sweep.lineage, after)

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
