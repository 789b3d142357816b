"""Digests of the tables of a view, and the first difference of two copies.

The digest is canonical. A place has a digest of its own rows: SHA-256, table by table, in the order
of keys. The digest of the view covers the digests of places, and the rows without a place. Two
nodes at one position have equal digests.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, islice
from math import isinf
from operator import itemgetter
from typing import Any, Protocol

import orjson

_PLACE = "location"
"""The column with the place of a row."""
_AT_ONCE = 500
"""How many rows are written out together."""

Row = tuple[Any, ...]
Columns = list[tuple[str, str, int]]


class StoredView(Protocol):
    """A view: a name and tables."""

    @property
    def name(self) -> str:
        """The name in storage."""

    @property
    def tables(self) -> Sequence[str]:
        """The names of the tables."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digest of a view, and of each place in the view."""

    whole: str
    rows: int
    places: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that differs between two copies of a view, or is in one alone."""

    view: str
    table: str
    key: dict[str, Any]
    """The columns of the key."""
    stored: dict[str, Any] | None
    """The differing columns, as stored; None without a row."""
    replayed: dict[str, Any] | None
    """The differing columns, as replayed; None without a row."""

    def __str__(self) -> str:
        key = ", ".join(f"{column}={_shown(value)}" for column, value in self.key.items())
        return (
            f"{self.view}: {self.table}{f' at {key}' if key else ''}: "
            f"stored is {_row_shown(self.stored)}; the replay gives {_row_shown(self.replayed)}"
        )


def digests_of(db: sqlite3.Connection, view: StoredView) -> Digests:
    """The digests of the view in a file."""
    of_none, count = sha256(), 0
    places: dict[str, Any] = {}
    for table in view.tables:
        heading, headed = f"{table}\n".encode(), set[str]()
        of_none.update(heading)
        for place, rows in _by_place(db, table, columns_of(db, table)):
            digest = of_none if place is None else places.setdefault(place, sha256())
            if place is not None and place not in headed:
                headed.add(place)
                digest.update(heading)
            while some := list(islice(rows, _AT_ONCE)):
                digest.update(_written(some))
                count += len(some)
    found = {place: each.hexdigest() for place, each in places.items()}
    whole = orjson.dumps([of_none.hexdigest(), sorted(found.items())])
    return Digests(sha256(whole).hexdigest(), count, found)


def first_difference(
    live: sqlite3.Connection, fresh: sqlite3.Connection, view: StoredView
) -> RowDifference | None:
    """The first differing row, table by table and in the order of keys."""
    for table in view.tables:
        meant = columns_of(fresh, table)
        rows = _rows(live, table, meant), _rows(fresh, table, meant)
        names = [name for name, _, _ in meant]
        keys = [number for number, (_, _, is_key) in enumerate(meant) if is_key] or [0]
        keys.sort(key=lambda number: meant[number][2])
        for stored, replayed in _side_by_side(*rows, keys):
            # In Python 4 and 4.0 are equal, and in SQLite they are two things.
            if not stored or not replayed or _written([stored]) != _written([replayed]):
                return _difference(view.name, table, names, keys, (stored, replayed))
    return None


def first_other_shape(
    live: sqlite3.Connection, fresh: sqlite3.Connection, view: StoredView
) -> RowDifference | None:
    """The first table with other columns, or missing in a copy."""
    for table in view.tables:
        stored, meant = columns_of(live, table), columns_of(fresh, table)
        if stored != meant:
            is_, should_be = ({"columns": [name for name, *_ in each]} for each in (stored, meant))
            return RowDifference(view.name, table, {}, is_, should_be)
    return None


def columns_of(db: sqlite3.Connection, table: str) -> Columns:
    """Name and type of each column, and the rank in the primary key, or 0."""
    info = db.execute(f"PRAGMA table_info({table})").fetchall()
    return [(name, kind, key) for _, name, kind, _, _, key in info]


def _written(rows: Sequence[Row]) -> bytes:
    """Each row as a JSON list, followed by a comma."""
    written = orjson.dumps(rows, default=_bytes)
    if b"null" in written:
        written = orjson.dumps([*map(_with_infinity_told, rows)], default=_bytes)
    return written[1:-1] + b","


def _with_infinity_told(row: Row) -> Row:
    """JSON has no infinity: orjson writes null."""
    for value in row:
        if isinstance(value, float) and isinf(value):
            return tuple([repr(value) if isinstance(value, float) else value for value in row])
    return row


def _by_place(
    db: sqlite3.Connection, table: str, columns: Columns
) -> Iterator[tuple[str | None, Iterator[Row]]]:
    """The rows in order of keys, grouped by place; all together for a table without places."""
    names = [name for name, _, _ in columns]
    if _PLACE not in names:
        yield None, _rows(db, table, columns)
        return
    of_place = itemgetter(names.index(_PLACE))
    for place, rows in groupby(_rows(db, table, columns), of_place):
        yield str(place), rows


def _rows(db: sqlite3.Connection, table: str, columns: Columns) -> Iterator[Row]:
    if not columns:  # somebody has taken the table away
        return iter(())
    key = [name for _, name in sorted((key, name) for name, _, key in columns if key)] or ["1"]
    return db.execute(f"SELECT * FROM {table} ORDER BY {', '.join(key)}")


def _side_by_side(
    some: Iterator[Row], others: Iterator[Row], keys: Sequence[int]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows with equal keys together, and the rest alone."""
    one, other = next(some, None), next(others, None)
    while one is not None or other is not None:
        mine = None if one is None else _order(one, keys)
        theirs = None if other is None else _order(other, keys)
        if theirs is None or (mine is not None and mine < theirs):
            yield one, None
            one = next(some, None)
        elif mine is None or theirs < mine:
            yield None, other
            other = next(others, None)
        else:
            yield one, other
            one, other = next(some, None), next(others, None)


def _order(row: Row, keys: Sequence[int]) -> tuple[tuple[int, Any], ...]:
    """As SQLite sorts: NULL, numbers, texts, bytes. A row altered by hand may have other types."""
    values = (row[number] for number in keys)
    return tuple((_RANKS[type(value)], 0 if value is None else value) for value in values)


_RANKS: dict[type, int] = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}


def _difference(
    view: str,
    table: str,
    names: Sequence[str],
    keys: Sequence[int],
    pair: tuple[Row | None, Row | None],
) -> RowDifference:
    stored, replayed = pair
    row = stored or replayed
    assert row is not None, "a difference has a row on one side at least"
    told = [number for number in range(len(names)) if number not in keys]
    if stored and replayed:
        told = [number for number in told if repr(stored[number]) != repr(replayed[number])]
    key = {names[number]: row[number] for number in keys}
    as_it_is, as_meant = (_part(each, names, told) for each in pair)
    return RowDifference(view, table, key, as_it_is, as_meant)


def _part(row: Row | None, names: Sequence[str], told: Sequence[int]) -> dict[str, Any] | None:
    return None if row is None else {names[number]: row[number] for number in told}


def _bytes(value: object) -> list[str]:
    """Bytes stand only in a row altered by hand."""
    assert isinstance(value, bytes), "SQLite holds nothing else"
    return ["bytes", value.hex()]


def _row_shown(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no such row"
    return ", ".join(f"{name}={_shown(value)}" for name, value in row.items()) or "such a row"


def _shown(value: Any) -> str:
    return "null" if value is None else str(value)
