"""Views as large as those of a hundred wars, made of the views of one.

To fold 10,000,000 events takes hours; to copy the rows of a folded war, each copy with places,
reports and positions of its own, takes minutes. Actors and sources are common to all copies. The
full-text index is left as it is: no question about control reads it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from infra.views.rows import FOR_EVER

_COMMON = {"followed", "passed_over", "built", "actor", "source", "tie"}
"""The tables whose rows stay single."""
_POSITIONS = {"position", "known_from", "rests_on"}
_IDS = {
    "location",
    "report",
    "event",
    "convoy",
    "container",
    "within",
    "syndicated_from",
    "amended",
}


def copied(slug: str, number: int) -> str:
    """The slug of a place in a copy; the copy 0 is the war itself."""
    return f"w{number:04}-{slug}" if number else slug


def grow(views: Path, copies: int, progress: Callable[[int], None] = lambda _: None) -> int:
    """Makes the file as large as `copies` of it; returns the last position. The file has no other
    users meanwhile, and is lost if this is broken off."""
    with closing(sqlite3.connect(views, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -1048576")
        db.execute("PRAGMA temp_store = FILE")
        (last,) = db.execute("SELECT position FROM followed").fetchone()
        tables = list(_tables(db))
        for table in tables:
            db.execute(f"CREATE TEMP TABLE one_{table} AS SELECT * FROM main.{table}")
        for number in range(1, copies):
            db.execute("BEGIN")
            for table in tables:
                db.execute(_copying(db, table, number, last))
            db.execute("COMMIT")
            progress(number)
        db.execute("UPDATE followed SET position = position * ?", (copies,))
        db.execute("PRAGMA journal_mode = WAL")
    return int(last) * copies


_CHOSEN = {"name": " WHERE kind = 'location'", "entry_tag": " WHERE tag NOT LIKE 'source:%'"}
"""The rows of a table that are copied, where some are common."""


def _copying(db: sqlite3.Connection, table: str, number: int, last: int) -> str:
    columns = [_copied_column(table, each, number, last) for each in _columns(db, table)]
    chosen = _CHOSEN.get(table, "")
    return f"INSERT INTO main.{table} SELECT {', '.join(columns)} FROM temp.one_{table}{chosen}"


def _copied_column(table: str, column: str, number: int, last: int) -> str:
    if column in _POSITIONS:
        return f"{column} + {number * last}"
    if column == "known_to":
        return f"iif(known_to = {FOR_EVER}, known_to, known_to + {number * last})"
    prefix = copied("", number)
    if column in _IDS or (table == "name" and column == "slug"):
        return f"'{prefix}' || {column}"
    if column == "tag":
        return f"replace(tag, ':', ':{prefix}')"
    return column


def _tables(db: sqlite3.Connection) -> Iterator[str]:
    for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        if name not in _COMMON and "VIRTUAL" not in sql and not name.startswith("entry_text"):
            yield name


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
