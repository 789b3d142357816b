"""Who controls a place at an instant, by the rule of control?

The rule, each step a named function, in the order in which the design states it. Nothing here
knows of ledgers, positions in time of recording, or perspectives: the claims that come in are those
that are live and admitted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from operator import attrgetter

from domain.claims import Assertion, Claim, ClaimKind, ControlStatus
from domain.lineage import EVERYBODY_APART, NO_LINEAGE, Hands, Lineage
from domain.occurred import DAY, Instant
from domain.values import ActorId, EventId, SourceId

RULE = "rule 2"
"""The version of the rule; every answer names it."""

STALE_AFTER = 30 * DAY
"""An observation outdates a voice that ended longer ago than this, in microseconds."""


_order = attrgetter("order")

# Python 3.11 looks a member of an enum up slowly, and these are compared for every pair of claims.
_HELD, _VACANT, _TRANSITION = ControlStatus.HELD, ControlStatus.VACANT, ClaimKind.TRANSITION


class Silence(StrEnum):
    """Why a voice no longer speaks."""

    CHANGED_HANDS = "changed hands later"
    ORDERED_BY_CONTENT = "what they say puts it first"
    OUTDATED = "seen otherwise more than 30 days later"


@dataclass(frozen=True, slots=True)
class Silenced:
    """A claim that was outweighed, by which claim, and why."""

    event: EventId
    by: EventId
    why: Silence


@dataclass(frozen=True, slots=True)
class Side:
    """Voices that agree: one event for each independent origin."""

    status: ControlStatus
    holders: tuple[ActorId, ...]
    """Who holds it, best corroborated first; of a contested place, who contests it."""
    evidence: tuple[EventId, ...]

    @property
    def corroboration(self) -> int:
        """How many independent origins say so."""
        return len(self.evidence)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the voices amount to, apart from claims whose time is still open."""

    status: ControlStatus
    holders: tuple[ActorId, ...] = ()
    evidence: tuple[EventId, ...] = ()
    rivals: tuple[Side, ...] = ()
    """The sides that did not prevail; of a disputed place, every side."""
    outweighed: tuple[Silenced, ...] = ()
    lineage: tuple[EventId, ...] = ()
    """The events by which voices that name different actors agree, or one counts as another."""

    @property
    def disputed(self) -> bool:
        return bool(self.rivals)

    @property
    def has_voice(self) -> bool:
        """Whether anybody has said anything."""
        return self.status is not ControlStatus.UNKNOWN

    @property
    def told(self) -> tuple[EventId, ...]:
        """The events that speak: for it, and for its rivals."""
        return (*self.evidence, *(event for side in self.rivals for event in side.evidence))

    def says_the_same_as(self, other: "Verdict") -> bool:
        return _gist(self) == _gist(other)


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer at one instant."""

    verdict: Verdict
    possible: tuple[Verdict, ...] = ()
    """Where time is uncertain: the answer, and what it would be if an open claim had happened."""

    @property
    def certain(self) -> bool:
        return not self.possible

    def says_the_same_as(self, other: "Reading") -> bool:
        """Whether they say the same of the place, for whatever reasons."""
        mine, theirs = ([_gist(each.verdict), *map(_gist, each.possible)] for each in (self, other))
        return mine[0] == theirs[0] and set(mine) == set(theirs)

    @property
    def events(self) -> tuple[EventId, ...]:
        """Every event that the answer rests on, or that it names as outweighed or possible."""
        verdict = self.verdict
        named = [*verdict.told, *verdict.lineage]
        named += (event for each in verdict.outweighed for event in (each.event, each.by))
        named += (event for each in self.possible for event in (*each.told, *each.lineage))
        return tuple(dict.fromkeys(named))


NOTHING = Reading(Verdict(ControlStatus.UNKNOWN))
"""The answer where nobody has said anything."""


def resolve(claims: Collection[Claim], at: Instant, lineage: Lineage = NO_LINEAGE) -> Reading:
    """The rule, at one instant of valid time."""
    past = [claim for claim in claims if claim.occurred.is_over_at(at)]
    still_open = [claim for claim in claims if claim.occurred.is_open_at(at)]
    hands, perhaps = lineage.at(at), lineage.perhaps_at(at)
    otherwise = [judge([*past, *these], lineage, hands) for these in possibilities(still_open)]
    if perhaps:
        otherwise.append(judge(past, lineage, perhaps))
    return uncertain(judge(past, lineage, hands), otherwise)


def judge(past: Collection[Claim], lineage: Lineage, hands: Hands) -> Verdict:
    """Steps 1 to 4: what the claims amount to once all of them have happened."""
    speaking = voices(past)
    silenced = {
        origin: silence
        for origin, voice in speaking.items()
        if (silence := first_silence(voice, past, lineage))
    }
    return weigh(speaking, silenced, hands)


# ---- 1. One voice per origin -----------------------------------------------------------------


def voices(past: Iterable[Claim]) -> dict[SourceId, Claim]:
    """The last word of each origin; a source that speaks again corrects or continues itself."""
    last: dict[SourceId, Claim] = {}
    for claim in past:
        spoken = last.get(claim.origin)
        if spoken is None or claim.order > spoken.order:
            last[claim.origin] = claim
    return last


# ---- 2. Later word silences earlier word -----------------------------------------------------


def first_silence(voice: Claim, past: Iterable[Claim], lineage: Lineage) -> Silenced | None:
    """How the voice fell silent: by the claim that was the first to silence it, or not at all."""
    first: tuple[Claim, Silence] | None = None
    for claim in past:
        why = why_silent(voice, claim, lineage)
        if why and (first is None or claim.end_order < first[0].end_order):
            first = claim, why
    return Silenced(voice.event, first[0].event, first[1]) if first else None


def why_silent(voice: Claim, claim: Claim, lineage: Lineage) -> Silence | None:
    """Why the claim of another origin silences the voice; None where it does not."""
    if claim.origin == voice.origin or not claim.asserts.is_known:
        return None
    if claim.asserts.kind is _TRANSITION:
        why = _precedes(voice, claim, lineage)
    else:
        why = _is_outdated_by(voice, claim)
    return why if why and not _is_shielded(voice, claim) else None


def _is_shielded(voice: Claim, claim: Claim) -> bool:
    """A rumour does not erase a graded report, it disputes it."""
    return voice.grade.dominates(claim.grade) or (voice.grade.judged and not claim.grade.judged)


def _precedes(claim: Claim, transition: Claim, lineage: Lineage) -> Silence | None:
    if claim.occurred.latest <= transition.occurred.earliest:
        return Silence.CHANGED_HANDS
    if claim.occurred.overlaps(transition.occurred):
        # Who is whom may change later; what these two say of each other does not.
        hands = lineage.at(Instant(transition.occurred.latest - 1))
        if _is_told_first(claim.asserts, transition.asserts, hands):
            return Silence.ORDERED_BY_CONTENT
    return None


def _is_told_first(said: Assertion, then: Assertion, hands: Hands) -> bool:
    """Whether what the two say orders them, though their windows overlap."""
    if said.status is _VACANT and then.status is _HELD:
        return bool(said.leaving) and not hands.meet(said.leaving, then.holders)
    if said.status is not _HELD:
        return False
    if then.status is _VACANT:
        return said.kind is _TRANSITION and hands.meet(said.holders, then.leaving)
    return hands.meet(said.holders, then.leaving) and not hands.meet(then.holders, said.leaving)


def _is_outdated_by(voice: Claim, observation: Claim) -> Silence | None:
    age = observation.occurred.earliest - voice.occurred.latest
    return Silence.OUTDATED if age > STALE_AFTER and not voice.continuous else None


# ---- 3. Voices that agree are one side -------------------------------------------------------


def sides(loud: Sequence[Claim], hands: Hands) -> list[list[Claim]]:
    """The voices of each side: the best corroborated side first, then the one that spoke last."""
    groups: list[list[Claim]] = []
    for claim in loud:
        apart: list[list[Claim]] = []
        joined = [claim]
        for group in groups:
            if _agree_with_one(group, claim, hands):
                joined = [*group, *joined]
            else:
                apart.append(group)
        groups = [*apart, joined]
    for group in groups:
        group.sort(key=_order)
    if len(groups) > 1:
        groups.sort(key=lambda group: group[-1].order, reverse=True)
        groups.sort(key=len, reverse=True)
    return groups


def _agree_with_one(group: Iterable[Claim], claim: Claim, hands: Hands) -> bool:
    status, holders = claim.asserts.status, claim.asserts.holders
    for other in group:
        said = other.asserts
        if said.status is status and (status is not _HELD or hands.meet(said.holders, holders)):
            return True
    return False


def _side(group: Sequence[Claim], hands: Hands) -> Side:
    named: dict[ActorId, int] = {}
    for claim in group:
        holders: Iterable[ActorId] = claim.asserts.holders
        if hands is not EVERYBODY_APART:
            holders = dict.fromkeys(map(hands.one, holders))
        for holder in holders:
            named[holder] = named.get(holder, 0) + 1
    best_first = tuple(sorted(named, key=named.__getitem__, reverse=True))
    return Side(group[0].asserts.status, best_first, tuple([claim.event for claim in group]))


def _lineage_of(groups: Iterable[Sequence[Claim]], hands: Hands) -> tuple[EventId, ...]:
    """The events by which holders count as others, or as the same hands as another voice's."""
    if hands is EVERYBODY_APART:
        return ()
    found: list[EventId] = []
    for group in groups:
        named = [claim.asserts.holders for claim in group]
        found += (event for holders in named for each in holders for event in hands.merger(each))
        for some, others in combinations(named, 2):
            if set(some).isdisjoint(others):
                reasons = (hands.why(one, other) for one in some for other in others)
                found += (event for reason in reasons for event in reason or ())
    return tuple(dict.fromkeys(found))


# ---- 4. What the sides amount to -------------------------------------------------------------


def weigh(
    speaking: Mapping[SourceId, Claim], silenced: Mapping[SourceId, Silenced], hands: Hands
) -> Verdict:
    """The verdict of the voices that are left; if all would fall silent, nobody does.

    A source whose last word is that it does not know has no voice.
    """
    heard = sorted(speaking.values(), key=_order)
    knowing = [voice for voice in heard if voice.asserts.is_known]
    loud = [voice for voice in knowing if voice.origin not in silenced] or knowing
    if not loud:
        return Verdict(ControlStatus.UNKNOWN, evidence=tuple(voice.event for voice in heard))
    outweighed: tuple[Silenced, ...] = ()
    if len(loud) < len(knowing):
        outweighed = tuple([silenced[each.origin] for each in knowing if each.origin in silenced])
    groups = sides(loud, hands)
    parties = [_side(group, hands) for group in groups]
    lineage = _lineage_of(groups, hands)
    for number, party in enumerate(parties):
        if _prevails(number, groups):
            rivals = (*parties[:number], *parties[number + 1 :])
            told = party.evidence
            return Verdict(party.status, party.holders, told, rivals, outweighed, lineage)
    rivals = tuple(parties)
    return Verdict(ControlStatus.DISPUTED, rivals=rivals, outweighed=outweighed, lineage=lineage)


def _prevails(number: int, groups: Sequence[Sequence[Claim]]) -> bool:
    """Alone, or with one voice strictly better graded than every voice of the others."""
    others = [voice.grade for group in groups if group is not groups[number] for voice in group]
    return not others or any(all(map(voice.grade.dominates, others)) for voice in groups[number])


# ---- 5. Uncertain time stays uncertain -------------------------------------------------------


def possibilities(still_open: Collection[Claim]) -> list[list[Claim]]:
    """What may have happened by now: each claim whose window is open, and all of them together."""
    alone = [[claim] for claim in sorted(still_open, key=lambda claim: claim.order)]
    return alone if len(alone) < 2 else [*alone, [claim for (claim,) in alone]]


def uncertain(verdict: Verdict, otherwise: Iterable[Verdict]) -> Reading:
    """The answer without the open claims; a claim that would change nothing leaves it certain."""
    different: list[Verdict] = [verdict]
    for other in otherwise:
        if not any(other.says_the_same_as(known) for known in different):
            different.append(other)
    return Reading(verdict, tuple(different) if len(different) > 1 else ())


def _gist(verdict: Verdict) -> tuple[object, ...]:
    rivals = frozenset((rival.status, frozenset(rival.holders)) for rival in verdict.rivals)
    return (verdict.status, frozenset(verdict.holders), rivals)
