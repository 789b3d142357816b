"""Which voices differ from those of a former sweep?

A late claim changes a few voices: its own, and those that it ends. While all other voices are as in
the sweep before, only these are heard and judged anew.
"""

from collections.abc import Sequence

from domain.control.claims import Claim
from domain.control.hearing import Hearing, Judgement
from domain.control.kinship import EVERYBODY_APART
from domain.control.lineage import Lineage
from domain.control.rule import judged, judged_beside
from domain.control.since import Standings
from domain.control.voices import Heard
from domain.occurred import Instant
from domain.values import SourceId

_MANY = 8
"""With more differing origins, all is heard and judged anew."""
_Twin = tuple[Hearing, Hearing, frozenset[SourceId]]
"""A hearing, the former one at the same instant, and the origins with other words or voices."""


class Likeness:
    """The hearings at an instant beside those of the former sweep, once the windows of the changed
    claims have closed, and while nobody counts as anybody else."""

    def __init__(self, lineage: Lineage, closing: Instant) -> None:
        self._lineage = lineage
        self._closing = closing
        """The changed claims have no window that ends later."""
        self._twins: dict[int, _Twin] = {}
        """By the identity of the hearing."""

    def note(self, now: Standings, former: Standings, horizon: Instant) -> None:
        """Takes in the standings of both sweeps at an instant; no later claim opens before the
        horizon."""
        for mine, its in ((now.answer, former.answer), (now.settled, former.settled)):
            twin = self._twins.get(id(mine))
            if twin and twin[1] is its:
                continue
            differing = frozenset[SourceId]()
            if mine is not its:
                sources = mine.origins.keys() | its.origins.keys()
                differing = self._differing(mine, its, sources, horizon)
            self._twins[id(mine)] = mine, its, differing

    def hears(self, hearing: Hearing, new: Sequence[Claim], heard: Heard) -> Hearing:
        """As `Hearing.hears`."""
        twin = self._twins.get(id(hearing))
        if twin is None or hearing.remembered(new, heard.horizon):
            return hearing.hears(new, heard, self._lineage)
        _, before, differing = twin
        former = before.remembered(new, heard.horizon)
        if former is None:
            return hearing.hears(new, heard, self._lineage)
        differing |= {each.origin for each in new if self._may_differ(each, former)}
        if len(differing) > _MANY:
            return hearing.hears(new, heard, self._lineage)
        now = hearing.hears_beside(former, differing, new, heard, self._lineage)
        still = self._differing(now, former, differing, heard.horizon)
        if not still and now.counts_as_much_as(former):
            now = former
        hearing.remember(new, heard.horizon, now)
        self._twins[id(now)] = now, former, still
        return now

    def judged(self, hearing: Hearing, at: Instant) -> Judgement:
        """As `judged`."""
        twin = self._twins.get(id(hearing))
        if twin is None or len(twin[2]) > _MANY:
            return judged(hearing, at, EVERYBODY_APART, self._lineage)
        return judged_beside(*twin, at, self._lineage)

    def _may_differ(self, claim: Claim, former: Hearing) -> bool:
        """Whether a changed claim may bear on the voice of a claim that comes to count."""
        words = former.origins[claim.origin].candidates
        return any(word.occurred.earliest < self._closing for word in words)

    def _differing(
        self,
        mine: Hearing,
        its: Hearing,
        sources: "frozenset[SourceId] | set[SourceId]",
        horizon: Instant,
    ) -> frozenset[SourceId]:
        return frozenset(
            [each for each in sources if not mine.is_as_of(each, its, horizon, self._lineage)]
        )
