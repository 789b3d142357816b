"""The rule of control read a second time, word for word from the design, slowly.

It shares no function with the domain, only the types in which an answer is given, so that the
properties compare two readings of one text.
"""

from collections.abc import Sequence
from dataclasses import replace

from domain.claims import Claim, ClaimKind, ControlStatus, Grade
from domain.control import Reading, Side, Silence, Silenced, Verdict
from domain.ties import Tie, TieKind, Word
from domain.values import ActorId

THIRTY_DAYS = 30 * 24 * 60 * 60 * 1_000_000
Order = tuple[int, int, int, int]


def read(claims: list[Claim], t: int, words: Sequence[Word] = ()) -> Reading:
    """Step 5 around steps 1 to 4. By which events actors count as one is not worked out here."""
    now = kin_at(words, t)
    happened = [claim for claim in claims if claim.occurred.latest <= t + 1]
    may_have = [
        claim for claim in claims if claim.occurred.earliest <= t and claim.occurred.latest > t + 1
    ]
    may_have.sort(key=order)
    guesses = [happened] + [[*happened, claim] for claim in may_have] + [[*happened, *may_have]]
    verdicts = [conclude(guess, words, now) for guess in guesses]
    if any(word.occurred.earliest <= t < word.occurred.latest - 1 for word in words):
        verdicts.append(conclude(happened, words, Kin([w for w in words if has_begun(w, t)])))
    distinct: dict[object, Verdict] = {}
    for verdict in verdicts:
        distinct.setdefault(content(verdict), verdict)
    return Reading(verdicts[0], tuple(distinct.values()) if len(distinct) > 1 else ())


def order(claim: Claim) -> Order:
    window = claim.occurred
    return (window.earliest, window.latest, claim.spoken, claim.position)


def content(verdict: Verdict) -> object:
    """What a verdict says, apart from the evidence for it."""
    rivals = frozenset((side.status, frozenset(side.holders)) for side in verdict.rivals)
    return (verdict.status, frozenset(verdict.holders), rivals)


def bare(reading: Reading) -> Reading:
    """The reading, without the events by which actors count as one."""
    verdict, *possible = (
        replace(each, lineage=()) for each in (reading.verdict, *reading.possible)
    )
    return Reading(verdict, tuple(possible))


class Kin:
    """Who counts as whom once all of these words have passed."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=word_order)
        self.mergers = self.standing(TieKind.MERGED_INTO)
        self.memberships = self.standing(TieKind.MEMBER_OF)

    def standing(self, kind: TieKind) -> dict[tuple[str, str], Word]:
        """The ties that began and did not end since; each with the word that began it."""
        found = {}
        for tie in {word.tie for word in self.words if word.begins and word.tie.kind == kind}:
            began: Word | None = None
            for word in self.words:
                if not is_on(word.tie, tie):
                    continue
                if not word.begins:
                    began = None
                elif began is None or is_first(word, began):
                    began = word
            if began:
                found[tie.subject, tie.object] = began
        return found

    def one(self, actor: str) -> str:
        """The actor that it became, by way of any others."""
        seen = [actor]
        while True:
            into = [
                (w.occurred.latest, w.occurred.earliest, other)
                for (who, other), w in self.mergers.items()
                if who == seen[-1]
            ]
            if not into:
                return seen[-1]
            other = max(into)[2]
            if other in seen:
                return min(seen[seen.index(other) :])
            seen.append(other)

    def belongs(self, member: str, coalition: str) -> bool:
        """Whether it is a member of the coalition, or of a member of it, and so on."""
        reached = {member}
        for _ in range(len(self.memberships) + 1):
            for who, what in self.memberships:
                if self.one(who) in reached:
                    reached.add(self.one(what))
        return coalition in reached

    def share(self, some: Sequence[str], others: Sequence[str]) -> bool:
        for one in map(self.one, some):
            for other in map(self.one, others):
                if self.belongs(one, other) or self.belongs(other, one):
                    return True
        return False


def kin_at(words: Sequence[Word], t: int) -> Kin:
    return Kin([word for word in words if word.occurred.latest <= t + 1])


def has_begun(word: Word, t: int) -> bool:
    return word.occurred.earliest <= t


def is_on(said: Tie, tie: Tie) -> bool:
    """Whether a word on the one is a word on the other; an empty id stands for anybody."""
    same_kind = said.kind == tie.kind
    return same_kind and said.subject in (tie.subject, "") and said.object in (tie.object, "")


def is_first(word: Word, other: Word) -> bool:
    """Whether it has a tie begin before the other word does, or says more exactly when."""
    this, that = word.occurred, other.occurred
    if this.latest == that.latest:
        return this.earliest > that.earliest
    return this.latest < that.latest


def word_order(word: Word) -> tuple[int, int, int]:
    """A beginning counts from where its window opens, an end from where its window closes."""
    if word.begins:
        return (word.occurred.earliest, 1, word.position)
    return (word.occurred.latest, 0, word.position)


def conclude(happened: list[Claim], kinship: Sequence[Word], kin: Kin) -> Verdict:
    """Steps 1 to 4, once all of these have happened."""
    # 1. One voice per origin.
    speaking = []
    for origin in {claim.origin for claim in happened}:
        words = [claim for claim in happened if claim.origin == origin]
        speaking.append(sorted(words, key=order)[-1])
    speaking.sort(key=order)
    # Whose last word is that it does not know, has no voice.
    ignorant = tuple(v.event for v in speaking if v.asserts.status == ControlStatus.UNKNOWN)
    speaking = [v for v in speaking if v.asserts.status != ControlStatus.UNKNOWN]

    # 2. Later word silences earlier word.
    silenced = []
    loud = []
    for voice in speaking:
        silencers = [claim for claim in happened if silences(claim, voice, kinship)]
        if silencers:
            first = sorted(silencers, key=lambda claim: (claim.occurred.latest, order(claim)))[0]
            why = silences(first, voice, kinship)
            assert why
            silenced.append(Silenced(voice.event, first.event, why))
        else:
            loud.append(voice)
    if not loud:
        loud, silenced = speaking, []

    # 3. Voices that agree are one side.
    groups = connected(loud, kin)
    groups.sort(key=lambda group: order(group[-1]), reverse=True)
    groups.sort(key=len, reverse=True)
    parties = [side_of(group, kin) for group in groups]

    # 4. One side, several, or none.
    outweighed = tuple(silenced)
    if len(groups) == 0:
        return Verdict(ControlStatus.UNKNOWN, evidence=ignorant, outweighed=outweighed)
    for group, party in zip(groups, parties, strict=True):
        theirs = [voice for other in groups if other is not group for voice in other]
        best = [v for v in group if all(better(v.grade, other.grade) for other in theirs)]
        if best:
            rivals = tuple(side for side in parties if side is not party)
            return Verdict(party.status, party.holders, party.evidence, rivals, outweighed)
    return Verdict(ControlStatus.DISPUTED, rivals=tuple(parties), outweighed=outweighed)


def silences(claim: Claim, voice: Claim, words: Sequence[Word]) -> Silence | None:
    """Whether the claim silences the voice, and by which clause of step 2."""
    if claim.origin == voice.origin or claim.asserts.status == ControlStatus.UNKNOWN:
        return None
    if better(voice.grade, claim.grade):
        return None
    if is_judged(voice.grade) and not is_judged(claim.grade):
        return None
    if claim.asserts.kind == ClaimKind.OBSERVATION:
        between = claim.occurred.earliest - voice.occurred.latest
        if between > THIRTY_DAYS and not voice.continuous:
            return Silence.OUTDATED
        return None
    if voice.occurred.latest <= claim.occurred.earliest:
        return Silence.CHANGED_HANDS
    if claim.occurred.latest <= voice.occurred.earliest:
        return None
    at_the_time = kin_at(words, claim.occurred.latest - 1)
    return Silence.ORDERED_BY_CONTENT if comes_first(voice, claim, at_the_time) else None


def comes_first(one: Claim, then: Claim, kin: Kin) -> bool:
    """The three ways in which what they say orders claims whose windows overlap."""
    is_leaving = is_transition_to(one, ControlStatus.VACANT) and one.asserts.leaving != ()
    then_taken = is_transition_to(then, ControlStatus.HELD)
    then_left = is_transition_to(then, ControlStatus.VACANT)

    another_leaves = is_leaving and not kin.share(one.asserts.leaving, then.asserts.holders)
    if another_leaves and then_taken:
        return True

    own_taking = is_transition_to(one, ControlStatus.HELD)
    if own_taking and then_left and kin.share(one.asserts.holders, then.asserts.leaving):
        return True

    holding = one.asserts.status == ControlStatus.HELD
    taken_from_them = kin.share(one.asserts.holders, then.asserts.leaving)
    each_says_so = kin.share(one.asserts.leaving, then.asserts.holders)
    return holding and then_taken and taken_from_them and not each_says_so


def is_transition_to(claim: Claim, status: ControlStatus) -> bool:
    return claim.asserts.kind == ClaimKind.TRANSITION and claim.asserts.status == status


def is_judged(grade: Grade) -> bool:
    return grade.reliability != "F" and grade.credibility != 6


def better(one: Grade, other: Grade) -> bool:
    """Strictly better: nowhere worse, somewhere better, and both judged."""
    if not is_judged(one) or not is_judged(other):
        return False
    reliability = "ABCDE".index(other.reliability) - "ABCDE".index(one.reliability)
    credibility = other.credibility - one.credibility
    return reliability >= 0 and credibility >= 0 and reliability + credibility > 0


def connected(voices: list[Claim], kin: Kin) -> list[list[Claim]]:
    """The voices in groups that agree, directly or by way of others; each in the voices' order."""
    label = list(range(len(voices)))
    for _ in voices:
        for i, one in enumerate(voices):
            for j, other in enumerate(voices):
                if agree(one, other, kin):
                    label[i] = label[j] = min(label[i], label[j])
    return [
        [voice for voice, mine in zip(voices, label, strict=True) if mine == group]
        for group in sorted(set(label))
    ]


def agree(one: Claim, other: Claim, kin: Kin) -> bool:
    if one.asserts.status != other.asserts.status:
        return False
    if one.asserts.status == ControlStatus.HELD:
        return kin.share(one.asserts.holders, other.asserts.holders)
    return True


def side_of(group: list[Claim], kin: Kin) -> Side:
    mentions: list[ActorId] = []
    for claim in group:
        named = [ActorId(kin.one(holder)) for holder in claim.asserts.holders]
        mentions += [each for at, each in enumerate(named) if each not in named[:at]]
    by_first_mention = list(dict.fromkeys(mentions))
    holders = sorted(by_first_mention, key=mentions.count, reverse=True)
    return Side(group[0].asserts.status, tuple(holders), tuple(claim.event for claim in group))
