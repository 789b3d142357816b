"""Since when does an answer hold, and each of its holders?

The sweep gives segments of time without any change; segments with the same answer are a run.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from domain.control.claims import Claim, ControlStatus, Order
from domain.control.hearing import Hearing, Judgement
from domain.control.kinship import EVERYBODY_APART, Kinship
from domain.control.last_words import LastWords, differing_words, said_instead
from domain.control.lineage import Lineage
from domain.control.sequence import is_kept, last_kept
from domain.control.verdict import NOTHING, Holding, Reading, SinceIs, Verdict
from domain.occurred import BEGINNING, END, Instant, Precision, Window
from domain.values import ActorId

_HELD, _DISPUTED = ControlStatus.HELD, ControlStatus.DISPUTED
_UNKNOWN, _VACANT = ControlStatus.UNKNOWN, ControlStatus.VACANT


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of time with the same status and the same holders, as they count."""

    start: Instant
    """The start of the first segment."""
    since: Window | None
    since_is: SinceIs | None
    revealed_by: tuple[Claim, ...] = ()
    """The sightings behind an unreported change; empty for a reported change."""


@dataclass(slots=True, eq=False)
class Standings:
    """All that claims to come are judged with, at an instant. Immutable."""

    answer: Hearing
    """The voices, open observations included."""
    settled: Hearing
    """The voices without open observations."""
    judgement: Judgement
    said: Mapping[object, LastWords]
    """The last words by content, open observations included."""
    seen: tuple[Claim, ...] = ()
    """Observations with open windows, in their order."""
    reported: tuple[Claim, ...] = ()
    """Transitions with open windows."""

    def is_as(self, other: "Standings", at: Instant, lineage: Lineage) -> bool:
        """Whether claims to come after an instant are judged alike, whatever the last words."""
        openings = [claim.occurred.earliest for claim in (*self.seen[:1], *self.reported)]
        horizon = min([at, *openings])
        return (
            self.seen == other.seen
            and self.reported == other.reported
            and self.answer.is_as(other.answer, horizon, lineage)
            and self.settled.is_as(other.settled, horizon, lineage)
        )

    @property
    def hearings(self) -> tuple[Hearing, Hearing]:
        return self.answer, self.settled

    @property
    def size(self) -> int:
        """How much memory the standings take, in claims."""
        return 10 + len(self.answer.origins) + len(self.seen) + len(self.reported)


@dataclass(slots=True, eq=False)
class Segment:
    """The time from an instant with changes to the next."""

    start: Instant
    kinship: Kinship
    run: Run
    standings: Standings | None
    """Kept for the last segments, and for some others."""
    last_word: Instant | None = None
    """The latest close among agreeing claims of no less weight."""
    heard_until: Instant = BEGINNING
    """The last word for the answer, or until when a voice for the answer was kept current."""
    is_kept: bool = False
    """Whether a continuous source supports the answer."""
    last_heard: Window | None = None
    """The latest window among the answering voices."""
    holding: tuple[Holding, ...] = ()
    reading: Reading = NOTHING
    """The reading, without later sightings."""
    lapses: Instant = END
    """The first change by time alone."""

    @property
    def now(self) -> Standings:
        assert self.standings, "the last segment has its standings"
        return self.standings

    def is_as(self, other: "Segment", lineage: Lineage) -> bool:
        """Whether both segments say the same, and lead to the same if the same is said later."""
        return (
            self.start == other.start
            and self.run == other.run
            and self.last_word == other.last_word
            and self.heard_until == other.heard_until
            and self.is_kept == other.is_kept
            and self.last_heard == other.last_heard
            and self.holding == other.holding
            and self.lapses == other.lapses
            and self.reading == other.reading
            and self.now.is_as(other.now, self.start, lineage)
        )


def unsaid() -> Segment:
    """The segment before anybody said anything."""
    nobody = Hearing()
    standings = Standings(nobody, nobody, Judgement(NOTHING.verdict), {})
    return Segment(BEGINNING, EVERYBODY_APART, Run(BEGINNING, None, None), standings)


START = attrgetter("start")


def _first_of(segments: Sequence[Segment], run: Run) -> int:
    """The number of the first segment of a run."""
    return bisect_left(segments, run.start, key=START)


def set_times(
    segments: Sequence[Segment],
    segment: Segment,
    new: Sequence[Claim],
    lineage: Lineage,
) -> None:
    """Sets run, holders and last words of the segment after `segments`. `new` are the claims
    counting from then on."""
    before, now, kinship = segments[-1], segment.now, segment.kinship
    judgement = now.judgement
    verdict = judgement.verdict
    is_merged = bool(kinship.became) and kinship is not before.kinship
    if not goes_on(before.reading.verdict, verdict, kinship):
        segment.run = _new_run(segments, segment, (*new, *now.reported), lineage)
    elif is_merged:
        segment.run = _run_as_merged(segments, before.run, verdict, kinship)
    windows = [each.claim.occurred for each in judgement.speakers]
    segment.last_heard = max(windows, key=attrgetter("latest", "earliest"), default=None)
    segment.last_word = _last_word(before, segment, new)
    as_merged = _holding_as_merged(segments, segment) if is_merged else None
    segment.holding = as_merged or _holding(before, verdict, segment.run)


def goes_on(one: Verdict, following: Verdict, kinship: Kinship) -> bool:
    """Whether the answer goes on: the same status, and the same holders as they count now."""
    if one.status is not following.status:
        return False
    if one.status is not _HELD:
        return True
    merged = kinship.merged(one.holders)
    return merged == following.holders or set(merged) == set(following.holders)


def say_instead(
    former: Mapping[object, LastWords],
    now: Mapping[object, LastWords],
    later: Sequence[Segment],
    at: Instant,
) -> bool:
    """Replaces the last words in later segments, if nothing else there depends on the
    difference: each answer was heard after the words that differ. False, if not."""
    differing = differing_words(former, now)
    if not differing:
        return True
    last = max(max(*former, *now.closes) for former, now in differing.values())
    if last > at:
        return False
    replaced: list[tuple[Standings, Mapping[object, LastWords]]] = []
    known: dict[int, Mapping[object, LastWords]] = {}
    for each in later:
        if standings := each.standings:
            said = known.get(id(standings.said))
            if said is None:
                said = known[id(standings.said)] = said_instead(standings.said, differing)
            if said is standings.said:
                break
            replaced.append((standings, said))
        is_silent = each.standings is not None and not each.standings.judgement.speakers
        if not is_silent and (each.last_word is None or each.last_word <= last):
            return False
    for standings, said in replaced:
        standings.said = said
    return True


def heard_until(last_word: Instant, judgement: Judgement) -> Instant:
    """The last word for an answer, or until when a voice for the answer was kept current."""
    for claim in judgement.kept:
        if claim.weight is judgement.weight:
            last_word = max(last_word, last_kept(claim))
    return last_word


def _new_run(
    segments: Sequence[Segment], segment: Segment, told: Sequence[Claim], lineage: Lineage
) -> Run:
    before, judgement, start = segments[-1], segment.now.judgement, segment.start
    new = [
        claim for claim in told if claim.counts_from == start or _reports(claim, before, segment)
    ]
    turned_by = _turned_by(new, segment)
    turning = None if turned_by else lineage.turning_at(start)
    since, since_is = turning, SinceIs.BEGAN if turning else None
    speakers = [each.claim for each in judgement.speakers]
    if not turning and (word := turned_by or min(speakers, key=attrgetter("order"), default=None)):
        is_seen = bool(turned_by) and judgement.verdict.status is not _UNKNOWN
        since, since_is = _since(before, word, start, is_seen=is_seen)
    return Run(start, since, since_is, _revealing(new, before, segment))


def _turned_by(new: Sequence[Claim], segment: Segment) -> Claim | None:
    """Of the claims at the turn of an answer, the best account."""

    def rank(claim: Claim) -> tuple[int, bool, Order]:
        agrees, is_open = _agrees(claim, segment), claim.counts_from != segment.start
        if claim.asserts.is_transition:
            return (0 if agrees else 1 if claim.asserts.leaving else 3), is_open, claim.order
        return (2 if agrees else 3), is_open, claim.order

    return min(new, key=rank) if new else None


def _since(
    before: Segment, claim: Claim, start: Instant, *, is_seen: bool
) -> tuple[Window, SinceIs]:
    """The beginning of an answer: a reported change, in its window; a sighted change, some time
    between the last word for the answer before and the sighting."""
    window = claim.occurred
    is_news = claim.asserts.is_transition or claim.asserts.status is ControlStatus.CONTESTED
    if is_news or is_kept(claim, start):
        return window, SinceIs.BEGAN
    if before.reading.verdict.status is _UNKNOWN:
        return window, SinceIs.SEEN
    last = before.last_word
    if last is None:
        last = before.run.start
    last = heard_until(last, before.now.judgement)
    is_close = last >= window.latest or last == window.earliest
    if not is_seen or is_close or before.is_kept:
        return window, SinceIs.BEGAN
    return Window(last, window.latest, Precision.RANGE), SinceIs.BEGAN


def _revealing(new: Iterable[Claim], before: Segment, segment: Segment) -> tuple[Claim, ...]:
    """The sightings at the turn of an answer, if no report tells of the change."""
    former = before.reading.verdict
    if former.status is _UNKNOWN or any(_reports(each, before, segment) for each in new):
        return ()
    return tuple(
        claim
        for claim in new
        if claim.asserts.is_known
        and not claim.asserts.is_transition
        and not is_kept(claim, claim.counts_from)
    )


def _reports(claim: Claim, before: Segment, segment: Segment) -> bool:
    """Whether the claim itself tells of the change."""
    if not claim.asserts.is_transition:
        return False
    if _agrees(claim, segment):
        return True
    holders, leaving = before.reading.verdict.holders, claim.asserts.leaving
    return any(segment.kinship.has_left(holder, leaving) for holder in holders)


def is_news(sighting: Claim, answered_by: Segment, lineage: Lineage) -> bool:
    """Whether a later sighting names another status than the segment's answer, or a holder whom
    the answer does not name, as actors count at the sighting's close."""
    said, former = sighting.asserts, answered_by.reading.verdict
    if said.status is not former.status:
        return True
    kinship = lineage.at(Instant(sighting.occurred.latest - 1))
    # An answer is given at the close of a microsecond: an end in that microsecond is past.
    answered = kinship.compared(former.holders, Instant(answered_by.start + 1))
    opening = sighting.occurred.earliest
    seen = (kinship.compared((holder,), opening) for holder in said.holders)
    return any(not kinship.meet(each, answered) for each in seen)


def _holding(before: Segment, verdict: Verdict, run: Run) -> tuple[Holding, ...]:
    """Each holder, and since when, through all answers with the holder."""
    if verdict.status is not _HELD or run.since is None:
        return ()
    if run is before.run and verdict.holders == before.reading.verdict.holders:
        return before.holding
    so_far = dict(before.holding)
    return tuple([Holding(actor, so_far.get(actor, run.since)) for actor in verdict.holders])


def _run_as_merged(
    segments: Sequence[Segment], run: Run, verdict: Verdict, kinship: Kinship
) -> Run:
    """The run, begun where the same holders began to hold, as they count since the merger."""
    if verdict.status is not _HELD:
        return run
    earliest = _earliest(segments, run, lambda said: goes_on(said, verdict, kinship))
    return replace(run, since=earliest.since, since_is=earliest.since_is)


def _holding_as_merged(segments: Sequence[Segment], segment: Segment) -> tuple[Holding, ...]:
    """Each holder, and since when, through all answers with the holder or an actor merged since."""
    verdict, run, holding = segment.now.judgement.verdict, segment.run, []
    for holder in verdict.holders if verdict.status is _HELD else ():

        def is_held(said: Verdict, holder: ActorId = holder) -> bool:
            return said.status is _HELD and holder in segment.kinship.merged(said.holders)

        earliest = _earliest(segments, run, is_held)
        since = run.since
        if earliest is not run:
            since = segments[_first_of(segments, earliest)].run.since
        assert since is not None, "a holder began, or was seen"
        holding.append(Holding(holder, since))
    return tuple(holding)


def _earliest(segments: Sequence[Segment], run: Run, holds: Callable[[Verdict], bool]) -> Run:
    """The first of the runs up to `run` whose verdicts pass the test without a break."""
    while (first := _first_of(segments, run)) and holds(segments[first - 1].reading.verdict):
        run = segments[first - 1].run
    return run


def _last_word(before: Segment, segment: Segment, new: Iterable[Claim]) -> Instant | None:
    """The latest close among agreeing claims of no less weight."""
    judgement, former = segment.now.judgement, before.now.judgement
    weight, last = judgement.weight, before.last_word
    if (
        segment.run is before.run
        and segment.kinship is before.kinship
        and judgement.verdict.status in (_HELD, _VACANT)
        and weight is former.weight
    ):
        for claim in new:
            if claim.weight >= weight and _agrees(claim, segment):
                last = max(last or claim.occurred.latest, claim.occurred.latest)
        return last
    if not judgement.speakers:
        return None
    sides = _sides(judgement)
    agreeing = [
        each.closes[weight]
        for each in segment.now.said.values()
        if _is_among(each.claim, sides, segment.kinship)
    ]
    last = max(agreeing, default=BEGINNING)
    return None if last == BEGINNING else last


def _agrees(claim: Claim, segment: Segment) -> bool:
    """Whether the claim agrees with the answer; in a dispute, with a side of the heaviest
    voices."""
    return _is_among(claim, _sides(segment.now.judgement), segment.kinship)


_Answered = tuple[ControlStatus, tuple[ActorId, ...]]
"""A status, and its holders."""


def _sides(judgement: Judgement) -> list[_Answered]:
    """The answer; in a dispute, the sides of the heaviest voices."""
    verdict = judgement.verdict
    if verdict.status is not _DISPUTED:
        return [(verdict.status, verdict.holders)]
    heard = {each.claim.event for each in judgement.speakers}
    return [(it.status, it.holders) for it in verdict.rivals if it.evidence[0] in heard]


def _is_among(claim: Claim, sides: Iterable[_Answered], kinship: Kinship) -> bool:
    """Whether the claim agrees with any of the sides."""
    said = claim.asserts
    for status, holders in sides:
        if said.status is status and (
            not holders
            or not said.holders
            or kinship.meet(kinship.compared(said.holders, claim.occurred.earliest), holders)
        ):
            return True
    return False
