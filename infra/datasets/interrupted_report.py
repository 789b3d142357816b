"""The lines that an interrupted import left in the part of its report, by row.

A part has a section for each run: a header with the input, then the lines. Of a row with lines in
several sections the last section counts. The index is a temporary file, as long as the part is.
"""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from weakref import finalize

import orjson

ReportLine = tuple[str, ...]
"""The cells of a line, as written."""
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE line (
    number INTEGER PRIMARY KEY, section INTEGER NOT NULL, line TEXT NOT NULL, row TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX line_of_row ON line (line, row);
"""


def section_header(input: str) -> bytes:
    """The line before the lines of a run."""
    return orjson.dumps({"input": input}) + b"\n"


class InterruptedReport:
    """The lines of earlier runs of the same input, until their rows are told again."""

    def __init__(self, part: Path, header: bytes) -> None:
        self._db: sqlite3.Connection | None = None
        with part.open("rb") as file:
            if file.readline() == header:
                self._db = sqlite3.connect("", isolation_level=None)
                finalize(self, self._db.close)
                self._db.executescript(_TABLES)
                self._db.executemany(
                    "INSERT INTO line (section, line, row, text) VALUES (?, ?, ?, ?)",
                    _sections(file),
                )

    @property
    def is_empty(self) -> bool:
        return self._db is None

    def of(self, line: str, row: str) -> list[ReportLine]:
        """The lines of a row."""
        if self._db is None:
            return []
        asked = (
            "SELECT text FROM line WHERE line = ?1 AND row = ?2 AND section = "
            "(SELECT max(section) FROM line WHERE line = ?1 AND row = ?2) ORDER BY number"
        )
        return [_cells(text) for (text,) in self._db.execute(asked, (line, row))]

    def forget(self, rows: Iterable[tuple[str, str]]) -> None:
        """Drops the lines of rows that are told again."""
        if self._db is not None:
            self._db.executemany("DELETE FROM line WHERE line = ? AND row = ?", rows)

    def rest(self) -> Iterator[list[ReportLine]]:
        """The lines of every other row, in the order of the runs."""
        if self._db is not None:
            rows = "SELECT line, row FROM line GROUP BY line, row ORDER BY min(number)"
            for line, row in self._db.execute(rows).fetchall():
                yield self.of(line, row)


def _sections(lines: Iterable[bytes]) -> Iterator[tuple[int, str, str, str]]:
    section = 0
    for data in lines:
        if data.startswith(b"{"):
            section += 1
        elif data.endswith(b"\n"):  # a line cut short was written ahead of an append never made
            text = data.decode()
            line, row, *_ = _cells(text)
            yield section, line, row, text


def _cells(text: str) -> ReportLine:
    return tuple(next(csv.reader([text])))
