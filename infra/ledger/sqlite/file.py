"""The SQLite file of a ledger, and its connections; other SQLite files of Tenure's own."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from domain.refusals import Refusal

APPLICATION_ID = 0x54656E75  # "Tenu", in the header of every ledger file
FORMAT = 1
PATIENCE = 60.0  # seconds that one attempt waits for the writer of another process
ATTEMPTS = 5
PAGE_SIZE = 8192  # bytes
WAL_PAGES = 4000  # before they are moved into the file itself

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
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT}",
)


class NotALedger(Refusal):
    """A file that cannot be opened as a ledger; the message says why and how to go on."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}")


class SqliteFile:
    """A ledger file and its connections, each used by a single thread at a time."""

    def __init__(self, path: Path) -> None:
        """Creates the file if there is none. Raises NotALedger."""
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        refuse_missing_directory(path)
        try:
            with closing(_connect(path)) as db:
                _prepare(db, path)
        except sqlite3.DatabaseError as error:
            raise NotALedger(path, _explain(error)) from error

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        db = self._borrow()
        try:
            yield db
        finally:
            self._give_back(db)

    def close(self) -> None:
        """Closes idle connections now, and used connections as soon as they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError(f"the ledger {self.path} is closed")
            if self._idle:
                return self._idle.pop()
        return _tuned(_connect(self.path))

    def _give_back(self, db: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(db)
                return
        db.close()


def is_missing(path: Path) -> bool:
    """Whether there is no file yet, or not even a directory for the file."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # opening the file says why
        pass
    return False


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction during which no other process can write."""
    patiently(lambda: db.execute("BEGIN IMMEDIATE"))
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def patiently(step: Callable[[], object]) -> None:
    """Takes a step, again where the file stays busy for longer than SQLite's own patience."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            step()
            return
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or attempt == ATTEMPTS:
                raise
            time.sleep(0.01 * attempt)


def open_owned_file(
    path: Path, application_id: int, prepare: Callable[[sqlite3.Connection], object]
) -> sqlite3.Connection:
    """A connection to a file with the application id in its header; a new file is given the id.

    `prepare` sets the connection up and makes missing tables. A file of another application stays
    untouched. Raises sqlite3.Error.
    """
    db = _connect(path)
    try:
        patiently(lambda: _claim(db, application_id))
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


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _tuned(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -32768")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    # Nothing may be written, not even the journal mode, before we know that the file is ours.
    is_new = _is_empty(db)
    if not is_new:
        _refuse_foreign(db, path)
    if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        patiently(lambda: db.execute("PRAGMA journal_mode = WAL").fetchall())
    if is_new:
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


def _identity(db: sqlite3.Connection) -> tuple[int, int]:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return application, version


def refuse_missing_directory(path: Path) -> None:
    if not path.parent.is_dir():
        missing = f"cannot be created: there is no directory {path.parent}; create it first"
        raise NotALedger(path, missing)
    if path.is_dir():
        raise NotALedger(path, "is a directory; name a file in it")


def _explain(error: sqlite3.DatabaseError) -> str:
    code = _primary_code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return "is not a SQLite database; choose another path, or restore the ledger from a copy"
    if code == sqlite3.SQLITE_CORRUPT:
        return "is damaged; restore the ledger from a copy"
    return f"cannot be opened ({error}); check that the file and its directory are writable"


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return _primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _primary_code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
