"""Who controlled a place, period by period?

The rule of control swept once through time. Each claim matters at two instants, when its window
opens and when it is over, and so does each word on the lineage of the actors that the claims name;
between them nothing changes. A claim that arrives in order touches only the end of the timeline;
one that arrives late is swept again from the opening of its window.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.claims import Claim, ControlStatus
from domain.control import (
    NOTHING,
    Reading,
    Silenced,
    Verdict,
    first_silence,
    possibilities,
    uncertain,
    weigh,
)
from domain.lineage import EVERYBODY_APART, NO_LINEAGE, Hands, Lineage
from domain.occurred import Instant, Window
from domain.values import ActorId, SourceId

BEGINNING = Instant(-62_135_596_800_000_001)
"""Before the first microsecond of the year 1: no claim begins, and no question asks, earlier."""
END = Instant(253_402_300_800_000_000)
"""The first microsecond after the year 9999: every question asks about an earlier one."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of questions, from `start` and before `end`, that all have the same answer."""

    start: Instant
    end: Instant
    reading: Reading
    since: Window | None = None
    """When the side that the answer names took hold, as exactly as it is known."""
    until: Window | None = None
    """When it ceased to, if it did."""


class _Voices:
    """Who speaks at an instant, and whom a later word has silenced.

    What they would be once more has happened is asked twice, as its window opens and as it ends,
    and is remembered.
    """

    __slots__ = ("_after", "_judged", "silenced", "speaking")

    def __init__(self, speaking: dict[SourceId, Claim], silenced: dict[SourceId, Silenced]) -> None:
        self.speaking, self.silenced = speaking, silenced
        self._after: list[tuple[Sequence[Claim], _Voices]] = []
        self._judged: tuple[Hands, Verdict] | None = None

    def hear(
        self, ending: Sequence[Claim], claims: Sequence[Claim], past: int, lineage: Lineage
    ) -> "_Voices":
        """The voices once these have happened too; the first `past` of `claims` had before.

        A voice that was here before can only be silenced by what ends now. A new one can also be
        silenced by earlier claims whose windows overlap its own: none that was over before it.
        """
        for these, voices in self._after:
            if these == ending:
                return voices
        voices = self._hear(ending, claims, past, lineage)
        self._after.append((ending, voices))
        return voices

    def _hear(
        self, ending: Sequence[Claim], claims: Sequence[Claim], past: int, lineage: Lineage
    ) -> "_Voices":
        speaking, silenced = dict(self.speaking), dict(self.silenced)
        for claim in ending:
            spoken = speaking.get(claim.origin)
            if spoken is None or claim.order > spoken.order:
                speaking[claim.origin] = claim
                silenced.pop(claim.origin, None)
        for origin, voice in speaking.items():
            if origin not in silenced:
                is_new = self.speaking.get(origin) is not voice
                earlier = _overlapping(voice, claims, past) if is_new else ()
                if silence := first_silence(voice, [*earlier, *ending], lineage):
                    silenced[origin] = silence
        return _Voices(speaking, silenced)

    def verdict(self, hands: Hands) -> Verdict:
        if self._judged is None or self._judged[0] is not hands:
            self._judged = hands, weigh(self.speaking, self.silenced, hands)
        return self._judged[1]


@dataclass(frozen=True, slots=True)
class _Segment:
    """From one instant at which a claim matters to the next."""

    start: Instant
    voices: _Voices
    hands: Hands
    """Who counts as whom from then on."""
    reading: Reading
    run: int
    """The number of the segment in which the side that this one names took hold."""
    since: Window | None
    """When that was."""


class Timeline:
    """All claims on one place, resolved into periods, and kept so while claims come and go."""

    def __init__(self, claims: Iterable[Claim] = (), lineage: Lineage = NO_LINEAGE) -> None:
        self._claims: list[Claim] = sorted(claims, key=_end_order)
        self._all_lineage = lineage
        self._named: set[ActorId] = set()
        self._lineage = NO_LINEAGE
        self._take_note_of(self._claims)
        self._segments = [_Segment(BEGINNING, _Voices({}, {}), EVERYBODY_APART, NOTHING, 0, None)]
        self._sweep_after(BEGINNING)

    @property
    def claims(self) -> Sequence[Claim]:
        """In the order in which they come to count."""
        return self._claims

    def add(self, claim: Claim) -> Instant:
        """Takes a claim in; returns the instant before which every period stayed as it was."""
        insort(self._claims, claim, key=_end_order)
        self._take_note_of([claim])
        return self._sweep_again_from(claim.occurred.earliest)

    def become(self, claims: Iterable[Claim]) -> Instant:
        """Has these claims instead: some were taken back, reinstated, or graded anew. Returns the
        instant before which every period stayed as it was."""
        before = {claim.event: claim for claim in self._claims}
        self._claims = sorted(claims, key=_end_order)
        changed = [claim for claim in self._claims if before.pop(claim.event, None) != claim]
        self._take_note_of(changed)
        changed += before.values()
        if not changed:
            return END
        return self._sweep_again_from(min(claim.occurred.earliest for claim in changed))

    def periods(self, after: Instant = BEGINNING) -> list[Period]:
        """The periods that end after that instant, in the order of valid time."""
        first = self._index_at(after)
        while first and self._is_one_period(first - 1):
            first -= 1
        found: list[Period] = []
        end, until = END, None
        for index in range(len(self._segments) - 1, first - 1, -1):
            segment = self._segments[index]
            if index == first or not self._is_one_period(index - 1):
                since = segment.since
                found.append(Period(segment.start, end, segment.reading, since, until))
                end = segment.start
                until = since if segment.run == index else until
        return found[::-1]

    def at(self, instant: Instant) -> Period:
        """The period that contains the instant."""
        return self.periods(instant)[0]

    def _index_at(self, instant: Instant) -> int:
        return bisect_right(self._segments, instant, key=lambda each: each.start) - 1

    def _is_one_period(self, index: int) -> bool:
        """Whether the segment and the next one give the same answer for the same reasons."""
        one, following = self._segments[index], self._segments[index + 1]
        return one.reading == following.reading

    def _sweep_again_from(self, opening: Instant) -> Instant:
        kept = self._index_at(Instant(opening - 1))
        run = self._segments[kept].run
        was_until = self._until(kept)
        del self._segments[kept + 1 :]
        self._sweep_after(Instant(opening - 1))
        return opening if self._until(kept) == was_until else self._segments[run].start

    def _until(self, index: int) -> Window | None:
        """When the run that the segment belongs to ended."""
        run = self._segments[index].run
        for later in range(index + 1, len(self._segments)):
            if self._segments[later].run != run:
                return self._segments[later].since
        return None

    def _take_note_of(self, claims: Iterable[Claim]) -> None:
        """Of lineage, only what concerns the actors that are named matters here."""
        named = {
            actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
        }
        if not named <= self._named:
            self._named |= named
            self._lineage = self._all_lineage.concerning(self._named)

    def _sweep_after(self, instant: Instant) -> None:
        """Sweeps what matters after the instant; earlier segments are there already."""
        past = bisect_right(self._claims, instant, key=_last_cell)
        ahead = self._claims[past:]
        still_open = {claim.event: claim for claim in ahead if claim.occurred.earliest <= instant}
        turns = _turns_after(instant, ahead, self._lineage)
        for start, these in groupby(turns, key=lambda turn: turn[0]):
            ending: list[Claim] = []
            for _, claim in these:
                if claim is None:
                    continue
                if _last_cell(claim) == start:
                    ending.append(claim)
                    still_open.pop(claim.event, None)
                else:
                    still_open[claim.event] = claim
            self._append(start, ending, list(still_open.values()), past)
            past += len(ending)

    def _append(
        self, start: Instant, ending: list[Claim], still_open: list[Claim], past: int
    ) -> None:
        before, lineage = self._segments[-1], self._lineage
        voices, verdict = before.voices, before.reading.verdict
        if ending:
            voices = voices.hear(ending, self._claims, past, lineage)
        hands, perhaps = lineage.at(start), lineage.perhaps_at(start)
        if ending or hands is not before.hands:
            verdict = voices.verdict(hands)
        now = past + len(ending)
        otherwise = [
            voices.hear(these, self._claims, now, lineage).verdict(hands)
            for these in possibilities(still_open)
        ]
        if perhaps:
            otherwise.append(voices.verdict(perhaps))
        run, since = before.run, before.since
        if not _is_one_run(before.reading.verdict, verdict, hands):
            run = len(self._segments)
            since = _turning_point(verdict, ending) if ending else lineage.turning_at(start)
        reading = uncertain(verdict, otherwise)
        self._segments.append(_Segment(start, voices, hands, reading, run, since))


def _turns_after(
    instant: Instant, claims: Sequence[Claim], lineage: Lineage
) -> list[tuple[Instant, Claim | None]]:
    """The instants, in order, at which a claim matters: as its window opens, and as it ends; and,
    with no claim, those at which other actors count as one."""
    turns: list[tuple[Instant, Claim | None]] = [(_last_cell(claim), claim) for claim in claims]
    turns += [
        (claim.occurred.earliest, claim)
        for claim in claims
        if instant < claim.occurred.earliest < _last_cell(claim)
    ]
    turns += [(turn, None) for turn in lineage.turns if turn > instant]
    return sorted(turns, key=_turn_order)


def _turn_order(turn: tuple[Instant, Claim | None]) -> tuple[object, ...]:
    start, claim = turn
    return (start, *claim.end_order) if claim else (start,)


def _is_one_run(one: Verdict, following: Verdict, hands: Hands) -> bool:
    """Whether the same side goes on: the same status, and of holders the same hands."""
    return one.status is following.status and (
        one.status is not ControlStatus.HELD or hands.meet(one.holders, following.holders)
    )


def _turning_point(verdict: Verdict, ending: Sequence[Claim]) -> Window:
    """The time of the claim that turned the answer: the first of its evidence to come in now."""
    told = [claim for claim in ending if claim.event in verdict.evidence] or ending
    return told[0].occurred


def _overlapping(voice: Claim, claims: Sequence[Claim], past: int) -> Iterator[Claim]:
    """Of the first `past` claims, in the order of ending, those that overlap the voice's window."""
    for index in range(past - 1, -1, -1):
        if claims[index].occurred.latest <= voice.occurred.earliest:
            return
        yield claims[index]


def _end_order(claim: Claim) -> tuple[int, tuple[int, int, int, int]]:
    return claim.end_order


def _last_cell(claim: Claim) -> Instant:
    """The last microsecond of the window: at its close the claim has happened."""
    return Instant(claim.occurred.latest - 1)
