"""A small node: what sources say goes in at one end, and the views answer at the other."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.answers.answers import Answers
from api.node import Node, open_node
from domain import events
from domain.registry import Statement
from infra.ledger.codec import identify
from infra.ledger.dcb import Recorder
from infra.ledger.ledger import Ledger
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.transparency_log import TransparencyLog
from infra.settings import Settings
from infra.views.file import ViewFile
from infra.views.projector import Projector
from tests.domain.builders import event

NOW = datetime(2024, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

SOURCES = [
    event(events.SourceRegistered, source="rfi", name="Radio France", reliability="B"),
    event(events.SourceRegistered, source="csp-comms", name="CSP", reliability="D"),
]
REPORTS = [
    event(events.ReportFiled, report="report-1", source="rfi", published="2023-12-31", title="One"),
    event(
        events.ReportFiled, report="report-2", source="csp-comms", published="2024-01", title="Two"
    ),
]
PLACES = [
    event(events.LocationRegistered, location="mali", name="Mali", kind="region"),
    event(events.LocationRegistered, location="kidal", name="Kidal", kind="town", within="mali"),
    event(
        events.LocationRegistered,
        location="kidal-camp",
        name="The camp at Kidal",
        kind="base",
        within="kidal",
    ),
]
ACTORS = [
    event(events.ActorRegistered, actor=actor, name=name, kind=kind)
    for actor, name, kind in (
        ("csp", "CSP", "coalition"),
        ("fama", "FAMa", "state-force"),
        ("minusma", "MINUSMA", "mission"),
        ("wagner", "Wagner", "private-force"),
    )
]
WORLD: list[events.Event] = [*SOURCES, *REPORTS, *PLACES, *ACTORS]
"""Whom and what the tests speak of: eleven registrations."""


def ticking(*, step: timedelta = MINUTE) -> Callable[[], datetime]:
    """A clock that moves on by `step` whenever somebody looks at it; the first look is NOW."""
    looks = iter(range(1_000_000))
    return lambda: NOW + next(looks) * step


@contextmanager
def node_at(
    views: Path, *, ledger: str = "memory:", now: Callable[[], datetime] | None = None
) -> Iterator[Node]:
    """An empty node; its clock moves on by a minute with every append.

    Clocks of two such nodes on a ledger may be a day apart: each begins at NOW.
    """
    settings = Settings(ledger=ledger, views=views, clock_tolerance=timedelta(days=1))
    with open_node(settings, now or ticking()) as node:
        yield node


@contextmanager
def node_on(recorder: Recorder, views: Path) -> Iterator[Node]:
    """The same on a recorder that the test looks into."""
    with (
        closing(ViewFile(views)) as file,
        closing(LogFile(views.with_name("log.db"))) as log_file,
    ):
        ledger, answers = Ledger(recorder, ticking()), Answers(file)
        log = TransparencyLog(ledger, log_file, Keys())
        yield Node(ledger, file, Projector(ledger, file, answers.projections), answers, lambda: log)


def tell(node: Node, *said: events.Event) -> list[Statement]:
    """Each is recorded by an append of its own, and the views follow; what the ids are."""
    statements = [identify(each) for each in said]
    for statement in statements:
        node.ledger.record([statement], by="archivist")
    node.projector.catch_up()
    return statements
