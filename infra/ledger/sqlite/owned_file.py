"""How is a SQLite file opened that only Tenure writes, so that no other is ever taken for one?"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from infra.ledger.sqlite.file import patiently

_BUSY_SECONDS = 60


def open_own(
    path: Path, application_id: int, prepare: Callable[[sqlite3.Connection], object]
) -> sqlite3.Connection:
    """A connection to a file that bears the id in its header; a new one is given it. Nothing of
    another kind is touched.

    `prepare` sets the connection up and makes what is missing. Raises sqlite3.Error.
    """
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        patiently(lambda: _claim(db, application_id))
        prepare(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _claim(db: sqlite3.Connection, application_id: int) -> None:
    if _owner(db) != application_id:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            db.execute(f"PRAGMA application_id = {application_id}")
        elif _owner(db) != application_id:  # else somebody made it in this moment, the id first
            raise sqlite3.DatabaseError("it is a database of another kind")
    db.execute("PRAGMA journal_mode = WAL").fetchall()


def _owner(db: sqlite3.Connection) -> int:
    owner: int = db.execute("PRAGMA application_id").fetchone()[0]
    return owner
