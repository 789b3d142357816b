"""The rule of control swept once through time. Step 7 of the rule.

Claims and words of lineage matter at two instants, at the opening and at the end of the window;
time alone changes an answer where a word grows old. Between these instants nothing changes.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from domain.control.claims import Claim, ControlStatus
from domain.control.hearing import Hearing, Judgement
from domain.control.lineage import Lineage
from domain.control.rule import judged
from domain.control.since import END, Segment, heard_until, set_times, unheard_since, unsaid
from domain.control.verdict import Reading, Silence, Silenced, Verdict
from domain.control.voices import Heard
from domain.occurred import Instant
from domain.values import EventId

_DISPUTED, _UNKNOWN = ControlStatus.DISPUTED, ControlStatus.UNKNOWN


@dataclass(slots=True, eq=False)
class _Changes:
    """The claims with a change at an instant; empty for a change by kinship or by a copy alone."""

    settles: tuple[Claim, ...] = ()
    """Transitions at the end of the window: they count from now on."""
    counts: tuple[Claim, ...] = ()
    """Observations at the opening of the window: they count from now on."""
    opens: tuple[Claim, ...] = ()
    """Transitions at the opening of the window: they may have happened from now on."""
    closes: tuple[Claim, ...] = ()
    """Observations at the end of the window: they held throughout."""


_NOTHING = _Changes()


class _Open(NamedTuple):
    """The claims with open windows."""

    seen: tuple[Claim, ...] = ()
    """Observations."""
    reported: tuple[Claim, ...] = ()
    """Transitions."""

    def after(self, turn: _Changes, start: Instant) -> "_Open":
        """The claims with open windows after the turn."""
        seen, reported = self
        if turn.closes:
            seen = tuple([claim for claim in seen if claim not in turn.closes])
        if turn.counts:
            still = [claim for claim in turn.counts if claim.occurred.latest - 1 > start]
            seen = (*seen, *_in_order(still))
        if turn.settles:
            reported = tuple([claim for claim in reported if claim not in turn.settles])
        if turn.opens:
            reported = (*reported, *_in_order(turn.opens))
        return _Open(seen, reported)


class Sweep:
    """The segments of a place, with the claims, copies and lineage behind."""

    def __init__(self, lineage: Lineage) -> None:
        self.claims: list[Claim] = []
        """In the order of the ends of their windows."""
        self.copies: tuple[tuple[Claim, EventId], ...] = ()
        """Claims of copied reports, each with the event that speaks instead."""
        self.lineage = lineage
        self.segments = [unsaid()]

    def again_from(self, opening: Instant) -> Instant:
        """Sweeps from an instant on; returns the instant before which every period stayed."""
        before = Instant(opening - 1)
        kept = bisect_right(self.segments, before, key=attrgetter("start")) - 1
        run = self.segments[kept].run
        followed = self._change_after(kept)
        del self.segments[kept + 1 :]
        self._sweep_after(before)
        stays = self._change_after(kept) == followed
        return opening if stays else self.segments[run.first].start

    def _change_after(self, index: int) -> tuple[object, ...]:
        """The facts about a segment's run that only the next run tells."""
        run = self.segments[index].run
        for later in range(index + 1, len(self.segments)):
            following = self.segments[later].run
            if following.first != run.first:
                unheard = unheard_since(self.segments[later - 1])
                return following.since, following.revealed_by, unheard
        return ()

    def _sweep_after(self, instant: Instant) -> None:
        past = bisect_right(self.claims, instant + 1, key=attrgetter("occurred.latest"))
        ahead = self.claims[past:]
        begun = [claim for claim in ahead if claim.occurred.earliest <= instant]
        still_open = _Open(
            tuple([claim for claim in begun if not claim.asserts.is_transition]),
            tuple([claim for claim in begun if claim.asserts.is_transition]),
        )
        for start, turn in sorted(self._turns_after(instant, ahead).items()):
            self._lapse_before(start, still_open, past)
            past += len(turn.settles) + len(turn.closes)
            were_open, still_open = still_open, still_open.after(turn, start)
            if not self._is_mere_close(turn, still_open):
                self._append(start, turn, were_open, still_open, past)
        self._lapse_before(END, still_open, past)

    def _turns_after(self, instant: Instant, claims: Iterable[Claim]) -> dict[Instant, _Changes]:
        """The instants with changes."""
        turns: dict[Instant, _Changes] = defaultdict(_Changes)
        for claim in claims:
            opening, close = claim.occurred.earliest, Instant(claim.occurred.latest - 1)
            if claim.asserts.is_transition:
                turns[close].settles += (claim,)
                if instant < opening < close:
                    turns[opening].opens += (claim,)
            else:
                turns[close].closes += (claim,)
                if opening > instant:
                    turns[opening].counts += (claim,)
        others = [*self.lineage.turns, *(copy.counts_from for copy, _ in self.copies)]
        for other in others:
            if other > instant:
                turns.setdefault(other, _Changes())
        return turns

    def _lapse_before(self, start: Instant, still_open: _Open, past: int) -> None:
        """Appends the segments begun by time alone, before anything is said."""
        while (lapse := self.segments[-1].lapses) < start:
            self._append(lapse, _NOTHING, still_open, still_open, past)

    def _is_mere_close(self, turn: _Changes, still_open: _Open) -> bool:
        """Whether nothing happens except closes of observations without any doubt."""
        if turn.settles or turn.counts or turn.opens or still_open.seen or still_open.reported:
            return False
        is_plain = self.lineage.is_silent and not self.copies
        return is_plain and not self.segments[-1].reading.possible

    def _append(
        self, start: Instant, turn: _Changes, were_open: _Open, still_open: _Open, past: int
    ) -> None:
        before, lineage = self.segments[-1], self.lineage
        new = _in_order(turn.settles + turn.counts)
        heard = Heard(self.claims, past, still_open.seen)
        answer = settled = before.answer.hears(new, heard, lineage)
        if still_open.seen:
            settled = before.settled if were_open.seen else before.answer
            over = _in_order(turn.settles + turn.closes)
            settled = settled.hears(over, Heard(self.claims, past), lineage)
        for hearing in (before.answer, before.settled):
            if hearing is not answer and hearing is not settled:
                hearing.forget_guesses()
        kinship = lineage.at(start)
        judgement = judged(answer, start, kinship, lineage)
        segment = Segment(start, answer, settled, kinship, judgement, before.run)
        if judgement is before.judgement and kinship is before.kinship:
            segment.last_word, segment.last_heard = before.last_word, before.last_heard
            segment.holding = before.holding
        else:
            set_times(self.segments, segment, new, still_open.reported, heard, lineage)
        self._read(segment, new, still_open, past)
        self.segments.append(segment)

    def _read(self, segment: Segment, new: tuple[Claim, ...], still_open: _Open, past: int) -> None:
        """Sets the reading of a segment: the verdict, and every other possible verdict."""
        verdict = self._with_copies(segment.judgement.verdict, segment.start)
        before = self.segments[-1].reading
        possible: list[Verdict] = []
        lapses = min(END, segment.judgement.lapses)
        for guess, why in self._guesses(segment, new, still_open, past):
            possible.append(_naming(why, guess.verdict, verdict) if why else guess.verdict)
            lapses = min(lapses, guess.lapses)
        if segment.answer.unknown:
            possible += self._perhaps_unknown(segment)
        segment.lapses = lapses
        if possible or before.possible or verdict is not before.verdict:
            segment.reading = Reading(verdict, other_than(verdict, possible))
        else:
            segment.reading = before

    def _guesses(
        self, segment: Segment, new: tuple[Claim, ...], still_open: _Open, past: int
    ) -> Iterator[tuple[Judgement, tuple[EventId, ...]]]:
        """Judgements of other possible courses of events, each with open events of lineage."""
        start, kinship, lineage = segment.start, segment.kinship, self.lineage
        if still_open.seen or still_open.reported:
            for guess in self._open_hearings(segment, new, still_open, past):
                yield judged(guess, start, kinship, lineage), ()
        if lineage.is_silent:
            return
        others = [*lineage.perhaps_at(start)]
        if kinship.ended:
            others += kinship.each_heir(segment.answer.named())
        for other in others:
            yield judged(segment.answer, start, other, lineage), other.guessed

    def _open_hearings(
        self, segment: Segment, new: tuple[Claim, ...], still_open: _Open, past: int
    ) -> Iterator[Hearing]:
        """The hearings with each open transition and all, without each open observation and all."""
        (seen, reported), answer, settled = still_open, segment.answer, segment.settled
        before = self.segments[-1].answer
        for these in _each_and_all(reported):
            heard = Heard(self.claims, past, (*seen, *these))
            yield answer.hears(these, heard, self.lineage)
        if seen:
            yield settled
        for one in _in_order(seen) if len(seen) > 1 else ():
            if new == (one,):
                yield before
                continue
            others = tuple([each for each in seen if each is not one])
            yield settled.hears(others, Heard(self.claims, past, others), self.lineage)

    def _with_copies(self, verdict: Verdict, start: Instant) -> Verdict:
        """The verdict, with the copies of speaking words."""
        if not self.copies:
            return verdict
        told = set(verdict.told)
        copies = [
            Silenced(copy.event, by, Silence.COPY)
            for copy, by in self.copies
            if by in told and copy.counts_from <= start
        ]
        return verdict._replace(outweighed=(*verdict.outweighed, *copies)) if copies else verdict

    def _perhaps_unknown(self, segment: Segment) -> list[Verdict]:
        """UNKNOWN, if another firm source without knowledge spoke since the last word."""
        judgement, first = segment.judgement, segment.run.first
        if judgement.verdict.status in (_DISPUTED, _UNKNOWN):
            return []
        last_word = segment.last_word
        if last_word is None:
            last_word = segment.start if first == len(self.segments) else self.segments[first].start
        last_word = heard_until(last_word, judgement)
        origins = {each.claim.origin for each in judgement.speakers}
        told = [
            claim
            for claim in segment.answer.unknown
            if claim.origin not in origins and claim.occurred.earliest >= last_word
        ]
        last = [max(told, key=attrgetter("order"))] if told else []
        return [Verdict(_UNKNOWN, evidence=(claim.event,)) for claim in last]


def _each_and_all(claims: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    together = _in_order(claims)
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
