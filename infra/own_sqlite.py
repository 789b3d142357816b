"""How is a SQLite file opened that only Tenure writes, so that no other is ever taken for one?"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

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
        (owner,) = db.execute("PRAGMA application_id").fetchone()
        if owner != application_id:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                raise sqlite3.DatabaseError("it is a database of another kind")
            db.execute(f"PRAGMA application_id = {application_id}")
        db.execute("PRAGMA journal_mode = WAL")
        prepare(db)
    except sqlite3.Error:
        db.close()
        raise
    return db
