"""Which actors count as one at an instant, as the rule of control has it?

Merged actors are the one that they became, from the merger on. A coalition and its members are the
same hands while they are members, at any depth; two members of one coalition are not, by that
alone. Words of lineage count once their windows have passed, like any other.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.occurred import Instant, Window
from domain.perspective import DEFAULT, Perspective, Provenance, Revocation, last_words
from domain.ties import Standing, Tie, TieKind, Word, standing
from domain.values import ActorId, EventId

KINDS = frozenset({TieKind.MERGED_INTO, TieKind.MEMBER_OF})
"""The ties by which actors count as one."""

Reason = tuple[EventId, ...]
"""The events by which two actors count as one; none, where they are the same anyway."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word on lineage, and whose it is."""

    word: Word
    by: Provenance
    credibility: int


@dataclass(frozen=True, slots=True)
class Hands:
    """Who counts as whom at one instant."""

    became: Mapping[ActorId, tuple[ActorId, Reason]]
    """Each actor that merged, the one that it counts as, and why."""
    above: Mapping[ActorId, Mapping[ActorId, Reason]]
    """Of each member, the coalitions that it belongs to, at any depth, and why."""

    def one(self, actor: ActorId) -> ActorId:
        """The actor that this one counts as."""
        return self.became[actor][0] if actor in self.became else actor

    def merger(self, actor: ActorId) -> Reason:
        """The events by which it counts as another, if it does."""
        return self.became[actor][1] if actor in self.became else ()

    def meet(self, some: Collection[ActorId], others: Collection[ActorId]) -> bool:
        """Whether any of these is the same hands as any of those."""
        for actor in some:
            if actor in others:
                return True
        if not self.became and not self.above:
            return False
        return any(self.why(one, other) is not None for one in some for other in others)

    def why(self, one: ActorId, other: ActorId) -> Reason | None:
        """Why the two are the same hands; None where they are not."""
        if one == other:
            return ()
        this, that = self.one(one), self.one(other)
        mergers = (*self.merger(one), *self.merger(other))
        if this == that:
            return mergers
        for member, coalition in ((this, that), (that, this)):
            if member in self.above and coalition in self.above[member]:
                return (*mergers, *self.above[member][coalition])
        return None


EVERYBODY_APART = Hands({}, {})
"""Nobody counts as anybody else."""


class Lineage:
    """All that is said of who merged with whom and who belongs to what; it never changes."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        self._words = [word for word in words if word.tie.kind in KINDS]
        self._turns = sorted({turn for word in self._words for turn in _turns_of(word)})
        self._settled: dict[int, Hands] = {}
        self._perhaps: dict[int, Hands | None] = {}
        self._components: dict[ActorId, list[Word]] | None = None

    @property
    def turns(self) -> list[Instant]:
        """The instants, in order, from which on other actors count as one, or may do so."""
        return self._turns

    def concerning(self, actors: Iterable[ActorId]) -> "Lineage":
        """The part of it that can tie any of these actors to anybody."""
        if not self._words:
            return self
        if self._components is None:
            self._components = _components(self._words)
        words = [word for actor in set(actors) for word in self._components.get(actor, ())]
        return Lineage(dict.fromkeys(words)) if words else NO_LINEAGE

    def at(self, at: Instant) -> Hands:
        """Who counts as whom, by the words whose windows have passed."""
        if not self._words:
            return EVERYBODY_APART
        index = bisect_right(self._turns, at)
        if index not in self._settled:
            over = [word for word in self._words if word.occurred.is_over_at(at)]
            self._settled[index] = _hands(standing(over, at))
        return self._settled[index]

    def perhaps_at(self, at: Instant) -> Hands | None:
        """Who would count as whom if all that is still open had happened; None if nothing is."""
        if not self._words:
            return None
        index = bisect_right(self._turns, at)
        if index not in self._perhaps:
            begun = [word for word in self._words if word.occurred.earliest <= at]
            is_open = any(word.occurred.is_open_at(at) for word in begun)
            latest = max((word.occurred.latest for word in begun), default=at)
            self._perhaps[index] = _hands(standing(begun, Instant(latest))) if is_open else None
        return self._perhaps[index]

    def turning_at(self, at: Instant) -> Window | None:
        """The window of the word that comes to count at that instant."""
        turning = [word for word in self._words if word.occurred.latest - 1 == at]
        return min(turning, key=lambda word: word.order).occurred if turning else None


NO_LINEAGE = Lineage()


def lineage_of(
    said: Iterable[Said], revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> Lineage:
    """What is admitted and not taken back."""
    stands = last_words(revocations, perspective)
    return Lineage(
        each.word
        for each in said
        if stands.get(each.word.event, True)
        and perspective.admits_statement(each.by, each.credibility)
    )


def _turns_of(word: Word) -> Iterator[Instant]:
    yield word.occurred.earliest
    yield Instant(word.occurred.latest - 1)


def _hands(standings: Iterable[Standing]) -> Hands:
    ties = list(standings)
    became = _mergers([each for each in ties if each.tie.kind is TieKind.MERGED_INTO])
    hands = Hands(became, {})
    coalitions: dict[ActorId, dict[ActorId, Reason]] = defaultdict(dict)
    for each in ties:
        if each.tie.kind is TieKind.MEMBER_OF:
            member, coalition = ActorId(each.tie.subject), ActorId(each.tie.object)
            this, that = hands.one(member), hands.one(coalition)
            reason = (*hands.merger(member), *hands.merger(coalition), *each.events)
            if this != that:
                coalitions[this].setdefault(that, reason)
    return Hands(became, {member: _all_above(member, coalitions) for member in coalitions})


def _mergers(ties: Iterable[Standing]) -> dict[ActorId, tuple[ActorId, Reason]]:
    """Each actor that merged, followed to the end. Of several mergers the last counts."""
    into: dict[ActorId, tuple[ActorId, Reason]] = {}
    for each in sorted(ties, key=_merger_order):
        into[ActorId(each.tie.subject)] = (ActorId(each.tie.object), each.events)
    return {actor: _followed(actor, into) for actor in into}


def _followed(
    actor: ActorId, into: Mapping[ActorId, tuple[ActorId, Reason]]
) -> tuple[ActorId, Reason]:
    """Sources may have actors merge in a circle; of those the first by its id stands for all."""
    passed, events = [actor], list[EventId]()
    while passed[-1] in into:
        following, reason = into[passed[-1]]
        events += reason
        if following in passed:
            return min(passed[passed.index(following) :]), tuple(events)
        passed.append(following)
    return passed[-1], tuple(events)


def _all_above(
    member: ActorId, coalitions: Mapping[ActorId, Mapping[ActorId, Reason]]
) -> dict[ActorId, Reason]:
    """Every coalition that contains it, by the shortest way up."""
    found: dict[ActorId, Reason] = {}
    waiting: list[tuple[ActorId, Reason]] = [(member, ())]
    for below, so_far in waiting:
        for coalition, reason in sorted(coalitions.get(below, {}).items()):
            if coalition not in found and coalition != member:
                found[coalition] = (*so_far, *reason)
                waiting.append((coalition, found[coalition]))
    return found


def _merger_order(each: Standing) -> tuple[int, int, str]:
    return (each.since.latest, each.since.earliest, each.tie.object)


def _components(words: Iterable[Word]) -> dict[ActorId, list[Word]]:
    """For each actor, all words on ties that lead to it by way of any others."""
    said_of: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        for end in _ends(word.tie):
            said_of[end].append(word)
    parts: dict[str, dict[Word, None]] = {}
    for actor in said_of:
        part: dict[Word, None] = {}
        waiting = [] if actor in parts else [actor]
        for each in waiting:
            if each not in parts:
                parts[each] = part
                part |= dict.fromkeys(said_of[each])
                waiting += [end for word in said_of[each] for end in _ends(word.tie)]
    return {ActorId(actor): list(part) for actor, part in parts.items()}


def _ends(tie: Tie) -> list[str]:
    return [end for end in (tie.subject, tie.object) if end]
