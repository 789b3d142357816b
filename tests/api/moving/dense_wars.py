"""Small wars with much in them: few places inside each other, many words, in any order.

Reports are recorded long after their publication or soon, words are taken back and reinstated,
actors merge and join, places are besieged, and sources are graded anew. The same seed makes the
same war.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from api.node import Node
from domain import events
from domain.occurred import Instant
from domain.registry import Statement
from infra.ledger.codec import identify
from infra.ledger.ledger import StatementRefused
from tests.domain.builders import event
from tests.nodes import node_at

FIRST = date(2023, 1, 1)
ACTORS = ("fama", "csp", "jnim", "mnla")
SOURCES = ("afp", "rfi", "csp-comms")
PLACES = ("kidal", "kidal-camp", "aguelhok", "gao", "gao-airport")
DAYS, REPORTS = 120, 12
_PLACES = (
    ("north", "region", None),
    ("kidal", "town", "north"),
    ("kidal-camp", "base", "kidal"),
    ("aguelhok", "town", "north"),
    ("gao", "town", None),
    ("gao-airport", "base", "gao"),
)


@contextmanager
def dense_war(seed: int, *, words: int = 40) -> Iterator[tuple[Node, list[events.Event]]]:
    """A node that has followed the war, and the events in the order of recording."""
    random = Random(seed)
    with TemporaryDirectory() as directory, node_at(Path(directory) / "views.db") as node:
        told: list[events.Event] = []
        statements: list[Statement] = []
        for said in _war(random, words, statements):
            statement = identify(said)
            try:
                node.ledger.record([statement], by="archivist")
            except StatementRefused:  # taken back twice, or the like
                continue
            statements.append(statement)
            told.append(said)
        node.projector.catch_up()
        yield node, told


def instants(told: list[events.Event]) -> list[Instant]:
    """The instants of valid time at which a map may change, and the instants before."""
    found = {
        edge
        for each in told
        if isinstance(each, events.SituationEvent)
        for edge in (each.occurred.window.earliest, each.occurred.window.latest)
    }
    return sorted(Instant(edge + step) for edge in found for step in (-2, -1, 0))


def publications(told: list[events.Event]) -> list[Instant]:
    """The instants at which reports are published, and the instants before."""
    found = {each.published.window.latest for each in told if isinstance(each, events.ReportFiled)}
    return sorted(Instant(edge + step) for edge in found for step in (-2, -1))


def _war(random: Random, words: int, statements: list[Statement]) -> Iterator[events.Event]:
    for source in SOURCES:
        yield event(
            events.SourceRegistered,
            source=source,
            name=source,
            reliability=random.choice("ABCD"),
            continuous=random.random() < 0.2,
        )
    for actor in ACTORS:
        yield event(events.ActorRegistered, actor=actor, name=actor, kind="armed-group")
    places = [
        ("north", "region", None),
        ("kidal", "town", "north"),
        ("kidal-camp", "base", "kidal"),
    ]
    places += [("aguelhok", "town", "north"), ("gao", "town", None), ("gao-airport", "base", "gao")]
    for location, kind, within in places:
        yield event(
            events.LocationRegistered, location=location, name=location, kind=kind, within=within
        )
    published = sorted(random.randrange(60, DAYS) for _ in range(REPORTS))
    if random.random() < 0.6:
        random.shuffle(published)
    for number, day in enumerate(published):
        copied = f"report-{number - 1}" if number and random.random() < 0.15 else None
        yield event(
            events.ReportFiled,
            report=f"report-{number}",
            source=random.choice(SOURCES),
            published=_day(day),
            title=f"Report {number}",
            syndicated_from=copied,
        )
        for _ in range(words // REPORTS):
            yield _word(random, f"report-{number}", day, statements)


def _word(random: Random, report: str, day: int, statements: list[Statement]) -> events.Event:
    common = {
        "report": report,
        "occurred": _window(random, random.randrange(max(1, day - 50), day + 1)),
        "credibility": random.choice([1, 2, 2, 3, 4, 6]),
    }
    at = common | {"location": random.choice([*PLACES, "kidal", "kidal", "north"])}
    one, other = random.sample(ACTORS, 2)
    match random.randrange(16):
        case 0:
            kept = {"event": random.choice(statements).id, "reason": "-", "report": report}
            if random.random() < 0.7:
                return event(events.EventRetracted, **kept)
            return event(events.EventReinstated, **kept)
        case 1:
            return event(events.ActorMerged, merged=(one,), into=other, **common)
        case 2:
            return event(events.CoalitionJoined, members=(one,), coalition=other, **common)
        case 3:
            return event(events.ActorDissolved, actor=one, succeeded_by=(other,), **common)
        case 4:
            return event(events.SiegeLaid, by=(one,), **at)
        case 5:
            return event(events.SiegeLifted, by=random.choice([(), (one,)]), **at)
        case 6:
            grade = random.choice("ABCDE")
            return event(
                events.SourceRegraded, source=random.choice(SOURCES), reliability=grade, reason="-"
            )
        case 7:
            return event(events.LocationContested, between=(one, other), **at)
        case 8:
            return event(events.PositionAbandoned, by=(one,), **at)
        case 9 | 10 | 11:
            return event(events.ControlReported, holders=(one,), **at)
    return event(events.TownSeized, by=(one,), **at)


def _window(random: Random, day: int) -> str:
    if random.random() < 0.3:
        return f"{_day(max(1, day - random.randrange(1, 15)))}/{_day(day)}"
    return _day(day)


def _day(number: int) -> str:
    return str(FIRST + timedelta(days=number))
