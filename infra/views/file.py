"""Where do the views live, and how far are they?

All views of a node share one local SQLite file. Beside their tables stands, for each view, the last
entry of the ledger that it has taken in. A view can be deleted at any time: following the ledger
brings it back.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread, current_thread, local
from typing import Any, Protocol, runtime_checkable

from domain.occurred import Instant
from domain.refusals import Refusal
from infra.ledger.codec import Recorded
from infra.ledger.legibility import PassedOver
from infra.ledger.sqlite.file import open_owned_file, writing
from infra.views.digests import digests_of

_APPLICATION_ID = 0x54_4E_56_57  # "TNVW"
_TRACKING = """
CREATE TABLE IF NOT EXISTS tracking (
    view        TEXT    PRIMARY KEY,
    version     INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL
) WITHOUT ROWID
"""
_PASSED_OVER = """
CREATE TABLE IF NOT EXISTS passed_over (
    position    INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    rests_on    INTEGER
)
"""
"""What no view takes in, because it can't be read or rests on what can't."""


class NotAViewFile(Refusal):
    """The path can't hold views; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can't hold the views: {why}; TENURE_VIEWS names the file to use")


@dataclass(frozen=True, slots=True)
class Tracking:
    """How far a view has followed the ledger."""

    position: int = 0
    event: str = ""
    """The id of the event at that position."""
    recorded_at: Instant = Instant(0)
    """Recorded time of that entry, never less than that of an earlier one."""


class Projection(Protocol):
    """One question's tables and their fold. It keeps nothing that its tables don't tell."""

    @property
    def name(self) -> str:
        """Its name in storage, which never changes."""

    @property
    def version(self) -> int:
        """Raised with every change of its tables or its fold: the view is then built anew."""

    @property
    def tables(self) -> Sequence[str]:
        """Its tables, each with a primary key; or, if virtual, with a first column that is one."""

    @property
    def schema(self) -> str:
        """The SQL that makes them."""

    def apply(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Takes one entry in; entries come in order, with recorded times that never decrease."""

    def forget(self) -> None:
        """Lets go of what it remembers of its tables: they may have changed under it."""


Progress = Callable[[int], None]
"""Told from time to time how many entries more were taken in."""


@runtime_checkable
class Settling(Protocol):
    """A projection that first takes entries in, and later works out what they amount to.

    What is said of a place by many entries is worked out at less cost once for all of them.
    """

    @property
    def waiting(self) -> int:
        """How many entries it has taken in and not worked out."""

    def settle(
        self, db: sqlite3.Connection, progress: Progress | None = None, at_most: int | None = None
    ) -> None:
        """Works out what waits, or about so many entries of it. Once nothing waits, the tables
        tell what was recorded."""


class ViewFile:
    """The views of this node."""

    def __init__(self, path: Path, *, passing: bool = False, mapped: bool = True) -> None:
        """With `passing`, a file that is deleted soon, whatever happens; `mapped` into memory, it
        is read faster. Raises NotAViewFile."""
        self.path = path
        self._passing, self._mapped = passing, mapped
        self._local = local()
        self._readers: dict[Thread, sqlite3.Connection] = {}
        self._reading = Lock()
        self._lock = Lock()
        self._db = self._open()

    def close(self) -> None:
        """Closes every connection, those of other threads too."""
        self._db.close()
        for db in self._readers.values():
            db.close()

    def prepare(self, projections: Sequence[Projection]) -> None:
        """Makes the tables; those of a view whose version has changed are made anew and empty."""
        with self._transaction():
            for projection in projections:
                version = self._db.execute(
                    "SELECT version FROM tracking WHERE view = ?", (projection.name,)
                ).fetchone()
                if version != (projection.version,):
                    self._renew(projection)

    @contextmanager
    def writing(self, projections: Sequence[Projection]) -> Iterator["Advance"]:
        """One transaction that moves these views on: all of it, or nothing."""
        with self._transaction():
            tracked = {each.name: self._tracking(each) for each in projections}
            advance = Advance(self._db, tracked, self._renew)
            yield advance
            self._db.executemany(
                "UPDATE tracking SET position = :position, event = :event, "
                "recorded_at = :recorded_at WHERE view = :view",
                [
                    {
                        "view": name,
                        "position": at.position,
                        "event": at.event,
                        "recorded_at": at.recorded_at,
                    }
                    for name, at in advance.tracking.items()
                ],
            )

    @property
    def reader(self) -> sqlite3.Connection:
        """A connection for reading, one for each thread."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = self._open()
            with self._reading:
                self._close_left_behind()
                self._readers[current_thread()] = db
        return db

    def _close_left_behind(self) -> None:
        """Closes the connections of threads that have ended; servers' threads come and go."""
        for thread in [each for each in self._readers if not each.is_alive()]:
            self._readers.pop(thread).close()

    def tracking(self, projection: Projection) -> Tracking:
        """How far that view is."""
        found = self.reader.execute(_SELECT_TRACKING, (projection.name,)).fetchone()
        return Tracking(*found) if found else Tracking()

    def standing(self, projection: Projection) -> dict[str, Any]:
        """All that is kept of how far that view is, by the names of the columns."""
        found = self.reader.execute("SELECT * FROM tracking WHERE view = ?", (projection.name,))
        names = [column[0] for column in found.description]
        return dict(zip(names, found.fetchone() or (), strict=False))

    def damage(self) -> str | None:
        """The first thing that is wrong with the file itself, as SQLite says it: an index that
        finds other rows than there are, or a page that can't be read."""
        (found,) = self.reader.execute("PRAGMA integrity_check(1)").fetchone()
        return None if found == "ok" else str(found)

    def broken_search(self, projection: Projection) -> tuple[str, str] | None:
        """The first table of the view whose full-text index is not what follows from its texts,
        and how SQLite says so."""
        for table in projection.tables:
            (found,) = self.reader.execute(_IS_SEARCHED, (table,)).fetchone()
            if found and (how := self._broken(table)):
                return table, how
        return None

    def _broken(self, table: str) -> str | None:
        # To have it checked is an INSERT, though it changes nothing.
        try:
            with self._lock:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    self._db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
                finally:
                    self._db.execute("ROLLBACK")
        except sqlite3.DatabaseError as broken:
            if broken.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            return str(broken)
        return None

    @property
    def position(self) -> int:
        """The position that every view has reached."""
        (position,) = self.reader.execute("SELECT min(position) FROM tracking").fetchone()
        return int(position or 0)

    @property
    def passed_over(self) -> list[PassedOver]:
        """The entries that no view takes into account, in the order of the ledger."""
        return [PassedOver(*row) for row in self.reader.execute(_SELECT_PASSED_OVER)]

    def digest(self, projection: Projection) -> str:
        """SHA-256 over all rows of the view in the order of their keys."""
        return digests_of(self.reader, projection).whole

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """What this thread reads meanwhile is of one moment, whoever writes."""
        self.reader.execute("BEGIN")
        try:
            self.reader.execute("SELECT * FROM tracking").fetchall()  # the moment is this one
            yield
        finally:
            self.reader.execute("ROLLBACK")

    def replace_with(self, other: "ViewFile", projections: Sequence[Projection]) -> None:
        """Puts the other file's rows in place of these, in one transaction."""
        self._db.execute("ATTACH DATABASE ? AS rebuilt", (str(other.path),))
        try:
            with self._transaction():
                for projection in projections:
                    self._renew(projection)
                    for table in projection.tables:
                        self._db.execute(f"INSERT INTO main.{table} SELECT * FROM rebuilt.{table}")
                self._db.execute(
                    "INSERT OR REPLACE INTO main.tracking SELECT * FROM rebuilt.tracking"
                )
                self._db.execute("DELETE FROM main.passed_over")
                self._db.execute("INSERT INTO main.passed_over SELECT * FROM rebuilt.passed_over")
        finally:
            self._db.execute("DETACH DATABASE rebuilt")

    def _tracking(self, projection: Projection) -> Tracking:
        return Tracking(*self._db.execute(_SELECT_TRACKING, (projection.name,)).fetchone())

    def _renew(self, projection: Projection) -> None:
        for table in projection.tables:
            self._db.execute(f"DROP TABLE IF EXISTS main.{table}")
        for statement in filter(str.strip, projection.schema.split(";")):
            self._db.execute(statement)
        self._db.execute(
            "INSERT OR REPLACE INTO tracking VALUES (?, ?, 0, '', 0)",
            (projection.name, projection.version),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, writing(self._db):
            yield

    def _open(self) -> sqlite3.Connection:
        try:
            return open_owned_file(self.path, _APPLICATION_ID, self._set_up)
        except sqlite3.Error as refused:
            raise NotAViewFile(self.path, str(refused)) from None

    def _set_up(self, db: sqlite3.Connection) -> None:
        # Views can be built again, so a commit need not wait for the disk; and of a passing file
        # nothing is needed that was broken off.
        db.execute("PRAGMA synchronous = NORMAL")
        if self._passing:
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute("PRAGMA cache_size = -65536")
        elif self._mapped:
            db.execute("PRAGMA mmap_size = 268435456")
        db.execute(_TRACKING)
        db.execute(_PASSED_OVER)


@dataclass
class Advance:
    """One transaction of the projector: the connection to write to, and how far each view is."""

    db: sqlite3.Connection
    tracking: dict[str, Tracking]
    renew: Callable[[Projection], None]
    """Makes the tables of a view anew and empty."""

    @property
    def position(self) -> int:
        """How far all of them are."""
        return min(each.position for each in self.tracking.values())

    @property
    def passed_over(self) -> list[int]:
        """The positions of what no view has taken in."""
        return [position for position, *_ in self.db.execute(_SELECT_PASSED_OVER)]

    def start_anew(self, projections: Sequence[Projection]) -> None:
        """Empties these views, so that they follow the ledger from its first entry."""
        for projection in projections:
            self.renew(projection)
            self.tracking[projection.name] = Tracking()
        self.db.execute("DELETE FROM passed_over")

    def settle(
        self,
        projections: Sequence[Projection],
        progress: Progress | None = None,
        at_most: int | None = None,
    ) -> None:
        """Has every view work out what waits, or about so many entries of it."""
        for projection in projections:
            if isinstance(projection, Settling):
                projection.settle(self.db, progress, at_most)

    def take_in(self, projections: Sequence[Projection], recorded: Recorded) -> None:
        """Applies the entry to every view that has not had it."""
        taken = _tracking_of(recorded)
        for projection in projections:
            at = self.tracking[projection.name]
            if at.position < recorded.position:
                # Clocks of writers differ; recorded time never decreases with position.
                if recorded.recorded_at < at.recorded_at:
                    recorded = recorded.at(at.recorded_at)
                    taken = _tracking_of(recorded)
                projection.apply(self.db, recorded)
                self.tracking[projection.name] = taken

    def pass_over(self, passed: PassedOver, recorded_at: Instant | None) -> None:
        """Counts the entry as passed, by every view that has not had it; that it is known when it
        was recorded does not mean that it can be read."""
        for name, at in self.tracking.items():
            if at.position < passed.position:
                # As for every entry: recorded time never decreases with position.
                then = at.recorded_at if recorded_at is None else max(at.recorded_at, recorded_at)
                self.tracking[name] = Tracking(passed.position, passed.event, then)
                row = (passed.position, then, passed.event, passed.why, passed.rests_on)
                self.db.execute("INSERT OR REPLACE INTO passed_over VALUES (?, ?, ?, ?, ?)", row)


def _tracking_of(recorded: Recorded) -> Tracking:
    return Tracking(recorded.position, recorded.statement.id, recorded.recorded_at)


_IS_SEARCHED = "SELECT count(*) FROM sqlite_master WHERE name = ? AND sql LIKE '%USING fts5%'"
_SELECT_PASSED_OVER = "SELECT position, event, why, rests_on FROM passed_over ORDER BY position"
_SELECT_TRACKING = "SELECT position, event, recorded_at FROM tracking WHERE view = ?"


@contextmanager
def temporary_views(
    beside: Path, purpose: str = "rebuild", *, keep_as: Path | None = None
) -> Iterator[ViewFile]:
    """An empty view file beside another one, deleted when done; or kept under that name, if all
    went well."""
    path = beside.with_name(f"{beside.name}.{purpose}")
    _delete(path)
    try:  # from before it is there: a signal may end this process at any step
        with closing(ViewFile(path, passing=True)) as views:
            yield views
        if keep_as:
            _delete(keep_as)
            path.replace(keep_as)
    finally:
        _delete(path)


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
