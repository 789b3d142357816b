"""Who controlled a place, period by period?

A change of claims touches the time from the opening of their windows until every voice is again as
before; so a claim in order touches only the end of the timeline.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.control.admission import Admission
from domain.control.claims import Claim
from domain.control.kinship import Kinship
from domain.control.lineage import NO_LINEAGE, Lineage
from domain.control.perspective import Admitted
from domain.control.since import Segment, is_news
from domain.control.sweep import Sweep, other_than
from domain.control.verdict import Period, Reading, Verdict
from domain.occurred import BEGINNING, END, Instant, Window
from domain.values import ActorId, EventId

__all__ = ["BEGINNING", "END", "Timeline"]


class Touched(NamedTuple):
    """The periods that a change may touch: all others stay as before."""

    after: Instant
    """Every period that ends by then stays; the period around it may only end otherwise."""
    until: Instant
    """Every period that begins later stays."""


NOT_TOUCHED = Touched(END, BEGINNING)


class Timeline:
    """All claims on a place, resolved into periods, while claims come and go."""

    def __init__(
        self, claims: Iterable[Claim] | Admitted = (), lineage: Lineage = NO_LINEAGE
    ) -> None:
        self._sweep = Sweep(NO_LINEAGE)
        self._all_lineage = lineage
        self._named: set[ActorId] = set()
        self._admission = Admission(Admitted())
        self._take_in(claims)
        self._sweep.again_from(Instant(BEGINNING + 1), END)

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims in the order of settlement, each as published at first."""
        return self._sweep.claims

    def add(self, claim: Claim) -> Touched:
        """Takes a claim in."""
        return self._change(self._admission.take_in(claim))

    def take_back(self, event: EventId) -> Touched:
        """Takes a claim back, if there is a claim of the event."""
        return self._change(self._admission.take_back(event))

    def reinstate(self, event: EventId) -> Touched:
        """Reinstates a claim taken back before."""
        return self._change(self._admission.reinstate(event))

    def become(self, claims: Iterable[Claim] | Admitted) -> Touched:
        """Replaces all claims, for example after new grades."""
        before = self._admission.state
        turning = self._take_in(claims)
        now = self._admission.state
        events = before.keys() | now.keys()
        changed = [
            told[0]
            for event in events
            if before.get(event) != now.get(event)
            for told in (before.get(event), now.get(event))
            if told
        ]
        if not changed:
            return NOT_TOUCHED
        opening = min(claim.occurred.earliest for claim in changed)
        return Touched(*self._sweep.again_from(min(opening, turning), END))

    def periods(self, after: Instant = BEGINNING, until: Instant = END) -> list[Period]:
        """The periods ending after an instant and beginning by another, in the order of valid
        time."""
        found: list[_Piece] = []
        later: _Piece | None = None
        for piece in self._latest_first(until):
            if later and piece.is_one_period_with(later):
                later.start = piece.start
            elif later and later.start <= after:
                break
            else:
                found.append(later := piece)
        return [piece.period for piece in reversed(found) if piece.start <= until]

    def at(self, instant: Instant) -> Period:
        """The period around an instant."""
        return self.periods(instant, instant)[0]

    # ---- claims ------------------------------------------------------------------------------

    def _take_in(self, claims: Iterable[Claim] | Admitted) -> Instant:
        """Replaces all claims; returns the first change in kinship of newly named actors."""
        heard = claims if isinstance(claims, Admitted) else Admitted(tuple(claims))
        self._admission = Admission(heard)
        self._sweep.put_all(self._admission.words)
        self._sweep.put_copies(self._admission.copies)
        return self._name_actors_of([claim for claim, _ in self._admission.state.values()])

    def _change(self, changed: Sequence[Claim]) -> Touched:
        """Sweeps again after some claims came, went, or turned into copies or out of copies."""
        if not changed:
            return NOT_TOUCHED
        known = self._sweep.lineage
        for claim in changed:
            self._put_words_of(claim)
        turning = self._name_actors_of(changed)
        closing = max(claim.occurred.latest for claim in changed)
        if any(claim.copied for claim in changed):
            self._sweep.put_copies(self._admission.copies)
            closing = END
        if self._sweep.lineage is not known:
            closing = END
        opening = min(claim.occurred.earliest for claim in changed)
        return Touched(*self._sweep.again_from(min(opening, turning), closing))

    def _put_words_of(self, claim: Claim) -> None:
        """Gives the sweep the words of an origin on a window, as they are with the claim or
        without."""
        wording = self._admission.wording(claim)
        before = {each.event: each for each in wording.words}
        if self._admission.speaks(claim):
            wording.take_in(claim)
        else:
            wording.take_out(claim)
        for word in wording.words:
            if before.get(word.event) == word:
                del before[word.event]
            else:
                if known := before.pop(word.event, None):
                    self._sweep.take_out(known)
                self._sweep.put(word)
        for word in before.values():
            self._sweep.take_out(word)

    def _name_actors_of(self, claims: Collection[Claim]) -> Instant:
        """Takes in the lineage of the actors in the claims; only named actors matter here."""
        named = {
            actor for claim in claims for actor in (*claim.asserts.holders, *claim.asserts.leaving)
        }
        if named <= self._named:
            return END
        self._named |= named
        before = self._sweep.lineage
        self._sweep.lineage = self._all_lineage.concerning(self._named)
        return min(set(self._sweep.lineage.turns) - set(before.turns), default=END)

    # ---- periods -----------------------------------------------------------------------------

    def _latest_first(self, until: Instant) -> Iterator["_Piece"]:
        """The pieces of segments up to the end of the period around an instant, latest first."""
        segments, last = self._sweep.segments, self._sweep.index(until)
        while last + 1 < len(segments):
            if not self._pieces_of(last)[0].is_one_period_with(self._pieces_of(last + 1)[-1]):
                break
            last += 1
        following = self._sweep.following(segments[last])
        for index in range(last, -1, -1):
            if segments[index].run.start != segments[min(index + 1, last)].run.start:
                following = segments[index + 1]
            yield from self._pieces(index, following)

    def _pieces_of(self, index: int) -> Sequence["_Piece"]:
        return self._pieces(index, self._sweep.following(self._sweep.segments[index]))

    def _pieces(self, index: int, following: Segment | None) -> Sequence["_Piece"]:
        """A piece for a segment, or two where a later sighting makes part of it uncertain;
        `following` is the first segment of the next run."""
        sweep = self._sweep
        segment = sweep.segments[index]
        is_last = index + 1 == len(sweep.segments)
        end = END if is_last else sweep.segments[index + 1].start
        if following is None:
            return (_Piece(segment.start, end, segment.reading, segment, None),)
        run = following.run
        news = [claim for claim in run.revealed_by if is_news(claim, segment, sweep.lineage)]
        if not news:
            return (_Piece(segment.start, end, segment.reading, segment, run.since),)
        unheard, kinship = sweep.unheard_since(following), sweep.lineage.at(segment.start)
        found = []
        for start, reading in _readings(segment, end, news, unheard, kinship):
            found.append(_Piece(start, end, reading, segment, run.since))
            end = start
        return found


@dataclass(slots=True, eq=False)
class _Piece:
    """A stretch of time with the same answer for the same reasons."""

    start: Instant
    end: Instant
    reading: Reading
    segment: Segment
    """Any of its segments; all have the same run and holders."""
    until: Window | None

    def is_one_period_with(self, later: "_Piece") -> bool:
        mine, its = self.segment, later.segment
        is_one_run = mine.run is its.run or mine.run == its.run
        return is_one_run and (mine.holding, self.reading) == (its.holding, later.reading)

    @property
    def period(self) -> Period:
        run, segment = self.segment.run, self.segment
        times = (run.since, run.since_is, self.until, segment.last_heard, segment.holding)
        return Period(self.start, self.end, self.reading, *times)


def _readings(
    segment: Segment,
    end: Instant,
    revealed: Sequence[Claim],
    unheard: Instant,
    kinship: Kinship,
) -> Iterator[tuple[Instant, Reading]]:
    """The parts of a segment, the later first, where a later sighting makes a part uncertain. The
    sighting may name actors unknown when the segment was made."""
    start, reading = segment.start, segment.reading
    if unheard >= end or segment.is_kept:
        yield start, reading
        return
    seen = [
        Verdict(said.status, kinship.merged(said.holders), evidence=(claim.event,))
        for claim in revealed
        for said in (claim.asserts,)
    ]
    possible = other_than(reading.verdict, [*reading.possible, *seen])
    yield max(start, unheard), reading._replace(possible=possible)
    if start < unheard:
        yield start, reading
