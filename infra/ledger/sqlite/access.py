"""The way to a ledger file: for writing, or for reading alone.

On a read-only medium SQLite can't make the files for sharing with other processes. There a file
without a write-ahead log is read in place, and a file with a write-ahead log as a copy.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from infra.ledger.outages import LedgerUnavailable, Outage, primary_code
from infra.ledger.sqlite.header import has_content, header_of
from infra.ledger.sqlite.identity import beside

_BARRED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
_PARTS = ("", "-wal", "-journal")


@dataclass(frozen=True)
class Access:
    """The way to a file for all its connections."""

    uri: str
    can_write: bool = True
    copied: TemporaryDirectory[str] | None = None
    """The folder of a copy, which goes with the access."""
    unchanged: tuple[tuple[int, int] | None, ...] = ()
    """The sizes and times of a file that is read as it lies there."""

    def connect(self, patience: float) -> sqlite3.Connection:
        """A connection; a missing file is not made. Raises sqlite3.Error."""
        return sqlite3.connect(
            self.uri, timeout=patience, isolation_level=None, check_same_thread=False, uri=True
        )

    def check(self, path: Path) -> None:
        """Raises LedgerUnavailable where the file was changed since, which SQLite can't see."""
        if self.unchanged and self.unchanged != _times(path):
            why = "its file can only be read here while nobody writes it, and it was written; retry"
            raise LedgerUnavailable(Outage.LOCKED, why, str(path))

    def close(self) -> None:
        if self.copied:
            self.copied.cleanup()


def writing_access(path: Path) -> Access:
    return Access(f"file:{quote(bytes(path))}?mode=rw")


def is_barred(error: sqlite3.Error) -> bool:
    """Whether SQLite could not write where it wanted to."""
    return primary_code(error) in _BARRED


def reading_access(path: Path) -> Access:
    """The way to read a file where nothing can be written. Raises sqlite3.Error and OSError."""
    header = header_of(path)
    here = f"file:{quote(bytes(path))}"
    if has_content(beside(path, "-wal")):
        shared = Access(f"{here}?mode=ro", can_write=False)
        if beside(path, "-shm").exists() and _is_readable(shared):
            return shared
        return _copied(path)
    if has_content(beside(path, "-journal")):
        return _copied(path)
    if header is not None and header.is_in_wal_mode:
        return Access(f"{here}?immutable=1", can_write=False, unchanged=_times(path))
    return Access(f"{here}?mode=ro", can_write=False)


def _is_readable(access: Access) -> bool:
    try:
        with closing(access.connect(1.0)) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        return False
    return True


def _copied(path: Path) -> Access:
    folder = TemporaryDirectory(prefix="tenure-ledger-")
    before = _times(path)
    copy = Path(folder.name, path.name)
    for part in _PARTS:
        if has_content(beside(path, part)):
            shutil.copyfile(beside(path, part), beside(copy, part))
    return Access(f"file:{quote(bytes(copy))}?mode=rw", False, folder, before)


def _times(path: Path) -> tuple[tuple[int, int] | None, ...]:
    return tuple(_size_and_time(beside(path, part)) for part in _PARTS)


def _size_and_time(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
