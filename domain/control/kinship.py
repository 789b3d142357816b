"""Which actors count as one at an instant, and which have ended?

From a merger on, the merged actor counts as the actor it merged into. A coalition and its members
meet while they are members, at any depth; two members of a coalition do not meet by membership
alone. A dissolved actor counts as its successors from then on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter

from domain.occurred import Instant
from domain.reachability import reachable
from domain.situation.ties import Standing, TieKind, Word, standing
from domain.values import ActorId, EventId

Reason = tuple[EventId, ...]
"""The events by which two actors count as one; empty for the same actor."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of an actor."""

    by: Instant
    """The close of the window of the end (valid time)."""
    successors: tuple[ActorId, ...]
    events: Reason


@dataclass(frozen=True)
class Kinship:
    """The actors as they count at an instant."""

    became: Mapping[ActorId, tuple[ActorId, Reason]]
    """Each merged actor, with the actor after mergers, and why."""
    above: Mapping[ActorId, Mapping[ActorId, Reason]]
    """For each member, the coalitions at any depth, and why."""
    ended: Mapping[ActorId, Ending]
    guessed: Reason = ()
    """The open events taken to have happened already."""

    @cached_property
    def is_plain(self) -> bool:
        """Whether nobody counts as anybody else."""
        return not self.became and not self.above and not self.ended

    def one(self, actor: ActorId) -> ActorId:
        """The actor after mergers; the same actor, if there were none."""
        return self.became[actor][0] if actor in self.became else actor

    def merged(self, actors: Iterable[ActorId]) -> tuple[ActorId, ...]:
        """The actors after mergers, each once, in their order."""
        return tuple(dict.fromkeys(map(self.one, actors))) if self.became else tuple(actors)

    def meet(self, some: Collection[ActorId], others: Collection[ActorId]) -> bool:
        """Whether any of `some` is, contains or belongs to any of `others`; ends do not matter."""
        for actor in some:
            if actor in others:
                return True
        if not self.became and not self.above:
            return False
        return any(self.why(one, other) is not None for one in some for other in others)

    def why(self, one: ActorId, other: ActorId) -> Reason | None:
        """Why two actors meet; None if they do not."""
        if one == other:
            return ()
        this, that = self.one(one), self.one(other)
        mergers = (*self.merger(one), *self.merger(other))
        if this == that:
            return mergers
        for member, coalition in ((this, that), (that, this)):
            if self.belongs(member, coalition):
                return (*mergers, *self.above[member][coalition])
        return None

    def belongs(self, member: ActorId, coalition: ActorId) -> bool:
        """Whether `member` is in the coalition, at any depth; both after mergers."""
        return member in self.above and coalition in self.above[member]

    def has_left(self, actor: ActorId, leaving: Iterable[ActorId]) -> bool:
        """Whether the actor is among the leavers, or belongs to any."""
        this = self.one(actor)
        return any(this == each or self.belongs(this, each) for each in map(self.one, leaving))

    def today(self, actor: ActorId, named_at: Instant) -> tuple[ActorId, ...]:
        """The actors for a named actor by now: the actor after mergers, or its successors; empty
        without any. `named_at` is the opening of the naming claim's window (valid time)."""
        if not self.ended:
            return (self.one(actor),)
        return tuple(dict.fromkeys(self._followed(actor, named_at, ())))

    def _followed(
        self, actor: ActorId, named_at: Instant, passed: tuple[ActorId, ...]
    ) -> Iterator[ActorId]:
        this = self.one(actor)
        end = self.ended.get(this)
        if end is None or named_at >= end.by:
            yield this
        elif this not in passed:
            for each in end.successors:
                yield from self._followed(each, named_at, (*passed, this))

    def each_heir(self, named: Collection[tuple[ActorId, Instant]]) -> Iterator["Kinship"]:
        """For each ended actor with several successors: each successor alone in its place. `named`
        are the actors in claims, with the openings of the windows."""
        for actor, end in self.ended.items():
            heirs: dict[ActorId, None] = {}
            for name, named_at in named:
                several = self.today(actor, named_at) if self.one(name) == actor else ()
                if len(several) > 1:
                    heirs |= dict.fromkeys(several)
            for heir in heirs:
                alone = Ending(end.by, (heir,), end.events)
                yield Kinship(self.became, self.above, {**self.ended, actor: alone})

    def compared(self, actors: Iterable[ActorId], named_at: Instant) -> tuple[ActorId, ...]:
        """The actors for a comparison: an ended actor without successors stands for itself."""
        if not self.ended:
            return self.merged(actors)
        return tuple(
            each for actor in actors for each in self.today(actor, named_at) or (self.one(actor),)
        )

    def reasons(self, actor: ActorId, named_at: Instant) -> Reason:
        """The events by which the actor counts as others, or has ended."""
        found = [*self.merger(actor)]

        def heirs(ended: ActorId) -> Iterator[ActorId]:
            end = self.ended.get(ended)
            if end and named_at < end.by:
                found.extend(end.events)
                for heir in end.successors:
                    found.extend(self.merger(heir))
                    yield self.one(heir)

        for _ in reachable([self.one(actor)], heirs):
            pass
        return tuple(dict.fromkeys(found))

    def merger(self, actor: ActorId) -> Reason:
        """The events of the actor's mergers."""
        return self.became[actor][1] if actor in self.became else ()


EVERYBODY_APART = Kinship({}, {}, {})
"""Nobody counts as anybody else."""


def kinship_by(words: list[Word], at: Instant) -> Kinship:
    """The kinship by words over at the instant (valid time)."""
    ties = standing((word for word in words if word.tie.kind in _ONE_OR_MEMBER), at)
    became = _mergers(ties, words)
    kinship = Kinship(became, {}, {})
    coalitions: dict[ActorId, dict[ActorId, Reason]] = defaultdict(dict)
    for each in ties:
        if each.tie.kind is TieKind.MEMBER_OF:
            member, coalition = ActorId(each.tie.subject), ActorId(each.tie.object)
            this, that = kinship.one(member), kinship.one(coalition)
            reason = (*kinship.merger(member), *kinship.merger(coalition), *each.events)
            if this != that:
                coalitions[this].setdefault(that, reason)
    above = {member: _all_above(member, coalitions) for member in coalitions}
    return Kinship(became, above, _endings(words))


def kinship_guessed(over: list[Word], guess: list[Word]) -> Kinship:
    """The kinship if open words, `guess`, have happened already."""
    kinship = kinship_by([*over, *guess], Instant(max(word.occurred.latest for word in guess)))
    return replace(kinship, guessed=tuple(dict.fromkeys(word.event for word in guess)))


_ONE_OR_MEMBER = frozenset({TieKind.MERGED_INTO, TieKind.MEMBER_OF})


def _mergers(
    ties: Iterable[Standing], words: Iterable[Word]
) -> dict[ActorId, tuple[ActorId, Reason]]:
    """Each merged actor, followed to the end. Of several mergers the last word counts."""
    stands = {each.tie: each.events for each in ties if each.tie.kind is TieKind.MERGED_INTO}
    told = [word for word in words if word.begins and word.tie in stands]
    into: dict[ActorId, tuple[ActorId, Reason]] = {}
    for word in sorted(told, key=_last_word):
        into[ActorId(word.tie.subject)] = (ActorId(word.tie.object), stands[word.tie])
    return {actor: _followed(actor, into) for actor in into}


_last_word = attrgetter("occurred.latest", "occurred.earliest", "position")


def _endings(words: Iterable[Word]) -> dict[ActorId, Ending]:
    """Each dissolved actor, ended by the word whose window closes first. Successors are the actors
    named by any of the words, or else the factions split off in the time of the end."""
    ends: dict[ActorId, list[Word]] = defaultdict(list)
    splits: dict[ActorId, list[Word]] = defaultdict(list)
    for word in sorted((word for word in words if word.begins), key=_last_word):
        if word.tie.kind is TieKind.SUCCEEDED_BY:
            ends[ActorId(word.tie.subject)].append(word)
        elif word.tie.kind is TieKind.SPLIT_FROM:
            splits[ActorId(word.tie.object)].append(word)
    return {actor: _ending(told, splits[actor]) for actor, told in ends.items()}


def _ending(told: list[Word], splits: Iterable[Word]) -> Ending:
    named = [ActorId(word.tie.object) for word in told if word.tie.object]
    events, windows = [word.event for word in told], [word.occurred for word in told]
    if not named:
        factions = [split for split in splits if any(map(split.occurred.overlaps, windows))]
        named = [ActorId(split.tie.subject) for split in factions]
        events += [split.event for split in factions]
    by = min(window.latest for window in windows)
    return Ending(by, tuple(sorted(set(named))), tuple(dict.fromkeys(events)))


def _followed(
    actor: ActorId, into: Mapping[ActorId, tuple[ActorId, Reason]]
) -> tuple[ActorId, Reason]:
    """The last of a row of mergers. Of a circle, the first actor by id stands for all."""
    passed = list(reachable([actor], lambda each: [into[each][0]] if each in into else []))
    events = tuple(event for each in passed if each in into for event in into[each][1])
    last = passed[-1]
    circle = passed[passed.index(into[last][0]) :] if last in into else [last]
    return min(circle), events


def _all_above(
    member: ActorId, coalitions: Mapping[ActorId, Mapping[ActorId, Reason]]
) -> dict[ActorId, Reason]:
    """Every coalition around the member, by the shortest way up."""
    found: dict[ActorId, Reason] = {member: ()}

    def step(below: ActorId) -> Iterator[ActorId]:
        for coalition, reason in sorted(coalitions.get(below, {}).items()):
            found.setdefault(coalition, (*found[below], *reason))
            yield coalition

    return {each: found[each] for each in reachable([member], step) if each != member}
