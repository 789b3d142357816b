"""How is a ledger used whose SQLite file nobody has made yet?

It reads as empty, and the first append makes the file: who is refused leaves nothing behind.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eventsourcing.dcb.popo import InMemoryDCBRecorder

from infra.ledger.dcb import (
    AppendCondition,
    Query,
    ReadResponse,
    Recorder,
    SequencedEvent,
    StoredEvent,
    Subscription,
)
from infra.ledger.sqlite.file import is_missing, refuse_missing_directory
from infra.ledger.sqlite.recorder import SqliteRecorder


class SqliteToBe(Recorder):
    """The ledger in a file, from before there is one; safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        """Raises NotALedger where no file can be made."""
        refuse_missing_directory(path)
        self._path = path
        self._made: SqliteRecorder | None = None
        self._making = threading.Lock()

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        return self._recorder().append(events, condition)

    def restore(self, events: Sequence[SequencedEvent], *, after: int) -> None:
        self._recorder().restore(events, after=after)

    def read(
        self, query: Query | None = None, *, after: int | None = None, limit: int | None = None
    ) -> ReadResponse:
        # Another process may have made it since.
        is_missing_yet = self._made is None and is_missing(self._path)
        recorder = InMemoryDCBRecorder() if is_missing_yet else self._recorder()
        return recorder.read(query, after=after, limit=limit)

    def subscribe(
        self, query: Query | None = None, *, after: int | None = None
    ) -> Subscription[Any]:
        return self._recorder().subscribe(query, after=after)

    def index_faults(self) -> list[str]:
        return self._recorder().index_faults()

    def close(self) -> None:
        if self._made:
            self._made.close()

    def _recorder(self) -> SqliteRecorder:
        """Makes the file, unless that was done. Raises NotALedger."""
        with self._making:
            self._made = self._made or SqliteRecorder(self._path)
            return self._made
