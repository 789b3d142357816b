"""Which side of the voices prevails, and which rivals remain? Step 6 of the rule."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from domain.control.claims import ControlStatus
from domain.control.kinship import Kinship
from domain.control.moment import Moment
from domain.control.sequence import is_kept, last_kept
from domain.control.verdict import Side, Silence
from domain.control.voices import Speaker
from domain.occurred import THIRTY_DAYS
from domain.values import ActorId

# Python 3.11 looks a member of an enum up slowly, and these are compared for every voice.
_CONTESTED = ControlStatus.CONTESTED
_NOBODY, _DISPUTE = Side(ControlStatus.UNKNOWN, (), ()), Side(ControlStatus.DISPUTED, (), ())


class Outcome(NamedTuple):
    """The prevailing side, its rivals, and the answering voices."""

    side: Side
    """Of a dispute, a side without holders or evidence."""
    rivals: tuple[Side, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    """In a dispute, the voices of every side."""


def outcome(speaking: Sequence[Speaker], moment: Moment) -> Outcome:
    """The outcome of the remaining voices."""
    if not speaking:
        return Outcome(_NOBODY)
    if len(speaking) == 1:
        return Outcome(_side(speaking, moment.kinship), (), (speaking[0],))
    top = max([each.claim.weight for each in speaking])
    lighter = [each for each in speaking if each.claim.weight is not top]
    heaviest = [each for each in speaking if each.claim.weight is top] if lighter else speaking
    groups = _sides(heaviest, moment.kinship)
    winner = _prevailing(groups)
    while len(seen := _without_unseen_fights(groups, winner, moment)) < len(groups):
        groups = seen
        winner = _prevailing(groups)
    if winner is None:
        told = tuple([each for group in groups for each in group])
        return Outcome(_DISPUTE, _rivals(groups, lighter, moment), told)
    return _won(winner, groups, lighter, moment)


def _won(
    winner: list[Speaker], groups: list[list[Speaker]], lighter: list[Speaker], moment: Moment
) -> Outcome:
    agreeing = [each for each in lighter if _agree_with_one(winner, each, moment.kinship)]
    others = [each for each in lighter if each not in agreeing] if agreeing else lighter
    losing = [group for group in groups if group is not winner]
    side, told = _side(winner, moment.kinship), (*winner, *agreeing)
    if agreeing:
        side = side._replace(evidence=tuple([each.claim.event for each in told]))
    return Outcome(side, _rivals(losing, others, moment), told)


def _sides(speaking: Sequence[Speaker], kinship: Kinship) -> list[list[Speaker]]:
    """The voices by side: the best corroborated side first, then by the last word."""
    groups: list[list[Speaker]] = []
    for each in speaking:
        apart: list[list[Speaker]] = []
        joined = [each]
        for group in groups:
            if _agree_with_one(group, each, kinship):
                joined = [*group, *joined]
            else:
                apart.append(group)
        groups = [*apart, joined]
    if len(groups) > 1:
        for group in groups:
            group.sort(key=attrgetter("claim.order"))
        groups.sort(key=lambda group: group[-1].claim.order, reverse=True)
        groups.sort(key=len, reverse=True)
    return groups


def _agree_with_one(group: Iterable[Speaker], speaker: Speaker, kinship: Kinship) -> bool:
    status, holders = speaker.status, speaker.holders
    for other in group:
        if other.status is status and (
            holders == other.holders
            or not (holders and other.holders)
            or kinship.meet(other.holders, holders)
        ):
            return True
    return False


def _prevailing(groups: Sequence[list[Speaker]]) -> list[Speaker] | None:
    if len(groups) == 1:
        return groups[0]
    for group in groups:
        others = [each for other in groups if other is not group for each in other]
        if _is_better(group, others) and len(others) < 2 * len(group):
            return group
        if len(group) >= 2 * len(others) and not _is_better(others, group):
            return group
    return None


def _is_better(some: Iterable[Speaker], others: Collection[Speaker]) -> bool:
    """Whether any of `some` is strictly better graded than each of the others."""
    return any(
        all(one.claim.grade.is_better_than(other.claim.grade) for other in others) for one in some
    )


def _without_unseen_fights(
    groups: list[list[Speaker]], winner: list[Speaker] | None, moment: Moment
) -> list[list[Speaker]]:
    """The sides, except losing sides of a fight unseen for 30 days."""
    seen = [
        group
        for group in groups
        if group is winner or group[0].status is not _CONTESTED or _is_fresh(group, moment)
    ]
    if not seen:
        return groups
    for each in (each for group in groups if group not in seen for each in group):
        moment.silence(each.claim, Silence.FIGHT_UNSEEN)
    return seen


def _is_fresh(group: Iterable[Speaker], moment: Moment) -> bool:
    """Whether any of the voices was heard in the last 30 days."""
    claims = [each.claim for each in group]
    last = max(map(last_kept, claims))
    moment.expect(last + THIRTY_DAYS + 1)
    return moment.at - last <= THIRTY_DAYS or any(is_kept(claim, moment.at) for claim in claims)


def _rivals(
    groups: Sequence[list[Speaker]], lighter: Sequence[Speaker], moment: Moment
) -> tuple[Side, ...]:
    alone = _fresh(lighter, moment) if lighter else ()
    return tuple([_side(group, moment.kinship) for group in (*groups, *alone)])


def _fresh(lighter: Iterable[Speaker], moment: Moment) -> Iterator[list[Speaker]]:
    """The lighter voices against the answer, each alone, while fresh."""
    for each in lighter:
        if each.claim.grade.credibility == 5:
            moment.silence(each.claim, Silence.IMPROBABLE)
        elif not _is_fresh([each], moment):
            moment.silence(each.claim, Silence.UNCONFIRMED)
        else:
            yield [each]


def _side(group: Sequence[Speaker], kinship: Kinship) -> Side:
    named: dict[ActorId, int] = {}
    for each in group:
        for holder in each.holders:
            named[holder] = named.get(holder, 0) + 1
    best_first = list(named)
    if len(best_first) > 1:
        best_first.sort(key=lambda holder: (-named[holder], holder))
    if kinship.above:
        best_first = _without_coalitions(best_first, group, kinship)
    evidence = tuple([each.claim.event for each in group])
    return Side(group[0].status, tuple(best_first), evidence)


def _without_coalitions(
    holders: list[ActorId], group: Sequence[Speaker], kinship: Kinship
) -> list[ActorId]:
    """The holders, of each coalition and its member only one: the member, where a strictly better
    graded voice names the member alone; else the coalition."""
    hidden: set[ActorId] = set()
    for member in holders:
        for coalition in holders:
            if kinship.belongs(member, coalition) and not kinship.belongs(coalition, member):
                whole = [each for each in group if coalition in each.holders]
                alone = [each for each in group if member in each.holders and each not in whole]
                hidden.add(coalition if _is_better(alone, whole) else member)
    return [holder for holder in holders if holder not in hidden]
