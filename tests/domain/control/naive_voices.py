"""Steps 1 to 6 of the rule of control, word for word: what do these claims amount to at an instant?

It shares no function with the domain, only the types.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from domain.control.claims import Claim, ClaimKind, ControlStatus
from domain.control.verdict import Silence
from domain.values import ActorId, EventId
from tests.domain.control.naive_kin import Kin
from tests.domain.control.naive_words import (
    DOUBTFUL,
    FIRM,
    THIRTY_DAYS,
    WEAK,
    Case,
    better,
    is_known,
    is_leaving,
    replaces,
    weight,
)


@dataclass(frozen=True)
class Stand:
    """A voice, and what is left of what it says."""

    claim: Claim
    status: ControlStatus
    names: tuple[ActorId, ...]
    """Those whom it names who have not left."""
    shown: frozenset[str]
    """Who they are now."""


@dataclass(frozen=True)
class Side:
    status: ControlStatus
    holders: tuple[ActorId, ...]
    voices: tuple[Claim, ...]


@dataclass(frozen=True)
class Finding:
    """What the voices amount to."""

    status: ControlStatus
    holders: tuple[ActorId, ...] = ()
    sides: tuple[Side, ...] = ()
    """The side that prevails, or all that dispute the place."""
    evidence: tuple[Claim, ...] = ()
    rivals: tuple[Side, ...] = ()
    silent: dict[EventId, Silence] = field(default_factory=dict)

    @property
    def heard(self) -> tuple[Claim, ...]:
        """The voices that answer; where the place is disputed, those of all sides."""
        return self.evidence or tuple(voice for side in self.sides for voice in side.voices)

    @property
    def weight(self) -> int:
        return max(weight(claim) for claim in self.heard)

    @property
    def gist(self) -> object:
        rivals = frozenset((side.status, frozenset(side.holders)) for side in self.rivals)
        return (self.status, frozenset(self.holders), rivals)


class Hearing:
    """What is to be made at an instant of the claims that count."""

    def __init__(self, case: Case, counting: Sequence[Claim], t: int, kin: Kin) -> None:
        self.case = case
        self.counting = counting
        self.t = t
        self.kin = kin
        self.stand = cache(self._stand)

    # ---- Step 1: one voice per origin

    def chain(self, origin: str) -> list[Claim]:
        """The words of one origin that follow each other."""
        own = [claim for claim in self.counting if claim.origin == origin]
        follow = [claim for claim in own if not self.is_dropped(claim, own)] or own
        accepted: list[Claim] = []
        for claim in sorted(follow, key=self.case.order):
            if not accepted or replaces(claim, accepted[-1]):
                accepted.append(claim)
        return accepted

    def is_dropped(self, claim: Claim, own: Sequence[Claim]) -> bool:
        return any(
            other is not claim
            and weight(other) >= weight(claim)
            and self.case.comes_first(claim, other)
            for other in own
        )

    def voice(self, chain: Sequence[Claim]) -> Claim | None:
        if not chain or not is_known(chain[-1]):
            return None
        if is_leaving(chain[-1]):
            before = self.voice(chain[:-1])
            if before and self.left(before):
                return before
        return chain[-1]

    def voices(self) -> list[Claim]:
        origins = sorted({claim.origin for claim in self.counting})
        return list(filter(None, (self.voice(self.chain(origin)) for origin in origins)))

    # ---- Step 3: later word takes the place of earlier word

    def ender(self, v: Claim) -> tuple[Claim, Silence] | None:
        """The first claim that takes the place of the voice, and why it may."""
        found = []
        for c in self.counting:
            if c.origin == v.origin or is_leaving(c) or not is_known(c):
                continue
            if not self.case.is_later(c, v) or self.agrees_with_rest(c, v):
                continue
            why = self.weighs_enough(c, v)
            if why:
                found.append((c, why))
        return min(found, key=lambda each: self.ended_first(each[0]), default=None)

    def ended_first(self, c: Claim) -> tuple[int, tuple[int, int, int, int]]:
        return (c.occurred.latest, self.case.order(c))

    def agrees_with_rest(self, c: Claim, v: Claim) -> bool:
        rest = self.stand(v)
        if v.asserts.holders and not rest.names:
            return False
        return self.same(
            c.asserts.status,
            self.kin.compared(c.asserts.holders, c.occurred.earliest),
            rest.status,
            self.kin.compared(rest.names, v.occurred.earliest),
        )

    def agree(self, one: Claim, other: Claim) -> bool:
        """Whether two claims agree, as they were said."""
        return self.same(
            one.asserts.status,
            self.kin.compared(one.asserts.holders, one.occurred.earliest),
            other.asserts.status,
            self.kin.compared(other.asserts.holders, other.occurred.earliest),
        )

    def same(
        self,
        status: ControlStatus,
        actors: frozenset[str],
        other: ControlStatus,
        others: frozenset[str],
    ) -> bool:
        if status != other:
            return False
        if not actors or not others:
            return True
        return self.kin.meet(actors, others)

    def weighs_enough(self, c: Claim, v: Claim) -> Silence | None:
        if is_leaving(v) and weight(c) != DOUBTFUL:
            return Silence.SOMEBODY_CAME
        if weight(c) == FIRM and weight(v) != FIRM:
            return Silence.FIRM_WORD
        if weight(c) == FIRM and v.asserts.status == ControlStatus.CONTESTED:
            return Silence.FIGHT_OVER
        if weight(c) == FIRM:
            return self.firm_against_firm(c, v)
        if weight(v) != FIRM:
            return self.by_kind(c, v) if weight(c) >= weight(v) else None
        if weight(c) == WEAK and self.thirty_days_passed(c, v):
            return Silence.OUTDATED
        return None

    def firm_against_firm(self, c: Claim, v: Claim) -> Silence | None:
        is_news = c.asserts.kind == ClaimKind.TRANSITION and not self.is_continuous(v)
        if is_news or c.grade.credibility in (1, 2) or not better(v.grade, c.grade):
            return self.by_kind(c, v)
        if self.thirty_days_passed(c, v):
            return Silence.OUTDATED
        return Silence.CONFIRMED if self.is_confirmed(c, v) else None

    def by_kind(self, c: Claim, v: Claim) -> Silence:
        if self.case.comes_first(v, c):
            return Silence.COMES_BEFORE
        is_transition = c.asserts.kind == ClaimKind.TRANSITION
        return Silence.CHANGED_HANDS if is_transition else Silence.SEEN_SINCE

    def is_confirmed(self, c: Claim, v: Claim) -> bool:
        return any(
            other.origin not in (c.origin, v.origin)
            and weight(other) == FIRM
            and is_known(other)
            and self.case.is_later(other, v)
            and self.agree(other, c)
            for other in self.counting
        )

    def is_continuous(self, claim: Claim) -> bool:
        return claim.kept_until is not None and self.t < claim.kept_until

    def close(self, claim: Claim) -> int:
        """Where its window closed; of a source that was continuous, until when it kept its word."""
        if claim.kept_until is not None and self.t >= claim.kept_until:
            return max(claim.occurred.latest, claim.kept_until)
        return claim.occurred.latest

    def thirty_days_passed(self, c: Claim, v: Claim) -> bool:
        if self.is_continuous(v):
            return False
        until = int(c.occurred.earliest)
        if c.kept_until is not None:
            until = max(until, min(self.t, c.kept_until))
        return until - self.close(v) > THIRTY_DAYS

    def was_seen_of_late(self, claim: Claim) -> bool:
        return self.is_continuous(claim) or self.t - self.close(claim) <= THIRTY_DAYS

    # ---- Step 4: who has left holds no longer

    def left(self, v: Claim) -> tuple[ActorId, ...]:
        """Those whom the claim names who have not left since."""
        return tuple(
            holder
            for holder in v.asserts.holders
            if not any(self.strikes(x, v) and self.took_away(x, holder) for x in self.counting)
        )

    def strikes(self, x: Claim, v: Claim) -> bool:
        if x.asserts.kind != ClaimKind.TRANSITION or not x.asserts.leaving:
            return False
        if x.origin == v.origin and self.case.order(v) >= self.case.order(x):
            return False
        return weight(x) >= weight(v) and self.case.is_later(x, v)

    def took_away(self, x: Claim, holder: str) -> bool:
        kin = self.case.kin_at(x.occurred.latest - 1)
        has_left = any(kin.belongs(holder, who) for who in x.asserts.leaving)
        return has_left and not kin.names([holder], x.asserts.holders)

    def _stand(self, v: Claim) -> Stand:
        """What is left of the voice after steps 4 and 5."""
        names, status = self.left(v), v.asserts.status
        is_struck = len(names) < len(v.asserts.holders)
        if status == ControlStatus.CONTESTED and is_struck:
            if len({self.kin.one(each) for each in names}) == 1:
                status = ControlStatus.HELD
        opened = v.occurred.earliest
        shown = frozenset[str]().union(*(self.kin.shown(each, opened) for each in names))
        return Stand(v, status, names, shown)

    def as_said(self, v: Claim) -> Stand:
        """The voice as it stood before step 4."""
        names = v.asserts.holders
        return Stand(v, v.asserts.status, names, frozenset(self.kin.one(each) for each in names))

    def speaking_leavings(self, stands: Sequence[Stand]) -> list[Stand]:
        """Without the leavings that say nothing beside the other voices."""
        if not stands:
            return []
        top = max(weight(each.claim) for each in stands)
        others = [each for each in stands if not is_leaving(each.claim)]
        heavy = [each for each in others if weight(each.claim) == top]
        return [
            each
            for each in stands
            if each in others
            or not heavy
            or any(self.took_away(each.claim, name) for other in heavy for name in other.names)
        ]

    # ---- Step 5: who still speaks

    def conclude(self) -> Finding:
        voices = sorted(self.voices(), key=self.case.order)
        lost = {claim.origin for claim in self.counting} - {claim.origin for claim in voices}
        silent = {self.chain(origin)[-1].event: Silence.DOES_NOT_KNOW for origin in lost}
        speaking: list[Stand] = []
        revivable: list[Stand] = []
        is_gone = False
        for voice in voices:
            stand = self.stand(voice)
            ended = self.ender(voice)
            emptied = bool(voice.asserts.holders) and not stand.names
            gone = bool(stand.names) and not stand.shown
            if not emptied and not gone:
                revivable.append(stand)
            if ended:
                silent[voice.event] = ended[1]
            elif emptied:
                silent[voice.event] = Silence.ALL_LEFT
            elif gone:
                silent[voice.event] = Silence.HOLDER_GONE
                is_gone = True
            else:
                speaking.append(stand)
        if not speaking and not is_gone:
            speaking = revivable or [self.as_said(voice) for voice in voices]
            for stand in speaking:
                del silent[stand.claim.event]
        heard = self.speaking_leavings(speaking)
        for stand in speaking:
            if stand not in heard:
                silent[stand.claim.event] = Silence.ONLY_A_LEAVING
        return self.amount(heard, silent)

    # ---- Step 6: what those that still speak amount to

    def amount(self, stands: Sequence[Stand], silent: dict[EventId, Silence]) -> Finding:
        if not stands:
            return Finding(ControlStatus.UNKNOWN, silent=silent)
        top = max(weight(each.claim) for each in stands)
        sides = self.connected([each for each in stands if weight(each.claim) == top])
        while True:
            prevails = prevailing(sides)
            gives_way = [
                side
                for side in sides
                if side[0].status == ControlStatus.CONTESTED
                and side is not prevails
                and not any(self.was_seen_of_late(each.claim) for each in side)
            ]
            if not gives_way or len(gives_way) == len(sides):
                break
            silent |= {s.claim.event: Silence.FIGHT_UNSEEN for side in gives_way for s in side}
            sides = [side for side in sides if side not in gives_way]
        rivals = [self.side(side) for side in sides if side is not prevails]
        agreeing = []
        for each in stands:
            if weight(each.claim) == top:
                continue
            if prevails and any(self.stands_agree(each, other) for other in prevails):
                agreeing.append(each)
            elif each.claim.grade.credibility == 5:
                silent[each.claim.event] = Silence.IMPROBABLE
            elif not self.was_seen_of_late(each.claim):
                silent[each.claim.event] = Silence.UNCONFIRMED
            else:
                rivals.append(self.side([each]))
        if not prevails:
            return Finding(
                ControlStatus.DISPUTED,
                sides=tuple(self.side(side) for side in sides),
                rivals=tuple(rivals),
                silent=silent,
            )
        side = self.side(prevails)
        lighter = sorted((each.claim for each in agreeing), key=self.case.order)
        evidence = (*side.voices, *lighter)
        return Finding(side.status, side.holders, (side,), evidence, tuple(rivals), silent)

    def connected(self, stands: Sequence[Stand]) -> list[list[Stand]]:
        """The voices in groups that agree, directly or through others."""
        label = list(range(len(stands)))
        for _ in stands:
            for i, one in enumerate(stands):
                for j, other in enumerate(stands):
                    if self.stands_agree(one, other):
                        label[i] = label[j] = min(label[i], label[j])
        return [
            [each for each, mine in zip(stands, label, strict=True) if mine == group]
            for group in sorted(set(label))
        ]

    def stands_agree(self, one: Stand, other: Stand) -> bool:
        return self.same(one.status, one.shown, other.status, other.shown)

    def side(self, stands: Sequence[Stand]) -> Side:
        union = frozenset[str]().union(*(each.shown for each in stands))
        hidden = {self.hidden(member, coalition, stands) for member in union for coalition in union}
        mentions = [name for each in stands for name in each.shown]
        holders = sorted(union - hidden, key=lambda name: (-mentions.count(name), name))
        voices = sorted((each.claim for each in stands), key=self.case.order)
        return Side(stands[0].status, tuple(map(ActorId, holders)), tuple(voices))

    def hidden(self, member: str, coalition: str, stands: Sequence[Stand]) -> str | None:
        """Of a coalition and its own member, the one that is not shown beside the other."""
        if not self.kin.belongs(member, coalition) or self.kin.belongs(coalition, member):
            return None
        naming = [each.claim for each in stands if coalition in each.shown]
        alone = [s.claim for s in stands if member in s.shown and coalition not in s.shown]
        if any(all(better(one.grade, other.grade) for other in naming) for one in alone):
            return coalition
        return member


def prevailing(sides: list[list[Stand]]) -> list[Stand] | None:
    for side in sides:
        own = [each.claim for each in side]
        others = [each.claim for other in sides if other is not side for each in other]
        is_better = any(all(better(v.grade, o.grade) for o in others) for v in own)
        if is_better and len(others) < 2 * len(own):
            return side
        is_outgraded = any(all(better(o.grade, v.grade) for v in own) for o in others)
        if len(own) >= 2 * len(others) and not is_outgraded:
            return side
    return None
