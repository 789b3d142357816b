"""The recorder of events in PostgreSQL.

The library's recorder with two precautions. The library's subscription reads the recorded events
while still connecting to listen, so an event appended in between could stay unseen until the next
append. Our subscription looks again after starting to listen, and then every second. And no reading
of all events passes a position that an open transaction may still fill (postgresql_gaps).
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.dcb.popo import SimpleDCBReadResponse
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT, PostgresDCBSubscription
from eventsourcing.persistence import (
    InterfaceError,
    InternalError,
    OperationalError,
    PersistenceError,
)
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    Query,
    ReadResponse,
    Recorder,
    SequencedEvent,
    StoredEvent,
    runs_of,
)
from infra.ledger.outages import LedgerUnavailable, OpenTransaction, Outage
from infra.ledger.postgresql_gaps import Gaps, OpenWriters, whole

REACH = 4  # seconds for each address of the server to answer
PATIENCE = 60.0  # seconds to wait for a free connection
CONNECTIONS = 20  # at most, for one process; a subscription keeps one
GAP_PATIENCE = 1.0  # seconds to wait for an open transaction with an earlier position
GAP_PAUSE = 0.01  # seconds between two looks at such transactions
EVENTS = "tenure"  # how the names of the tables begin
CREATION = 0x54656E75  # the advisory lock under which tables are created

_CHECKPOINTS = "CREATE TABLE IF NOT EXISTS {0} (origin text PRIMARY KEY, note text NOT NULL)"
_KEEP = """
INSERT INTO {0} VALUES (%s, %s) ON CONFLICT (origin) DO UPDATE SET note = excluded.note
"""

_WRITERS = """
SELECT DISTINCT virtualtransaction AS name FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
    AND relation = to_regclass(%s)
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""An INSERT takes this lock before it takes a position, and its transaction keeps it to the end."""

_OF_TABLES = ("CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX")

Parameters = dict[str, Any]


def parse(url: str) -> Parameters:
    """The parameters in a URL. Raises psycopg.ProgrammingError, whose message may show the
    password."""
    if not url.startswith("postgresql://"):
        raise psycopg.ProgrammingError("not a URL")
    return {"connect_timeout": REACH, **conninfo_to_dict(url)}


@contextmanager
def open_postgresql(given: Parameters, patience: float = PATIENCE) -> Iterator[Recorder]:
    """The recorder, with its tables made if missing. Raises errors of psycopg and the library."""
    # Two processes that create at once would fail each other, so they take turns.
    with psycopg.connect(make_conninfo("", **given), autocommit=True) as turn:
        turn.execute("SELECT pg_advisory_lock(%s)", (CREATION,))
        datastore = datastore_of(given, patience)
        try:
            recorder = PostgresRecorder(datastore, events_table_name=EVENTS)
            recorder.create_missing()
        except BaseException:
            datastore.close()
            raise
    try:
        yield recorder
    finally:
        datastore.close()


def datastore_of(given: Parameters, patience: float) -> PostgresDatastore:
    datastore = PostgresDatastore(
        "", "", "", "", "", connect_timeout=patience, max_overflow=CONNECTIONS - 1
    )
    # The datastore takes five parameters by name; a URL may hold more, such as sslmode.
    datastore.pool.kwargs = {**given, "row_factory": dict_row}
    return datastore


@contextmanager
def told_as_outage() -> Iterator[None]:
    """Raises LedgerUnavailable where the server is gone, or can't write."""
    try:
        yield
    except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
        said = " ".join(str(error).split())[:200]
        cause = error.__cause__ or error
        if isinstance(cause, psycopg.errors.DiskFull):
            why = "the disk of its server is full; make room there, and send it again"
            raise LedgerUnavailable(Outage.DISK_FULL, why, said) from error
        why = "its PostgreSQL server does not answer"
        raise LedgerUnavailable(Outage.NO_ANSWER, why, said) from error
    except InternalError as error:
        if not isinstance(error.__cause__, psycopg.errors.ReadOnlySqlTransaction):
            raise
        why = "its PostgreSQL server takes no writes, as a standby does not"
        raise LedgerUnavailable(Outage.READ_ONLY, why, str(error)) from error


class TableWriters(OpenWriters):
    """The transactions that hold the lock of an INSERT on the table of events."""

    def __init__(self, datastore: PostgresDatastore, table: str) -> None:
        self._datastore, self._table = datastore, table

    def open_now(self) -> frozenset[str]:
        with told_as_outage(), self._datastore.cursor() as cursor:
            cursor.execute(_WRITERS, (self._table,))
            return frozenset(str(row["name"]) for row in cursor)

    def settle(self) -> None:
        """What has been committed here can be read here."""


class PostgresRecorder(PostgresDCBRecorderTT):
    """The library's recorder with complete subscriptions, and readings that miss nothing. Raises
    LedgerUnavailable where the server is gone."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        table = f"{datastore.schema}.{self.events_table_name}"
        self.writers: OpenWriters = TableWriters(datastore, table)
        self.gaps = Gaps(self.writers)

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        with told_as_outage():
            last = super().append(events, condition)
        if condition is not None:
            self.gaps.none_before(last)
        return last

    def read(
        self, query: Query | None = None, *, after: int | None = None, limit: int | None = None
    ) -> ReadResponse:
        """Raises OpenTransaction where the next position may be filled yet."""
        if query and query.items:
            with told_as_outage():
                return super().read(query, after=after, limit=limit)
        head: list[int | None] = []

        def read() -> Sequence[SequencedEvent]:
            with told_as_outage():
                found = super(PostgresRecorder, self).read(after=after, limit=limit)
            head[:] = [found.head]
            return list(found)

        until = time.monotonic() + GAP_PATIENCE

        def wait() -> bool:
            time.sleep(GAP_PAUSE)
            return time.monotonic() > until

        events, undecided = whole(read, after or 0, self.gaps, wait)
        if undecided is not None:
            raise OpenTransaction(undecided)
        return SimpleDCBReadResponse(iter(events), head[0])

    def create_missing(self) -> None:
        """Makes the tables if missing, and the functions.

        Making an index waits for every open transaction that has inserted, even if the index is
        there; so what is there is left alone.
        """
        made = self.sql_create_statements
        if self._has_tables():
            self.sql_create_statements = [
                each for each in made if not each.as_string().lstrip().startswith(_OF_TABLES)
            ]
        self.create_table()

    def _has_tables(self) -> bool:
        # The last thing made: it is there with all others.
        index = f"{self.datastore.schema}.{self.index_name_tag_main_id}"
        with self.datastore.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL AS there", (index,))
            row = cursor.fetchone()
        return bool(row and row["there"])

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None:
        """Puts events at their given positions, behind the last event, run by run.

        Raises AppendConflict where something is recorded behind `after`.
        """
        for run in runs_of(events):
            self._continue_at(run[0].position, after)
            last = self.append([each.event for each in run], AppendCondition(after=after))
            if last != run[-1].position:
                raise AppendConflict("somebody else records into the same ledger")
            after = last

    def kept_checkpoints(self) -> list[str]:
        """The last signed checkpoint of each log, from a table of its own."""
        with self.datastore.transaction() as cursor:
            cursor.execute("SELECT to_regclass(%s)::text AS there", (self._checkpoints_name,))
            row = cursor.fetchone()
            if row is None or row["there"] is None:
                return []
            cursor.execute(SQL("SELECT note FROM {0} ORDER BY origin").format(self._checkpoints))
            return [str(row["note"]) for row in cursor]

    def keep_checkpoint(self, origin: str, note: str) -> None:
        """Replaces the last signed checkpoint of a log; the first one makes the table."""
        with self.datastore.transaction(commit=True) as cursor:
            # Two processes that create at once would fail each other, so they take turns.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (CREATION,))
            cursor.execute(SQL(_CHECKPOINTS).format(self._checkpoints))
            cursor.execute(SQL(_KEEP).format(self._checkpoints), (origin, note))

    @property
    def _checkpoints_name(self) -> str:
        return f"{self.datastore.schema}.{self.events_table_name}_checkpoint"

    @property
    def _checkpoints(self) -> Identifier:
        return Identifier(*self._checkpoints_name.split("."))

    def _continue_at(self, position: int, after: int) -> None:
        # Under the lock, so that the sequence is never put back behind what somebody records.
        table = f"{self.datastore.schema}.{self.events_table_name}"
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(self.sql_lock_table)
            cursor.execute(self.sql_select_max_id)
            row = cursor.fetchone()
            if (row["max"] if row else None) not in ({after} if after else {None, 0}):
                raise AppendConflict("something is recorded there already")
            sequence = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)"
            cursor.execute(sequence, (table, position))

    def subscribe(  # type: ignore[override]  # the library ties it to its own recorder
        self, query: Query | None = None, *, after: int | None = None
    ) -> PostgresDCBSubscription:
        return PostgresSubscription(recorder=self, query=query, after=after)


class PostgresSubscription(PostgresDCBSubscription):
    """Looks for events after starting to listen, on each notification, and every second."""

    def _listen(self) -> None:
        try:
            self._listen_and_look()
        except (psycopg.Error, PersistenceError) as error:
            if self._thread_error is None:
                self._thread_error = error
            self.stop()

    def _listen_and_look(self) -> None:
        channel = Identifier(self._recorder.channel_name)
        with self._recorder.datastore.get_connection() as connection:
            connection.execute(SQL("LISTEN {0}").format(channel))
            while not self._has_been_stopped:
                self._has_been_notified.set()
                list(connection.notifies(timeout=1, stop_after=1))
            connection.execute("UNLISTEN *")
