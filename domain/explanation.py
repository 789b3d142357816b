"""Why do we say so? The answer in plain English, naming sources and dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.claims import ControlStatus, Grade
from domain.control import RULE, Side, Silence, Silenced, Verdict
from domain.events import SituationEvent
from domain.local_days import local_of
from domain.occurred import DAY, HOUR, Instant, Local, Occurred, Precision, Window, rfc3339
from domain.statements import Names, spoken_actors, statement
from domain.timeline import Period
from domain.values import EventId


@dataclass(frozen=True, slots=True)
class Testimony:
    """A recorded statement, and who makes it."""

    event: SituationEvent
    source: str
    """The name of the origin."""
    via: str | None
    """The name of the source whose copy we hold, where that is another."""
    grade: Grade
    published: Occurred


def explain(
    place: str,
    at: Instant,
    period: Period,
    testimony: Mapping[EventId, Testimony],
    names: Names,
) -> str:
    """The answer for that place and instant, with each step of the rule that it went through."""
    verdict = period.reading.verdict
    sentences = [
        f"{_headline(place, at, verdict, names)}.",
        *_extent(period),
        *_evidence(verdict, testimony, names),
        *_rivals(verdict, testimony, names),
        *_dispute(verdict),
        *_lineage(verdict, testimony, names),
        *(_outweighed(silenced, testimony, names) for silenced in verdict.outweighed),
        *_uncertainty(period, at, testimony, names),
        f"By {RULE}.",
    ]
    return " ".join(sentences)


def spoken_moment(at: Instant) -> str:
    """How a question's instant is said: a day by its close."""
    if (at + 1) % DAY == 0:
        return f"at the close of {rfc3339(at)[:10]} (UTC)"
    return f"at {rfc3339(at)}"


def spoken_time(said: Occurred) -> str:
    """How a time is said that a source gives, with the zone whose clocks it is told by."""
    if local := said.local:
        return _in_zone(local)
    return spoken_window(said.window)


def spoken_window(window: Window) -> str:
    """How a window is said, in the words of its precision; a local day with its offset."""
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


def spoken_verdict(verdict: Verdict, names: Names) -> str:
    """What it says of a place, with its rivals."""
    if verdict.status is ControlStatus.DISPUTED:
        return f"disputed ({'; '.join(_reading(side, names) for side in verdict.rivals)})"
    if not verdict.has_voice:
        return "in nobody's known control"
    rivals = [_reading(side, names) for side in verdict.rivals]
    disputed = f" (disputed: {'; '.join(rivals)})" if rivals else ""
    return f"{_reading(verdict, names)}{disputed}"


def spoken_silence(why: Silence) -> str:
    """Why an earlier word no longer counts."""
    match why:
        case Silence.CHANGED_HANDS:
            return "the place changed hands after that"
        case Silence.ORDERED_BY_CONTENT:
            return "the times overlap, and what the two say puts it first"
        case Silence.OUTDATED:
            return "it was seen otherwise more than 30 days later"


def _headline(place: str, at: Instant, verdict: Verdict, names: Names) -> str:
    match verdict.status:
        case ControlStatus.UNKNOWN:
            return f"Nothing that we hold says who controlled {place} {spoken_moment(at)}"
        case ControlStatus.DISPUTED:
            return f"The sources disagree about who controlled {place} {spoken_moment(at)}"
    return f"{place} was {_reading(verdict, names)} {spoken_moment(at)}"


def _reading(said: Verdict | Side, names: Names) -> str:
    match said.status:
        case ControlStatus.HELD:
            return f"held by {spoken_actors(said.holders, names)}"
        case ControlStatus.VACANT:
            return "held by nobody"
        case ControlStatus.CONTESTED:
            return "contested" + (
                f" between {spoken_actors(said.holders, names)}" if said.holders else ""
            )
    return str(said.status).lower()


def _extent(period: Period) -> Iterable[str]:
    if period.since:
        until = f", until it changed {spoken_window(period.until)}" if period.until else ""
        yield f"That began {spoken_window(period.since)}{until}."


def _evidence(
    verdict: Verdict, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterable[str]:
    if verdict.evidence:
        told = "; ".join(_told(testimony[event], names) for event in verdict.evidence)
        yield f"{_origins(len(verdict.evidence))}: {told}."


def _origins(count: int) -> str:
    return "One source says so" if count == 1 else f"{count} independent sources say so"


def _told(heard: Testimony, names: Names) -> str:
    via = f", by way of {heard.via}" if heard.via else ""
    when = spoken_time(heard.event.occurred)
    published = spoken_time(heard.published).removeprefix("at ")
    return (
        f"{heard.source} ({heard.grade}{via}, published {published}) "
        f"says that {statement(heard.event, names)} {when}"
    )


def _rivals(
    verdict: Verdict, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterable[str]:
    for number, side in enumerate(verdict.rivals):
        told = "; ".join(_told(testimony[event], names) for event in side.evidence)
        yield f"{'Another' if number else 'One'} side has it {_reading(side, names)}: {told}."


def _dispute(verdict: Verdict) -> Iterable[str]:
    if verdict.status is ControlStatus.DISPUTED:
        yield "No side has a voice that is better graded than every voice of the others."
    elif verdict.disputed:
        yield "The answer stands, disputed, because one voice for it is better graded than theirs."


def _lineage(
    verdict: Verdict, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterable[str]:
    if verdict.lineage:
        told = "; ".join(_told(testimony[event], names) for event in verdict.lineage)
        yield f"These count as the same hands: {told}."


def _outweighed(silenced: Silenced, testimony: Mapping[EventId, Testimony], names: Names) -> str:
    told, later = _told(testimony[silenced.event], names), _told(testimony[silenced.by], names)
    return f"Outweighed: {told}; {spoken_silence(silenced.why)}: {later}."


def _uncertainty(
    period: Period, at: Instant, testimony: Mapping[EventId, Testimony], names: Names
) -> Iterable[str]:
    if not period.reading.certain:
        readings = [spoken_verdict(verdict, names) for verdict in period.reading.possible]
        still_open = _open_at(at, period, testimony)
        told = "; ".join(_told(testimony[event], names) for event in still_open)
        yield (
            "Not certain: a change is reported whose exact time is not known, and this instant "
            f"lies within it; it may have been {', or '.join(readings)}: {told}."
        )


def _open_at(
    at: Instant, period: Period, testimony: Mapping[EventId, Testimony]
) -> Iterable[EventId]:
    told = dict.fromkeys(
        event for verdict in period.reading.possible for event in (*verdict.told, *verdict.lineage)
    )
    return [event for event in told if testimony[event].event.occurred.window.is_open_at(at)]
