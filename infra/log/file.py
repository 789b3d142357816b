"""The file of a log: SQLite, beside the views.

Leaves, tiles and checkpoint are written in one transaction, so that a crash leaves no half tile and
no checkpoint without leaves. Leaves and tiles can be built again from the ledger, byte for byte;
signed checkpoints and cosignatures can't, and hold every later ledger to the past.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from domain.refusals import Refusal
from infra.ledger.sqlite.file import open_owned_file, writing
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES, leaf_hash, root
from infra.log.signed_notes import Signature, SignedNote, VerifierKey
from infra.log.source import KeptLeaf
from infra.log.tiles import Bundle, DamagedTile, Tile, bundle_of, grow, subtrees
from infra.log.timestamps import Timestamp

_APPLICATION_ID = 0x54_4E_54_4C  # "TNTL"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS leaf (
    number   INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    data     BLOB    NOT NULL
);
CREATE TABLE IF NOT EXISTS tile (
    level    INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    hashes   BLOB    NOT NULL,
    PRIMARY KEY (level, number)
);
CREATE TABLE IF NOT EXISTS checkpoint (
    origin   TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    root     BLOB    NOT NULL,
    PRIMARY KEY (origin, size)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signature (
    origin   TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    witness  INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    key      BLOB    NOT NULL,
    made     BLOB    NOT NULL,
    PRIMARY KEY (origin, size, witness, name, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timestamp (
    origin   TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    token    BLOB    NOT NULL,
    PRIMARY KEY (origin, size, token)
) WITHOUT ROWID;
"""


_MOST_MISSING = 1_000_000
"""The most missing leaves, each with a finding, in a file that counts as a log."""
_FORMS = {
    "leaf": "number >= 0 AND typeof(position) = 'integer' AND typeof(data) = 'blob'",
    "tile": "typeof(level) = 'integer' AND typeof(number) = 'integer' AND typeof(hashes) = 'blob'",
    "checkpoint": "typeof(origin) = 'text' AND typeof(size) = 'integer' AND size >= 0 "
    "AND typeof(root) = 'blob'",
    "signature": "typeof(origin) = 'text' AND typeof(size) = 'integer' AND typeof(name) = 'text' "
    "AND typeof(key) = 'blob' AND typeof(made) = 'blob' AND witness = (name <> origin)",
    "timestamp": "typeof(origin) = 'text' AND typeof(size) = 'integer' AND typeof(token) = 'blob' "
    "AND EXISTS (SELECT 1 FROM checkpoint "
    "WHERE checkpoint.origin = timestamp.origin AND checkpoint.size = timestamp.size)",
}
"""The condition that every row of a table fulfils."""


class NotALogFile(Refusal):
    """The path can't hold the log; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can't hold the log: {why}; it stands beside TENURE_VIEWS")


class Leaf(NamedTuple):
    """An entry of the ledger, as the log took the entry in."""

    number: int
    position: int
    """The position of the entry in the ledger, which may have gaps."""
    data: bytes


class Log:
    """The log, read through one connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._using = Lock()

    def close(self) -> None:
        with self._using:
            self._db.close()

    @property
    def size(self) -> int:
        """The number of leaves."""
        ((size,),) = self._select("SELECT coalesce(max(number) + 1, 0) FROM leaf")
        return int(size)

    def shape_faults(self) -> list[str]:
        """The content that no log ever writes, in words."""
        found = [
            f"{count:,} of its {table}s are of another form than a log's"
            for table, form in _FORMS.items()
            if (count := self._select(f"SELECT count(*) FROM {table} WHERE NOT ({form})")[0][0])
        ]
        ((sound,),) = self._select("PRAGMA integrity_check(1)")
        found += [] if sound == "ok" else [str(sound)]
        ((there,),) = self._select("SELECT count(*) FROM leaf")
        if not found and self.size > there + _MOST_MISSING:
            found.append(f"its leaves are numbered up to {self.size - 1:,}, and it has {there:,}")
        return found

    @property
    def last(self) -> Leaf | None:
        """The last leaf."""
        found = self._select("SELECT number, position, data FROM leaf ORDER BY number DESC LIMIT 1")
        return Leaf(*found[0]) if found else None

    def number_at(self, position: int) -> int | None:
        """The number of the leaf for the entry at that position of the ledger."""
        found = self._select("SELECT number FROM leaf WHERE position = ?", position)
        return int(found[0][0]) if found else None

    def leaves(self, start: int, end: int) -> list[Leaf]:
        """The leaves from `start` to before `end`."""
        between = "SELECT number, position, data FROM leaf WHERE number >= ? AND number < ?"
        return [Leaf(*row) for row in self._select(f"{between} ORDER BY number", start, end)]

    def kept_leaves(self, start: int, end: int) -> dict[int, KeptLeaf]:
        """The same leaves by their numbers, as hashes."""
        return {
            leaf.number: KeptLeaf(leaf_hash(leaf.data), leaf.position)
            for leaf in self.leaves(start, end)
        }

    def tile(self, tile: Tile) -> bytes:
        """The hashes of a tile. Raises DamagedTile."""
        hashes = self.row(tile)
        if len(hashes) < tile.width * HASH_BYTES:
            raise DamagedTile(tile, len(hashes))
        return hashes

    def row(self, tile: Tile) -> bytes:
        """As many of the tile's hashes as the file holds."""
        found = self._select(
            "SELECT substr(hashes, 1, ?) FROM tile WHERE level = ? AND number = ?",
            tile.width * HASH_BYTES,
            tile.level,
            tile.number,
        )
        return bytes(found[0][0]) if found else b""

    def bundle(self, bundle: Bundle) -> bytes:
        """The leaves of a bundle in the form for clients."""
        return bundle_of(leaf.data for leaf in self.leaves(bundle.start, bundle.end))

    def root(self, size: int) -> bytes:
        """The root over the first leaves. Raises DamagedTile."""
        return root(size, subtrees(size, self.tile))

    def checkpoint(self, origin: str, size: int | None = None) -> Checkpoint | None:
        """The newest checkpoint under a name, or the checkpoint of a size."""
        found = self._select(
            "SELECT origin, size, root FROM checkpoint "
            "WHERE origin = ? AND (? IS NULL OR size = ?) ORDER BY size DESC LIMIT 1",
            origin,
            size,
            size,
        )
        return Checkpoint(*found[0]) if found else None

    def signed_by(self, key: VerifierKey) -> Checkpoint | None:
        """The newest checkpoint of an entry or more with a signature by the log's own key."""
        found = self._select(
            "SELECT size FROM signature WHERE origin = ? AND name = ? AND key = ? AND size > 0 "
            "ORDER BY size DESC LIMIT 1",
            *(key.name, key.name, key.id),
        )
        return self.checkpoint(key.name, found[0][0]) if found else None

    @property
    def has_signatures(self) -> bool:
        """Whether anything is signed of an entry or more."""
        return bool(self._select("SELECT 1 FROM signature WHERE size > 0 LIMIT 1"))

    @property
    def signed_root(self) -> bytes | None:
        """The root over all leaves, if a checkpoint of this size was signed."""
        found = self._select("SELECT root FROM checkpoint WHERE size = ?", self.size)
        return bytes(found[0][0]) if found else None

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Every checkpoint, from the smallest on."""
        last: tuple[int, str] = (-1, "")
        while found := self._select(
            "SELECT origin, size, root FROM checkpoint "
            "WHERE (size, origin) > (?, ?) ORDER BY size, origin LIMIT 1000",
            *last,
        ):
            yield from (Checkpoint(*row) for row in found)
            last = found[-1][1], found[-1][0]

    def cosigned(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint under a name with a witness's cosignature."""
        found = self._select(
            "SELECT size FROM signature WHERE origin = ? AND witness AND name <> origin "
            "ORDER BY size DESC LIMIT 1",
            origin,
        )
        return self.checkpoint(origin, found[0][0]) if found else None

    def note(self, checkpoint: Checkpoint) -> SignedNote:
        """The checkpoint with all signatures, ours first."""
        found = self._select(
            "SELECT name, key, made FROM signature WHERE origin = ? AND size = ? "
            "ORDER BY witness, name, key",
            checkpoint.origin,
            checkpoint.size,
        )
        return SignedNote(checkpoint.text, tuple(Signature(*row) for row in found))

    def timestamps(self) -> Iterator[Timestamp]:
        """The timestamps of all checkpoints, from the smallest on."""
        last: tuple[int, str, bytes] = (-1, "", b"")
        while found := self._select(
            "SELECT size, origin, token, root FROM timestamp JOIN checkpoint USING (origin, size) "
            "WHERE (size, origin, token) > (?, ?, ?) ORDER BY size, origin, token LIMIT 100",
            *last,
        ):
            for size, origin, token, root_ in found:
                yield Timestamp(Checkpoint(origin, size, root_), token)
            last = found[-1][:3]

    def _select(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        with self._using:
            return self._db.execute(sql, given).fetchall()


class GrowingLog(Log):
    """The log within a transaction that adds leaves."""

    def clear(self) -> None:
        """Deletes leaves and tiles, which follow from the ledger; checkpoints stay."""
        self._db.execute("DELETE FROM leaf")
        self._db.execute("DELETE FROM tile")

    def append(self, leaves: Sequence[Leaf]) -> None:
        """Adds leaves, and their hashes to the tiles."""
        hashes = [leaf_hash(leaf.data) for leaf in leaves]
        changed = list(grow(leaves[0].number, hashes, self.tile)) if leaves else []
        self._db.executemany("INSERT INTO leaf VALUES (?, ?, ?)", leaves)
        self._db.executemany(
            "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)",
            [(tile.level, tile.number, hashes) for tile, hashes in changed],
        )

    def keep(
        self, checkpoint: Checkpoint, signatures: Sequence[Signature], *, of_witnesses: bool
    ) -> None:
        """Keeps a checkpoint and its signatures; a witness replaces its earlier cosignature."""
        at = checkpoint.origin, checkpoint.size
        self._db.execute(
            "INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?)", (*at, checkpoint.root)
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO signature VALUES (?, ?, ?, ?, ?, ?)",
            [(*at, of_witnesses, each.name, each.key_id, each.made) for each in signatures],
        )

    def keep_timestamp(self, timestamp: Timestamp) -> None:
        """Keeps a timestamp of a checkpoint that this log has signed."""
        stamped = timestamp.checkpoint
        self._db.execute(
            "INSERT OR IGNORE INTO timestamp VALUES (?, ?, ?)",
            (stamped.origin, stamped.size, timestamp.token),
        )


class LogFile:
    """The file of a node's log, opened at the first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opening, self._writing = Lock(), Lock()
        self._reader: Log | None = None
        self._writer: sqlite3.Connection | None = None

    def close(self) -> None:
        """Closes the connections."""
        if self._reader:
            self._reader.close()
        if self._writer:
            self._writer.close()

    @property
    def log(self) -> Log:
        """The committed log. Raises NotALogFile."""
        with self._opening:
            self._reader = self._reader or Log(self._open())
            return self._reader

    @contextmanager
    def growing(self) -> Iterator[GrowingLog]:
        """A transaction that adds to the log. Raises NotALogFile."""
        with self._opening:
            db = self._writer = self._writer or self._open()
        with self._writing, writing(db):
            yield GrowingLog(db)

    def _open(self) -> sqlite3.Connection:
        try:
            return open_owned_file(self.path, _APPLICATION_ID, _set_up)
        except sqlite3.Error as refused:
            raise NotALogFile(self.path, str(refused)) from None


def _set_up(db: sqlite3.Connection) -> None:
    # A checkpoint that was shown to anybody must outlive a power cut.
    db.execute("PRAGMA synchronous = FULL")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        db.execute(statement)
