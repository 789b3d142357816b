"""Who counts as whom, once these words on lineage have passed? Slowly, word for word.

It shares no function with the domain, only the types.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from domain.situation.ties import Tie, TieKind, Word


class Kin:
    """Mergers, memberships, and who succeeded those who are no more."""

    def __init__(self, words: Sequence[Word], heir: Mapping[str, str] | None = None) -> None:
        """Where an `heir` is given, that actor alone succeeded the one that is no more."""
        self.words = sorted(words, key=word_order)
        self.heir = heir or {}
        self.mergers = self.standing(TieKind.MERGED_INTO)
        self.memberships = self.standing(TieKind.MEMBER_OF)
        self.ends = [w for w in words if w.tie.kind == TieKind.SUCCEEDED_BY and w.begins]
        self.one, self.belongs = cache(self._one), cache(self._belongs)
        self.splits = [w for w in words if w.tie.kind == TieKind.SPLIT_FROM and w.begins]

    def standing(self, kind: TieKind) -> dict[tuple[str, str], Word]:
        """The ties that began and did not end since; each with the last word that says so."""
        found = {}
        for tie in {word.tie for word in self.words if word.begins and word.tie.kind == kind}:
            began: Word | None = None
            for word in self.words:
                if not is_on(word.tie, tie):
                    continue
                if not word.begins:
                    began = None
                elif began is None or last_word(word) > last_word(began):
                    began = word
            if began:
                found[tie.subject, tie.object] = began
        return found

    def _one(self, actor: str) -> str:
        """The actor that it became by mergers, by way of any others."""
        seen = [actor]
        while True:
            into = [
                (last_word(w), other) for (who, other), w in self.mergers.items() if who == seen[-1]
            ]
            if not into:
                return seen[-1]
            _, other = max(into)
            if other in seen:
                return min(seen[seen.index(other) :])
            seen.append(other)

    def _belongs(self, member: str, coalition: str) -> bool:
        """Whether it is that actor, or a member of it, or of a member of it, and so on."""
        reached = {self.one(member)}
        for _ in self.memberships:
            for who, what in self.memberships:
                if self.one(who) in reached:
                    reached.add(self.one(what))
        return self.one(coalition) in reached

    def meet(self, some: Collection[str], others: Collection[str]) -> bool:
        """Whether one of these is one of those, or a coalition of which the other is a member."""
        for one in some:
            for other in others:
                if self.belongs(one, other) or self.belongs(other, one):
                    return True
        return False

    def names(self, some: Collection[str], others: Collection[str]) -> bool:
        """Whether one of these is one of those; a coalition does not name its member."""
        return bool({self.one(each) for each in some} & {self.one(each) for each in others})

    def ends_of(self, actor: str) -> list[Word]:
        return [word for word in self.ends if word.tie.subject == actor]

    def shown(self, actor: str, opened: int, met: tuple[str, ...] = ()) -> frozenset[str]:
        """Who it is now, where a claim whose window opened then names it: itself, whom it merged
        into, whoever succeeded it, or nobody."""
        who = self.one(actor)
        if who in met:
            return frozenset()
        ends = self.ends_of(who)
        if not ends or opened >= min(word.occurred.latest for word in ends):
            return frozenset({who})
        if who in self.heir:
            return self.shown(self.heir[who], opened, (*met, who))
        heirs = {word.tie.object for word in ends} - {""}
        if not heirs:
            splits = (word for word in self.splits if word.tie.object == who)
            heirs = {w.tie.subject for w in splits if any(overlap(w, end) for end in ends)}
        found = [self.shown(heir, opened, (*met, who)) for heir in heirs]
        return frozenset[str]().union(*found)

    def compared(self, actors: Collection[str], opened: int) -> frozenset[str]:
        """Who they are now where words are compared: who is gone for good is still itself."""
        found = [self.shown(each, opened) or frozenset({self.one(each)}) for each in actors]
        return frozenset[str]().union(*found)


def overlap(one: Word, other: Word) -> bool:
    this, that = one.occurred, other.occurred
    return this.earliest < that.latest and that.earliest < this.latest


def is_on(said: Tie, tie: Tie) -> bool:
    """Whether a word on the one is a word on the other; an empty id stands for anybody."""
    same_kind = said.kind == tie.kind
    return same_kind and said.subject in (tie.subject, "") and said.object in (tie.object, "")


def last_word(word: Word) -> tuple[int, int, int]:
    """Of several mergers of an actor, that of the last word counts."""
    return (word.occurred.latest, word.occurred.earliest, word.position)


def word_order(word: Word) -> tuple[int, int, int, int]:
    """A beginning counts from where its window opens, an end from where its window closes."""
    window = word.occurred
    if word.begins:
        return (window.earliest, 1, window.latest, word.position)
    return (window.latest, 0, window.earliest, word.position)
