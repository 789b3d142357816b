"""Who controlled a place, period by period?

The rule of control swept once through time. Each claim matters at two instants, when its window
opens and when it is over, and so does each word on the lineage of the actors that the claims name;
and time alone changes an answer where a word grows old. Between them nothing changes. A claim that
arrives in order touches only the end of the timeline; one that arrives late is swept again from
the opening of its window.
"""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from domain.control.claims import Claim, ControlStatus
from domain.control.lineage import EVERYBODY_APART, NO_LINEAGE, Kinship, Lineage
from domain.control.perspective import Admitted
from domain.control.rule import Hearing, Judgement
from domain.control.sequence import is_kept, last_kept, without_repetitions
from domain.control.verdict import (
    NOTHING,
    Holding,
    Period,
    Reading,
    Silence,
    Silenced,
    SinceIs,
    Verdict,
)
from domain.control.voices import Heard
from domain.occurred import Instant, Precision, Window
from domain.values import ActorId, EventId, ReportId, SourceId

BEGINNING = Instant(-62_135_596_800_000_001)
"""Before the first microsecond of the year 1: no claim begins, and no question asks, earlier."""
END = Instant(253_402_300_800_000_000)
"""The first microsecond after the year 9999: every question asks about an earlier one."""

_HELD, _DISPUTED, _UNKNOWN = ControlStatus.HELD, ControlStatus.DISPUTED, ControlStatus.UNKNOWN
_CONTESTED, _VACANT = ControlStatus.CONTESTED, ControlStatus.VACANT


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of time with one answer: one status, and the same holders as they count."""

    first: int
    """The number of the segment with which it begins."""
    since: Window | None
    since_is: SinceIs | None
    revealed_by: tuple[Claim, ...] = ()
    """The sightings that alone reveal that the answer before had changed; none, where the change
    itself is reported."""


@dataclass(slots=True, eq=False)
class _Segment:
    """From one instant at which something matters to the next."""

    start: Instant
    answer: Hearing
    """The voices, with the observations whose windows are open."""
    settled: Hearing
    """The voices without these."""
    kinship: Kinship
    judgement: Judgement
    reading: Reading
    """Without what a later sighting reveals."""
    last_word: Instant | None
    """The latest close of the claims that agree with the answer and weigh no less."""
    last_heard: Window | None
    """The latest window of the voices that answer."""
    run: _Run
    holding: tuple[Holding, ...]
    lapses: Instant
    """The first instant at which time alone changes anything of it."""


def _unsaid() -> _Segment:
    """Before anybody said anything."""
    nobody = Hearing()
    return _Segment(
        start=BEGINNING,
        answer=nobody,
        settled=nobody,
        kinship=EVERYBODY_APART,
        judgement=Judgement(NOTHING.verdict),
        reading=NOTHING,
        last_word=None,
        last_heard=None,
        run=_Run(0, None, None),
        holding=(),
        lapses=END,
    )


_SETTLES, _COUNTS, _OPENS, _CLOSES, _ELSE = range(5)
"""What happens at an instant at which something matters: the window of a transition closes, and
from then on it counts; that of an observation opens, and from then on it counts; the window of a
transition opens, and it may have happened; that of an observation closes, and it was so through all
of it; other actors count as one, or a copy is told."""

_Turning = tuple[Instant, int, tuple[int, int, int, int], Claim | None]
_Claims = Sequence[list[Claim]]
"""The claims that matter at an instant, by what happens then."""
_NOTHING: _Claims = ([], [], [], [], [])


class _Open(NamedTuple):
    """The claims whose windows are open."""

    seen: tuple[Claim, ...] = ()
    """Observations."""
    reported: tuple[Claim, ...] = ()
    """Transitions."""


class _Piece(NamedTuple):
    """A stretch of time with one answer for the same reasons."""

    start: Instant
    end: Instant
    reading: Reading
    segment: _Segment
    """One of those in which it lies; they have the same run and holders."""
    until: Window | None

    def is_one_period_with(self, later: "_Piece") -> bool:
        mine, its = self.segment, later.segment
        return (
            (mine.run is its.run or mine.run == its.run)
            and mine.holding == its.holding
            and (self.reading is later.reading or self.reading == later.reading)
        )

    @property
    def period(self) -> Period:
        segment = self.segment
        return Period(
            start=self.start,
            end=self.end,
            reading=self.reading,
            since=segment.run.since,
            since_is=segment.run.since_is,
            until=self.until,
            last_heard=segment.last_heard,
            holding=segment.holding,
        )


class Timeline:
    """All claims on one place, resolved into periods, and kept so while claims come and go."""

    def __init__(
        self, claims: Iterable[Claim] | Admitted = (), lineage: Lineage = NO_LINEAGE
    ) -> None:
        self._claims: list[Claim] = []
        self._copies: tuple[tuple[Claim, EventId], ...] = ()
        self._by_subject: dict[tuple[SourceId, int, int], list[Claim]] = {}
        self._copied: set[ReportId] = set()
        self._all_lineage = lineage
        self._named: set[ActorId] = set()
        self._lineage = NO_LINEAGE
        self._segments = [_unsaid()]
        self._take_in(claims)
        self._sweep_after(BEGINNING)

    @property
    def claims(self) -> Sequence[Claim]:
        """In the order in which they are settled; each as published when it first was said."""
        return self._claims

    def can_add(self, claim: Claim) -> bool:
        """Whether the claim can be taken in by itself. Where reports copy each other, all claims
        together tell which of them speak, and the timeline becomes these."""
        return not claim.copied and claim.report not in self._copied

    def add(self, claim: Claim) -> Instant:
        """Takes a claim in; returns the instant before which every period stayed as it was."""
        same = self._by_subject.setdefault(claim.subject, [])
        same.append(claim)
        if len(same) > 1:
            said = {each.event for each in same}
            self._claims = [each for each in self._claims if each.event not in said]
        for each in without_repetitions(same):
            insort(self._claims, each, key=_end_order)
        turning = self._take_note_of([claim])
        return self._sweep_again_from(min(claim.occurred.earliest, turning))

    def become(self, claims: Iterable[Claim] | Admitted) -> Instant:
        """Has these claims instead: some were taken back, reinstated, or graded anew. Returns the
        instant before which every period stayed as it was."""
        before = {claim.event: (claim, by) for claim, by in self._told()}
        turning = self._take_in(claims)
        changed = [
            claim for claim, by in self._told() if before.pop(claim.event, None) != (claim, by)
        ]
        changed += (claim for claim, _ in before.values())
        if not changed:
            return END
        opening = min(claim.occurred.earliest for claim in changed)
        return self._sweep_again_from(min(opening, turning))

    def periods(self, after: Instant = BEGINNING) -> list[Period]:
        """The periods that end after that instant, in the order of valid time."""
        found: list[_Piece] = []
        for piece in self._latest_first():
            later = found[-1] if found else None
            if later and piece.is_one_period_with(later):
                found[-1] = later._replace(start=piece.start)
            elif later and later.start <= after:
                break
            else:
                found.append(piece)
        return [piece.period for piece in reversed(found)]

    def at(self, instant: Instant) -> Period:
        """The period that contains the instant."""
        return self.periods(instant)[0]

    def _latest_first(self) -> Iterator["_Piece"]:
        """A piece for each segment, or two where a later sighting makes it uncertain within."""
        end, until = END, None
        following: _Run | None = None
        revealed: tuple[Claim, ...] = ()
        unheard_since = END
        for segment in reversed(self._segments):
            if following and following.first != segment.run.first:
                until = following.since
                revealed, unheard_since = following.revealed_by, _unheard_since(segment)
            following = segment.run
            if not revealed:
                yield _Piece(segment.start, end, segment.reading, segment, until)
            else:
                kinship = self._lineage.at(segment.start)
                for start, reading in _pieces(segment, end, revealed, unheard_since, kinship):
                    yield _Piece(start, end, reading, segment, until)
                    end = start
            end = segment.start

    # ---- the sweep ---------------------------------------------------------------------------

    def _take_in(self, claims: Iterable[Claim] | Admitted) -> Instant:
        """Has these claims; returns the first instant at which actors whom nobody named before
        come to count otherwise."""
        heard = claims if isinstance(claims, Admitted) else Admitted(tuple(claims))
        self._by_subject = {}
        for claim in heard.claims:
            self._by_subject.setdefault(claim.subject, []).append(claim)
        told = (each for same in self._by_subject.values() for each in without_repetitions(same))
        self._claims = sorted(told, key=_end_order)
        self._copies = heard.copies
        return self._take_note_of([*self._claims, *(copy for copy, _ in self._copies)])

    def _told(self) -> Iterator[tuple[Claim, EventId | None]]:
        """Every claim, with the event that speaks instead of a copy."""
        yield from ((claim, None) for claim in self._claims)
        yield from self._copies

    def _index_at(self, instant: Instant) -> int:
        return bisect_right(self._segments, instant, key=lambda each: each.start) - 1

    def _sweep_again_from(self, opening: Instant) -> Instant:
        kept = self._index_at(Instant(opening - 1))
        run = self._segments[kept].run
        before = self._what_follows(kept)
        del self._segments[kept + 1 :]
        self._sweep_after(Instant(opening - 1))
        stays = self._what_follows(kept) == before
        return opening if stays else self._segments[run.first].start

    def _what_follows(self, index: int) -> tuple[object, ...]:
        """What of the run that the segment belongs to is told only by what comes after it."""
        run = self._segments[index].run
        for later in range(index + 1, len(self._segments)):
            following = self._segments[later].run
            if following.first != run.first:
                unheard_since = _unheard_since(self._segments[later - 1])
                return following.since, following.revealed_by, unheard_since
        return ()

    def _take_note_of(self, claims: Collection[Claim]) -> Instant:
        """Of lineage, only what concerns the actors that are named matters here."""
        self._copied.update(report for claim in claims for report in claim.copied)
        named = {
            actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
        }
        if named <= self._named:
            return END
        self._named |= named
        before, self._lineage = self._lineage, self._all_lineage.concerning(self._named)
        return min(set(self._lineage.turns) - set(before.turns), default=END)

    def _sweep_after(self, instant: Instant) -> None:
        """Sweeps what matters after the instant; earlier segments are there already."""
        past = bisect_right(self._claims, instant, key=_last_cell)
        ahead = self._claims[past:]
        begun = [claim for claim in ahead if claim.occurred.earliest <= instant]
        still_open = _Open(
            tuple(claim for claim in begun if not claim.asserts.is_transition),
            tuple(claim for claim in begun if claim.asserts.is_transition),
        )
        turns = self._turns_after(instant, ahead)
        for start, these in groupby(turns, key=lambda turn: turn[0]):
            self._lapse_before(start, still_open, past)
            turning: _Claims = ([], [], [], [], [])
            for _, turn, _, claim in these:
                if claim:
                    turning[turn].append(claim)
            past += len(turning[_SETTLES]) + len(turning[_CLOSES])
            were_open, still_open = still_open, _turned(still_open, turning, start)
            if not self._is_mere_close(turning, still_open):
                self._append(start, turning, were_open, still_open, past)
        self._lapse_before(END, still_open, past)

    def _turns_after(self, instant: Instant, claims: Iterable[Claim]) -> list[_Turning]:
        """The instants, in order, at which something matters, with the claim of which it does."""
        turns: list[_Turning] = []
        for claim in claims:
            is_transition, opening = claim.asserts.is_transition, claim.occurred.earliest
            settles = _SETTLES if is_transition else _CLOSES
            close = _last_cell(claim)
            turns.append((close, settles, claim.order, claim))
            if opening > instant and not (is_transition and opening == close):
                opens = _OPENS if is_transition else _COUNTS
                turns.append((opening, opens, claim.order, claim))
        other = {turn for turn in self._lineage.turns if turn > instant}
        other |= {copy.counts_from for copy, _ in self._copies if copy.counts_from > instant}
        turns += ((turn, _ELSE, (0, 0, 0, 0), None) for turn in other)
        return sorted(turns, key=lambda turn: turn[:3])

    def _lapse_before(self, start: Instant, still_open: _Open, past: int) -> None:
        """What time alone changes until then, while nothing is said."""
        while (lapse := self._segments[-1].lapses) < start:
            self._append(lapse, _NOTHING, still_open, still_open, past)

    def _is_mere_close(self, turning: _Claims, still_open: _Open) -> bool:
        """Whether nothing happens but that windows of observations close that made nothing
        uncertain."""
        if any(turning[it] for it in (_SETTLES, _COUNTS, _OPENS)) or any(still_open):
            return False
        is_plain = self._lineage.is_silent and not self._copies
        return is_plain and not self._segments[-1].reading.possible

    def _append(
        self, start: Instant, turning: _Claims, were_open: _Open, still_open: _Open, past: int
    ) -> None:
        before, lineage = self._segments[-1], self._lineage
        new = _in_order(turning[_SETTLES] + turning[_COUNTS])
        heard = Heard(self._claims, past, still_open.seen)
        answer = settled = before.answer.hears(new, heard, lineage)
        if still_open.seen:
            over = _in_order(turning[_SETTLES] + turning[_CLOSES])
            settled = before.settled if were_open.seen else before.answer
            settled = settled.hears(over, Heard(self._claims, past), lineage)
        for hearing in (before.answer, before.settled):
            if hearing is not answer and hearing is not settled:
                hearing.forget_guesses()
        kinship = lineage.at(start)
        judgement = answer.judged(start, kinship, lineage)
        guesses = [
            guess.judged(start, kinship, lineage)
            for guess in self._guesses(answer, settled, still_open, past)
        ]
        others = [*lineage.perhaps_at(start)]
        if kinship.ended:
            others += kinship.each_heir(answer.named())
        by_lineage = [answer.judged(start, each, lineage) for each in others]
        verdict = self._with_copies(judgement.verdict, start)
        run, last_word, holding = before.run, before.last_word, before.holding
        last_heard = before.last_heard
        if judgement is not before.judgement or kinship is not before.kinship:
            if not _goes_on(before.reading.verdict, verdict, kinship):
                told = (*new, *still_open.reported)
                run = self._new_run(start, before, told, judgement, kinship)
            elif kinship.became and kinship is not before.kinship:
                run = self._as_merged(run, verdict, kinship)
            last_heard = _last_heard(judgement)
            last_word = self._last_word(before, run, new, heard, judgement, kinship)
            if kinship.became and kinship is not before.kinship:
                holding = self._holding_as_merged(verdict, run, kinship)
            else:
                holding = _holding(before, verdict, run)
        possible = [each.verdict for each in guesses]
        for guess, kin in zip(by_lineage, others, strict=True):
            possible.append(_naming(kin.guessed, guess.verdict, verdict))
        guesses += by_lineage
        if answer.unknown:
            is_new = run.first == len(self._segments)
            began = start if is_new else self._segments[run.first].start
            since = _heard_until(began if last_word is None else last_word, judgement)
            possible += _unknown(answer, judgement, since)
        reading = before.reading
        if possible or reading.possible or verdict is not reading.verdict:
            reading = Reading(verdict, _other_than(verdict, possible))
        self._segments.append(
            _Segment(
                start=start,
                answer=answer,
                settled=settled,
                kinship=kinship,
                judgement=judgement,
                reading=reading,
                last_word=last_word,
                last_heard=last_heard,
                run=run,
                holding=holding,
                lapses=min(END, judgement.lapses, *(each.lapses for each in guesses)),
            )
        )

    def _last_word(
        self,
        before: _Segment,
        run: _Run,
        new: Iterable[Claim],
        heard: Heard,
        judgement: Judgement,
        kinship: Kinship,
    ) -> Instant | None:
        """The latest close of the claims that agree with the answer and weigh no less."""
        goes_on = run is before.run and kinship is before.kinship
        goes_on &= judgement.verdict.status in (_HELD, _VACANT)
        if goes_on and judgement.weight is before.judgement.weight:
            return _later_word(before.last_word, new, judgement, kinship)
        return _last_word(heard, judgement, kinship)

    def _guesses(
        self, answer: Hearing, settled: Hearing, still_open: _Open, past: int
    ) -> Iterator[Hearing]:
        """Step 7: what else may have happened by now. With each transition whose window is open,
        and with all; without each observation whose window is open, and without all."""
        seen, reported = still_open
        for these in _each_and_all(reported):
            heard = Heard(self._claims, past, (*seen, *these))
            yield answer.hears(these, heard, self._lineage)
        if seen:
            yield settled
        for one in _in_order(seen) if len(seen) > 1 else ():
            others = tuple(each for each in seen if each is not one)
            yield settled.hears(others, Heard(self._claims, past, others), self._lineage)

    def _with_copies(self, verdict: Verdict, start: Instant) -> Verdict:
        """The verdict, with the copies of the words that speak in it."""
        if not self._copies:
            return verdict
        told = set(verdict.told)
        copies = [
            Silenced(copy.event, by, Silence.COPY)
            for copy, by in self._copies
            if by in told and copy.counts_from <= start
        ]
        return replace(verdict, outweighed=(*verdict.outweighed, *copies)) if copies else verdict

    def _new_run(
        self,
        start: Instant,
        before: _Segment,
        told: Sequence[Claim],
        judgement: Judgement,
        kinship: Kinship,
    ) -> _Run:
        """The run that begins then; of the claims that are told then, some begin to count, and
        some are changes that may have happened."""
        verdict, former = judgement.verdict, before.reading.verdict
        new = [
            claim
            for claim in told
            if claim.counts_from == start or _reports(claim, former, judgement, kinship)
        ]
        turned_by = _turned_by(new, judgement, kinship, start)
        turning = None if turned_by else self._lineage.turning_at(start)
        since, since_is = turning, SinceIs.BEGAN if turning else None
        if not turning and (word := turned_by or _first_speaker(judgement)):
            is_known = verdict.status is not _UNKNOWN
            since, since_is = self._since(word, before, start, is_seen=bool(turned_by) and is_known)
        revealed_by = _revealing(new, before, judgement, kinship, self._lineage)
        return _Run(len(self._segments), since, since_is, revealed_by)

    def _as_merged(self, run: _Run, verdict: Verdict, kinship: Kinship) -> _Run:
        """The run, from where these holders began to hold as they count since the merger."""
        earlier = run
        while earlier.first and verdict.status is _HELD:
            before = self._segments[earlier.first - 1]
            if not _goes_on(before.reading.verdict, verdict, kinship):
                break
            earlier = before.run
        return replace(run, since=earlier.since, since_is=earlier.since_is)

    def _holding_as_merged(
        self, verdict: Verdict, run: _Run, kinship: Kinship
    ) -> tuple[Holding, ...]:
        """Each holder, and since when it has been one, through all answers that name it, or what
        has become it since."""
        holding = []
        for holder in verdict.holders if verdict.status is _HELD else ():
            first, since = run.first, run.since
            while first:
                before = self._segments[first - 1]
                said = before.reading.verdict
                if said.status is not _HELD or holder not in kinship.merged(said.holders):
                    break
                first = before.run.first
                since = self._segments[first].run.since
            assert since is not None, "what is held began, or was seen"
            holding.append(Holding(holder, since))
        return tuple(holding)

    def _since(
        self, claim: Claim, before: _Segment, start: Instant, *, is_seen: bool
    ) -> tuple[Window, SinceIs]:
        """When an answer began that a claim tells of: a change, in its window; what was only seen,
        some time between the last word for the answer before and the sighting."""
        window = claim.occurred
        is_news = claim.asserts.is_transition or claim.asserts.status is _CONTESTED
        if is_news or is_kept(claim, start):
            return window, SinceIs.BEGAN
        if before.reading.verdict.status is _UNKNOWN:
            return window, SinceIs.SEEN
        last = before.last_word
        if last is None:
            last = self._segments[before.run.first].start
        last = _heard_until(last, before.judgement)
        is_close = last >= window.latest or last == window.earliest
        if not is_seen or is_close or _is_kept_through(before):
            return window, SinceIs.BEGAN
        return Window(last, window.latest, Precision.RANGE), SinceIs.BEGAN


def _first_speaker(judgement: Judgement) -> Claim | None:
    return min((each.claim for each in judgement.speakers), key=_order, default=None)


def _turned(still_open: _Open, turning: _Claims, start: Instant) -> _Open:
    """The claims whose windows are open from then on."""
    closed, settled = turning[_CLOSES], turning[_SETTLES]
    seen = [claim for claim in still_open.seen if claim not in closed]
    seen += (claim for claim in turning[_COUNTS] if _last_cell(claim) > start)
    reported = [claim for claim in still_open.reported if claim not in settled]
    return _Open(tuple(seen), (*reported, *turning[_OPENS]))


# ---- Since when ------------------------------------------------------------------------------


def _goes_on(one: Verdict, following: Verdict, kinship: Kinship) -> bool:
    """Whether the same answer goes on: the same status, and the same holders as they count now."""
    if one.status is not following.status:
        return False
    return one.status is not _HELD or set(kinship.merged(one.holders)) == set(following.holders)


def _agrees(claim: Claim, judgement: Judgement, kinship: Kinship) -> bool:
    """Whether the claim says what the answer says; of a dispute, what one of its sides says, which
    a lighter rival is not."""
    verdict = judgement.verdict
    if verdict.status is _DISPUTED:
        heard = {each.claim.event for each in judgement.speakers}
        sides = (side for side in verdict.rivals if side.evidence[0] in heard)
        said = [(side.status, side.holders) for side in sides]
    else:
        said = [(verdict.status, verdict.holders)]
    asserts = claim.asserts
    for status, holders in said:
        if asserts.status is not status:
            continue
        if not holders or not asserts.holders:
            return True
        if kinship.meet(kinship.compared(asserts.holders, claim.occurred.earliest), holders):
            return True
    return False


def _turned_by(
    new: Sequence[Claim], judgement: Judgement, kinship: Kinship, start: Instant
) -> Claim | None:
    """Of the claims that begin to count as the answer turns, the one that tells of it best."""

    def rank(claim: Claim) -> tuple[int, bool, tuple[int, int, int, int]]:
        agrees, is_open = _agrees(claim, judgement, kinship), claim.counts_from != start
        if claim.asserts.is_transition:
            return (0 if agrees else 1 if claim.asserts.leaving else 3), is_open, claim.order
        return (2 if agrees else 3), is_open, claim.order

    return min(new, key=rank, default=None)


def _holding(before: _Segment, verdict: Verdict, run: _Run) -> tuple[Holding, ...]:
    """Each holder, and since when it has been one, through all answers that name it."""
    if verdict.status is not _HELD or run.since is None:
        return ()
    so_far = {each.actor: each.since for each in before.holding}
    return tuple([Holding(actor, so_far.get(actor, run.since)) for actor in verdict.holders])


def _last_heard(judgement: Judgement) -> Window | None:
    windows = (each.claim.occurred for each in judgement.speakers)
    return max(windows, key=_window_order, default=None)


def _last_word(heard: Heard, judgement: Judgement, kinship: Kinship) -> Instant | None:
    for claim in heard.latest_first() if judgement.speakers else ():
        if claim.weight >= judgement.weight and _agrees(claim, judgement, kinship):
            return claim.occurred.latest
    return None


def _later_word(
    last: Instant | None, new: Iterable[Claim], judgement: Judgement, kinship: Kinship
) -> Instant | None:
    for claim in new:
        if claim.weight >= judgement.weight and _agrees(claim, judgement, kinship):
            last = max(last or claim.occurred.latest, claim.occurred.latest)
    return last


# ---- 7. Uncertain time stays uncertain -------------------------------------------------------


def _each_and_all(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    together = _in_order(claims)
    alone: list[tuple[Claim, ...]] = [(claim,) for claim in together]
    return alone if len(alone) < 2 else [*alone, together]


def _other_than(verdict: Verdict, possible: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Those that say something else than the verdict, and than each other: of some that say the
    same, the one of which most is told."""
    if all(other is verdict for other in possible):
        return ()
    different: dict[object, Verdict] = {}
    for other in possible:
        known = different.setdefault(other.gist, other)
        if len(other.told) > len(known.told):
            different[other.gist] = other
    different.pop(verdict.gist, None)
    return tuple(different.values())


def _naming(guessed: tuple[EventId, ...], other: Verdict, verdict: Verdict) -> Verdict:
    """Another reading, with the open events of lineage that make it so: also where they part
    actors, so that nobody in it counts as another by them."""
    if not guessed or other.says_the_same_as(verdict) or set(guessed) & set(other.lineage):
        return other
    return replace(other, lineage=(*other.lineage, *guessed))


def _unknown(hearing: Hearing, judgement: Judgement, last_word: Instant) -> Iterator[Verdict]:
    """Another firm source has said since the last word for the answer that it does not know."""
    if not hearing.unknown or judgement.verdict.status in (_DISPUTED, _UNKNOWN):
        return
    origins = {each.claim.origin for each in judgement.speakers}
    told = [
        claim
        for claim in hearing.unknown
        if claim.origin not in origins and claim.occurred.earliest >= last_word
    ]
    if told:
        last = max(told, key=_order)
        yield Verdict(_UNKNOWN, evidence=(last.event,))


def _revealing(
    new: Iterable[Claim], before: _Segment, judgement: Judgement, kinship: Kinship, lineage: Lineage
) -> tuple[Claim, ...]:
    """The sightings that alone reveal the change: each says another status than the answer before,
    or names somebody whom that does not."""
    former = before.reading.verdict
    if former.status is _UNKNOWN or any(_reports(each, former, judgement, kinship) for each in new):
        return ()
    return tuple(
        claim
        for claim in new
        if claim.asserts.is_known
        and not claim.asserts.is_transition
        and not is_kept(claim, claim.counts_from)
        and _is_news(claim, before, lineage.at(_last_cell(claim)))
    )


def _reports(claim: Claim, former: Verdict, judgement: Judgement, kinship: Kinship) -> bool:
    """Whether the claim itself tells of the change."""
    if not claim.asserts.is_transition:
        return False
    if _agrees(claim, judgement, kinship):
        return True
    return any(kinship.has_left(holder, claim.asserts.leaving) for holder in former.holders)


def _is_news(sighting: Claim, before: _Segment, kinship: Kinship) -> bool:
    said, former = sighting.asserts, before.reading.verdict
    if said.status is not former.status:
        return True
    answered = kinship.compared(former.holders, before.start)
    opening = sighting.occurred.earliest
    seen = (kinship.compared((holder,), opening) for holder in said.holders)
    return any(not kinship.meet(each, answered) for each in seen)


def _heard_until(last_word: Instant, judgement: Judgement) -> Instant:
    """The last word for an answer; where a voice for it was kept current, until then."""
    kept = [
        last_kept(each.claim)
        for each in judgement.speakers
        if each.claim.kept_until is not None and each.claim.weight is judgement.weight
    ]
    return max(last_word, *kept) if kept else last_word


def _unheard_since(last: _Segment) -> Instant:
    """Since when nobody said again what a run says, whose last segment that is."""
    return _heard_until(BEGINNING if last.last_word is None else last.last_word, last.judgement)


def _pieces(
    segment: _Segment,
    end: Instant,
    revealed: tuple[Claim, ...],
    unheard_since: Instant,
    kinship: Kinship,
) -> Iterator[tuple[Instant, Reading]]:
    """The segment, the later part first where a later sighting makes it uncertain from within.
    That sighting may name actors of whom nobody spoke when the segment was made."""
    start, reading = segment.start, segment.reading
    if unheard_since >= end or _is_kept_through(segment):
        yield start, reading
        return
    seen = [
        Verdict(
            claim.asserts.status,
            kinship.merged(claim.asserts.holders),
            evidence=(claim.event,),
        )
        for claim in revealed
    ]
    possible = _other_than(reading.verdict, [*reading.possible, *seen])
    yield max(start, unheard_since), replace(reading, possible=possible)
    if start < unheard_since:
        yield start, reading


def _is_kept_through(segment: _Segment) -> bool:
    """Whether a continuous source says what the answer says."""
    return any(is_kept(each.claim, segment.start) for each in segment.judgement.speakers)


def _in_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(claims) if len(claims) < 2 else tuple(sorted(claims, key=_order))


def _order(claim: Claim) -> tuple[int, int, int, int]:
    return claim.order


def _end_order(claim: Claim) -> tuple[int, tuple[int, int, int, int]]:
    return claim.end_order


def _window_order(window: Window) -> tuple[int, int]:
    return (window.latest, window.earliest)


def _last_cell(claim: Claim) -> Instant:
    """The last microsecond of the window: at its close the claim has happened."""
    return Instant(claim.occurred.latest - 1)
