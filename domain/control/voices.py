"""Who speaks of a place, and what was said later against each voice? Steps 1, 3 and 4 of the rule.

An origin speaks with one voice, and other words end it or strike holders from it. What can be told
of two claims by themselves is worked out once, when the second of them is heard; what depends on
the instant that is asked about (who counts as whom, what has grown old) is asked in
`domain.control.rule`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, NamedTuple, Optional

from domain.control.claims import Claim, ControlStatus, Weight
from domain.control.lineage import Kinship, Lineage
from domain.control.sequence import comes_before, is_kept, is_later, is_old
from domain.control.verdict import Silence
from domain.occurred import Instant
from domain.values import ActorId

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


@dataclass(slots=True, eq=False)
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
    candidates: tuple[Claim, ...]
    """The claims one of which is its voice: the last of the chain; and where that is a leaving,
    what was the voice before any leaving. None, where it does not know."""

    only: Claim | None = field(init=False)
    """Its voice, where nothing else is to be chosen from, or to be told of."""

    def __post_init__(self) -> None:
        is_one = len(self.candidates) == 1 and not self.passed_over
        self.only = self.candidates[0] if is_one else None

    @staticmethod
    def of(claim: Claim) -> "Origin":
        close, chain = claim.occurred.latest, Chain(claim, None)
        told, candidates = Told(claim, None), _candidates(chain)
        return Origin(told, chain, (), claim.order, close, False, candidates)

    def hears(self, claim: Claim, lineage: Lineage) -> "Origin":
        """The same once it says this too."""
        told = Told(claim, self.told)
        if self.is_ring or claim.order < self.last or claim.occurred.earliest < self.close:
            return _origin_of(told, lineage)
        chain, passed_over = _followed(self.chain, self.passed_over, claim)
        close, candidates = claim.occurred.latest, _candidates(chain)
        return Origin(told, chain, passed_over, claim.order, close, False, candidates)


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
    """The one origin of all these claims; None where there are none."""
    told: Told | None = None
    for claim in claims:
        told = Told(claim, told)
    return _origin_of(told, lineage) if told else None


def _origin_of(told: Told, lineage: Lineage) -> Origin:
    words: list[Claim] = []
    more: Told | None = told
    while more:
        words.append(more.claim)
        more = more.more
    words.sort(key=attrgetter("order"))
    dropped = [claim for claim in words if _is_dropped(claim, words, lineage)]
    is_ring = len(dropped) == len(words)
    kept = words if is_ring else [claim for claim in words if claim not in dropped]
    chain, passed_over = Chain(kept[0], None), tuple[Claim, ...]()
    for claim in kept[1:]:
        chain, passed_over = _followed(chain, passed_over, claim)
    close = max(claim.occurred.latest for claim in words)
    last, candidates = words[-1].order, _candidates(chain)
    return Origin(told, chain, passed_over, last, close, is_ring, candidates)


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


class Voice:
    """A claim that may be its origin's voice, and what was said later that bears on it.

    It never changes: `hears` gives another one.
    """

    __slots__ = (
        "claim",
        "doubted_by",
        "ended_by",
        "ended_for_good",
        "firm",
        "left",
        "standing",
        "struck_by",
    )

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.left: tuple[ActorId, ...] = claim.asserts.holders
        """Those whom it names and who have not left since, as named."""
        self.struck_by: tuple[Claim, ...] = ()
        """The transitions by which the others have left."""
        self.ended_by: Mapping[object, tuple[Claim, Silence]] = {}
        """Later claims that say something and weigh enough at every instant, and why they do: of
        those that say the same, the one that came to count first."""
        self.doubted_by: tuple[Claim, ...] = ()
        """Later claims that say something, and weigh enough only once it is old, or once a second
        origin agrees with them."""
        self.firm: Mapping[object, tuple[Claim, ...]] = {}
        """Later firm words of other origins, of which one may be the second that agrees: of those
        that say the same, two are enough."""
        self.standing: Any = None
        """What `domain.control.rule` made of it last, where nobody counts as anybody else."""
        self.ended_for_good: tuple[int, tuple[int, int, int, int]] | None = None
        """The counting order of a claim that ends it, be it that some of its holders leave."""

    def status(self, kinship: Kinship) -> ControlStatus:
        """What it says once those who left are struck: of two contenders the other one holds."""
        said = self.claim.asserts.status
        if said is _CONTESTED and self.struck_by and len(set(map(kinship.one, self.left))) == 1:
            return _HELD
        return said

    @property
    def is_emptied(self) -> bool:
        """Whether all whom it names have left."""
        return bool(self.struck_by) and not self.left

    def hears(self, claim: Claim, key: object, lineage: Lineage) -> "Voice":
        """The same once this counts too; `key` is that of what it says."""
        bearing = self._bearing_of(claim, key, lineage)
        if bearing is None:
            return self
        voice = Voice(self.claim)
        voice.left, voice.struck_by = self.left, self.struck_by
        voice.ended_by, voice.doubted_by, voice.firm = self.ended_by, self.doubted_by, self.firm
        voice.ended_for_good = self.ended_for_good
        voice._take(claim, bearing, lineage)
        return voice

    def hears_all(self, claims: Iterable[Claim], lineage: Lineage) -> "Voice":
        """The same once these count too, which it has not told anybody else of."""
        for claim in claims:
            if claim is not self.claim:
                bearing = self._bearing_of(claim, key_of(claim, lineage), lineage)
                if bearing:
                    self._take(claim, bearing, lineage)
        return self

    def _bearing_of(self, claim: Claim, key: object, lineage: Lineage) -> "_Bearing | None":
        mine, said = self.claim, claim.asserts
        strikes = bool(said.leaving) and bool(self.left) and claim.weight >= mine.weight
        if claim.origin == mine.origin:
            if not strikes or claim.order <= mine.order or not is_later(claim, mine, lineage):
                return None
            return _Bearing(None, strikes=True, ends=False, confirms=False)
        ended = self.ended_for_good
        if not said.is_known or (not strikes and ended and ended < claim.counting_order):
            return None
        known = self.ended_by.get(key)
        ends = not said.is_leaving and not (
            known and known[0].counting_order <= claim.counting_order
        )
        confirms = False
        if claim.weight is _FIRM and mine.weight is _FIRM:
            same = self.firm.get(key, ())
            confirms = len(same) < 2 and (not same or same[0].origin != claim.origin)
        if not (strikes or ends or confirms) or not is_later(claim, mine, lineage):
            return None
        return _Bearing(key, strikes, ends, confirms)

    def _take(self, claim: Claim, bearing: "_Bearing", lineage: Lineage) -> None:
        if bearing.strikes:
            self._strike(claim, lineage)
        if bearing.ends:
            self._end(claim, bearing.key, lineage)
        if bearing.confirms:
            known = self.firm.get(bearing.key, ())
            self.firm = {**self.firm, bearing.key: (*known, claim)}

    def _strike(self, claim: Claim, lineage: Lineage) -> None:
        left = struck(self.left, claim, lineage)
        if len(left) < len(self.left):
            self.left, self.struck_by = left, (*self.struck_by, claim)

    def _end(self, claim: Claim, key: object, lineage: Lineage) -> None:
        mine = self.claim
        # A change may have happened from the opening of its window on, before it counts.
        both_heard = max(mine.occurred.earliest, claim.occurred.earliest)
        if why := why_ended(mine, claim, both_heard, confirmed=False):
            self.ended_by = {**self.ended_by, key: (claim, why)}
            if lineage.is_silent and not _may_agree(mine, claim):
                known = self.ended_for_good
                self.ended_for_good = min(known or claim.counting_order, claim.counting_order)
        elif why_ended(mine, claim, _LONG_AFTER, confirmed=True):
            self.doubted_by = (*self.doubted_by, claim)


class _Bearing(NamedTuple):
    """What a later claim does to a voice."""

    key: object
    strikes: bool
    """Some of its holders may have left."""
    ends: bool
    """It may take its place."""
    confirms: bool
    """It may be the second that agrees with one that takes its place."""


def _may_agree(voice: Claim, claim: Claim) -> bool:
    """Whether the claim agrees with the voice, or would once some of its holders have left."""
    mine, said = voice.asserts, claim.asserts
    if said.status is not mine.status and not (mine.status is _CONTESTED and said.status is _HELD):
        return False
    return not mine.holders or not said.holders or not set(mine.holders).isdisjoint(said.holders)


def key_of(claim: Claim, lineage: Lineage) -> object:
    """The same for claims that say the same at every instant: whoever is named once he is no more
    is meant as himself."""
    holders = claim.asserts.holders
    if lineage.mortal and not lineage.mortal.isdisjoint(holders):
        return claim.event
    return claim.asserts.what


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
        found.sort(key=attrgetter("counting_order"))
        return found

    def latest_first(self) -> Iterable[Claim]:
        """All of them, the one whose window closes last first."""
        yield from sorted(self.still_open, key=attrgetter("end_order"), reverse=True)
        for index in range(self.past - 1, -1, -1):
            yield self.claims[index]
