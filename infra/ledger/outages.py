"""Storage out of use: the kinds of outage, and what to do about each."""

import sqlite3
from enum import StrEnum

from domain.refusals import Unavailable


class Outage(StrEnum):
    """The kind of an outage; with the name of the storage it is a code of `/readyz`."""

    LOCKED = "Locked"
    GONE = "Gone"
    REPLACED = "Replaced"
    DAMAGED = "Damaged"
    DISK_FULL = "DiskFull"
    READ_ONLY = "ReadOnly"
    UNREADABLE = "Unreadable"
    NO_ANSWER = "NoAnswer"
    BEHIND = "Behind"


class LedgerUnavailable(Unavailable):
    """The ledger can't be read or written now."""

    def __init__(self, outage: Outage, why: str, place: str = "") -> None:
        super().__init__(f"the ledger can't be used now: {why}")
        self.outage, self.place = outage, place


class OpenTransaction(LedgerUnavailable):
    """The next position belongs to a transaction that has not ended."""

    def __init__(self, position: int) -> None:
        super().__init__(
            Outage.LOCKED,
            f"position {position} may belong to a transaction on its PostgreSQL server that is "
            "still open, and nothing behind it is read before the transaction has ended "
            "(pg_stat_activity and pg_prepared_xacts show it)",
        )


_BY_CODE = {
    sqlite3.SQLITE_BUSY: Outage.LOCKED,
    sqlite3.SQLITE_LOCKED: Outage.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Outage.LOCKED,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
    sqlite3.SQLITE_FULL: Outage.DISK_FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
}
_WORDS = {
    Outage.LOCKED: "another process keeps its file locked; end that process, or wait for it",
    Outage.DAMAGED: "its file is damaged",
    Outage.DISK_FULL: "the disk is full; make room, and send it again",
    Outage.READ_ONLY: "its file can't be written: the file, its folder or the medium is read-only",
    Outage.UNREADABLE: "its file can't be read",
}


def is_outage(error: BaseException) -> bool:
    """Whether the error is SQLite's word on a file, and not on a misuse of the library."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    is_misuse = isinstance(
        error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.NotSupportedError
    )
    return not is_misuse and primary_code(error) != sqlite3.SQLITE_INTERRUPT


def outage_of(error: sqlite3.Error) -> tuple[Outage, str]:
    """The kind of an outage of a SQLite file, and the reason in words."""
    code = primary_code(error)
    outage = _BY_CODE.get(code, Outage.UNREADABLE)
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHORT_READ:
        outage = Outage.DAMAGED
    if code in {0, sqlite3.SQLITE_ERROR}:  # a missing table, or a text that is not UTF-8
        outage = Outage.DAMAGED
    said = " ".join(str(error).split())[:200]
    return outage, f"{_WORDS[outage]} ({said})"


def primary_code(error: BaseException) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
