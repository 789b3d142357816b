"""Which of an origin's words is its voice? Step 1 of the rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, Optional

from domain.control.claims import Claim, Order, Weight
from domain.control.lineage import Lineage
from domain.control.sequence import comes_before
from domain.control.verdict import Silence, Silenced
from domain.occurred import THIRTY_DAYS, Instant

SilentClaim = tuple[Order, Silenced]
"""Why a claim is silent, by the order of the claim."""


class Chain(NamedTuple):
    """Words of an origin, the last first."""

    last: Claim
    before: Optional["Chain"]


@dataclass(slots=True, eq=False)
class Origin:
    """All words of an origin on a place. Immutable: `hears` gives another origin."""

    words: Chain
    """All words, in the order of hearing."""
    chain: Chain
    """The words that followed each other."""
    passed_over: tuple[Claim, ...]
    """Later words, too light to replace the last of the chain."""
    last: Order
    """The order of the last word, in the chain or not."""
    close: Instant
    """The latest close of all windows (valid time)."""
    is_ring: bool
    """Whether the words all put each other first, so that none is dropped."""
    candidates: tuple[Claim, ...] = field(init=False)
    """The choice for the voice: the last word of the chain; for a leaving, also the voice before
    any leaving. Empty for an origin without knowledge."""
    only: Claim | None = field(init=False)
    """The voice, where there is no choice and no word was passed over."""
    lighter: tuple[SilentClaim, ...] = field(init=False)
    """Why passed over words are silent."""

    def __post_init__(self) -> None:
        self.candidates, by = _candidates(self.chain), self.chain.last.event
        is_one, why = len(self.candidates) == 1, Silence.LIGHTER_THAN_ITS_OWN
        self.only = self.candidates[0] if is_one and not self.passed_over else None
        lighter = [(each.order, Silenced(each.event, by, why)) for each in self.passed_over]
        self.lighter = tuple(lighter)

    def hears(self, claim: Claim, lineage: Lineage) -> "Origin":
        """The origin with another word."""
        words = Chain(claim, self.words)
        if self.is_ring or claim.order < self.last or claim.occurred.earliest < self.close:
            return origin_from(words, lineage)
        chain, passed_over = _followed(self.chain, self.passed_over, claim)
        return Origin(words, chain, passed_over, claim.order, claim.occurred.latest, False)


def _candidates(chain: Chain) -> tuple[Claim, ...]:
    last = chain.last
    if not last.asserts.is_known:
        return ()
    base: Chain | None = chain
    while base and base.last.asserts.is_leaving:
        base = base.before
    if base is None or base.last is last or not base.last.asserts.is_known:
        return (last,)
    return (last, base.last)


def origin_of(claims: Iterable[Claim], lineage: Lineage) -> Origin | None:
    """The origin of all given claims; None without claims."""
    words: Chain | None = None
    for claim in claims:
        words = Chain(claim, words)
    return origin_from(words, lineage) if words else None


def origin_from(told: Chain, lineage: Lineage) -> Origin:
    """The origin of words in any order."""
    words: list[Claim] = []
    more: Chain | None = told
    while more:
        words.append(more.last)
        more = more.before
    words.sort(key=attrgetter("order"))
    transitions = [claim for claim in words if claim.asserts.is_transition]
    kept = [claim for claim in words if not _is_dropped(claim, transitions, lineage)]
    is_ring = not kept
    first, *others = kept or words
    chain, passed_over = Chain(first, None), tuple[Claim, ...]()
    for claim in others:
        chain, passed_over = _followed(chain, passed_over, claim)
    close = max([claim.occurred.latest for claim in words])
    return Origin(told, chain, passed_over, words[-1].order, close, is_ring)


def _is_dropped(claim: Claim, transitions: Iterable[Claim], lineage: Lineage) -> bool:
    """Whether contents put the claim before a transition of equal or higher weight."""
    for other in transitions:
        if (
            other is not claim
            and other.weight >= claim.weight
            and other.occurred.overlaps(claim.occurred)
            and comes_before(claim, other, lineage)
        ):
            return True
    return False


def _followed(
    chain: Chain, passed_over: tuple[Claim, ...], claim: Claim
) -> tuple[Chain, tuple[Claim, ...]]:
    """A lighter word replaces no heavier word, unless it is weak and 30 days after a firm word."""
    last = chain.last
    is_old = claim.occurred.earliest - last.occurred.latest > THIRTY_DAYS
    if claim.weight >= last.weight or (
        is_old and claim.weight is Weight.WEAK and last.weight is Weight.FIRM
    ):
        return Chain(claim, chain), ()
    return chain, (*passed_over, claim)
