"""The SQLite file of a node's views, and its position in the ledger.

All views stand at one position. A file may be deleted at any time, and the file of another version
of Tenure is built anew: following the ledger brings every view back.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from threading import Lock, Thread, current_thread, local
from time import monotonic
from typing import ClassVar, NamedTuple

import orjson

from domain.occurred import Instant
from domain.refusals import Refusal
from infra.ledger.codec import Recorded
from infra.ledger.legibility import PassedOver
from infra.ledger.outages import Outage, is_outage, outage_of, primary_code
from infra.ledger.sqlite.file import PATIENCE, open_owned_file, writing
from infra.ledger.sqlite.header import header_of
from infra.ledger.sqlite.identity import FileIdentity, beside, identity_of
from infra.ledger.sqlite.mounts import network_of
from infra.views.digests import digests_of
from infra.views.outages import MENDED, ViewsUnavailable, told_as_outage
from infra.views.rows import columns

_APPLICATION_ID = 0x54_4E_56_57  # "TNVW"
_FOLLOWED = """
CREATE TABLE IF NOT EXISTS followed (
    views       TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL
)
"""
"""One row: the version of each view as JSON, and the last entry taken in."""
_PASSED_OVER = """
CREATE TABLE IF NOT EXISTS passed_over (
    position    INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    rests_on    INTEGER
)
"""
"""The entries outside all views: unreadable, or resting on an unreadable entry."""
_BUILT = """
CREATE TABLE IF NOT EXISTS built (
    name        TEXT    NOT NULL
)
"""
"""One row: the name of this build of the views; each time they are made anew, another."""
_LONGEST_ASIDE = 0.2
"""Seconds in which a snapshot that was laid aside is taken up again."""
_COPIED = ("followed", "passed_over")
"""Our tables with rows that a rebuild carries over."""


class NotAViewFile(Refusal):
    """The path can't hold views; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can't hold the views: {why}; TENURE_VIEWS names the file to use")


class Tracking(NamedTuple):
    """How far the views of a file have followed the ledger."""

    position: int = 0
    event: str = ""
    """The id of the event at the position."""
    recorded_at: Instant = Instant(0)
    """Recorded time of the entry, never less than an earlier entry's."""

    @staticmethod
    def of(recorded: Recorded) -> "Tracking":
        return Tracking(recorded.position, recorded.statement.id, recorded.recorded_at)


class ViewState(NamedTuple):
    """The state of the views: two equal states have equal rows."""

    position: int
    """The last position taken in."""
    build: str
    """The build of the views: with the same build, rows of an earlier position still hold. Views
    made anew, by whatever version or file, have another."""
    event: str
    """The id of the event at the position: a ledger put back from a backup may go on otherwise."""


Later = Callable[[Callable[[], None]], object]
"""Has a function called soon, in this thread: as `call_soon` of an event loop."""
Progress = Callable[[int], None]
"""Told from time to time how many entries more were taken in."""


class Projection:
    """The tables of some questions, and the fold of the ledger into them.

    Following has two steps: `touch` takes in the entries of a batch and notes the touched things;
    `resolve` works the touched things out, once for many entries. Memory holds nothing beyond the
    tables.
    """

    name: ClassVar[str]
    """The name in storage; never changes."""
    version: ClassVar[int]
    """Raised with every change of the tables or the fold: the file is then built anew."""
    tables: ClassVar[tuple[str, ...]]
    """Each has a primary key; a virtual table has the key as first column."""
    schema: ClassVar[str]
    """The SQL of the tables."""

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Takes an entry in. Entries come in order, with recorded times that never decrease."""

    def write(self, db: sqlite3.Connection) -> None:
        """Writes the rows that `touch` keeps in memory."""

    @property
    def waiting(self) -> int:
        """How many entries wait to be worked out."""
        return 0

    def resolve(
        self, db: sqlite3.Connection, progress: Progress | None = None, at_most: int | None = None
    ) -> None:
        """Works out the waiting answers; with `at_most`, the answers of about so many entries."""

    def forget(self) -> None:
        """Drops all memory of the tables, after a change by others."""


class ViewFile:
    """The views of this node."""

    def __init__(
        self,
        path: Path,
        *,
        passing: bool = False,
        mapped: bool = True,
        patience: float = PATIENCE,
        made: bool = True,
    ) -> None:
        """`passing` is for a file to be deleted soon; a `mapped` file is read faster, and kills a
        process that reads it while it is truncated. `patience`: the seconds to wait for the lock of
        another process. A missing file is `made`, or else refused. Raises NotAViewFile and
        ViewsUnavailable."""
        self.path = path
        self._passing, self._mapped, self._patience = passing, mapped, patience
        self._prepared: dict[str, int] | None = None
        self.generation = 0
        """How often another file was found in the place of the file."""
        _refuse_network(path)
        if not made:
            self._there()
        self._local = local()
        self._readers: dict[Thread, sqlite3.Connection] = {}
        self._reading = Lock()
        self._lock = Lock()
        self._open_writer()

    def close(self) -> None:
        """Closes the connections of all threads."""
        self._db.close()
        for db in self._readers.values():
            db.close()

    def prepare(self, projections: Sequence[Projection]) -> None:
        """Makes the tables of these views. A file with other views or versions is emptied and made
        anew."""
        with self._transaction():
            if self._versions(self._db) != _versions_of(projections):
                self._renew(projections)
            elif not self._db.execute("SELECT 1 FROM built").fetchone():  # of an older version
                self._name_build()
        self._prepared = _versions_of(projections)

    @contextmanager
    def writing(self, projections: Sequence[Projection]) -> Iterator["Advance"]:
        """One transaction that moves the views on, in whole or not at all."""
        with self._transaction():
            advance = Advance(self._db, projections, self._tracking(self._db), self._renew)
            yield advance
            # A transaction without rows costs no commit. The row is read again: views that were
            # begun anew may have come back to where they were.
            if advance.tracking != self._tracking(self._db):
                self._db.execute(
                    "UPDATE followed SET position = ?, event = ?, recorded_at = ?",
                    advance.tracking,
                )

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection of this thread for reading, to the file behind the path; in a snapshot, to
        the file that was there at its beginning. Raises ViewsUnavailable."""
        held: sqlite3.Connection | None = getattr(self._local, "held", None)
        if held is not None:
            return held
        self._end_laid_aside()  # it is for questions in a snapshot alone
        there = self._there()
        if getattr(self._local, "file", None) != there:
            db = self._open_again()
            with self._reading:
                self._close_left_behind()
                if before := self._readers.pop(current_thread(), None):
                    before.close()
                self._readers[current_thread()] = db
            self._local.db, self._local.file = db, there
        found: sqlite3.Connection = self._local.db
        return found

    def missing(self) -> ViewsUnavailable | None:
        """The outage of views whose file was deleted or moved; None where it is there."""
        return self._gone if identity_of(self.path) is None else None

    @property
    def _gone(self) -> ViewsUnavailable:
        why = f"their file was deleted or moved; {MENDED}"
        return ViewsUnavailable(Outage.GONE, why, str(self.path))

    @property
    def reader_of_turn(self) -> sqlite3.Connection:
        """The connection in a snapshot that was laid aside, else as `reader`: for what need not be
        of this moment, as counts."""
        aside = getattr(self._local, "aside", None)
        return self.reader if aside is None else aside[0]

    def _there(self) -> FileIdentity:
        """The file behind the path. Raises ViewsUnavailable."""
        there = identity_of(self.path)
        if there is None:
            raise self._gone
        return there

    def _open_again(self) -> sqlite3.Connection:
        """A connection to a file that may be another than at first. Raises ViewsUnavailable."""
        try:
            db = self._open()
        except NotAViewFile as other:
            why = f"there is no file of views in the place of their file; {MENDED}"
            raise ViewsUnavailable(Outage.DAMAGED, why, str(self.path)) from other
        try:
            with told_as_outage(self.path):
                is_other = self._there() != self._written
                if is_other and self._prepared and self._versions(db) != self._prepared:
                    why = f"their file was replaced by one with other views; {MENDED}"
                    raise ViewsUnavailable(Outage.REPLACED, why, str(self.path))
        except BaseException:
            db.close()
            raise
        return db

    def _open_writer(self) -> None:
        self._db = self._open()
        self._db.execute("PRAGMA cache_size = -32768")  # most of a batch fits
        self._written = self._there()

    def _close_left_behind(self) -> None:
        """Closes the connections of ended threads."""
        for thread in [each for each in self._readers if not each.is_alive()]:
            self._readers.pop(thread).close()

    @property
    def tracking(self) -> Tracking:
        """How far the views have followed the ledger."""
        held: tuple[Tracking, ViewState] | None = getattr(self._local, "tracked", None)
        if held is not None:
            return held[0]
        with told_as_outage(self.path):
            return self._tracking(self.reader)

    def _tracked(self, db: sqlite3.Connection) -> tuple[Tracking, ViewState]:
        found = db.execute(_SELECT_TRACKED).fetchone()
        if found is None:
            return Tracking(), _NOTHING_BUILT
        position, event, recorded_at, build = found
        self._refuse_malformed(position)
        return Tracking(position, event, recorded_at), ViewState(position, build, event)

    def _refuse_malformed(self, position: object) -> None:
        if not isinstance(position, int):
            raise ViewsUnavailable.malformed(ValueError("no position"), self.path)

    def _tracking(self, db: sqlite3.Connection) -> Tracking:
        found = db.execute(_SELECT_TRACKING).fetchone()
        tracking = Tracking(*found) if found else Tracking()
        self._refuse_malformed(tracking.position)
        return tracking

    @property
    def position(self) -> int:
        """The last position taken in."""
        return int(self.tracking.position)

    @property
    def state(self) -> ViewState:
        """The last position taken in, and the build of the views, read at once. Whatever is kept
        in memory from rows of one state holds for no other; in a snapshot, its state. Raises
        ViewsUnavailable."""
        held: tuple[Tracking, ViewState] | None = getattr(self._local, "tracked", None)
        if held is not None:
            return held[1]
        with told_as_outage(self.path):
            found = self.reader.execute(_SELECT_STATE).fetchone()
        state = ViewState(*found) if found else _NOTHING_BUILT
        self._refuse_malformed(state.position)
        return state

    @property
    def versions(self) -> dict[str, int]:
        """The version of each view in the file."""
        return self._versions(self.reader)

    def _versions(self, db: sqlite3.Connection) -> dict[str, int]:
        if found := db.execute("SELECT views FROM followed").fetchone():
            try:
                return dict(orjson.loads(found[0]))
            except (TypeError, ValueError) as malformed:
                raise ViewsUnavailable.malformed(malformed, self.path) from malformed
        if db.execute(_IS_TABLE, ("tracking",)).fetchone():  # where older versions noted it
            return dict(db.execute("SELECT view, version FROM tracking").fetchall())
        return {}

    def damage(self) -> str | None:
        """The first damage of the file, in SQLite's words: a wrong index, or an unreadable page."""
        with told_as_outage(self.path):
            (found,) = self.reader.execute("PRAGMA integrity_check(1)").fetchone()
        return None if found == "ok" else str(found)

    def fault(self) -> str | None:
        """The fault of the file that can be seen from its header, in words."""
        header = header_of(self.path)
        if header is None:
            return None if not self.path.exists() else "their file is damaged: it has no header"
        whole = header.page_size * header.pages
        if self.path.stat().st_size >= whole:
            return None
        return f"their file is damaged: it is cut short, and had at least {whole:,} bytes"

    def damaged_page(self) -> str | None:
        """The first page with a fault, in SQLite's words: a quicker `damage`, without indexes."""
        with told_as_outage(self.path):
            (found,) = self.reader.execute("PRAGMA quick_check(1)").fetchone()
        return None if found == "ok" else str(found)

    def broken_search(self, projection: Projection) -> tuple[str, str] | None:
        """The first table of the view with a full-text index other than its texts give, and
        SQLite's words on it."""
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
    def passed_over(self) -> list[PassedOver]:
        """The entries outside all views, in the order of the ledger."""
        with told_as_outage(self.path):
            return [PassedOver(*row) for row in self.reader.execute(_SELECT_PASSED_OVER)]

    def digest(self, projection: Projection) -> str:
        """SHA-256 over all rows of the view in the order of keys."""
        return digests_of(self.reader, projection).whole

    @property
    def snapshot_state(self) -> ViewState | None:
        """The state in the snapshot of this thread; None outside a snapshot."""
        held: tuple[Tracking, ViewState] | None = getattr(self._local, "tracked", None)
        return held[1] if held else None

    def snapshot(self, later: Later | None = None) -> AbstractContextManager[None]:
        """Inside the block this thread sees one state of the views, whatever others commit.

        With `later` the state is laid aside at the end, for the next snapshot of this thread, until
        `later` has the given function called or anything is read outside a snapshot.
        """
        return _Snapshot(self, later)

    def _hold(self) -> sqlite3.Connection | None:
        """Begins a snapshot in this thread; None within another, which goes on."""
        if getattr(self._local, "held", None) is not None:
            return None
        if (aside := self._taken_up()) is not None:
            return aside
        db = self.reader
        _roll_back(db)
        db.execute("BEGIN")
        try:
            self._local.tracked = self._tracked(db)  # the state is of this moment
        except BaseException:
            _roll_back(db)
            raise
        self._local.held = db
        return db

    def _let_go(self, db: sqlite3.Connection) -> None:
        self._local.held = self._local.tracked = self._local.aside = None
        _roll_back(db)

    def _lay_aside(self, db: sqlite3.Connection, later: Later) -> None:
        """Ends a snapshot so that the next one may go on with it."""
        local = self._local
        if getattr(local, "aside", None) is None:
            later(self._end_laid_aside)
            local.began = monotonic()
        local.aside = db, local.tracked
        local.held = local.tracked = None

    def _taken_up(self) -> sqlite3.Connection | None:
        """The snapshot that was laid aside, begun again."""
        aside = getattr(self._local, "aside", None)
        if aside is None:
            return None
        if monotonic() - self._local.began > _LONGEST_ASIDE:  # nobody ended it
            self._end_laid_aside()
            return None
        self._local.held, self._local.tracked = aside
        db: sqlite3.Connection = aside[0]
        return db

    def _end_laid_aside(self) -> None:
        aside = getattr(self._local, "aside", None)
        if aside is not None:
            self._local.aside = None
            _roll_back(aside[0])

    def replace_with(self, other: "ViewFile", projections: Sequence[Projection]) -> None:
        """Replaces all rows by the other file's, in one transaction."""
        self._db.execute("ATTACH DATABASE ? AS rebuilt", (str(other.path),))
        try:
            with self._transaction():
                self._renew(projections)
                self._db.execute("DELETE FROM main.followed")
                for table in (*_COPIED, *(table for each in projections for table in each.tables)):
                    self._db.execute(f"INSERT INTO main.{table} SELECT * FROM rebuilt.{table}")
        finally:
            self._db.execute("DETACH DATABASE rebuilt")

    def _renew(self, projections: Sequence[Projection]) -> None:
        """Makes the tables of these views anew and empty, and drops all others."""
        while tables := self._db.execute(_TABLES_OF_VIEWS).fetchall():
            self._db.execute(f"DROP TABLE main.{tables[0][0]}")
        for each in projections:
            for statement in filter(str.strip, each.schema.split(";")):
                self._db.execute(statement)
        for table in _COPIED:
            self._db.execute(f"DELETE FROM main.{table}")
        versions = orjson.dumps(_versions_of(projections)).decode()
        self._db.execute("INSERT INTO main.followed VALUES (?, 0, '', 0)", (versions,))
        self._name_build()

    def _name_build(self) -> None:
        self._db.execute("DELETE FROM main.built")
        self._db.execute("INSERT INTO main.built VALUES (?)", (token_hex(16),))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, told_as_outage(self.path):
            self._follow_file()
            with writing(self._db, self._patience):
                yield

    def _follow_file(self) -> None:
        """Goes over to the file behind the path, where another was put there."""
        if self._there() == self._written:
            return
        again = self._open_again()
        self._db.close()
        again.close()
        self._open_writer()
        self.generation += 1

    def _open(self) -> sqlite3.Connection:
        try:
            return open_owned_file(self.path, _APPLICATION_ID, self._set_up, self._patience)
        except sqlite3.Error as refused:
            raise NotAViewFile(self.path, _why_not(refused)) from refused

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
        db.execute(_FOLLOWED)
        db.execute(_PASSED_OVER)
        db.execute(_BUILT)


class _Snapshot(AbstractContextManager[None]):
    """One state of the views for one thread; a class, since every question has one."""

    __slots__ = ("_db", "_later", "_views")

    def __init__(self, views: ViewFile, later: Later | None) -> None:
        self._views, self._later = views, later
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> None:
        self._db = self._views._hold()

    def __exit__(self, failed: object, *_: object) -> None:
        if self._db is None:
            return
        if self._later is None or failed:
            self._views._let_go(self._db)
        else:
            self._views._lay_aside(self._db, self._later)


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:  # SQLite itself ends it at some errors
        db.execute("ROLLBACK")


@dataclass
class Advance:
    """One transaction of the projector: the connection, and the position of the views."""

    db: sqlite3.Connection
    projections: Sequence[Projection]
    tracking: Tracking
    renew: Callable[[Sequence[Projection]], None]
    """Makes the tables of the views anew and empty."""

    @property
    def passed_over(self) -> list[int]:
        """The positions of the entries outside all views."""
        return [position for position, *_ in self.db.execute(_SELECT_PASSED_OVER)]

    def start_anew(self) -> None:
        """Empties the views; following starts at the first entry."""
        self.renew(self.projections)
        self.tracking = Tracking()

    def touch(self, recorded: Recorded) -> None:
        """Has every view take the entry in."""
        # Clocks of writers differ; recorded time never decreases with position.
        if recorded.recorded_at < self.tracking.recorded_at:
            recorded = recorded.at(self.tracking.recorded_at)
        for projection in self.projections:
            projection.touch(self.db, recorded)
        self.tracking = Tracking.of(recorded)

    def write(self) -> None:
        for projection in self.projections:
            projection.write(self.db)

    def resolve(self, progress: Progress | None = None, at_most: int | None = None) -> None:
        for projection in self.projections:
            projection.resolve(self.db, progress, at_most)

    def pass_over(self, passed: PassedOver, recorded_at: Instant | None) -> None:
        """Counts the entry as passed. Even an unreadable entry may tell its recorded time."""
        # As for every entry: recorded time never decreases with position.
        then = max(self.tracking.recorded_at, recorded_at or Instant(0))
        self.tracking = Tracking(passed.position, passed.event, then)
        row = (passed.position, then, passed.event, passed.why, passed.rests_on)
        self.db.execute("INSERT INTO passed_over VALUES (?, ?, ?, ?, ?)", row)


def _refuse_network(path: Path) -> None:
    if kind := network_of(path):
        why = f"it lies on a network file system ({kind}), where SQLite's locks don't hold"
        raise NotAViewFile(path, f"{why}; keep views on a local disk")


def _why_not(error: sqlite3.Error) -> str:
    if not is_outage(error) or primary_code(error) == 0:  # it is of another kind
        return str(error)
    if primary_code(error) == sqlite3.SQLITE_CANTOPEN:
        return str(error)
    if primary_code(error) == sqlite3.SQLITE_NOTADB:
        return f"{error}, and 'tenure rebuild' mends damaged views"
    outage, why = outage_of(error)
    return f"{why}; {MENDED}" if outage is Outage.DAMAGED else why


def _versions_of(projections: Sequence[Projection]) -> dict[str, int]:
    return {each.name: each.version for each in projections}


_IS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
_IS_SEARCHED = "SELECT count(*) FROM sqlite_master WHERE name = ? AND sql LIKE '%USING fts5%'"
_TABLES_OF_VIEWS = """SELECT name FROM main.sqlite_master WHERE type = 'table'
    AND name NOT IN ('followed', 'passed_over', 'built') AND name NOT LIKE 'sqlite%'
    ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC"""
"""Virtual tables first: other tables go with them."""
_SELECT_PASSED_OVER = "SELECT position, event, why, rests_on FROM passed_over ORDER BY position"
_SELECT_TRACKING = f"SELECT {columns(Tracking)} FROM followed"
_SELECT_TRACKED = f"""
    SELECT {columns(Tracking)}, coalesce((SELECT name FROM built), '') FROM followed"""
_SELECT_STATE = """SELECT position, coalesce((SELECT name FROM built), ''), event FROM followed"""
_NOTHING_BUILT = ViewState(0, "", "")


@contextmanager
def temporary_views(
    beside: Path, purpose: str = "rebuild", *, keep_as: Path | None = None
) -> Iterator[ViewFile]:
    """An empty view file beside another, deleted when done, or on success kept under the name
    `keep_as`."""
    path = beside.with_name(f"{beside.name}.{purpose}")
    _delete(path)
    try:  # from before it is there: a signal may end this process at any step
        with closing(ViewFile(path, passing=True)) as views:
            yield views
        if keep_as:
            put_in_place(path, keep_as)
    finally:
        _delete(path)


def put_in_place(fresh: Path, path: Path) -> None:
    """Puts a closed view file in the place of another."""
    for suffix in ("-wal", "-shm"):  # SQLite would mix the old one into the new file
        beside(path, suffix).unlink(missing_ok=True)
    fresh.replace(path)


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
