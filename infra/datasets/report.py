"""The report of an import: what became of every row, in a CSV file and a summary."""

import csv
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, NamedTuple

COLUMNS = ("line", "row", "outcome", "column", "value", "why")
_FORMULA = re.compile(r"[=+\-@\t\r]")
"""Spreadsheets read a cell with such a beginning as a formula."""
_KINDS_LEFT_OUT = 1_000
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class RowOutcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    OLDER = "older"
    """The ledger holds what the dataset said later."""
    NOT_HELD = "not in the ledger"
    """A deleted row of which the ledger never had an event."""
    LEFT_OUT = "left out"
    """The row is of a kind that no event is made of."""
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    """Beside another outcome: somebody should look."""


class Detail(NamedTuple):
    """A line of the report."""

    line: int
    row: str
    outcome: RowOutcome
    column: str = ""
    value: str = ""
    why: str = ""


class ImportReport:
    """Counts every row, and writes those that a person should look at into a file.

    The file is made for its first line. Rows recorded for the first time, and unchanged rows, are
    counted alone.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.counts: dict[RowOutcome, int] = dict.fromkeys(RowOutcome, 0)
        self.read = 0
        """The number of rows in the file."""
        self.events = 0
        """The number of statements recorded."""
        self.position = 0
        """The last position with a statement of the file."""
        self._left_out: dict[tuple[str, str, str], int] = {}
        """How many rows were left out, by column, value and reason."""
        self._file: IO[str] | None = None

    def count(self, outcome: RowOutcome, *, is_read: bool = True) -> None:
        """Counts a row; one that the file no longer has is not read."""
        self.read += is_read and outcome is not RowOutcome.DOUBTFUL
        self.counts[outcome] += 1

    def tell(self, detail: Detail) -> None:
        """Writes a line; the row is counted apart."""
        if self.path is None:
            return
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(COLUMNS)
        csv.writer(self._file).writerow(map(_without_formula, map(str, detail)))

    def leave_out(self, detail: Detail) -> None:
        """Counts a row that was left out; the first row of each kind is written."""
        kind = (detail.column, detail.value, detail.why)
        if kind not in self._left_out:
            if len(self._left_out) >= _KINDS_LEFT_OUT:
                return
            self.tell(detail)
        self._left_out[kind] = self._left_out.get(kind, 0) + 1

    def close(self) -> None:
        """Closes the file; the report of an import before is deleted, where this one has none."""
        if self._file:
            self._file.close()
        elif self.path and self.path.is_file():
            with self.path.open(encoding="utf-8", errors="replace") as before:
                is_a_report = before.readline().strip() == ",".join(COLUMNS)
            if is_a_report:
                self.path.unlink()

    @property
    def was_written(self) -> bool:
        return self._file is not None

    def summary(self) -> Iterator[str]:
        """The counts in words."""
        told = [f"{count:,} {outcome}" for outcome, count in self.counts.items() if count]
        yield f"{counted(self.read, 'row')}: {', '.join(told) or 'none'}"

    def left_out(self) -> Iterator[str]:
        """The kinds of rows that were left out, with their number and the reason."""
        for (column, value, why), count in sorted(self._left_out.items()):
            yield f"{count:,} left out, {column} {value!r}: {why}"


def counted(count: int, what: str) -> str:
    """As in "1 row", "2,000 rows"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _without_formula(text: str) -> str:
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text
