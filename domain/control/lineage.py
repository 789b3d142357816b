"""Which actors count as one at an instant, and who is no more, as the rule of control has it?

Merged actors are the one that they became, from the merger on. A coalition and its members meet
while they are members, at any depth; two members of one coalition don't, by that alone. An actor
that was dissolved is its successors from then on. Words of lineage count once their windows have
passed, as changes do.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from domain.control.perspective import DEFAULT, Perspective, Provenance, Revocation, last_words
from domain.occurred import Instant, Window
from domain.situation.ties import Standing, Tie, TieKind, Word, standing
from domain.values import ActorId, EventId

KINDS = frozenset(
    {TieKind.MERGED_INTO, TieKind.MEMBER_OF, TieKind.SUCCEEDED_BY, TieKind.SPLIT_FROM}
)
"""The ties that bear on who counts as whom."""

Reason = tuple[EventId, ...]
"""The events by which two actors count as one; none, where they are the same anyway."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word on lineage, and whose it is."""

    word: Word
    by: Provenance
    credibility: int


@dataclass(frozen=True, slots=True)
class Ending:
    """An actor is no more: when its end was over, who succeeded it, and which events say so."""

    by: Instant
    """The close of the window of its end (valid time)."""
    successors: tuple[ActorId, ...]
    events: Reason


@dataclass(frozen=True)
class Kinship:
    """Who counts as whom at one instant."""

    became: Mapping[ActorId, tuple[ActorId, Reason]]
    """Each actor that merged, the one that it counts as, and why."""
    above: Mapping[ActorId, Mapping[ActorId, Reason]]
    """Of each member, the coalitions that it belongs to, at any depth, and why."""
    ended: Mapping[ActorId, Ending]
    """Each actor that is no more."""
    guessed: Reason = ()
    """The events that are taken to have happened, though their windows are still open."""

    @cached_property
    def is_plain(self) -> bool:
        """Whether nobody counts as anybody else."""
        return not self.became and not self.above and not self.ended

    def one(self, actor: ActorId) -> ActorId:
        """The actor that it became by mergers; itself, where it did not merge."""
        return self.became[actor][0] if actor in self.became else actor

    def merged(self, actors: Iterable[ActorId]) -> tuple[ActorId, ...]:
        """What they became by mergers, each once, in their order."""
        return tuple(dict.fromkeys(map(self.one, actors))) if self.became else tuple(actors)

    def meet(self, some: Collection[ActorId], others: Collection[ActorId]) -> bool:
        """Whether any of these is, contains or belongs to any of those; ends don't matter."""
        for actor in some:
            if actor in others:
                return True
        if not self.became and not self.above:
            return False
        return any(self.why(one, other) is not None for one in some for other in others)

    def why(self, one: ActorId, other: ActorId) -> Reason | None:
        """Why the two meet; None where they don't."""
        if one == other:
            return ()
        this, that = self.one(one), self.one(other)
        mergers = (*self._merger(one), *self._merger(other))
        if this == that:
            return mergers
        for member, coalition in ((this, that), (that, this)):
            if self.belongs(member, coalition):
                return (*mergers, *self.above[member][coalition])
        return None

    def belongs(self, member: ActorId, coalition: ActorId) -> bool:
        """Whether the one is a member of the other, at any depth; both as mergers made them."""
        return member in self.above and coalition in self.above[member]

    def has_left(self, actor: ActorId, leaving: Iterable[ActorId]) -> bool:
        """Whether it is one of those who left, or belongs to one of them."""
        this = self.one(actor)
        return any(this == each or self.belongs(this, each) for each in map(self.one, leaving))

    def today(self, actor: ActorId, named_at: Instant) -> tuple[ActorId, ...]:
        """The actor as it counts now, where a claim whose window opens at `named_at` names it:
        itself, what it became, or who succeeded it; nobody, where it is gone."""
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
        """Where several succeeded an actor who is no more: each of them in that one's place.
        `named` are the actors that claims name, with the openings of the windows."""
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
        """The actors as they are compared with others: one that is gone is still itself."""
        if not self.ended:
            return self.merged(actors)
        return tuple(
            each for actor in actors for each in self.today(actor, named_at) or (self.one(actor),)
        )

    def reasons(self, actor: ActorId, named_at: Instant) -> Reason:
        """The events by which it counts as others, or is gone."""
        found = [*self._merger(actor)]
        waiting = [self.one(actor)]
        for each in waiting:
            end = self.ended.get(each)
            if end and named_at < end.by:
                found += end.events
                for heir in end.successors:
                    found += self._merger(heir)
                    if self.one(heir) not in waiting:
                        waiting.append(self.one(heir))
        return tuple(dict.fromkeys(found))

    def _merger(self, actor: ActorId) -> Reason:
        return self.became[actor][1] if actor in self.became else ()


EVERYBODY_APART = Kinship({}, {}, {})
"""Nobody counts as anybody else."""


def _recorded(word: Word) -> tuple[int, str, str, str]:
    tie = word.tie
    return (word.position, tie.kind, tie.subject, tie.object)


class Lineage:
    """All that is said of who is whom and who is no more; it never changes."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        self._words = sorted((word for word in words if word.tie.kind in KINDS), key=_recorded)
        self._turns = sorted({turn for word in self._words for turn in _turns_of(word)})
        self._settled: dict[int, Kinship] = {}
        self._perhaps: dict[int, tuple[Kinship, ...]] = {}
        self._components: dict[ActorId, list[Word]] | None = None

    @property
    def turns(self) -> list[Instant]:
        """The instants, in order, from which on actors count otherwise, or may do so."""
        return self._turns

    def concerning(self, actors: Iterable[ActorId]) -> "Lineage":
        """The part of it that can tie any of these actors to anybody."""
        if not self._words:
            return self
        if self._components is None:
            self._components = _components(self._words)
        words = [word for actor in set(actors) for word in self._components.get(actor, ())]
        return Lineage(dict.fromkeys(words)) if words else NO_LINEAGE

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said of anybody."""
        return not self._words

    @cached_property
    def mortal(self) -> frozenset[ActorId]:
        """Whose end anybody tells of, and who merged into one of these: whom their names mean
        depends on when they are named."""
        found = [word.tie.subject for word in self._words if word.tie.kind is TieKind.SUCCEEDED_BY]
        mergers = [word.tie for word in self._words if word.tie.kind is TieKind.MERGED_INTO]
        for actor in found:
            found += (tie.subject for tie in mergers if tie.object == actor)
            mergers = [tie for tie in mergers if tie.object != actor]
        return frozenset(map(ActorId, found))

    def at(self, at: Instant) -> Kinship:
        """Who counts as whom, by the words whose windows have passed."""
        if not self._words:
            return EVERYBODY_APART
        index = bisect_right(self._turns, at)
        if index not in self._settled:
            over = [word for word in self._words if word.occurred.is_over_at(at)]
            self._settled[index] = _kinship(over, at)
        return self._settled[index]

    def perhaps_at(self, at: Instant) -> tuple[Kinship, ...]:
        """Who else may count as whom: by each event whose window is open alone, and by all."""
        if not self._words:
            return ()
        index = bisect_right(self._turns, at)
        if index not in self._perhaps:
            over = [word for word in self._words if word.occurred.is_over_at(at)]
            still_open = [word for word in self._words if word.occurred.is_open_at(at)]
            alone: dict[EventId, list[Word]] = defaultdict(list)
            for word in still_open:
                alone[word.event].append(word)
            guesses = list(alone.values())
            if len(guesses) > 1:
                guesses.append(still_open)
            self._perhaps[index] = tuple(_guessed(over, guess) for guess in guesses)
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


def _kinship(words: list[Word], at: Instant) -> Kinship:
    ties = standing((word for word in words if word.tie.kind in _ONE_OR_MEMBER), at)
    became = _mergers(ties, words)
    kinship = Kinship(became, {}, {})
    coalitions: dict[ActorId, dict[ActorId, Reason]] = defaultdict(dict)
    for each in ties:
        if each.tie.kind is TieKind.MEMBER_OF:
            member, coalition = ActorId(each.tie.subject), ActorId(each.tie.object)
            this, that = kinship.one(member), kinship.one(coalition)
            reason = (*_why(became, member), *_why(became, coalition), *each.events)
            if this != that:
                coalitions[this].setdefault(that, reason)
    above = {member: _all_above(member, coalitions) for member in coalitions}
    return Kinship(became, above, _endings(words))


def _guessed(over: list[Word], guess: list[Word]) -> Kinship:
    kinship = _kinship([*over, *guess], Instant(max(word.occurred.latest for word in guess)))
    return replace(kinship, guessed=tuple(dict.fromkeys(word.event for word in guess)))


_ONE_OR_MEMBER = frozenset({TieKind.MERGED_INTO, TieKind.MEMBER_OF})


def _why(became: Mapping[ActorId, tuple[ActorId, Reason]], actor: ActorId) -> Reason:
    return became[actor][1] if actor in became else ()


def _mergers(
    ties: Iterable[Standing], words: Iterable[Word]
) -> dict[ActorId, tuple[ActorId, Reason]]:
    """Each actor that merged, followed to the end. Of several mergers that of the last word
    counts: by the close of its window, its opening, and then its position."""
    stands = {each.tie: each.events for each in ties if each.tie.kind is TieKind.MERGED_INTO}
    told = [word for word in words if word.begins and word.tie in stands]
    into: dict[ActorId, tuple[ActorId, Reason]] = {}
    for word in sorted(told, key=_last_word):
        into[ActorId(word.tie.subject)] = (ActorId(word.tie.object), stands[word.tie])
    return {actor: _followed(actor, into) for actor in into}


def _last_word(word: Word) -> tuple[int, int, int]:
    return (word.occurred.latest, word.occurred.earliest, word.position)


def _endings(words: Iterable[Word]) -> dict[ActorId, Ending]:
    """Whoever was dissolved, by the word whose window closes first; and who succeeded it: whom
    any of the words names, or else the factions into which it split in the time of its end."""
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
    events = [word.event for word in told]
    if not named:
        factions = [
            split
            for split in splits
            if any(split.occurred.overlaps(word.occurred) for word in told)
        ]
        named = [ActorId(split.tie.subject) for split in factions]
        events += [split.event for split in factions]
    by = min(word.occurred.latest for word in told)
    return Ending(by, tuple(sorted(set(named))), tuple(dict.fromkeys(events)))


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
