"""How do later claims bear on a voice? Steps 3 and 4 of the rule, as far as two claims alone
decide; the part of the instant (kinship, age) is in `domain.control.moment`."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from domain.control.claims import Claim, ControlStatus, Order, Weight
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.lineage import Lineage
from domain.control.sequence import is_kept, is_later, is_old
from domain.control.verdict import Silence, Silenced
from domain.occurred import BEGINNING, Instant
from domain.values import ActorId

_FIRM, _WEAK, _DOUBTFUL = Weight.FIRM, Weight.WEAK, Weight.DOUBTFUL
_CONTESTED, _HELD = ControlStatus.CONTESTED, ControlStatus.HELD


class Speaker(NamedTuple):
    """A speaking voice, and the holders as they count at the instant asked about."""

    claim: Claim
    status: ControlStatus
    named: tuple[ActorId, ...]
    """The remaining holders, as named."""
    holders: tuple[ActorId, ...]
    """The remaining holders, as they count now."""


class VoiceState(NamedTuple):
    """The state of a voice from `since` and before `until`, while nothing is said."""

    speaker: Speaker | None
    """None, where no named holder is left."""
    silenced: Silenced | None
    since: Instant
    until: Instant


def why_ended(voice: Claim, claim: Claim, at: Instant, *, confirmed: bool) -> Silence | None:
    """Why a later, disagreeing claim ends the voice at an instant; None for a claim of too little
    weight. A claim is confirmed by an agreeing, firm, later word of a second origin."""
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


def remaining(left: tuple[ActorId, ...], claim: Claim, lineage: Lineage) -> tuple[ActorId, ...]:
    """The holders who did not leave or lose the place by the transition."""
    said = claim.asserts
    kinship = lineage.at(Instant(claim.occurred.latest - 1))
    holding = {kinship.one(holder) for holder in said.holders}
    return tuple(
        holder
        for holder in left
        if kinship.one(holder) in holding or not kinship.has_left(holder, said.leaving)
    )


@dataclass(slots=True, eq=False)
class Voice:
    """A possible voice of an origin, with the later claims on it. Immutable."""

    claim: Claim
    left: tuple[ActorId, ...]
    """The remaining holders, as named."""
    struck_by: tuple[Claim, ...] = ()
    """The transitions by which the other holders left."""
    ended_by: Mapping[object, tuple[Claim, Silence]] = field(default_factory=dict)
    """Later claims with enough weight at every instant, and why: the first of equal claims."""
    doubted_by: Mapping[object, Claim] = field(default_factory=dict)
    """Later claims with enough weight only once the voice is old, or a second origin agrees: the
    first of equal claims of an origin with the same grade."""
    firm: Mapping[object, tuple[Claim, ...]] = field(default_factory=dict)
    """Later firm words of other origins, for confirmation: of equal words, the first, and the first
    of a second origin."""
    state: VoiceState | None = None
    """The state found last, where nobody counts as anybody else."""
    ended_for_good: tuple[int, Order] | None = None
    """The counting order of a claim that ends the voice whichever holders leave."""

    def status(self, kinship: Kinship) -> ControlStatus:
        """The status without leavers: of two contenders the other holds."""
        said = self.claim.asserts.status
        if said is _CONTESTED and self.struck_by and len(set(map(kinship.one, self.left))) == 1:
            return _HELD
        return said

    @property
    def is_emptied(self) -> bool:
        """Whether all named holders have left."""
        return bool(self.struck_by) and not self.left

    def hears(self, claim: Claim, key: object, lineage: Lineage) -> "Voice":
        """The voice once the claim counts too; `key` is the claim's `key_of`."""
        known = self.ended_by.get(key)
        if (
            known
            and known[0].counting_order <= claim.counting_order
            and not claim.asserts.leaving
            and len(self.firm.get(key, ())) > 1
        ):
            return self
        return self._with(claim, key, lineage)

    @staticmethod
    def of(mine: Claim, claims: Iterable[Claim], lineage: Lineage) -> "Voice":
        """The voice of a claim once all given claims count."""
        voice = Voice(mine, mine.asserts.holders)
        for claim in claims:
            if claim is not mine:
                voice = voice._with(claim, key_of(claim, lineage), lineage)
        return voice

    def is_as(self, other: "Voice") -> bool:
        """Whether both voices speak of the same claim with the same later claims."""
        return self is other or (
            self.claim is other.claim
            and self.left == other.left
            and self.struck_by == other.struck_by
            and self.ended_for_good == other.ended_for_good
            and self.ended_by == other.ended_by
            and self.doubted_by == other.doubted_by
            and self.firm == other.firm
        )

    @property
    def told_by(self) -> Iterator[Claim]:
        """The claims that end the voice, or would once it is old or another origin agrees."""
        yield from (claim for claim, _ in self.ended_by.values())
        if self.doubted_by:
            yield from self.doubted_by.values()
            yield from (claim for some in self.firm.values() for claim in some)

    def _with(self, claim: Claim, key: object, lineage: Lineage) -> "Voice":
        mine, said = self.claim, claim.asserts
        strikes = bool(said.leaving and self.left) and claim.weight >= mine.weight
        ends = confirms = False
        if claim.origin == mine.origin:
            strikes = strikes and claim.order > mine.order
        elif not said.is_known or (
            not strikes and self.ended_for_good and self.ended_for_good < claim.counting_order
        ):
            return self
        else:
            known = self.ended_by.get(key)
            is_news = known is None or known[0].counting_order > claim.counting_order
            ends = is_news and not said.is_leaving
            if claim.weight is _FIRM and mine.weight is _FIRM:
                same = self.firm.get(key, ())
                is_early = len(same) < 2 or claim.counting_order < same[1].counting_order
                confirms = is_early and _first_two(same, claim) is not same
        if not (strikes or ends or confirms) or not is_later(claim, mine, lineage):
            return self
        others = self.doubted_by, self.firm, self.state, self.ended_for_good
        voice = Voice(mine, self.left, self.struck_by, self.ended_by, *others)
        if strikes:
            voice._strike(claim, lineage)
        if ends:
            voice._end(claim, key, lineage)
        if confirms:
            voice.firm = {**self.firm, key: _first_two(self.firm.get(key, ()), claim)}
            voice.state = None if voice.doubted_by else voice.state
        return voice

    def _strike(self, claim: Claim, lineage: Lineage) -> None:
        left = remaining(self.left, claim, lineage)
        if len(left) < len(self.left):
            self.left, self.struck_by = left, (*self.struck_by, claim)
            self.state = None

    def _end(self, claim: Claim, key: object, lineage: Lineage) -> None:
        mine = self.claim
        # A change may have happened from the opening of its window on, before it counts.
        both_heard = max(mine.occurred.earliest, claim.occurred.earliest)
        if why := why_ended(mine, claim, both_heard, confirmed=False):
            self.ended_by = {**self.ended_by, key: (claim, why)}
            if lineage.is_silent and not may_agree(mine, claim):
                known = self.ended_for_good
                self.ended_for_good = min(known or claim.counting_order, claim.counting_order)
        elif why_ended(mine, claim, _LONG_AFTER, confirmed=True):
            same = key, claim.origin, claim.grade, claim.asserts.kind, claim.kept_until
            first = self.doubted_by.get(same, claim)
            if first.counting_order < claim.counting_order:
                return
            self.doubted_by = {**self.doubted_by, same: claim}
        else:
            return
        if self.state and not self.agrees_as_named(claim):
            self.state = None

    def agrees_as_named(self, claim: Claim) -> bool:
        """Whether the claim agrees with the rest of the voice, nobody counting as anybody else."""
        said, mine, left = claim.asserts, self.claim.asserts, self.left
        if not self.struck_by:
            if said.status is not mine.status:
                return False
        elif not left or said.status is not self.status(EVERYBODY_APART):
            return False
        holders = said.holders
        return not holders or not left or holders == left or not set(holders).isdisjoint(left)


_LONG_AFTER = Instant(2**62)


def may_agree(voice: Claim, claim: Claim) -> bool:
    """Whether the claim agrees with the voice, or would once some holders have left."""
    mine, said = voice.asserts, claim.asserts
    if said.status is not mine.status and not (mine.status is _CONTESTED and said.status is _HELD):
        return False
    one, other = mine.holders, said.holders
    return not one or not other or one == other or not set(one).isdisjoint(other)


def _first_two(same: tuple[Claim, ...], claim: Claim) -> tuple[Claim, ...]:
    """With another claim: the first claim to count, and the first of another origin."""
    if not same:
        return (claim,)
    if claim.counting_order > same[0].counting_order:
        is_second = len(same) == 1 or claim.counting_order < same[1].counting_order
        return (same[0], claim) if is_second and claim.origin != same[0].origin else same
    return (claim, *(each for each in same if each.origin != claim.origin))[:2]


def key_of(claim: Claim, lineage: Lineage) -> object:
    """Equal for claims with the same content at every instant. A name means another actor after
    the actor's end."""
    mortal = lineage.mortal
    if mortal and not mortal.isdisjoint(claim.asserts.holders):
        return claim.asserts.what, bisect_right(lineage.ends, claim.occurred.earliest)
    return claim.asserts.what


class Heard(NamedTuple):
    """The claims that count: the first `past` in the order of their ends, and others."""

    claims: Sequence[Claim] = ()
    transitions: Sequence[Claim] = ()
    """The transitions among the claims."""
    past: int = 0
    seen: Sequence[Claim] = ()
    """Open observations, in their order."""
    supposed: Sequence[Claim] = ()
    """Open transitions, taken to have happened."""
    horizon: Instant = BEGINNING
    """No claim that counts later opens before this instant."""

    def bearing_on(self, voice: Claim) -> list[Claim]:
        """All claims that may be later than the voice, in the order of counting: transitions that
        end after its opening, and observations that open and end with the voice or after."""
        window, last = voice.occurred, self.past - 1
        opening, close = window.earliest, window.latest
        found = [*self.supposed]
        following = bisect_right(self.seen, (opening, close), key=_WINDOW)
        found += (it for it in self.seen[following:] if it.occurred.latest >= close)
        if last >= 0:
            end = self.claims[last].end_order
            index = bisect_right(self.transitions, end, key=_END_ORDER) - 1
            while index >= 0 and self.transitions[index].occurred.latest > opening:
                found.append(self.transitions[index])
                index -= 1
        while last >= 0 and self.claims[last].occurred.latest >= close:
            if not self.claims[last].asserts.is_transition:
                found.append(self.claims[last])
            last -= 1
        if len(found) > 1:
            found.sort(key=attrgetter("counting_order"))
        return found


_END_ORDER = attrgetter("end_order")
_WINDOW = attrgetter("occurred.earliest", "occurred.latest")
