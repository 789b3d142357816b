"""The last signed checkpoint of each log, in the file of a ledger.

The table is made with the first signature: a ledger without one stays as it was.
"""

import sqlite3

from infra.ledger.sqlite.file import writing

_TABLE = """
CREATE TABLE IF NOT EXISTS checkpoint (
    origin TEXT PRIMARY KEY,
    note   TEXT NOT NULL
) WITHOUT ROWID
"""
_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'checkpoint'"


def kept_checkpoints(db: sqlite3.Connection) -> list[str]:
    """The signed notes, whatever bytes somebody put there."""
    if db.execute(_THERE).fetchone() == (0,):
        return []
    rows = db.execute("SELECT CAST(note AS BLOB) FROM checkpoint ORDER BY origin")
    return [bytes(note or b"").decode(errors="replace") for (note,) in rows]


def keep_checkpoint(db: sqlite3.Connection, origin: str, note: str) -> None:
    """Replaces the note under a name."""
    with writing(db):
        db.execute(_TABLE)
        db.execute("INSERT OR REPLACE INTO checkpoint VALUES (?, ?)", (origin, note))
