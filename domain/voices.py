"""Who speaks of a place, and what was said later against each voice? Steps 1, 3 and 4 of the rule.

An origin speaks with one voice, and other words end it or strike holders from it. What can be told
of two claims by themselves is worked out once, when the second of them is heard; what depends on
the instant that is asked about (who counts as whom, what has grown old) is asked in
`domain.control`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

from domain.claims import Claim, ControlStatus, Weight
from domain.lineage import Lineage
from domain.occurred import Instant
from domain.sequence import comes_before, is_kept, is_later, is_old
from domain.values import ActorId
from domain.verdict import Silence

_FIRM, _WEAK, _DOUBTFUL = Weight.FIRM, Weight.WEAK, Weight.DOUBTFUL
_CONTESTED, _HELD = ControlStatus.CONTESTED, ControlStatus.HELD


# ---- 1. One voice per origin -----------------------------------------------------------------


class Chain(NamedTuple):
    """The words of one origin that followed each other, the last one first."""

    last: Claim
    before: Optional["Chain"]


class Told(NamedTuple):
    """The words of one origin that are told, in no order; the last one heard first."""

    claim: Claim
    more: Optional["Told"]


@dataclass(frozen=True, slots=True)
class Origin:
    """All that one origin says of a place. It never changes: `hears` gives another one."""

    told: Told
    chain: Chain
    passed_over: tuple[Claim, ...]
    """What it said after the last word of the chain, and which is too light to replace that."""
    last: tuple[int, int, int, int]
    """The order of its last word, be it in the chain or not."""
    close: Instant
    """The latest close of all windows."""
    is_ring: bool
    """Whether its words put each other first, all of them, so that none is dropped."""

    @staticmethod
    def of(claim: Claim) -> "Origin":
        close = claim.occurred.latest
        return Origin(Told(claim, None), Chain(claim, None), (), claim.order, close, False)

    def hears(self, claim: Claim, lineage: Lineage) -> "Origin":
        """The same once it says this too."""
        told = Told(claim, self.told)
        if self.is_ring or claim.order < self.last or claim.occurred.earliest < self.close:
            return _origin_of(told, lineage)
        chain, passed_over = _followed(self.chain, self.passed_over, claim)
        return Origin(told, chain, passed_over, claim.order, claim.occurred.latest, False)

    @property
    def candidates(self) -> Sequence[Claim]:
        """The claims one of which is its voice: the last of the chain; and where that is a
        leaving, what was the voice before any leaving. None, where it does not know."""
        last = self.chain.last
        if not last.asserts.is_known:
            return ()
        base: Chain | None = self.chain
        while base and base.last.asserts.is_leaving:
            base = base.before
        if base is None or base.last is last or not base.last.asserts.is_known:
            return (last,)
        return (last, base.last)


def _origin_of(told: Told, lineage: Lineage) -> Origin:
    words: list[Claim] = []
    more: Told | None = told
    while more:
        words.append(more.claim)
        more = more.more
    words.sort(key=_order)
    dropped = [claim for claim in words if _is_dropped(claim, words, lineage)]
    is_ring = len(dropped) == len(words)
    kept = words if is_ring else [claim for claim in words if claim not in dropped]
    chain, passed_over = Chain(kept[0], None), tuple[Claim, ...]()
    for claim in kept[1:]:
        chain, passed_over = _followed(chain, passed_over, claim)
    close = max(claim.occurred.latest for claim in words)
    return Origin(told, chain, passed_over, words[-1].order, close, is_ring)


def _is_dropped(claim: Claim, words: Iterable[Claim], lineage: Lineage) -> bool:
    """Whether contents put it before another of at least its weight."""
    return any(
        other is not claim
        and other.asserts.is_transition
        and other.weight >= claim.weight
        and other.occurred.overlaps(claim.occurred)
        and comes_before(claim, other, lineage)
        for other in words
    )


def _followed(
    chain: Chain, passed_over: tuple[Claim, ...], claim: Claim
) -> tuple[Chain, tuple[Claim, ...]]:
    """A lighter word does not replace a heavier one of its origin, unless that is firm, the word
    weak, and the firm one more than 30 days older."""
    last = chain.last
    is_old = claim.weight is _WEAK and last.weight is _FIRM and _is_long_before(last, claim)
    if claim.weight >= last.weight or is_old:
        return Chain(claim, chain), ()
    return chain, (*passed_over, claim)


def _is_long_before(one: Claim, claim: Claim) -> bool:
    return is_old(replace(one, kept_until=None), claim, claim.occurred.earliest)


# ---- 3. Later word takes the place of earlier word -------------------------------------------


def why_ended(voice: Claim, claim: Claim, at: Instant, *, confirmed: bool) -> Silence | None:
    """Why a later claim that does not agree ends the voice at that instant; None where it does not
    weigh enough. It is confirmed where a second origin's firm later word agrees with it."""
    if voice.asserts.is_leaving:
        enough = claim.weight > _DOUBTFUL or voice.weight is _DOUBTFUL
        return Silence.SOMEBODY_CAME if enough else None
    plainly = Silence.CHANGED_HANDS if claim.asserts.is_transition else Silence.SEEN_SINCE
    if claim.weight is not _FIRM:
        if voice.weight is not _FIRM:
            return plainly if claim.weight >= voice.weight else None
        is_enough = claim.weight is _WEAK and is_old(voice, claim, at)
        return Silence.OUTDATED if is_enough else None
    if voice.weight is not _FIRM:
        return plainly if claim.asserts.is_transition else Silence.FIRM_WORD
    if voice.asserts.status is _CONTESTED:
        return plainly if claim.asserts.is_transition else Silence.FIGHT_OVER
    is_reported = claim.asserts.is_transition and not is_kept(voice, at)
    if is_reported or claim.grade.credibility <= 2 or not voice.grade.is_better_than(claim.grade):
        return plainly
    if is_old(voice, claim, at):
        return Silence.OUTDATED
    return Silence.CONFIRMED if confirmed else None


# ---- 4. Who has left holds no longer ---------------------------------------------------------


def struck(left: tuple[ActorId, ...], claim: Claim, lineage: Lineage) -> tuple[ActorId, ...]:
    """Those of the holders whom the transition does not tell to have left or lost the place."""
    said = claim.asserts
    kinship = lineage.at(Instant(claim.occurred.latest - 1))
    holding = {kinship.one(holder) for holder in said.holders}
    return tuple(
        holder
        for holder in left
        if kinship.one(holder) in holding or not kinship.has_left(holder, said.leaving)
    )


# ---- What was said later against one voice ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """A claim that may be its origin's voice, and what was said later that bears on it.

    It never changes: `hears` gives another one.
    """

    claim: Claim
    left: tuple[ActorId, ...]
    """Those whom it names and who have not left since, as named."""
    struck_by: tuple[Claim, ...] = ()
    """The transitions by which the others have left."""
    ended_by: tuple[tuple[Claim, Silence], ...] = ()
    """Later claims that say something and weigh enough at every instant, and why they do."""
    doubted_by: tuple[Claim, ...] = ()
    """Later claims that say something, and weigh enough only once it is old, or once a second
    origin agrees with them."""
    firm: tuple[Claim, ...] = ()
    """Later firm words of other origins, of which one may be the second that agrees: of those who
    say the same, two origins are enough."""

    @staticmethod
    def of(claim: Claim) -> "Voice":
        return Voice(claim, claim.asserts.holders)

    @property
    def status(self) -> ControlStatus:
        """What it says once those who left are struck: of two contenders the other one holds."""
        said = self.claim.asserts.status
        is_alone = said is _CONTESTED and len(self.left) == 1 and bool(self.struck_by)
        return _HELD if is_alone else said

    @property
    def is_emptied(self) -> bool:
        """Whether all whom it names have left."""
        return not self.left and bool(self.struck_by)

    def hears(self, claim: Claim, lineage: Lineage) -> "Voice":
        """The same once this counts too."""
        mine, said = self.claim, claim.asserts
        strikes = bool(said.leaving) and bool(self.left) and claim.weight >= mine.weight
        if claim.origin == mine.origin:
            if not strikes or claim.order <= mine.order or not is_later(claim, mine, lineage):
                return self
            return self._strike(claim, lineage)
        ends = said.is_known and not said.is_leaving and not self._is_ended_so(claim, lineage)
        confirms = (
            said.is_known
            and claim.weight is _FIRM
            and mine.weight is _FIRM
            and not self._is_confirmed_so(claim, lineage)
        )
        if not (strikes or ends or confirms) or not is_later(claim, mine, lineage):
            return self
        heard = self._strike(claim, lineage) if strikes else self
        if ends:
            heard = heard._end(claim)
        return replace(heard, firm=(*heard.firm, claim)) if confirms else heard

    def _is_ended_so(self, claim: Claim, lineage: Lineage) -> bool:
        """Whether a claim that came to count before does to it all that this one can do."""
        return any(
            _says_the_same(claim, each, lineage) and _counting_order(each) < _counting_order(claim)
            for each, _ in self.ended_by
        )

    def _is_confirmed_so(self, claim: Claim, lineage: Lineage) -> bool:
        """Whether two origins say the same already, or this one does."""
        origins = {each.origin for each in self.firm if _says_the_same(claim, each, lineage)}
        return len(origins) > 1 or claim.origin in origins

    def _strike(self, claim: Claim, lineage: Lineage) -> "Voice":
        left = struck(self.left, claim, lineage)
        if len(left) == len(self.left):
            return self
        return replace(self, left=left, struck_by=(*self.struck_by, claim))

    def _end(self, claim: Claim) -> "Voice":
        mine = self.claim
        both_count = max(mine.counts_from, claim.counts_from)
        if why := why_ended(mine, claim, both_count, confirmed=False):
            return replace(self, ended_by=(*self.ended_by, (claim, why)))
        if why_ended(mine, claim, _LONG_AFTER, confirmed=True):
            return replace(self, doubted_by=(*self.doubted_by, claim))
        return self


def _says_the_same(one: Claim, other: Claim, lineage: Lineage) -> bool:
    """At every instant: whoever is named once he is no more is meant as himself."""
    mine, theirs = one.asserts, other.asserts
    if mine.status is not theirs.status or mine.holders != theirs.holders:
        return False
    return not lineage.mortal or lineage.mortal.isdisjoint(mine.holders)


def _order(claim: Claim) -> tuple[int, int, int, int]:
    return claim.order


_LONG_AFTER = Instant(2**62)


class Heard(NamedTuple):
    """The claims that count: the first `past` of those in the order of their ends, and some whose
    windows are still open."""

    claims: Sequence[Claim]
    past: int
    still_open: Sequence[Claim] = ()

    def bearing_on(self, voice: Claim, *, is_new: bool) -> list[Claim]:
        """All that may tell of a later time than the voice, in the order in which they came to
        count. What counted before a new one is later only where their windows overlap."""
        opening, found = voice.occurred.earliest, list(self.still_open)
        for index in range(self.past - 1, -1, -1):
            claim = self.claims[index]
            if is_new and claim.occurred.latest <= opening:
                break
            found.append(claim)
        found.sort(key=_counting_order)
        return found

    def latest_first(self) -> Iterable[Claim]:
        """All of them, the one whose window closes last first."""
        yield from sorted(self.still_open, key=_end_order, reverse=True)
        for index in range(self.past - 1, -1, -1):
            yield self.claims[index]


def listened(claim: Claim, heard: Iterable[Claim], lineage: Lineage) -> Voice:
    """The voice of that claim, once these count too."""
    voice = Voice.of(claim)
    for word in heard:
        if word is not claim:
            voice = voice.hears(word, lineage)
    return voice


def _counting_order(claim: Claim) -> tuple[int, tuple[int, int, int, int]]:
    return (claim.counts_from, claim.order)


def _end_order(claim: Claim) -> tuple[int, tuple[int, int, int, int]]:
    return claim.end_order
