"""Which of an origin's words is its voice? Step 1 of the rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import NamedTuple

from domain.control.claims import Claim, Order, Weight
from domain.control.lineage import Lineage
from domain.control.sequence import comes_before
from domain.control.verdict import Silence, Silenced
from domain.occurred import BEGINNING, THIRTY_DAYS, Instant

SilentClaim = tuple[Order, Silenced]
"""Why a claim is silent, by the order of the claim."""


class Chain(NamedTuple):
    """The words of an origin that followed each other, as far as later words depend on them."""

    last: Claim
    base: Claim | None
    """The last word other than a leaving."""
    passed_over: tuple[Claim, ...] = ()
    """Later words, too light to replace the last."""

    def followed(self, claim: Claim) -> "Chain":
        """The chain with another word. A lighter word replaces no heavier word, unless it is weak
        and 30 days after a firm word."""
        last = self.last
        is_old = claim.occurred.earliest - last.occurred.latest > THIRTY_DAYS
        if claim.weight >= last.weight or (
            is_old and claim.weight is Weight.WEAK and last.weight is Weight.FIRM
        ):
            return Chain(claim, self.base if claim.asserts.is_leaving else claim)
        return self._replace(passed_over=(*self.passed_over, claim))

    @property
    def ends(self) -> tuple[Claim, ...]:
        """The words on which the choice of the voice depends."""
        return (self.last,) if self.base in (None, self.last) else (self.last, self.base)

    @property
    def candidates(self) -> tuple[Claim, ...]:
        """The choice for the voice: the last word; for a leaving, also the voice before any
        leaving. Empty for an origin without knowledge."""
        last, base = self.last, self.base
        if not last.asserts.is_known:
            return ()
        if base is None or base is last or not base.asserts.is_known:
            return (last,)
        return (last, base)


def _chain(before: Chain | None, words: Iterable[Claim]) -> Chain | None:
    """The chain with more words, in their order."""
    for claim in words:
        if before:
            before = before.followed(claim)
        else:
            before = Chain(claim, None if claim.asserts.is_leaving else claim)
    return before


class Settled(NamedTuple):
    """The words that no word to come can overlap or precede."""

    kept: Chain | None = None
    """The chain of the words that no other word dropped."""
    all: Chain | None = None
    """The chain of all words, while all are dropped."""

    def followed(self, words: Sequence[Claim], kept: Sequence[Claim]) -> "Settled":
        """With more words, some of them kept."""
        if chain := _chain(self.kept, kept):
            return Settled(chain)
        return Settled(None, _chain(self.all, words))


@dataclass(slots=True)
class Origin:
    """All words of an origin on a place. Immutable: `hears` gives another origin."""

    settled: Settled
    words: tuple[Claim, ...]
    """The other words, in their order."""
    chain: Chain
    """The words that followed each other."""
    last: Order
    """The order of the last word, in the chain or not."""
    close: Instant
    """The latest close of all windows (valid time)."""
    change_close: Instant
    """The latest close among transitions."""
    is_ring: bool
    """Whether the words all put each other first, so that none is dropped."""
    candidates: tuple[Claim, ...] = field(init=False, compare=False)
    """The choice for the voice (see `Chain`)."""
    only: Claim | None = field(init=False, compare=False)
    """The voice, where there is no choice and no word was passed over."""
    _former: tuple[Claim, ...] | None = field(init=False, default=None, compare=False)

    def __post_init__(self) -> None:
        self.candidates = self.chain.candidates
        is_one = len(self.candidates) == 1 and not self.chain.passed_over
        self.only = self.candidates[0] if is_one else None

    @property
    def lighter(self) -> list[SilentClaim]:
        """Why passed over words are silent."""
        by, why = self.chain.last.event, Silence.LIGHTER_THAN_ITS_OWN
        return [(each.order, Silenced(each.event, by, why)) for each in self.chain.passed_over]

    def hears(self, claim: Claim, horizon: Instant, lineage: Lineage) -> "Origin":
        """The origin with another word; no later word opens before the horizon."""
        is_change, opening = claim.asserts.is_transition, claim.occurred.earliest
        known = self.close if is_change else self.change_close
        if self.is_ring or claim.order < self.last or opening < known:
            words = tuple(sorted((*self.words, claim), key=attrgetter("order")))
            return _origin(self, words, claim, horizon, lineage)
        chain, words = self.chain.followed(claim), (*self.words, claim)
        change_close = claim.occurred.latest if is_change else self.change_close
        close = max(self.close, claim.occurred.latest)
        settled, words = _settled(self.settled, words, horizon, lineage)
        return Origin(settled, words, chain, claim.order, close, change_close, False)

    def is_as(self, other: "Origin", horizon: Instant, lineage: Lineage) -> bool:
        """Whether no later word makes a difference; no later word opens before the horizon."""
        if self is other or self == other:
            return True
        mine, its = (
            replace(each, settled=settled, words=words)
            for each in (self, other)
            for settled, words in (_settled(each.settled, each.words, horizon, lineage),)
        )
        return mine == its

    def without_last(self, lineage: Lineage) -> tuple[Claim, ...]:
        """The candidates without the last word, an observation."""
        if self._former is None:
            words = [each for each in self.words if each is not self.chain.last]
            chain, _ = _chain_of(self.settled, words, lineage)
            self._former = chain.candidates if chain else ()
        return self._former


def origin_of(claims: Iterable[Claim], lineage: Lineage) -> Origin | None:
    """The origin of all given claims; None without claims."""
    words = tuple(sorted(claims, key=attrgetter("order")))
    if not words:
        return None
    chain, is_ring = _chain_of(Settled(), words, lineage)
    assert chain, "an origin has a word"
    close = max(claim.occurred.latest for claim in words)
    changes = (claim.occurred.latest for claim in words if claim.asserts.is_transition)
    change_close = max(changes, default=BEGINNING)
    return Origin(Settled(), words, chain, words[-1].order, close, change_close, is_ring)


def first_word(claim: Claim, horizon: Instant) -> Origin:
    """The origin with its first word."""
    chain, close = Chain(claim, None if claim.asserts.is_leaving else claim), claim.occurred.latest
    change_close = close if claim.asserts.is_transition else BEGINNING
    if close <= horizon:
        return Origin(Settled(chain), (), chain, claim.order, close, change_close, False)
    return Origin(Settled(), (claim,), chain, claim.order, close, change_close, False)


def _origin(
    before: Origin, words: tuple[Claim, ...], new: Claim, horizon: Instant, lineage: Lineage
) -> Origin:
    """The origin with these words after its settled words."""
    chain, is_ring = _chain_of(before.settled, words, lineage)
    assert chain, "an origin has a word"
    change_close, close = before.change_close, max(before.close, new.occurred.latest)
    if new.asserts.is_transition:
        change_close = max(change_close, new.occurred.latest)
    last = max(before.last, new.order)
    settled, words = _settled(before.settled, words, horizon, lineage)
    return Origin(settled, words, chain, last, close, change_close, is_ring)


def _chain_of(
    settled: Settled, words: Sequence[Claim], lineage: Lineage
) -> tuple[Chain | None, bool]:
    """The chain of all words, and whether they are a ring."""
    kept = _kept(words, lineage)
    if settled.kept is None and not kept:
        return _chain(settled.all, words), True
    return _chain(settled.kept, kept), False


def _settled(
    settled: Settled, words: tuple[Claim, ...], horizon: Instant, lineage: Lineage
) -> tuple[Settled, tuple[Claim, ...]]:
    """Settles the first of the words, as far as no word to come bears on them."""
    if not words or words[0].occurred.latest > horizon:
        return settled, words
    over, until = 0, BEGINNING
    has_changes = any(claim.asserts.is_transition for claim in words)
    for index, claim in enumerate(words, 1):
        until = max(until, claim.occurred.latest)
        if until > horizon:
            break
        if not has_changes or index == len(words) or words[index].occurred.earliest >= until:
            over = index
    if not over:
        return settled, words
    return settled.followed(words[:over], _kept(words[:over], lineage)), words[over:]


def _kept(words: Sequence[Claim], lineage: Lineage) -> Sequence[Claim]:
    """The words that contents put before no other."""
    transitions = [claim for claim in words if claim.asserts.is_transition]
    if not transitions:
        return words
    return [claim for claim in words if not _is_dropped(claim, transitions, lineage)]


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
