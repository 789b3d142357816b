"""The SQL of rows as NamedTuples, and rows waiting to be written."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

FOR_EVER = 2**62
"""A position beyond every ledger: the end of a present row."""
NOW = FOR_EVER - 1
"""The position of a question about present knowledge."""


def columns(row: type[NamedTuple], **expressions: str) -> str:
    """The columns of a SELECT: each field, or the SQL expression given for the field."""
    return ", ".join(expressions.get(name, name) for name in row._fields)


@cache
def insertion(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def known(table: str, at: str = ":known") -> str:
    """The condition on a row with `known_from` and `known_to` to hold at a position."""
    return f"({table}.known_from <= {at} AND {table}.known_to > {at})"


@dataclass(slots=True)
class PendingRows:
    """Rows of one table, written together in the order of keys."""

    insert: str
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, row: tuple[Any, ...]) -> None:
        self._rows.append(row)

    def extend(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows.extend(rows)

    def write(self, db: sqlite3.Connection) -> None:
        if self._rows:
            self._rows.sort()
            db.executemany(self.insert, self._rows)
            self._rows.clear()

    def forget(self) -> None:
        self._rows.clear()
