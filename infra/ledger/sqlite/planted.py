"""Triggers and views in the file of a ledger, which Tenure never makes.

SQLite runs a trigger inside every write: one line of SQL could drop or change each entry while it
is recorded, before the log takes it in.
"""

import sqlite3

from infra.ledger.outages import LedgerUnavailable, Outage

_PLANTED = """SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')
    ORDER BY type, name LIMIT 1"""


def planted_in(db: sqlite3.Connection) -> str | None:
    """What somebody put into the file, and what to do, in words; None for a clean file."""
    found = db.execute(_PLANTED).fetchone()
    if found is None:
        return None
    kind, name = found
    return (
        f"its file has the {kind} {str(name)[:60]!r}, which no ledger has: it could drop or change "
        "what is recorded. Keep a copy of the file, find out who put it there, then drop it with "
        "SQLite, and 'tenure verify' the ledger"
    )


def refuse_planted(db: sqlite3.Connection, place: str) -> None:
    """Raises LedgerUnavailable."""
    if why := planted_in(db):
        raise LedgerUnavailable(Outage.DAMAGED, why, place)
