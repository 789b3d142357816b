"""Writes a table as CSV: UTF-8 without a mark, commas, a line of names, a line feed after each row.

pandas and R read the file without options. A cell that a spreadsheet would take for a formula has
an apostrophe before it.
"""

import csv
import re
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any

from api.tables.columns import Column, ColumnType, TableRow, Value, cells_of, columns_of
from api.tables.formats import Sink
from api.tables.times import in_microseconds

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class CsvTable:
    """A table in CSV, while rows are added."""

    def __init__(self, sink: Sink, row: type[TableRow], dictionary: dict[str, Any]) -> None:
        columns = columns_of(row)
        self._sink = sink
        self._cells = cells_of(row)
        self._shown = [_shown_as(each) for each in columns]
        self._add([[each.name for each in columns]])

    def write(self, rows: Iterable[TableRow]) -> None:
        self._add(
            [show(cell) for show, cell in zip(self._shown, self._cells(row), strict=True)]
            for row in rows
        )

    def close(self) -> None:
        """The last row has its line end already."""

    def _add(self, lines: Iterable[Iterable[str]]) -> None:
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(lines)
        self._sink.write(text.getvalue().encode())


Writer = CsvTable


def without_formula(text: str) -> str:
    """The text, with an apostrophe where a spreadsheet would take the text for a formula."""
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _shown_as(column: Column) -> Callable[[Value], str]:
    return _SHOWN.get(column.type, _text)


def _text(value: Value) -> str:
    return "" if value is None else without_formula(str(value))


def _number(value: Value) -> str:
    return "" if value is None else repr(value)


def _boolean(value: Value) -> str:
    return "" if value is None else "true" if value else "false"


def _time(value: Value) -> str:
    return "" if value is None else in_microseconds(int(value))


_SHOWN: dict[ColumnType, Callable[[Value], str]] = {
    ColumnType.INTEGER: _number,
    ColumnType.NUMBER: _number,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATETIME: _time,
}
