"""The rule of control swept once through time. Step 7 of the rule.

Claims and words of lineage matter at two instants, at the opening and at the end of the window;
time alone changes an answer where a word grows old. Between these instants nothing changes.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from domain.control.claims import Claim, ControlStatus
from domain.control.hearing import Hearing, Judgement
from domain.control.kinship import Kinship
from domain.control.last_words import UNHEARD, LastWords
from domain.control.likeness import Likeness
from domain.control.lineage import Lineage
from domain.control.omission import Omissions
from domain.control.rule import judged
from domain.control.sequence import is_kept
from domain.control.since import (
    START,
    Segment,
    Standings,
    heard_until,
    say_instead,
    set_times,
    unsaid,
)
from domain.control.verdict import Reading, Silence, Silenced, Verdict
from domain.control.voices import Heard, key_of
from domain.occurred import BEGINNING, END, Instant
from domain.values import EventId, SourceId

_DISPUTED, _UNKNOWN = ControlStatus.DISPUTED, ControlStatus.UNKNOWN
_OPENING, _ORDER, _END_ORDER = (attrgetter(each) for each in ("order", "order", "end_order"))
_FRESH = 64
"""How many of the last segments keep their standings."""
_SOON = 8
"""After how many segments a sweep that has not ended is compared with the former one."""
_ROOM = 200_000
"""How many claims the standings of earlier segments may hold, roughly."""


@dataclass(slots=True, eq=False)
class _Changes:
    """The claims with a change at an instant; empty for a change by kinship or by a copy alone."""

    start: Instant
    settles: Sequence[Claim] = ()
    """Transitions at the end of the window: they count from now on."""
    counts: Sequence[Claim] = ()
    """Observations at the opening of the window: they count from now on."""
    opens: Sequence[Claim] = ()
    """Transitions at the opening of the window: they may have happened from now on."""
    closes: Sequence[Claim] = ()
    """Observations at the end of the window: they held throughout."""


@dataclass(slots=True, eq=False)
class _Open:
    """The claims with open windows, and how many windows have passed."""

    past: int
    seen: tuple[Claim, ...] = ()
    """Observations, in their order."""
    reported: tuple[Claim, ...] = ()
    """Transitions."""

    def after(self, turn: _Changes) -> "_Open":
        """The claims with open windows after the turn."""
        seen, reported = self.seen, self.reported
        if turn.closes and seen:
            closed = set(map(id, turn.closes))
            seen = tuple([claim for claim in seen if id(claim) not in closed])
        if turn.counts:
            seen = (*seen, *(it for it in turn.counts if it.occurred.latest - 1 > turn.start))
        if turn.settles:
            settled = set(map(id, turn.settles))
            reported = tuple([claim for claim in reported if id(claim) not in settled])
        if turn.opens:
            reported = (*reported, *turn.opens)
        past = self.past + len(turn.settles) + len(turn.closes)
        return _Open(past, seen, reported)

    @property
    def horizon(self) -> Instant:
        """No open window opened before this instant."""
        if not self.reported and not self.seen:
            return END
        openings = [claim.occurred.earliest for claim in self.reported]
        if self.seen:
            openings.append(self.seen[0].occurred.earliest)
        return min(openings, default=END)


class _Turns:
    """The instants with changes after an instant, in order."""

    def __init__(
        self,
        claims: Sequence[Claim],
        openings: Sequence[Claim],
        others: Iterator[Instant],
        instant: Instant,
    ) -> None:
        self._claims, self._openings = claims, openings
        self._past = bisect_right(claims, instant + 1, key=attrgetter("occurred.latest"))
        self._opened = bisect_right(openings, instant, key=attrgetter("occurred.earliest"))
        self._close, self._opening = self._next_close(), self._next_opening()
        self._others, self._other = others, next(others, END)

    def following(self, *, passing_closes: bool) -> _Changes | None:
        """The next turn. The closes of observations before are part of the turn, if passed."""
        close = END if passing_closes else self._close
        start = Instant(min(close, self._opening, self._other))
        if start == END:
            return None
        turn, past, opened = _Changes(start), self._past, self._opened
        while self._close <= start:
            self._past += 1
            self._close = self._next_close()
        while self._opening == start:
            self._opened += 1
            self._opening = self._next_opening()
        if past < self._past:
            turn.closes = over = self._claims[past : self._past]
            if settles := [claim for claim in over if claim.asserts.is_transition]:
                turn.settles = settles
                turn.closes = [claim for claim in over if not claim.asserts.is_transition]
        if opened < self._opened:
            turn.counts = begun = self._openings[opened : self._opened]
            if any(claim.asserts.is_transition for claim in begun):
                turn.counts = [claim for claim in begun if not claim.asserts.is_transition]
                turn.opens = [claim for claim in begun if _opens_later(claim)]
        while self._other == start:
            self._other = next(self._others, END)
        return turn

    def _next_close(self) -> Instant:
        if self._past == len(self._claims):
            return END
        return Instant(self._claims[self._past].occurred.latest - 1)

    def _next_opening(self) -> Instant:
        if self._opened == len(self._openings):
            return END
        return self._openings[self._opened].occurred.earliest


def _opens_later(claim: Claim) -> bool:
    """Whether the claim is a transition that counts only after its opening."""
    return claim.asserts.is_transition and claim.occurred.latest - 1 > claim.occurred.earliest


class Sweep:
    """The segments of a place, with the claims, copies and lineage behind."""

    def __init__(self, lineage: Lineage) -> None:
        self.claims: list[Claim] = []
        """In the order of the ends of their windows."""
        self._openings: list[Claim] = []
        """In the order of the openings."""
        self._transitions: list[Claim] = []
        """In the order of the ends of their windows."""
        self._changing: Counter[SourceId] = Counter()
        """How many transitions each origin reports."""
        self._copies_of: dict[EventId, list[Claim]] = {}
        self._copies_count: list[Instant] = []
        """The instants from which copies count, in order."""
        self.lineage = lineage
        self.segments = [unsaid()]
        self._runs = [BEGINNING]
        """The starts of the runs."""
        self._likeness: Likeness | None = None
        """While a sweep goes on beside the former one."""

    # ---- claims ------------------------------------------------------------------------------

    def put(self, claim: Claim) -> None:
        insort(self.claims, claim, key=_END_ORDER)
        insort(self._openings, claim, key=_OPENING)
        if claim.asserts.is_transition:
            insort(self._transitions, claim, key=_END_ORDER)
            self._changing[claim.origin] += 1

    def take_out(self, claim: Claim) -> None:
        del self.claims[bisect_left(self.claims, claim.end_order, key=_END_ORDER)]
        del self._openings[bisect_left(self._openings, claim.order, key=_OPENING)]
        if claim.asserts.is_transition:
            index = bisect_left(self._transitions, claim.end_order, key=_END_ORDER)
            del self._transitions[index]
            self._changing[claim.origin] -= 1

    def put_all(self, claims: Iterable[Claim]) -> None:
        """Replaces all claims."""
        self.claims = sorted(claims, key=_END_ORDER)
        self._openings = sorted(self.claims, key=_OPENING)
        self._transitions = [claim for claim in self.claims if claim.asserts.is_transition]
        self._changing = Counter(claim.origin for claim in self._transitions)

    def put_copies(self, copies: Iterable[tuple[Claim, EventId]]) -> None:
        """Replaces all copies, each with the event that speaks instead."""
        self._copies_of = {}
        for copy, by in copies:
            self._copies_of.setdefault(by, []).append(copy)
        made = (copy.counts_from for same in self._copies_of.values() for copy in same)
        self._copies_count = sorted(made)

    # ---- segments ----------------------------------------------------------------------------

    def index(self, at: Instant) -> int:
        """The number of the segment at an instant."""
        return bisect_right(self.segments, at, key=START) - 1

    def following(self, segment: Segment) -> Segment | None:
        """The first segment of the next run."""
        if self._runs[-1] == segment.run.start:
            return None
        index = bisect_right(self._runs, segment.run.start)
        return self.segments[self.index(self._runs[index])]

    def unheard_since(self, following: Segment) -> Instant:
        """Since when nobody repeated the answer before a run."""
        return self.segments[self.index(Instant(following.start - 1))].heard_until

    def again_from(self, opening: Instant, closing: Instant) -> tuple[Instant, Instant]:
        """Sweeps again after a change of claims with windows between two instants, until all is as
        before. Returns the instants outside which every period stayed: before the first, and
        beginning after the second."""
        kept = index = self.index(Instant(opening - 1))
        last = self.segments[index]
        followed = self._change_after(last)
        while self.segments[kept].standings is None:
            kept -= 1
        former = self.segments[kept + 1 :]
        del self.segments[kept + 1 :]
        former_runs = self._drop_runs_after(self.segments[kept].start)
        until = self._sweep(former, former_runs, closing)
        last = self.segments[index]
        stays = self._change_after(last) == followed
        return opening if stays else last.run.start, until

    def _drop_runs_after(self, start: Instant) -> list[Instant]:
        index = bisect_right(self._runs, start)
        dropped = self._runs[index:]
        del self._runs[index:]
        return dropped

    def _change_after(self, segment: Segment) -> tuple[object, ...]:
        """The facts about a segment's run that only the next run tells."""
        if (following := self.following(segment)) is None:
            return ()
        run = following.run
        return run.since, run.revealed_by, self.unheard_since(following)

    def _sweep(
        self, former: Sequence[Segment], former_runs: Sequence[Instant], closing: Instant
    ) -> Instant:
        """Appends all segments after the last, or until one is as it was; returns its start."""
        passed = compared = 0
        is_plain = closing < END and self.lineage.is_silent and not self._copies_of
        self._likeness = likeness = Likeness(self.lineage, closing) if is_plain else None
        for segment in self._swept():
            while passed < len(former) and former[passed].start < segment.start:
                passed += 1
            if passed < len(former) and segment.start >= closing:
                before = former[passed]
                if before.standings and self._ends_with(segment, former, passed, closing):
                    self.segments += former[passed + 1 :]
                    self._runs += former_runs[bisect_right(former_runs, segment.start) :]
                    self._likeness = None
                    return segment.start
                compared += 1
                is_alike = before.standings and before.start == segment.start
                if likeness and is_alike and compared > _SOON:
                    likeness.note(segment.now, before.now, _horizon(segment))
        self._likeness = None
        return END

    def _hears(self, hearing: Hearing, new: Sequence[Claim], heard: Heard) -> Hearing:
        if self._likeness:
            return self._likeness.hears(hearing, new, heard)
        return hearing.hears(new, heard, self.lineage)

    def _judged(self, hearing: Hearing, at: Instant, kinship: Kinship) -> Judgement:
        if self._likeness:
            return self._likeness.judged(hearing, at)
        return judged(hearing, at, kinship, self.lineage)

    def _ends_with(
        self, segment: Segment, former: Sequence[Segment], index: int, closing: Instant
    ) -> bool:
        """Whether the segment is as before, and no later claim can depend on the claims changed: a
        transition with an open window may yet be measured by any word since its opening, and may
        put earlier words of its origin first."""
        now, before = segment.now, former[index]
        if segment.start != before.start:
            return False
        if any(self._may_measure(claim, now.answer, closing) for claim in now.reported):
            return False
        if any(self._changing[claim.origin] for claim in now.seen):
            return False
        if not segment.is_as(before, self.lineage):
            return False
        return say_instead(before.now.said, now.said, former[index + 1 :], segment.start)

    @staticmethod
    def _may_measure(transition: Claim, answer: Hearing, closing: Instant) -> bool:
        """Whether the changed claims, which close by an instant, or an earlier word of the same
        origin may overlap the window of a transition."""
        opening, origin = transition.occurred.earliest, answer.origins.get(transition.origin)
        return opening < closing or (origin is not None and origin.close > opening)

    def _swept(self) -> Iterator[Segment]:
        """Appends and returns segment after segment, after the last."""
        instant, now = self.segments[-1].start, self.segments[-1].now
        past = bisect_right(self.claims, instant + 1, key=attrgetter("occurred.latest"))
        still_open = _Open(past, now.seen, now.reported)
        turns = _Turns(self.claims, self._openings, self._other_turns_after(instant), instant)
        while turn := turns.following(passing_closes=self._is_certain(still_open)):
            yield from self._lapsed_before(turn.start, still_open)
            were_open, still_open = still_open, still_open.after(turn)
            if not self._is_mere_close(turn, still_open):
                yield self._append(turn, were_open, still_open)
        yield from self._lapsed_before(END, still_open)

    def _is_certain(self, still_open: _Open) -> bool:
        """Whether closes of observations change nothing: all that are open say what the settled
        voices say of one accord, so it makes no difference how many of them count."""
        last, seen = self.segments[-1], still_open.seen
        if not seen or still_open.reported or last.reading.possible or self._copies_of:
            return False
        lineage, now, said = self.lineage, last.now, seen[0].asserts
        return (
            lineage.is_silent
            and now.judgement.is_lasting_accord(said)
            and judged(now.settled, last.start, last.kinship, lineage).is_lasting_accord(said)
            and all(it.kept_until is None and it.asserts.what == said.what for it in seen)
        )

    def _other_turns_after(self, instant: Instant) -> Iterator[Instant]:
        """The turns of lineage, and the instants from which copies count."""
        turns, copies = self.lineage.turns, self._copies_count
        if not turns and not copies:
            return iter(())
        ahead = turns[bisect_right(turns, instant) :]
        ahead += copies[bisect_right(copies, instant) :]
        return iter(sorted(ahead))

    def _lapsed_before(self, start: Instant, still_open: _Open) -> Iterator[Segment]:
        """Appends the segments begun by time alone, before anything is said."""
        while (lapse := self.segments[-1].lapses) < start:
            yield self._append(_Changes(lapse), still_open, still_open)

    def _is_mere_close(self, turn: _Changes, still_open: _Open) -> bool:
        """Whether nothing happens except closes of observations without any doubt."""
        if turn.settles or turn.counts or turn.opens or still_open.seen or still_open.reported:
            return False
        is_plain = self.lineage.is_silent and not self._copies_of
        return is_plain and not self.segments[-1].reading.possible

    def _append(self, turn: _Changes, were_open: _Open, still_open: _Open) -> Segment:
        start, last, lineage = turn.start, self.segments[-1], self.lineage
        before, seen = last.now, still_open.seen
        horizon = min(start, were_open.horizon)
        told = self.claims, self._transitions, still_open.past
        heard = Heard(*told, seen, (), horizon)
        new = _in_order((*turn.settles, *turn.counts))
        answer = settled = self._hears(before.answer, new, heard) if new else before.answer
        if seen:
            settled = before.settled if were_open.seen else before.answer
            if over := _in_order((*turn.settles, *turn.closes)):
                settled = self._hears(settled, over, Heard(*told, (), (), horizon))
        kinship = lineage.at(start)
        judgement = self._judged(answer, start, kinship)
        said = self._said(before.said, new)
        reported = still_open.reported
        standings = Standings(answer, settled, judgement, said, seen, reported)
        segment = Segment(start, kinship, last.run, standings)
        if judgement is before.judgement and kinship is last.kinship:
            segment.last_word, segment.last_heard = last.last_word, last.last_heard
            segment.holding = last.holding
        else:
            set_times(self.segments, segment, new, lineage)
        known = BEGINNING if segment.last_word is None else segment.last_word
        segment.heard_until = heard_until(known, judgement)
        if judgement.kept:
            segment.is_kept = any(is_kept(claim, start) for claim in judgement.kept)
        self._read(segment, standings, new, heard)
        for hearing in (before.answer, before.settled):
            if hearing is not answer and hearing is not settled:
                hearing.forget_guesses(but=(answer, settled))
        self._keep(segment)
        return segment

    def _keep(self, segment: Segment) -> None:
        """Appends the segment. Only some of the segments before keep their standings."""
        segments = self.segments
        if segment.run.start == segment.start:
            self._runs.append(segment.start)
        segments.append(segment)
        index = len(segments) - 1 - _FRESH
        if index > 0 and (old := segments[index].standings):
            if old.answer.has_guesses or old.settled.has_guesses:
                following = [it.standings for it in segments[index + 1 : index + 4] if it.standings]
                for hearing in old.hearings:
                    hearing.forget_guesses([it for each in following for it in each.hearings])
            if index % (1 + index * old.size // _ROOM):
                segments[index].standings = None
                if earlier := segments[index - 1].standings:
                    for hearing in earlier.hearings:
                        hearing.forget_guesses()

    def _said(
        self, said: Mapping[object, LastWords], new: Iterable[Claim]
    ) -> Mapping[object, LastWords]:
        """The last words, with new claims."""
        now = said
        for claim in new:
            key = key_of(claim, self.lineage)
            last = now.get(key) or LastWords(claim, UNHEARD)
            if last.closes[claim.weight] < claim.occurred.latest:
                now = {**now, key: last.heard(claim)}
        return now

    def _read(self, segment: Segment, now: Standings, new: tuple[Claim, ...], heard: Heard) -> None:
        """Sets the reading of a segment: the verdict, and every other possible verdict."""
        judgement, before = now.judgement, self.segments[-1].reading
        verdict = judgement.verdict
        if self._copies_of:
            verdict = self._with_copies(verdict, segment.start)
        possible: list[Verdict] = []
        lapses = min(END, judgement.lapses)
        if now.seen or now.reported or not self.lineage.is_silent:
            for guess, why in self._guesses(segment, now, new, heard):
                possible.append(_naming(why, guess.verdict, verdict) if why else guess.verdict)
                lapses = min(lapses, guess.lapses)
        if now.answer.unknown:
            possible += self._perhaps_unknown(segment)
        segment.lapses = lapses
        if possible or before.possible or verdict is not before.verdict:
            segment.reading = Reading(verdict, other_than(verdict, possible))
        else:
            segment.reading = before

    def _guesses(
        self, segment: Segment, now: Standings, new: tuple[Claim, ...], heard: Heard
    ) -> Iterator[tuple[Judgement, tuple[EventId, ...]]]:
        """Judgements of other possible courses of events, each with open events of lineage."""
        start, kinship, lineage = segment.start, segment.kinship, self.lineage
        for guess in self._open_hearings(start, now, new, heard):
            yield self._judged(guess, start, kinship), ()
        if lineage.is_silent:
            return
        others = [*lineage.perhaps_at(start)]
        if kinship.ended:
            others += kinship.each_heir(now.answer.named())
        for other in others:
            yield judged(now.answer, start, other, lineage), other.guessed

    def _open_hearings(
        self, start: Instant, now: Standings, new: tuple[Claim, ...], heard: Heard
    ) -> Iterator[Hearing]:
        """The hearings with each open transition and all, without each open observation and all.
        An observation without effect on the reading is left out."""
        if now.reported:
            for these in _each_and_all(now.reported):
                yield now.answer.hears(these, heard._replace(supposed=these), self.lineage)
        if not now.seen:
            return
        yield now.settled
        if len(now.seen) == 1:
            return
        for one in Omissions(now, start, self.lineage).with_effect():
            if new == (one,):
                yield self.segments[-1].now.answer
                continue
            others = tuple([each for each in now.seen if each is not one])
            yield now.settled.hears(others, heard._replace(seen=others), self.lineage)

    def _with_copies(self, verdict: Verdict, start: Instant) -> Verdict:
        """The verdict, with the copies of speaking words."""
        made = sorted(
            (copy.position, (copy, by))
            for by in set(verdict.told) & self._copies_of.keys()
            for copy in self._copies_of[by]
        )
        copies = [
            Silenced(copy.event, by, Silence.COPY)
            for _, (copy, by) in made
            if copy.counts_from <= start
        ]
        return verdict._replace(outweighed=(*verdict.outweighed, *copies)) if copies else verdict

    def _perhaps_unknown(self, segment: Segment) -> list[Verdict]:
        """UNKNOWN, if another firm source without knowledge spoke since the last word."""
        judgement, answer = segment.now.judgement, segment.now.answer
        if judgement.verdict.status in (_DISPUTED, _UNKNOWN):
            return []
        last_word = segment.last_word
        if last_word is None:
            last_word = segment.run.start
        last_word = heard_until(last_word, judgement)
        origins = {each.claim.origin for each in judgement.speakers}
        told = [
            claim
            for claim in answer.unknown.values()
            if claim.origin not in origins and claim.occurred.earliest >= last_word
        ]
        last = [max(told, key=attrgetter("order"))] if told else []
        return [Verdict(_UNKNOWN, evidence=(claim.event,)) for claim in last]


def _horizon(segment: Segment) -> Instant:
    """No claim that counts after the segment opens before this instant."""
    now = segment.now
    return _Open(0, now.seen, now.reported).horizon if now.seen or now.reported else segment.start


def _each_and_all(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    together = tuple(sorted(claims, key=attrgetter("counting_order")))
    alone: list[tuple[Claim, ...]] = [(claim,) for claim in together]
    return alone if len(alone) < 2 else [*alone, together]


def other_than(verdict: Verdict, possible: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The possible verdicts with another gist, each gist once, with most evidence."""
    others = [it for it in possible if it is not verdict and not it.says_the_same_as(verdict)]
    if len(others) < 2:
        return tuple(others)
    different: dict[object, Verdict] = {}
    for other in others:
        known = different.setdefault(gist := other.gist, other)
        if len(other.told) > len(known.told):
            different[gist] = other
    return tuple(different.values())


def _naming(guessed: tuple[EventId, ...], other: Verdict, verdict: Verdict) -> Verdict:
    """Another reading, with the open events of lineage behind it, even events that part actors."""
    if other.says_the_same_as(verdict) or set(guessed) & set(other.lineage):
        return other
    return other._replace(lineage=(*other.lineage, *guessed))


def _in_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(claims) if len(claims) < 2 else tuple(sorted(claims, key=attrgetter("order")))
