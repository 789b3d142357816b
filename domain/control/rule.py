"""Who controls a place at an instant, by the rule of control?

Steps 1 and 3 to 6 of `docs/rule.md`, in that order; of 1, 3 and 4, what two claims alone decide is
in `domain.control.voices`. Step 2 is in `domain.control.claims`, 7 in `domain.control.timeline`, 8
in `api.answers.basis`. The claims that come in are live and admitted; ledgers, positions in time of
recording and perspectives are unknown here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from domain.control.claims import Claim, ControlStatus, Order, Weight
from domain.control.lineage import EVERYBODY_APART, Kinship, Lineage
from domain.control.sequence import comes_before, is_kept, last_kept
from domain.control.verdict import Side, Silence, Silenced, Verdict
from domain.control.voices import Heard, Origin, Voice, key_of, why_ended
from domain.occurred import THIRTY_DAYS, Instant
from domain.values import ActorId, EventId, SourceId

# Python 3.11 looks a member of an enum up slowly, and these are compared for every voice.
_CONTESTED, _DISPUTED, _UNKNOWN = (
    ControlStatus.CONTESTED,
    ControlStatus.DISPUTED,
    ControlStatus.UNKNOWN,
)
NEVER = Instant(2**62)
"""After every instant that can be asked about."""


class Speaker(NamedTuple):
    """A voice that speaks, and what it says as actors count now."""

    claim: Claim
    status: ControlStatus
    named: tuple[ActorId, ...]
    """Those whom it names and who have not left, as named."""
    holders: tuple[ActorId, ...]
    """Who they are now."""


@dataclass(slots=True, eq=False)
class Judgement:
    """What the voices amount to at an instant, and until when they do while nothing is said."""

    verdict: Verdict
    speakers: tuple[Speaker, ...] = ()
    """The voices that answer; where they are disputed, those of every side."""
    lapses: Instant = NEVER
    """The first instant at which time alone changes it: a word grows old, or is kept no more."""
    weight: Weight = Weight.DOUBTFUL
    """The highest weight among the voices that answer."""


class Hearing:
    """Who speaks at an instant, and all that bears on each voice.

    It never changes: `hears` gives another one, and remembers which, since what the voices would be
    once more has happened is asked twice: as a window opens, and as it ends.
    """

    __slots__ = (
        "_after",
        "_ended",
        "_judged",
        "_last",
        "_silent",
        "_voices",
        "origins",
        "speaking",
        "unknown",
    )

    def __init__(self) -> None:
        """Nobody has said anything."""
        self.origins: dict[SourceId, Origin] = {}
        self.speaking: tuple[SourceId, ...] = ()
        """The origins of which it depends on the instant whether they speak."""
        self._voices: dict[int, Voice] = {}
        """Theirs, by the position of the claim."""
        self._ended: dict[int, Voice] = {}
        """Those of other origins, which are ended for good."""
        self._silent: dict[int, tuple[Claim, Silenced]] = {}
        """Why these are silent."""
        self.unknown: tuple[Claim, ...] = ()
        """The firm words of sources that don't know."""
        self._last: tuple[int, Order] = (-(2**62), (0, 0, 0, 0))
        """The counting order of the claim that came to count last."""
        self._judged: tuple[Kinship, Instant, Judgement] | None = None
        self._after: list[tuple[Sequence[Claim], Hearing]] = []

    @property
    def silent(self) -> Iterable[tuple[Claim, Silenced]]:
        """The voices that are silent at every instant, and why."""
        return self._silent.values()

    @property
    def ended(self) -> Iterable[Voice]:
        """The voices that are silent at every instant."""
        return self._ended.values()

    def named(self) -> list[tuple[ActorId, Instant]]:
        """The actors that the voices name, each with the opening of the voice's window."""
        return [
            (holder, claim.occurred.earliest)
            for origin in self.origins.values()
            for claim in origin.candidates
            for holder in claim.asserts.holders
        ]

    def voice(self, claim: Claim) -> Voice:
        """What was said later against a claim that may be its origin's voice."""
        return self._voices[claim.position]

    def hears(self, new: Sequence[Claim], heard: Heard, lineage: Lineage) -> "Hearing":
        """The voices once these count too; `heard` are all that count then, these included."""
        if not new:
            return self
        for these, hearing in self._after:
            if these == new:
                return hearing
        hearing = Hearing()
        hearing._become(self, new, heard, lineage)
        self._after.append((new, hearing))
        return hearing

    def forget_guesses(self) -> None:
        """What might have happened has, or is heard from what came after."""
        self._after.clear()

    def _become(
        self, before: "Hearing", new: Sequence[Claim], heard: Heard, lineage: Lineage
    ) -> None:
        self.origins, self._last = dict(before.origins), before._last
        self._voices, self._ended = dict(before._voices), dict(before._ended)
        unknown = [it for it in new if it.weight is Weight.FIRM and not it.asserts.is_known]
        self.unknown = (*before.unknown, *unknown)
        self._silent = dict(before._silent)
        speaking = list(before.speaking)
        for claim in new:
            known = self.origins.get(claim.origin)
            for word in known.candidates if known else ():
                self._voices.pop(word.position, None)
                if self._ended.pop(word.position, None):
                    del self._silent[word.position]
            if claim.origin not in speaking:
                speaking.append(claim.origin)
            self.origins[claim.origin] = known.hears(claim, lineage) if known else Origin.of(claim)
        bench = _Bench(NEVER, EVERYBODY_APART, lineage)
        for claim in new:
            self._hear(claim, before._last, bench)
        for claim in new:
            for word in self.origins[claim.origin].candidates:
                if word.position not in self._voices:
                    self._voices[word.position] = before._candidate(word, new, heard, lineage)
        for source in tuple(speaking):
            only = self.origins[source].only
            if only and self._voices[only.position].ended_for_good:
                voice = self._ended[only.position] = self._voices.pop(only.position)
                self._silent[only.position] = only, bench.why_ended(voice)
                speaking.remove(source)
        self.speaking = tuple(speaking)

    def _hear(self, claim: Claim, last: tuple[int, Order], bench: "_Bench") -> None:
        self._last = max(self._last, claim.counting_order)
        key = key_of(claim, bench.lineage)
        for position, voice in self._voices.items():
            self._voices[position] = voice.hears(claim, key, bench.lineage)
        if claim.asserts.leaving or claim.counting_order <= last:
            for position, voice in self._ended.items():
                heard = voice.hears(claim, key, bench.lineage)
                if heard is not voice:
                    self._ended[position] = heard
                    self._silent[position] = voice.claim, bench.why_ended(heard)

    def _candidate(
        self, claim: Claim, new: Sequence[Claim], heard: Heard, lineage: Lineage
    ) -> Voice:
        """The voice of a claim that becomes a candidate, or that stays one, once these count."""
        known = self._voices.get(claim.position) or self._ended.get(claim.position)
        if known is None:
            bearing = heard.bearing_on(claim, is_new=claim in new)
            return Voice(claim).hears_all(bearing, lineage)
        for word in new:
            known = known.hears(word, key_of(word, lineage), lineage)
        return known

    def judged(self, at: Instant, kinship: Kinship, lineage: Lineage) -> Judgement:
        """Steps 1 to 6: what those who speak at that instant amount to."""
        known = self._judged
        if known and known[0] is kinship and known[1] <= at < known[2].lapses:
            return known[2]
        judgement = _judge(self, at, kinship, lineage)
        self._judged = kinship, at, judgement
        return judgement


def _judge(hearing: Hearing, at: Instant, kinship: Kinship, lineage: Lineage) -> Judgement:
    bench = _Bench(at, kinship, lineage)
    speaking = bench.speaking(hearing)
    said, speakers = _amount(speaking, bench)
    silent = sorted(bench.silent.values(), key=_silent_order)
    verdict = Verdict(
        status=said.status,
        holders=said.holders,
        evidence=said.evidence if speakers else _unknowing(hearing),
        rivals=said.rivals,
        outweighed=tuple([silenced for _, silenced in silent]),
        lineage=_lineage_of(speaking, kinship),
    )
    weight = max([each.claim.weight for each in speakers], default=Weight.DOUBTFUL)
    return Judgement(verdict, speakers, bench.lapses, weight)


def _unknowing(hearing: Hearing) -> tuple[EventId, ...]:
    """Where nobody speaks: the words of those who say that they don't know."""
    last = sorted((origin.chain.last for origin in hearing.origins.values()), key=_order)
    return tuple(claim.event for claim in last if not claim.asserts.is_known)


class _Bench:
    """One instant: who counts as whom, why voices are silent, and when time alone changes that."""

    def __init__(self, at: Instant, kinship: Kinship, lineage: Lineage) -> None:
        self.at, self.kinship, self.lineage = at, kinship, lineage
        self.silent: dict[EventId, tuple[Claim, Silenced]] = {}
        self.lapses = NEVER

    def silence(self, claim: Claim, why: Silence, by: EventId | None = None) -> None:
        self.silent[claim.event] = claim, Silenced(claim.event, by, why)

    def expect(self, lapse: int) -> None:
        """Something changes at that instant, if nothing is said before."""
        if self.at < lapse < self.lapses:
            self.lapses = Instant(lapse)

    def speaking(self, hearing: Hearing) -> list[Speaker]:
        """Steps 1 and 3 to 5: the voices that are left, in the order of their words."""
        standing: list[Speaker] = []
        ended: list[Speaker] = []
        voices: list[Voice] = []
        is_any_gone = False
        for source in hearing.speaking:
            voice = self._chosen(hearing.origins[source], hearing)
            if voice is None:
                continue
            speaker, silenced, *_ = self._stands(voice)
            voices.append(voice)
            if silenced:
                self.silent[silenced.event] = voice.claim, silenced
                is_any_gone |= silenced.why is Silence.HOLDER_GONE
            if speaker:
                (ended if silenced else standing).append(speaker)
        self.silent |= {silenced.event: (claim, silenced) for claim, silenced in hearing.silent}
        if not standing and (voices or hearing.silent) and not is_any_gone:
            # They end each other in a ring: all have an opinion, and together they silence nobody.
            voices += hearing.ended
            ended += filter(None, (self._stands(voice).speaker for voice in hearing.ended))
            standing = ended or [self._as_named(voice) for voice in voices]
            for each in standing:
                self.silent.pop(each.claim.event, None)
        if len(standing) > 1:
            standing.sort(key=_speaking_order)
        return self._without_answered_leavings(standing)

    def _as_named(self, voice: Voice) -> Speaker:
        said = voice.claim.asserts
        holders = self.kinship.merged(said.holders)
        return Speaker(voice.claim, said.status, said.holders, holders)

    # ---- 1. One voice per origin ---------------------------------------------------------

    def _chosen(self, origin: Origin, hearing: Hearing) -> Voice | None:
        """The voice of an origin: its last word; or, where that is a leaving, what it had said
        before, if something is left of that."""
        candidates = origin.candidates
        if origin.only is None:
            for each in origin.passed_over:
                self.silence(each, Silence.LIGHTER_THAN_ITS_OWN, origin.chain.last.event)
            if not candidates:
                self.silence(origin.chain.last, Silence.DOES_NOT_KNOW)
                return None
        chosen = hearing.voice(candidates[0])
        if len(candidates) > 1:
            base = hearing.voice(candidates[1])
            if base.left:
                self.silence(chosen.claim, Silence.ONLY_A_LEAVING, base.claim.event)
                chosen = base
        return chosen

    # ---- 3. to 5. Later word, who has left, and who is no more ---------------------------------

    def _stands(self, voice: Voice) -> "_Standing":
        """What the voice says now, if anybody is left of whom it names; and why it is silent."""
        known: _Standing | None = voice.standing if self.kinship.is_plain else None
        if known and known.since <= self.at < known.until:
            self.expect(known.until)
            return known
        others_lapse, self.lapses = self.lapses, NEVER
        if voice.claim.kept_until is not None:
            self.expect(voice.claim.kept_until)
        holders = self._today(voice)
        is_gone = bool(voice.left) and not holders
        silenced = self._end_of(voice)
        if not silenced and voice.is_emptied:
            by = voice.struck_by[-1].event
            silenced = Silenced(voice.claim.event, by, Silence.ALL_LEFT)
        elif not silenced and is_gone:
            silenced = Silenced(voice.claim.event, self._end_event(voice), Silence.HOLDER_GONE)
        speaker = None
        if not voice.is_emptied and not is_gone:
            status = voice.status(self.kinship)
            speaker = Speaker(voice.claim, status, voice.left, holders)
        standing = _Standing(speaker, silenced, self.at, self.lapses)
        if self.kinship.is_plain:
            voice.standing = standing
        self.lapses = min(others_lapse, self.lapses)
        return standing

    def _today(self, voice: Voice) -> tuple[ActorId, ...]:
        """Who is left of those whom it names, as they count now."""
        kinship, opening = self.kinship, voice.claim.occurred.earliest
        if not kinship.ended:
            return kinship.merged(voice.left)
        named = [each for holder in voice.left for each in kinship.today(holder, opening)]
        return tuple(dict.fromkeys(named))

    def _end_event(self, voice: Voice) -> EventId | None:
        opening = voice.claim.occurred.earliest
        told = [event for holder in voice.left for event in self.kinship.reasons(holder, opening)]
        return told[-1] if told else None

    def why_ended(self, voice: Voice) -> Silenced:
        """How a voice fell silent that is ended for good."""
        silenced = self._end_of(voice)
        assert silenced is not None, "it is ended by a claim that can't agree with it"
        return silenced

    def _end_of(self, voice: Voice) -> Silenced | None:
        """How the voice fell silent: by the first claim that takes its place at every instant; or
        else by the first that does so now."""
        enders = [each for each in voice.ended_by.values() if not self._agrees(voice, each[0])]
        if not enders:
            enders = list(self._enough_now(voice))
        if not enders:
            return None
        claim, why = min(enders, key=_counting_order) if len(enders) > 1 else enders[0]
        return Silenced(voice.claim.event, claim.event, self._in_full(voice.claim, claim, why))

    def _enough_now(self, voice: Voice) -> Iterator[tuple[Claim, Silence]]:
        """The claims that weigh enough now that it is old, or that another origin agrees."""
        for claim in voice.doubted_by:
            if not self._agrees(voice, claim):
                said_later = (each for some in voice.firm.values() for each in some)
                confirmed = any(self._confirms(each, claim) for each in said_later)
                if why := why_ended(voice.claim, claim, self.at, confirmed=confirmed):
                    yield claim, why
                elif claim.kept_until is not None:
                    self.expect(last_kept(voice.claim) + THIRTY_DAYS + 1)

    def _in_full(self, voice: Claim, claim: Claim, why: Silence) -> Silence:
        overlap = voice.occurred.overlaps(claim.occurred)
        if why is Silence.CHANGED_HANDS and overlap and comes_before(voice, claim, self.lineage):
            return Silence.COMES_BEFORE
        return why

    def _agrees(self, voice: Voice, claim: Claim) -> bool:
        """Whether the claim agrees with what is left of the voice."""
        said = claim.asserts
        if voice.is_emptied or said.status is not voice.status(self.kinship):
            return False
        if not said.holders or not voice.left:
            return True
        kinship = self.kinship
        if kinship.is_plain:
            return any(holder in voice.left for holder in said.holders)
        opening = voice.claim.occurred.earliest
        return kinship.meet(
            kinship.compared(said.holders, claim.occurred.earliest),
            kinship.compared(voice.left, opening),
        )

    def _confirms(self, other: Claim, claim: Claim) -> bool:
        """Whether another origin's word agrees with the claim."""
        mine, theirs = claim.asserts, other.asserts
        if other.origin == claim.origin or mine.status is not theirs.status:
            return False
        if not mine.holders or not theirs.holders:
            return True
        return self.kinship.meet(
            self.kinship.compared(mine.holders, claim.occurred.earliest),
            self.kinship.compared(theirs.holders, other.occurred.earliest),
        )

    # ---- 4. A leaving speaks where nobody else is left, or somebody contradicts it -------------

    def _without_answered_leavings(self, speaking: list[Speaker]) -> list[Speaker]:
        leavings = [each for each in speaking if each.claim.asserts.is_leaving]
        if not leavings or len(leavings) == len(speaking):
            return speaking
        top = max(each.claim.weight for each in speaking)
        others = [
            each
            for each in speaking
            if each.claim.weight is top and not each.claim.asserts.is_leaving
        ]
        for leaving in leavings:
            if others and not any(self._names_still(other, leaving.claim) for other in others):
                self.silence(leaving.claim, Silence.ONLY_A_LEAVING, others[-1].claim.event)
        return [each for each in speaking if each.claim.event not in self.silent]

    def _names_still(self, other: Speaker, leaving: Claim) -> bool:
        kinship = self.lineage.at(Instant(leaving.occurred.latest - 1))
        return any(kinship.has_left(holder, leaving.asserts.leaving) for holder in other.named)


class _Standing(NamedTuple):
    """What a voice amounts to from one instant and before another, while nothing is said."""

    speaker: Speaker | None
    """What it says, if anybody is left of whom it names."""
    silenced: Silenced | None
    """Why it is silent, if it is."""
    since: Instant
    until: Instant


# ---- 6. What those that still speak amount to ------------------------------------------------


def _amount(speaking: Sequence[Speaker], bench: _Bench) -> tuple[Verdict, tuple[Speaker, ...]]:
    """What the voices say, and which of them answer; those of all sides where they are disputed."""
    if not speaking:
        return Verdict(_UNKNOWN), ()
    if len(speaking) == 1:
        (only,) = speaking
        side = _side(speaking, bench.kinship)
        return Verdict(only.status, side.holders, (only.claim.event,)), (only,)
    top = max(each.claim.weight for each in speaking)
    groups = _sides([each for each in speaking if each.claim.weight is top], bench.kinship)
    winner = _prevailing(groups)
    while len(groups) > 1 and len(seen := _without_unseen_fights(groups, winner, bench)) < len(
        groups
    ):
        groups = seen
        winner = _prevailing(groups)
    lighter = [each for each in speaking if each.claim.weight is not top]
    if winner is None:
        sides = [_side(group, bench.kinship) for group in groups]
        sides += (_side([each], bench.kinship) for each in _rivals(lighter, bench))
        told = tuple(each for group in groups for each in group)
        return Verdict(_DISPUTED, rivals=tuple(sides)), told
    agreeing = [each for each in lighter if _agree_with_one(winner, each, bench.kinship)]
    others = [each for each in lighter if each not in agreeing]
    rivals = [_side(group, bench.kinship) for group in groups if group is not winner]
    rivals += (_side([each], bench.kinship) for each in _rivals(others, bench))
    side = _side(winner, bench.kinship)
    told = (*winner, *agreeing)
    evidence = tuple(each.claim.event for each in told)
    return Verdict(side.status, side.holders, evidence, tuple(rivals)), told


def _sides(speaking: Sequence[Speaker], kinship: Kinship) -> list[list[Speaker]]:
    """The voices of each side: the best corroborated side first, then the one that spoke last."""
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
            group.sort(key=_speaking_order)
        groups.sort(key=lambda group: group[-1].claim.order, reverse=True)
        groups.sort(key=len, reverse=True)
    return groups


def _agree_with_one(group: Iterable[Speaker], speaker: Speaker, kinship: Kinship) -> bool:
    status, holders = speaker.status, speaker.holders
    for other in group:
        if other.status is status:
            if not holders or not other.holders or kinship.meet(other.holders, holders):
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
    """Whether one of them is strictly better graded than every one of the others."""
    return any(
        all(one.claim.grade.is_better_than(other.claim.grade) for other in others) for one in some
    )


def _without_unseen_fights(
    groups: list[list[Speaker]], winner: list[Speaker] | None, bench: _Bench
) -> list[list[Speaker]]:
    """A side that says "contested", does not prevail and was not seen for 30 days gives way."""
    seen = [
        group
        for group in groups
        if group is winner or group[0].status is not _CONTESTED or _is_fresh(group, bench)
    ]
    if not seen:
        return groups
    for group in groups:
        if not any(group is each for each in seen):
            for each in group:
                bench.silence(each.claim, Silence.FIGHT_UNSEEN)
    return seen


def _is_fresh(group: Iterable[Speaker], bench: _Bench) -> bool:
    """Whether one of these was heard in the last 30 days."""
    claims = [each.claim for each in group]
    last = max(map(last_kept, claims))
    bench.expect(last + THIRTY_DAYS + 1)
    return bench.at - last <= THIRTY_DAYS or any(is_kept(claim, bench.at) for claim in claims)


def _rivals(lighter: Iterable[Speaker], bench: _Bench) -> Iterator[Speaker]:
    """Lighter voices that dispute the answer, each by itself, as long as they are fresh."""
    for each in lighter:
        if each.claim.grade.credibility == 5:
            bench.silence(each.claim, Silence.IMPROBABLE)
        elif not _is_fresh([each], bench):
            bench.silence(each.claim, Silence.UNCONFIRMED)
        else:
            yield each


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
    """Of a coalition and its own member one is shown: the member, where a strictly better graded
    voice names it alone; else the coalition."""
    hidden: set[ActorId] = set()
    for member in holders:
        for coalition in holders:
            if kinship.belongs(member, coalition) and not kinship.belongs(coalition, member):
                alone = [it for it in group if member in it.holders and coalition not in it.holders]
                whole = [it for it in group if coalition in it.holders]
                hidden.add(coalition if _is_better(alone, whole) else member)
    return [holder for holder in holders if holder not in hidden]


def _lineage_of(speaking: Sequence[Speaker], kinship: Kinship) -> tuple[EventId, ...]:
    """The events by which holders count as others, or meet those whom another voice names."""
    if kinship.is_plain:
        return ()
    found: list[EventId] = []
    for each in speaking:
        opening = each.claim.occurred.earliest
        for holder in each.claim.asserts.holders:
            found += kinship.reasons(holder, opening)
    for one, other in combinations(speaking, 2):
        if one.status is other.status and set(one.holders).isdisjoint(other.holders):
            reasons = (kinship.why(mine, its) for mine in one.holders for its in other.holders)
            found += (event for reason in reasons for event in reason or ())
    return tuple(dict.fromkeys(found))


def _counting_order(ender: tuple[Claim, Silence]) -> tuple[int, tuple[int, int, int, int]]:
    return ender[0].counting_order


def _order(claim: Claim) -> tuple[int, int, int, int]:
    return claim.order


def _silent_order(silent: tuple[Claim, Silenced]) -> tuple[int, int, int, int]:
    return silent[0].order


def _speaking_order(speaker: Speaker) -> tuple[int, int, int, int]:
    return speaker.claim.order
