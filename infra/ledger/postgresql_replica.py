"""The recorder of a ledger in PostgreSQL that is read from a streaming replica.

All readings go to the replica, all appends to the primary, which checks their conditions: an
append decided on an old reading is a conflict. After an append the replica is waited for. Whether a
gap can still be filled the primary alone knows. With the primary gone the ledger can still be read.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock

import psycopg
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresDatastore

from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    Query,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.outages import LedgerUnavailable, Outage
from infra.ledger.postgresql import (
    EVENTS,
    Parameters,
    PostgresRecorder,
    PostgresSubscription,
    datastore_of,
    open_postgresql,
    told_as_outage,
)
from infra.ledger.postgresql_gaps import Gaps, OpenWriters

LAG_PATIENCE = 2.0
"""Seconds to wait for the replica."""
_LOOK, _PAUSE = 0.1, 0.01
"""Seconds between two looks for new events, and while the replica is waited for."""
_END = 2**62
"""A position behind every ledger: its reading tells the head alone."""
_IS_THERE = "SELECT to_regclass(%s) IS NOT NULL AS there"
_HAS_REPLAYED = """
SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn AS done
"""


@contextmanager
def open_replica(primary: Parameters, replica: Parameters, patience: float) -> Iterator[Recorder]:
    """The recorder; the primary is connected once it is needed. Raises errors of psycopg and the
    library, and LedgerUnavailable where the replica has no ledger yet."""
    with ExitStack() as stack:
        datastore = datastore_of(replica, patience)
        stack.callback(datastore.close)
        there = Primary(stack, lambda: open_postgresql(primary, patience))
        yield ReplicaRecorder(datastore, there)


Opening = Callable[[], AbstractContextManager[Recorder]]


class Primary:
    """The recorder of the primary, opened at the first use."""

    def __init__(self, stack: ExitStack, opening: Opening) -> None:
        self._stack, self._opening = stack, opening
        self._lock = Lock()
        self._recorder: PostgresRecorder | None = None

    @property
    def recorder(self) -> PostgresRecorder:
        """Raises LedgerUnavailable."""
        with self._lock:
            if self._recorder is None:
                try:
                    recorder = self._stack.enter_context(self._opening())
                except (psycopg.Error, PersistenceError) as error:
                    said = " ".join(str(error).split())[:200]
                    why = "the primary of its PostgreSQL server does not answer"
                    raise LedgerUnavailable(Outage.NO_ANSWER, why, said) from error
                assert isinstance(recorder, PostgresRecorder)
                self._recorder = recorder
            return self._recorder


class PrimaryWriters(OpenWriters):
    """The open transactions of the primary, which alone knows them."""

    def __init__(self, primary: Primary, replica: PostgresDatastore) -> None:
        self._primary, self._replica = primary, replica

    def open_now(self) -> frozenset[str]:
        return self._primary.recorder.writers.open_now()

    def settle(self) -> None:
        with told_as_outage(), self._primary.recorder.datastore.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text AS reached")
            row = cursor.fetchone()
        assert row is not None
        until = time.monotonic() + LAG_PATIENCE
        while not self._has_replayed(str(row["reached"])):
            if time.monotonic() > until:
                raise LedgerUnavailable(Outage.BEHIND, "its replica lags behind the primary")
            time.sleep(_PAUSE)

    def _has_replayed(self, reached: str) -> bool:
        with told_as_outage(), self._replica.cursor() as cursor:
            cursor.execute(_HAS_REPLAYED, (reached,))
            row = cursor.fetchone()
        return bool(row and row["done"])


class ReplicaRecorder(PostgresRecorder):
    """Reads from the replica and appends to the primary."""

    def __init__(self, datastore: PostgresDatastore, primary: Primary) -> None:
        super().__init__(datastore, events_table_name=EVENTS)
        self._primary = primary
        self.writers = PrimaryWriters(primary, datastore)
        self.gaps = Gaps(self.writers)
        self._refuse_missing()

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        """The position, which the replica has by then unless it lags."""
        try:
            last = self._primary.recorder.append(events, condition)
        except AppendConflict:
            self._has_in_time(self._primary.recorder.read(after=_END).head or 0)
            raise
        if self._has_in_time(last) and condition is not None:
            self.gaps.none_before(last)
        return last

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None:
        self._primary.recorder.restore(events, after=after)
        self._has_in_time(events[-1].position)

    def keep_checkpoint(self, origin: str, note: str) -> None:
        self._primary.recorder.keep_checkpoint(origin, note)

    def subscribe(  # type: ignore[override]  # the library ties it to its own recorder
        self, query: Query | None = None, *, after: int | None = None
    ) -> PostgresSubscription:
        return ReplicaSubscription(recorder=self, query=query, after=after)

    def _has_in_time(self, position: int) -> bool:
        """Whether the replica has the position, before the patience is over."""
        until = time.monotonic() + LAG_PATIENCE
        while (self.read(after=_END).head or 0) < position:
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        return True

    def _refuse_missing(self) -> None:
        table = f"{self.datastore.schema}.{self.events_table_name}"
        with told_as_outage(), self.datastore.cursor() as cursor:
            cursor.execute(_IS_THERE, (table,))
            row = cursor.fetchone()
        if not row or not row["there"]:
            why = "its replica holds no ledger yet; the first command on the primary makes one"
            raise LedgerUnavailable(Outage.GONE, why)


class ReplicaSubscription(PostgresSubscription):
    """Looks for events again and again: a replica takes no LISTEN."""

    def _listen_and_look(self) -> None:
        while not self._has_been_stopped:
            self._has_been_notified.set()
            time.sleep(_LOOK)
