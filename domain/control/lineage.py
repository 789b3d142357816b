"""Words on the lineage of actors, counted once their windows have passed, as changes are."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from domain.control.kinship import EVERYBODY_APART, Kinship, kinship_by, kinship_guessed
from domain.control.perspective import DEFAULT, Perspective, Provenance, Revocation, last_words
from domain.occurred import Instant, Window
from domain.reachability import reachable
from domain.situation.ties import Tie, TieKind, Word
from domain.values import ActorId, EventId

KINDS = frozenset(
    {TieKind.MERGED_INTO, TieKind.MEMBER_OF, TieKind.SUCCEEDED_BY, TieKind.SPLIT_FROM}
)
"""The ties that bear on kinship."""
_RECORDED = attrgetter("position", "tie.kind", "tie.subject", "tie.object")


@dataclass(frozen=True, slots=True)
class Said:
    """A word on lineage, with its provenance."""

    word: Word
    by: Provenance
    credibility: int


class Lineage:
    """All words on lineage. Immutable."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        self._words = sorted((word for word in words if word.tie.kind in KINDS), key=_RECORDED)
        self.turns = sorted({turn for word in self._words for turn in _turns_of(word)})
        """The instants of possible changes in kinship, in order (valid time)."""
        self.is_silent = not self._words
        self._settled: dict[int, Kinship] = {}
        self._perhaps: dict[int, tuple[Kinship, ...]] = {}

    def concerning(self, actors: Iterable[ActorId]) -> "Lineage":
        """The words on ties, by any way, to these actors."""
        if self.is_silent:
            return self
        words = [word for actor in set(actors) for word in self._components.get(actor, ())]
        return Lineage(dict.fromkeys(words)) if words else NO_LINEAGE

    @cached_property
    def _components(self) -> dict[ActorId, list[Word]]:
        return _components(self._words)

    @cached_property
    def mortal(self) -> frozenset[ActorId]:
        """The actors with a reported end, or merged into these: names mean others at other
        times."""
        ended = [word.tie.subject for word in self._words if word.tie.kind is TieKind.SUCCEEDED_BY]
        mergers = [word.tie for word in self._words if word.tie.kind is TieKind.MERGED_INTO]
        found = reachable(ended, lambda into: [it.subject for it in mergers if it.object == into])
        return frozenset(map(ActorId, found))

    @cached_property
    def ends(self) -> list[Instant]:
        """The closes of the windows in which actors ended, in order."""
        ended = (word for word in self._words if word.tie.kind is TieKind.SUCCEEDED_BY)
        return sorted({word.occurred.latest for word in ended})

    def at(self, at: Instant) -> Kinship:
        """The kinship by words whose windows have passed."""
        if self.is_silent:
            return EVERYBODY_APART
        index = bisect_right(self.turns, at)
        if index not in self._settled:
            over = [word for word in self._words if word.occurred.is_over_at(at)]
            self._settled[index] = kinship_by(over, at)
        return self._settled[index]

    def perhaps_at(self, at: Instant) -> tuple[Kinship, ...]:
        """Other possible kinships: by each open event alone, and by all."""
        if self.is_silent:
            return ()
        index = bisect_right(self.turns, at)
        if index not in self._perhaps:
            over = [word for word in self._words if word.occurred.is_over_at(at)]
            still_open = [word for word in self._words if word.occurred.is_open_at(at)]
            alone: dict[EventId, list[Word]] = defaultdict(list)
            for word in still_open:
                alone[word.event].append(word)
            guesses = list(alone.values())
            if len(guesses) > 1:
                guesses.append(still_open)
            self._perhaps[index] = tuple(kinship_guessed(over, guess) for guess in guesses)
        return self._perhaps[index]

    def turning_at(self, at: Instant) -> Window | None:
        """The window of the word that counts from that instant on."""
        turning = [word for word in self._words if word.occurred.latest - 1 == at]
        return min(turning, key=attrgetter("order")).occurred if turning else None


NO_LINEAGE = Lineage()


def lineage_of(
    said: Iterable[Said], revocations: Iterable[Revocation], perspective: Perspective = DEFAULT
) -> Lineage:
    """The lineage by words admitted from the perspective and not taken back."""
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


def _components(words: Iterable[Word]) -> dict[ActorId, list[Word]]:
    """For each actor, all words on ties that lead to the actor by way of any others."""
    said_of: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        for end in _ends(word.tie):
            said_of[end].append(word)

    def tied(actor: str) -> Iterator[str]:
        return (end for word in said_of[actor] for end in _ends(word.tie))

    parts: dict[str, list[Word]] = {}
    for actor in said_of:
        if actor not in parts:
            akin = list(reachable([actor], tied))
            part = list(dict.fromkeys(word for each in akin for word in said_of[each]))
            parts |= dict.fromkeys(akin, part)
    return {ActorId(actor): part for actor, part in parts.items()}


def _ends(tie: Tie) -> list[str]:
    return [end for end in (tie.subject, tie.object) if end]
