"""The SQLite file of a ledger, and its connections; other SQLite files of Tenure's own."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from domain.refusals import Refusal
from infra.findings import Finding, Wrong
from infra.ledger.outages import LedgerUnavailable, Outage, is_outage, outage_of, primary_code
from infra.ledger.sqlite.access import Access, is_barred, reading_access, writing_access
from infra.ledger.sqlite.header import file_fault, has_content, header_of, lacks_wal
from infra.ledger.sqlite.identity import FileIdentity, beside, identity_of
from infra.ledger.sqlite.mounts import network_of
from infra.ledger.sqlite.planted import planted_in, refuse_planted

APPLICATION_ID = 0x54656E75  # "Tenu", in the header of every ledger file
FORMAT = 1
PATIENCE = 60.0  # seconds that one attempt waits for the writer of another process
PROBED = 0.2  # seconds that a probe waits for the lock
ATTEMPTS = 5
PAGE_SIZE = 8192  # bytes
WAL_PAGES = 4000  # before they are moved into the file itself

MARK = "CREATE TABLE IF NOT EXISTS leaves_wal_mode (closed INTEGER)"
"""An empty table: whoever writes the ledger leaves WAL mode when closing it, so that a file in WAL
mode without a WAL is known as a copy of the file alone."""
IS_MARKED = "SELECT count(*) FROM sqlite_master WHERE name = 'leaves_wal_mode'"

SCHEMA = (
    """
    CREATE TABLE event (
        position INTEGER PRIMARY KEY,
        type     TEXT NOT NULL,
        tags     TEXT NOT NULL,
        data     BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE posting (
        id        INTEGER PRIMARY KEY,
        positions BLOB
    )
    """,
    "CREATE TABLE settled (position INTEGER NOT NULL)",
    "INSERT INTO settled VALUES (0)",
    MARK,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)

_PAUSES = (0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032)
"""Seconds between attempts to leave WAL mode, times a number of the process's own."""

_LACKS_WAL = (
    "the file was in use when it was last written, and its write-ahead log (-wal) is not beside "
    "it: it was copied without, or another program than this version of Tenure closed it. What was "
    "recorded last may be missing: compare with a log, or a checkpoint, kept elsewhere. 'tenure "
    "backup' and 'tenure restore' make a whole file of what is there"
)


class NotALedger(Refusal):
    """A file that cannot be opened as a ledger; the message says why and how to go on."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}")


class SqliteFile:
    """A ledger file and its connections, each used by a single thread at a time.

    Every use checks that the file is still the one that was opened. Errors of SQLite are raised as
    LedgerUnavailable.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, reads_only: bool = False) -> None:
        """Creates the file if there is none. Raises NotALedger.

        `patience`: the seconds to wait for the lock of another process. `reads_only`: the file, and
        the folder around it, stay as they are.
        """
        self.path = path
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._lent = 0
        self._lock = threading.Lock()
        self._closed = False
        refuse_missing_directory(path)
        refuse_network(path)
        if fault := file_fault(path):
            raise NotALedger(path, fault)
        self.lacks_wal = lacks_wal(path)
        """Whether entries may be missing that were in a write-ahead log."""
        try:
            self._access = self._opened_for_reading() if reads_only else self._opened()
        except sqlite3.DatabaseError as error:
            raise NotALedger(path, _explain(error)) from error
        except OSError as error:
            raise NotALedger(path, f"cannot be read: {error.strerror}") from error
        self._identity = identity_of(path)
        self._wal: FileIdentity | None = None
        self._probe: sqlite3.Connection | None = None
        self._probing = threading.Lock()

    def _opened(self) -> Access:
        """The way to the file, once it is known as a ledger; a new file is given its tables."""
        try:
            with closing(_connect(self.path, self._patience)) as db:
                _prepare(db, self.path)
                self._read_mark(db)
                access = writing_access(self.path)
                self._keep_open(access)
        except sqlite3.DatabaseError as error:
            if is_barred(error) and header_of(self.path):
                return self._opened_for_reading()
            raise
        return access

    def _keep_open(self, access: Access) -> None:
        """Opens a connection to be closed last: the close of another would delete the WAL of a
        process that was killed, and leave the file in WAL mode."""
        db = _tuned(access.connect(self._patience))
        self._idle.append(db)
        db.execute("SELECT count(*) FROM settled").fetchone()

    def _opened_for_reading(self) -> Access:
        access = reading_access(self.path)
        with closing(access.connect(self._patience)) as db:
            _refuse_foreign(db, self.path)
            self._read_mark(db)
        return access

    def _read_mark(self, db: sqlite3.Connection) -> None:
        self._is_marked = db.execute(IS_MARKED).fetchone() == (1,)
        self.lacks_wal = self.lacks_wal and self._is_marked

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection. Raises LedgerUnavailable."""
        with self._told_as_outage():
            db = self._borrow()
            try:
                yield db
            finally:
                self._give_back(db)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction during which no other process can write. Raises LedgerUnavailable, also
        where the file was replaced while it was written."""
        if not self._access.can_write:
            why = "its file can't be written: the file, its folder or the medium is read-only"
            raise LedgerUnavailable(Outage.READ_ONLY, why, str(self.path))
        with self.connection() as db:
            self._use_wal(db)
            with writing(db, self._patience):
                self.check_identity()
                self._check_wal()
                refuse_planted(db, str(self.path))
                self._mark(db)
                yield db
            self.check_identity()
            self._wal = self._wal or identity_of(beside(self.path, "-wal"))
            self._check_wal()

    def probe(self) -> None:
        """Raises LedgerUnavailable where the file can't be locked for writing now."""
        if not self._access.can_write:
            return
        with self._told_as_outage(), self._probing:
            self.check_identity()
            self._check_wal()
            if self._probe is None:
                self._probe = self._access.connect(PROBED)
            self._probe.execute("BEGIN IMMEDIATE")
            try:
                refuse_planted(self._probe, str(self.path))
            finally:
                self._probe.execute("ROLLBACK")

    def faults(self) -> list[Finding]:
        """The faults of the file: damage, planted code, or a write-ahead log that is missing."""
        found = []
        if self.lacks_wal:
            found.append(Finding(Wrong.WAL_MISSING, _LACKS_WAL))
        with self.connection() as db:
            (sound,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            planted = planted_in(db)
        if sound != "ok":
            found.append(Finding(Wrong.FILE_DAMAGED, f"the file is damaged: {sound}"))
        if planted:
            found.append(Finding(Wrong.FILE_ALTERED, planted))
        return found

    def copy_to(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Copies one state of the ledger into a new file, whole in itself, whoever writes
        meanwhile. Raises sqlite3.Error of the new file."""
        with self.connection() as db, closing(_connect(path, self._patience)) as copy:
            db.execute("BEGIN")  # so that the state stays, and the copy does not begin again
            try:
                db.execute("SELECT count(*) FROM settled").fetchone()
                db.backup(copy, pages=1000, progress=lambda _, left, whole: progress(left, whole))
            finally:
                db.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()

    def check_identity(self) -> None:
        """Raises LedgerUnavailable where the path leads to another file than the open one."""
        there = identity_of(self.path)
        if there == self._identity:
            return
        outage = Outage.REPLACED if there else Outage.GONE
        how = "another file was put in its place" if there else "it was deleted or moved"
        why = (
            f"the file that was opened is not at its path any more: {how}. Nothing is recorded "
            "until it is back, or until the node is started again"
        )
        raise LedgerUnavailable(outage, why, str(self.path))

    def _check_wal(self) -> None:
        # No process deletes it before this one has closed its connections.
        if self._wal and identity_of(beside(self.path, "-wal")) != self._wal:
            why = (
                "its write-ahead log (-wal) was deleted or replaced. Nothing is recorded until the "
                "node is started again; what was sent last may be lost, and is to be sent again"
            )
            raise LedgerUnavailable(Outage.REPLACED, why, str(self.path))

    def _use_wal(self, db: sqlite3.Connection) -> None:
        if _journal_mode(db) != "wal":
            patiently(
                lambda: db.execute("PRAGMA journal_mode = WAL").fetchall(), patience=self._patience
            )

    def _mark(self, db: sqlite3.Connection) -> None:
        if not self._is_marked:
            db.execute(MARK)
            self._is_marked = True

    def close(self) -> None:
        """Closes idle connections now, and used connections as soon as they are given back."""
        with self._probing:
            if self._probe:
                self._probe.close()
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            is_last = self._lent == 0
        for number, db in enumerate(idle, 1):
            self._part_with(db, is_last=is_last and number == len(idle))

    def _part_with(self, db: sqlite3.Connection, *, is_last: bool) -> None:
        if is_last and self._is_marked and self._access.can_write and not self.lacks_wal:
            self._leave_wal(db)
        db.close()
        if is_last:
            self._access.close()
            if self._is_marked and self._access.can_write and not self.lacks_wal:
                self._leave_wal_together()

    def _leave_wal_together(self) -> None:
        """Leaves WAL mode for processes that close the ledger at one moment: while each was in the
        way of the others, the last one only deleted the WAL."""
        for pause in _PAUSES:
            if not lacks_wal(self.path) or identity_of(self.path) != self._identity:
                return
            with suppress(sqlite3.Error), closing(sqlite3.connect(self.path, timeout=0)) as db:
                db.execute("PRAGMA journal_mode = DELETE").fetchall()
            time.sleep(pause * (1 + os.getpid() % 7))

    def _leave_wal(self, db: sqlite3.Connection) -> None:
        """Moves the WAL into the file and leaves WAL mode, unless other processes use the file."""
        with suppress(sqlite3.Error):
            if _journal_mode(db) == "wal" and identity_of(self.path) == self._identity:
                db.execute("PRAGMA busy_timeout = 0")
                db.execute("PRAGMA journal_mode = DELETE").fetchall()

    def _borrow(self) -> sqlite3.Connection:
        self.check_identity()
        self._access.check(self.path)
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError(f"the ledger {self.path} is closed")
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return _tuned(self._access.connect(self._patience))
        except BaseException:
            with self._lock:
                self._lent -= 1
            raise

    def _give_back(self, db: sqlite3.Connection) -> None:
        with self._lock:
            self._lent -= 1
            if not self._closed:
                self._idle.append(db)
                return
            is_last = self._lent == 0
        self._part_with(db, is_last=is_last)

    @contextmanager
    def _told_as_outage(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if not is_outage(error):
                raise
            raise LedgerUnavailable(*outage_of(error), str(self.path)) from error


def is_missing(path: Path) -> bool:
    """Whether there is no file yet, or not even a directory for the file."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # opening the file says why
        pass
    return False


def is_blank(path: Path) -> bool:
    """Whether there is a file without a byte in it."""
    try:
        is_empty = path.is_file() and path.stat().st_size == 0
    except OSError:  # opening the file says why
        return False
    return is_empty and not has_content(beside(path, "-wal"))


@contextmanager
def writing(db: sqlite3.Connection, patience: float = PATIENCE) -> Iterator[None]:
    """A transaction during which no other process can write."""
    patiently(lambda: db.execute("BEGIN IMMEDIATE"), patience=patience)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def patiently(step: Callable[[], object], *, patience: float = PATIENCE) -> None:
    """Takes a step, again where SQLite finds the file busy and does not wait by itself."""
    until = time.monotonic() + patience
    for attempt in range(1, ATTEMPTS + 1):
        try:
            step()
            return
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or attempt == ATTEMPTS or time.monotonic() > until:
                raise
            time.sleep(0.01 * attempt)


def open_owned_file(
    path: Path,
    application_id: int,
    prepare: Callable[[sqlite3.Connection], object],
    patience: float = PATIENCE,
) -> sqlite3.Connection:
    """A connection to a file with the application id in its header; a new file is given the id.

    `prepare` sets the connection up and makes missing tables. A file of another application stays
    untouched. Raises sqlite3.Error.
    """
    db = _connect(path, patience)
    try:
        patiently(lambda: _claim(db, application_id), patience=patience)
        prepare(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _claim(db: sqlite3.Connection, application_id: int) -> None:
    if _identity(db)[0] != application_id:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            db.execute(f"PRAGMA application_id = {application_id}")
        elif _identity(db)[0] != application_id:  # else another process just made it, id first
            raise sqlite3.DatabaseError("it is a database of another kind")
    db.execute("PRAGMA journal_mode = WAL").fetchall()


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)


def _tuned(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -32768")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    # Nothing may be written, not even the journal mode, before we know that the file is ours.
    is_new = _is_empty(db)
    if is_new:
        if _journal_mode(db) != "wal":
            db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            patiently(lambda: db.execute("PRAGMA journal_mode = WAL").fetchall())
        with writing(_tuned(db)):
            if _is_empty(db):
                for statement in SCHEMA:
                    db.execute(statement)
    _refuse_foreign(db, path)


def _is_empty(db: sqlite3.Connection) -> bool:
    application, version = _identity(db)
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(application == version == tables == 0)


def _refuse_foreign(db: sqlite3.Connection, path: Path) -> None:
    application, version = _identity(db)
    if application != APPLICATION_ID:
        raise NotALedger(path, "is a SQLite file of another application; choose another path")
    if version > FORMAT:
        newer = f"has ledger format {version}, this program reads up to {FORMAT}; upgrade tenure"
        raise NotALedger(path, newer)


def _journal_mode(db: sqlite3.Connection) -> str:
    return str(db.execute("PRAGMA journal_mode").fetchone()[0])


def _identity(db: sqlite3.Connection) -> tuple[int, int]:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return application, version


def refuse_network(path: Path) -> None:
    """Raises NotALedger for a path on a network file system."""
    if kind := network_of(path):
        raise NotALedger(
            path,
            f"lies on a network file system ({kind}), where SQLite's locks don't hold and a ledger "
            "is destroyed sooner or later; use a ledger in PostgreSQL (postgresql://user@host/db), "
            "with the views on a local disk",
        )


def refuse_missing_directory(path: Path) -> None:
    if not path.parent.is_dir():
        missing = f"cannot be created: there is no directory {path.parent}; create it first"
        raise NotALedger(path, missing)
    if path.is_dir():
        raise NotALedger(path, "is a directory; name a file in it")
    if path.exists() and not path.is_file():  # the open of a pipe would wait for a writer
        raise NotALedger(path, "is no regular file; name another")


def _explain(error: sqlite3.DatabaseError) -> str:
    if primary_code(error) == sqlite3.SQLITE_NOTADB:
        return "is not a SQLite database; choose another path, or restore the ledger from a copy"
    outage, _ = outage_of(error)
    if outage is Outage.DAMAGED:
        return "is damaged; restore the ledger from a copy ('tenure restore')"
    if outage is Outage.LOCKED:
        return "is locked by another process; end that process, or wait for it"
    if outage is Outage.DISK_FULL:
        return "cannot be opened: the disk is full"
    return f"cannot be opened ({error}); check that the file and its directory are writable"


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
