"""What does a word weigh, which comes first, and which is later? Word for word from the design.

It shares no function with the domain, only the types.
"""

from collections.abc import Sequence
from functools import cache

from domain.control.claims import Claim, ClaimKind, ControlStatus
from domain.grades import Grade
from domain.situation.ties import Word
from tests.domain.control.naive_kin import Kin

THIRTY_DAYS = 30 * 24 * 60 * 60 * 1_000_000
DOUBTFUL, WEAK, FIRM = 0, 1, 2


class Case:
    """All that is said of a place and of who is whom."""

    def __init__(self, claims: Sequence[Claim], words: Sequence[Word]) -> None:
        self.claims = claims
        self.words = words
        self.kin_at = cache(self._kin_at)
        # These are asked again and again of the same claims.
        self.said, self.order = cache(self._said), cache(self._order)
        self.comes_first, self.is_later = cache(self._comes_first), cache(self._is_later)

    def _kin_at(self, t: int) -> Kin:
        return Kin([word for word in self.words if word.occurred.latest <= t + 1])

    def _said(self, claim: Claim) -> tuple[int, int]:
        """Opening and close of its publication; of a word said again, of the first time."""
        same = [other.spoken for other in self.claims if repeats(other) == repeats(claim)]
        latest, earliest = min((spoken.latest, spoken.earliest) for spoken in same)
        return (earliest, latest)

    def _order(self, claim: Claim) -> tuple[int, int, int, int]:
        window = claim.occurred
        return (window.earliest, window.latest, claim.spoken.latest, claim.position)

    def _comes_first(self, one: Claim, then: Claim) -> bool:
        """Whether what they say puts the one before the other, their windows overlapping."""
        this, that = one.occurred, then.occurred
        if not (this.earliest < that.latest and that.earliest < this.latest):
            return False
        if then.asserts.kind != ClaimKind.TRANSITION:
            return False
        kin = self.kin_at(max(this.latest, that.latest) - 1)
        said_before = self.said(one)[1] <= self.said(then)[0]
        loses = kin.meet(one.asserts.holders, then.asserts.leaving)
        back = kin.meet(one.asserts.leaving, then.asserts.holders)
        if is_leaving(one):
            return then.asserts.status == ControlStatus.HELD and not back
        if one.asserts.kind == ClaimKind.TRANSITION:
            return loses and (not back or said_before)
        if one.asserts.status != ControlStatus.HELD:
            return False
        denied = kin.names(one.asserts.holders, then.asserts.holders)
        return loses and said_before and not denied

    def _is_later(self, c: Claim, v: Claim) -> bool:
        this, that = c.occurred, v.occurred
        if this.earliest >= that.latest:
            return True
        if self.comes_first(v, c):  # which it can only do where they overlap
            return True
        ends_at_or_after = this.earliest >= that.earliest and this.latest >= that.latest
        one_after = this.earliest > that.earliest or this.latest > that.latest
        return ends_at_or_after and one_after and not self.comes_first(c, v)


def replaces(claim: Claim, last: Claim) -> bool:
    """Whether it may replace the last word of its own origin."""
    if weight(claim) >= weight(last):
        return True
    age = claim.occurred.earliest - last.occurred.latest
    return weight(claim) == WEAK and weight(last) == FIRM and age > THIRTY_DAYS


def repeats(claim: Claim) -> object:
    said, window = claim.asserts, claim.occurred
    named = frozenset(said.holders), frozenset(said.leaving)
    return (claim.origin, said.kind, said.status, named, window.earliest, window.latest)


def is_leaving(claim: Claim) -> bool:
    said = claim.asserts
    return said.kind == ClaimKind.TRANSITION and said.status == ControlStatus.VACANT


def is_known(claim: Claim) -> bool:
    return claim.asserts.status != ControlStatus.UNKNOWN


def weight(claim: Claim) -> int:
    if claim.grade.credibility in (1, 2):
        return FIRM
    if claim.grade.credibility in (3, 6):
        trusted = claim.grade.reliability in "ABC" or claim.kept_until is not None
        return FIRM if trusted else WEAK
    return DOUBTFUL


def better(one: Grade, other: Grade) -> bool:
    """Strictly better graded: nowhere worse, and somewhere better."""
    reliability = "ABCFDE".index(other.reliability) - "ABCFDE".index(one.reliability)
    credibility = "123645".index(str(other.credibility)) - "123645".index(str(one.credibility))
    return reliability >= 0 and credibility >= 0 and reliability + credibility > 0
