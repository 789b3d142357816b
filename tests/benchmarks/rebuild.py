"""How fast are the views built, beside the library's own way of following?

The baseline is the library's ProjectionRunner: the same ledger, the same projections, a
subscription, and one transaction for each event, as the library has it.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import Any

from eventsourcing.dcb.application import DCBApplication
from eventsourcing.persistence import Tracking
from eventsourcing.projection import BaseProjectionRunner, Projection
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.utils import EnvType

from api.answers.answers import Answers
from api.node import Node, open_node
from infra.cycle_collection import rare_cycle_collection
from infra.ledger.codec import decode
from infra.ledger.dcb import StoredEvent
from infra.ledger.ledger import open_ledger
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.settings import Settings
from infra.views.file import Projection as Ours
from infra.views.file import ViewFile
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, in_turns


def measure(words: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        ledger = Path(directory) / "ledger.db"
        told = list(War(words).told())
        with open_ledger(f"sqlite:///{ledger}") as facts:
            record_all(facts, told)
        runs = in_turns(
            {
                "build": lambda: _build(ledger),
                "rebuild": lambda: _rebuild(ledger),
                "one by one": lambda: _follow_one_by_one(ledger, len(told)),
            },
            times,
        )
    return [
        Figure(
            f"building the views, {len(told):,} events",
            "events/s",
            runs["build"],
            "the library's ProjectionRunner",
            runs["one by one"],
            "at least 20x",
            lambda ratio: ratio >= 20,
        ),
        Figure("rebuilding beside full views, compared and switched", "events/s", runs["rebuild"]),
    ]


def _build(ledger: Path) -> float:
    with _empty_node(ledger) as node:
        start = perf_counter()
        with rare_cycle_collection():
            position = node.projector.catch_up()
        return position / (perf_counter() - start)


def _rebuild(ledger: Path) -> float:
    with _empty_node(ledger) as node:
        node.projector.catch_up()
        start = perf_counter()
        rebuilt = node.projector.rebuild()
        assert not rebuilt.differing
        return rebuilt.position / (perf_counter() - start)


@contextmanager
def _empty_node(ledger: Path) -> Iterator[Node]:
    with TemporaryDirectory() as directory:
        settings = Settings(ledger=f"sqlite:///{ledger}", views=Path(directory) / "views.db")
        with open_node(settings) as node:
            yield node


# ---- The library's way -----------------------------------------------------------------------


def _follow_one_by_one(ledger: Path, head: int) -> float:
    with TemporaryDirectory() as directory:
        view = SQLiteTrackingRecorder(SQLiteDatastore(f"{directory}/one-by-one.db"))
        view.create_table()
        with closing(ViewFile(Path(directory) / "unused.db")) as unused, closing(view.datastore):
            projection = OneByOne(view, Answers(unused).projections, head)
            start = perf_counter()
            with BaseProjectionRunner(
                projection=projection,
                application_class=Facts,
                tracking_recorder=view,
                topics=(),
                env={"LEDGER": str(ledger)},
            ):
                projection.is_through.wait()
                return head / (perf_counter() - start)


class AsStored:
    """Hands an event on as it was stored; the projection reads it, at its position."""

    def to_domain_event(self, event: StoredEvent) -> StoredEvent:
        return event


class Facts(DCBApplication):
    """The library's application, on a ledger of ours."""

    def __init__(self, env: EnvType) -> None:
        self.recorder = self.ledger = SqliteRecorder(env["LEDGER"])
        self.mapper: Any = AsStored()

    def close(self) -> None:
        self.ledger.close()


class OneByOne(Projection[SQLiteTrackingRecorder]):
    """Our projections, each event in a transaction of its own with its position."""

    def __init__(
        self, view: SQLiteTrackingRecorder, projections: Sequence[Ours], head: int
    ) -> None:
        super().__init__(view)
        self.projections, self.head = projections, head
        self.is_through = Event()
        with view.datastore.transaction(commit=True) as cursor:
            for projection in projections:
                for statement in filter(str.strip, projection.schema.split(";")):
                    cursor.execute(statement)

    def process_event(self, domain_event: StoredEvent, tracking: Tracking) -> None:
        recorded = decode(tracking.notification_id, domain_event.data)
        with self.view.datastore.transaction(commit=True) as cursor:
            db = cursor.sqlite_cursor.connection
            db.row_factory = None
            for projection in self.projections:
                projection.touch(db, recorded)
                projection.write(db)
                projection.resolve(db)
            self.view._insert_tracking(cursor, tracking)
        if recorded.position == self.head:
            self.is_through.set()
