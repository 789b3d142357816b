"""The memory of a witness: a SQLite file of cosigned checkpoints.

The last cosigned size is compared and replaced in one transaction, on disk before the cosignature
leaves. A witness without a memory would cosign a second history, so a file is made only on request,
and belongs to one key.

* NotWitnessMemory  the file is missing, or can't be the memory of this witness
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from domain.refusals import Refusal
from infra.ledger.sqlite.file import open_owned_file, writing
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import SignedNote, VerifierKey

_APPLICATION_ID = 0x54_4E_57_54  # "TNWT"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS witness (key TEXT NOT NULL)",
    """
    CREATE TABLE IF NOT EXISTS cosigned (
        origin TEXT PRIMARY KEY,
        size   INTEGER NOT NULL,
        root   BLOB    NOT NULL,
        note   TEXT    NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS fork (
        origin TEXT    NOT NULL,
        size   INTEGER NOT NULL,
        root   BLOB    NOT NULL,
        note   TEXT    NOT NULL,
        other  TEXT    NOT NULL,
        PRIMARY KEY (origin, size, root)
    ) WITHOUT ROWID
    """,
)
_MOST_FORKS = 100
"""The most proofs of a fork kept for a log; one is enough."""


class NotWitnessMemory(Refusal):
    """The file can't be the memory of this witness; the message says why."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The last cosigned checkpoint of a log."""

    checkpoint: Checkpoint
    note: str
    """The text, the signatures of the log's known keys, and the cosignature."""


class MemoryStep:
    """The memory within a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def last(self, origin: str) -> Cosigned | None:
        """The last cosigned checkpoint."""
        row = self._db.execute(
            "SELECT origin, size, root, note FROM cosigned WHERE origin = ?", (origin,)
        ).fetchone()
        return Cosigned(Checkpoint(*row[:3]), row[3]) if row else None

    def remember(self, checkpoint: Checkpoint, note: SignedNote) -> None:
        """Replaces the last cosigned checkpoint."""
        self._db.execute(
            "INSERT OR REPLACE INTO cosigned VALUES (?, ?, ?, ?)",
            (checkpoint.origin, checkpoint.size, checkpoint.root, str(note)),
        )

    def keep_fork(self, checkpoint: Checkpoint, note: SignedNote, other: str) -> None:
        """Keeps two signed checkpoints of equal size: proof of a fork, signed by the log."""
        self._db.execute(
            "INSERT OR IGNORE INTO fork SELECT ?, ?, ?, ?, ? "
            "WHERE (SELECT count(*) FROM fork WHERE origin = ?) < ?",
            (
                checkpoint.origin,
                checkpoint.size,
                checkpoint.root,
                str(note),
                other,
                checkpoint.origin,
                _MOST_FORKS,
            ),
        )


class WitnessMemory:
    """The file of a witness."""

    def __init__(self, path: Path, key: VerifierKey, *, begins: bool) -> None:
        """Only with `begins` a missing file is made. Raises NotWitnessMemory."""
        self.path, self._using = path, Lock()
        if not begins and not path.exists():
            raise NotWitnessMemory(
                f"there is no {path}: a witness that has forgotten would cosign a second history. "
                "Give the file of this key, or --begin for a key that has never cosigned"
            )
        try:
            self._db = open_owned_file(path, _APPLICATION_ID, _set_up)
            try:
                self._claim(key)
            except BaseException:
                self._db.close()
                raise
        except sqlite3.Error as refused:
            raise NotWitnessMemory(f"{path} can't be a witness's memory: {refused}") from None

    def close(self) -> None:
        with self._using:
            self._db.close()

    @contextmanager
    def step(self) -> Iterator[MemoryStep]:
        """A transaction, on disk at its end; no other process can write meanwhile."""
        with self._using, writing(self._db):
            yield MemoryStep(self._db)

    def last(self, origin: str) -> Cosigned | None:
        """The last cosigned checkpoint, as committed."""
        with self._using:
            return MemoryStep(self._db).last(origin)

    @property
    def forks(self) -> list[tuple[str, str]]:
        """The proofs of forks: pairs of signed checkpoints of equal size."""
        with self._using:
            found = self._db.execute("SELECT other, note FROM fork ORDER BY origin, size, root")
            return found.fetchall()

    def _claim(self, key: VerifierKey) -> None:
        with self.step():
            owners = self._db.execute("SELECT key FROM witness").fetchall()
            if not owners:
                self._db.execute("INSERT INTO witness VALUES (?)", (str(key),))
            elif owners != [(str(key),)]:
                raise NotWitnessMemory(f"{self.path} is the memory of another key: {owners[0][0]}")


def _set_up(db: sqlite3.Connection) -> None:
    # What was cosigned must outlive a power cut.
    db.execute("PRAGMA synchronous = FULL")
    for statement in _SCHEMA:
        db.execute(statement)
