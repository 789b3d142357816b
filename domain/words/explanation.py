"""Why do we say so? The answer in plain English, naming sources and dates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.control.claims import ControlStatus, weight_of
from domain.control.verdict import RULE, Period, Silenced, SinceIs, Verdict
from domain.events import SituationEvent
from domain.grades import Grade
from domain.local_days import local_of
from domain.occurred import (
    DAY,
    HOUR,
    Instant,
    Local,
    Occurred,
    Precision,
    Window,
    just_before,
    rfc3339,
)
from domain.values import EventId
from domain.words.statements import Names
from domain.words.verdicts import spoken_headline, spoken_side, spoken_verdict

FRESH = 30
"""The days after which an answer says when the place was last heard of."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """A recorded statement and its source."""

    event: SituationEvent
    said: str
    """The content, with the names of its own time, as in "FAMa and Wagner captured Kidal"."""
    source: str
    """The name of the origin."""
    via: str | None
    """The name of the publisher of a copy; None for the origin itself."""
    grade: Grade
    published: Occurred


def explain(
    place: str,
    at: Instant,
    period: Period,
    testimony: Mapping[EventId, Testimony],
    names: Names,
) -> str:
    """The answer for a place and an instant, with the statements for and against, and the
    reasons."""
    verdict = period.reading.verdict
    sentences = [
        f"{spoken_headline(place, spoken_moment(at), verdict, names)}.",
        *spoken_extent(at, period, times_of(testimony.values())),
        *_evidence(verdict, testimony),
        *_rivals(verdict, testimony, names),
        *reasons(at, period, testimony, names),
        *_lineage(verdict, testimony),
        *(_outweighed(silenced, testimony) for silenced in verdict.outweighed),
        f"By {RULE}.",
    ]
    return " ".join(sentences)


def reasons(
    at: Instant, period: Period, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterator[str]:
    """A sentence for each reason for the answer against its rivals, and for each other reading."""
    yield from spoken_dispute(period.reading.verdict, testimony)
    yield from spoken_uncertainty(at, period, testimony, names)


def spoken_moment(at: Instant) -> str:
    """The words for the instant of a question: a day by its close."""
    if (at + 1) % DAY == 0:
        return f"at the close of {rfc3339(at)[:10]} (UTC)"
    if end := just_before(at):
        return f"just before {end}"
    return f"at {rfc3339(at)}"


def spoken_time(said: Occurred) -> str:
    """The words for a time as given by a source, with the zone of its clocks."""
    if local := said.local:
        return _in_zone(local)
    return spoken_window(said.window)


def spoken_window(window: Window) -> str:
    """The words for a window, by its precision; a local day with its offset."""
    if local := local_of(window):
        return _in_zone(local)
    first, last = rfc3339(window.earliest), rfc3339(Instant(window.latest - 1))
    match window.precision:
        case Precision.DAY if window.earliest % DAY == 0:
            return f"on {first[:10]}"
        case Precision.MONTH:
            return f"in {first[:7]}"
        case Precision.YEAR:
            return f"in {first[:4]}"
        case Precision.HOUR if first.endswith(":00:00Z") and window.width == HOUR:
            return f"in the hour of {first[:13]}Z"
        case Precision.INSTANT:
            return f"at {first}"
        case Precision.RANGE if window.earliest % DAY == 0 and window.latest % DAY == 0:
            return f"between {first[:10]} and {last[:10]}"
    end = last if window.latest % 1_000_000 else rfc3339(window.latest)
    return f"between {first} and {end}"


def _in_zone(local: Local) -> str:
    return f"{spoken_window(local.window).replace('Z', '')} ({local.zone})"


def times_of(heard: Iterable[Testimony]) -> Iterator[Occurred]:
    """The times in statements and of their reports."""
    for each in heard:
        yield from (each.published, each.event.occurred)


def spoken_extent(at: Instant, period: Period, times: Iterable[Occurred]) -> Iterator[str]:
    """A sentence each on the beginning, the end, and the latest statement of a period.

    A period keeps windows without zones: the zone of a window is taken from an equal window in
    `times`.
    """
    told = {said.window: said for said in times}

    def spoken(window: Window) -> str:
        return spoken_time(told[window]) if window in told else spoken_window(window)

    if period.since:
        since, until = spoken(period.since), period.until
        ended = spoken(until) if until else ""
        if period.since_is is SinceIs.SEEN:
            yield f"It was so {_by(since)}; since when, nobody says."
            if ended:
                yield f"It ended {ended}."
        else:
            yield f"It began {since} and ended {ended}." if ended else f"It began {since}."
    if heard := period.last_heard:
        age = (at + 1 - heard.latest) // DAY
        if age > FRESH:
            yield f"It was last heard of {spoken(heard)}, {age:,} days before."
        elif heard != period.since:
            yield f"It was last heard of {spoken(heard)}."


def _by(said: str) -> str:
    """As in "by 2015-01-20", of "on 2015-01-20"."""
    for word in ("on ", "in ", "at "):
        if said.startswith(word):
            return f"by {said.removeprefix(word)}"
    return f"some time {said}"


def _evidence(verdict: Verdict, testimony: Mapping[EventId, Testimony]) -> Iterator[str]:
    told = "; ".join(_told(testimony[event]) for event in verdict.evidence)
    if told and not verdict.has_voice:
        yield f"Reported is only this: {told}."
    elif told:
        yield f"{_origins(len(verdict.evidence))}: {told}."


def _origins(count: int) -> str:
    return "One source says so" if count == 1 else f"{count} independent sources say so"


def _told(heard: Testimony) -> str:
    via = f", by way of {heard.via}" if heard.via else ""
    when = spoken_time(heard.event.occurred)
    published = spoken_time(heard.published)
    return (
        f"{heard.source} ({heard.grade}{via}, published {published}) says that {heard.said} {when}"
    )


def _rivals(
    verdict: Verdict, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterator[str]:
    first = "Some say" if verdict.status is ControlStatus.DISPUTED else "Against that, others say"
    for number, side in enumerate(verdict.rivals):
        told = "; ".join(_told(testimony[event]) for event in side.evidence)
        said = spoken_side(side, names)
        yield f"{'Others say' if number else first} {said}: {told}."


def spoken_dispute(verdict: Verdict, testimony: Mapping[EventId, Testimony]) -> Iterator[str]:
    """The reason for the answer against its rivals, or for an answer with no side."""
    if verdict.status is ControlStatus.DISPUTED:
        yield (
            "No side is better founded than the others: none has a voice that is better graded "
            "than every voice of the others, and none has twice as many independent sources."
        )
    elif verdict.disputed:
        why = _advantage(verdict, testimony)
        yield f"The answer stands, disputed, because it is better founded {why}."


def _advantage(verdict: Verdict, testimony: Mapping[EventId, Testimony]) -> str:
    """The advantage of the answer over its rivals, by step 6 of the rule: only voices of the
    greatest weight are compared."""
    mine = [testimony[event].grade for event in verdict.evidence]
    theirs = [testimony[event].grade for side in verdict.rivals for event in side.evidence]
    most = max(map(weight_of, mine))
    speaking = [grade for grade in mine if weight_of(grade) is most]
    against = [grade for grade in theirs if weight_of(grade) >= most]
    is_graded_better = any(
        all(grade.is_better_than(other) for other in against) for grade in speaking
    )
    if is_graded_better and (not against or len(against) < 2 * len(speaking)):
        return f"by the grades, {_each_once(speaking)} against {_each_once(theirs)}"
    counted = f"{len(speaking):,} against {len(against):,}"
    return f"by the number of independent sources, {counted}"


def _each_once(grades: Iterable[Grade]) -> str:
    return ", ".join(dict.fromkeys(map(str, grades)))


def _lineage(verdict: Verdict, testimony: Mapping[EventId, Testimony]) -> Iterator[str]:
    if verdict.lineage:
        told = "; ".join(_told(testimony[event]) for event in verdict.lineage)
        yield f"Who counts as whom follows from this: {told}."


def _outweighed(silenced: Silenced, testimony: Mapping[EventId, Testimony]) -> str:
    told, why = _told(testimony[silenced.event]), silenced.why.value
    other = f": {_told(testimony[silenced.by])}" if silenced.by else ""
    return f"Does not count: {told}; {why}{other}."


def spoken_uncertainty(
    at: Instant, period: Period, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterator[str]:
    """A sentence for each other possible reading, with the reason."""
    for verdict in period.reading.possible:
        said = spoken_verdict(verdict, names)
        yield f"Not certain: it may have been {said}{_because(at, verdict, period, testimony)}."


def _because(
    at: Instant, verdict: Verdict, period: Period, testimony: Mapping[EventId, Testimony]
) -> str:
    answered = period.reading.verdict
    if open_lineage := [
        event
        for event in verdict.lineage
        if event not in answered.lineage and testimony[event].event.occurred.window.is_open_at(at)
    ]:
        told = "; ".join(_told(testimony[event]) for event in open_lineage)
        return f", if this had happened by then: {told}"
    for event in verdict.told:
        occurred = testimony[event].event.occurred
        window = occurred.window
        if window.earliest > at:
            return f", as was reported {spoken_time(occurred)}; when it changed, nobody says"
        if window.is_open_at(at) and event not in answered.told:
            return f", if this had happened by then: {_told(testimony[event])}"
    if not verdict.has_voice and verdict.evidence:
        return f": {_told(testimony[verdict.evidence[-1]])}"
    still_open = [
        event
        for event in answered.told
        if event not in verdict.told and testimony[event].event.occurred.window.is_open_at(at)
    ]
    if still_open:
        return f", if this was not yet so then: {_told(testimony[still_open[0]])}"
    if verdict.status is answered.status and set(verdict.holders) < set(answered.holders):
        return ", if only that one succeeded"
    return ""
