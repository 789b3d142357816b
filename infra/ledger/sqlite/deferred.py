"""A ledger in SQLite whose file is made by the first append: whoever only reads leaves no file."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from infra.findings import Finding
from infra.ledger.dcb import (
    AppendCondition,
    Query,
    ReadResponse,
    Recorder,
    SequencedEvent,
    StoredEvent,
    Subscription,
)
from infra.ledger.sqlite.file import PATIENCE, is_blank, is_missing, refuse_missing_directory
from infra.ledger.sqlite.recorder import SqliteReadResponse, SqliteRecorder


def open_sqlite(
    path: Path, patience: float = PATIENCE
) -> "SqliteRecorder | DeferredSqliteRecorder":
    """The recorder for a file, be the file there or not. Raises NotALedger."""
    if _is_new(path):
        return DeferredSqliteRecorder(path, patience)
    return SqliteRecorder(path, patience=patience)


class DeferredSqliteRecorder(Recorder):
    """A recorder of a missing file, read as empty; safe for many threads and processes."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Raises NotALedger where no file can be made."""
        refuse_missing_directory(path)
        self._path, self._patience = path, patience
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
        # Another process may have made the file since.
        if self._made is None and _is_new(self._path):
            return SqliteReadResponse(iter(()), head=None, limited=limit is not None)
        return self._recorder().read(query, after=after, limit=limit)

    def subscribe(
        self, query: Query | None = None, *, after: int | None = None
    ) -> Subscription[Any]:
        return self._recorder().subscribe(query, after=after)

    def kept_checkpoints(self) -> list[str]:
        if self._made is None and _is_new(self._path):
            return []
        return self._recorder().kept_checkpoints()

    def keep_checkpoint(self, origin: str, note: str) -> None:
        self._recorder().keep_checkpoint(origin, note)

    def probe(self) -> None:
        if self._made or not _is_new(self._path):
            self._recorder().probe()

    def file_faults(self) -> list[Finding]:
        return [] if _is_new(self._path) else self._recorder().file_faults()

    def copy_to(self, path: Path, progress: Callable[[int, int], None]) -> None:
        self._recorder().copy_to(path, progress)

    def index_faults(self) -> list[str]:
        return [] if _is_new(self._path) else self._recorder().index_faults()

    def close(self) -> None:
        if self._made:
            self._made.close()

    def _recorder(self) -> SqliteRecorder:
        """The recorder of the file, after making a missing file. Raises NotALedger."""
        with self._making:
            self._made = self._made or SqliteRecorder(self._path, patience=self._patience)
            return self._made


def _is_new(path: Path) -> bool:
    return is_missing(path) or is_blank(path)
