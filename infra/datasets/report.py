"""The report of an import: what became of every row, in a CSV file and a summary."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from domain.texts import counted, escaped, in_one_line
from infra.datasets.interrupted_report import ReportLine
from infra.datasets.report_file import ReportFile

_FORMULA = re.compile(r"[=+\-@\t\r]")
"""Spreadsheets read a cell with such a beginning as a formula."""
_KINDS_LEFT_OUT = 1_000
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_LONGEST_CELL = 1_000


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

    @property
    def written(self) -> ReportLine:
        """The cells in one line each, as a spreadsheet may read them."""
        line, *others = map(str, self._replace(why=in_one_line(self.why)))
        return (line, *map(_cell, others))


class RowReport(NamedTuple):
    """What a report says of a row."""

    line: int
    row: str
    outcome: RowOutcome
    details: tuple[Detail, ...] = ()


class _ToldRow(NamedTuple):
    """A row with its lines as written, also as an interrupted import wrote them."""

    line: str
    row: str
    outcome: RowOutcome
    lines: Sequence[ReportLine]

    @property
    def is_read(self) -> bool:
        """Whether the file has the row."""
        return self.line != "0"


class ImportReport:
    """Counts every row, and writes those that a person should look at into a file.

    Rows recorded for the first time, and unchanged rows, are counted alone.
    """

    def __init__(
        self,
        path: Path | None,
        input_of: Callable[[], str] = lambda: "",
        *,
        is_dry: bool = False,
    ) -> None:
        """`input_of` tells the input, for taking over what an interrupted import of the same input
        told. Raises ReportNotWritable."""
        self.path = path
        self.counts: dict[RowOutcome, int] = dict.fromkeys(RowOutcome, 0)
        self.read = 0
        """The number of rows in the file."""
        self.events = 0
        """The number of statements recorded."""
        self.position = 0
        """The last position with a statement of the file."""
        self.was_written = False
        self._left_out: dict[tuple[str, ...], int] = {}
        """How many rows were left out, by column, value and reason."""
        self._file = ReportFile(path, input_of, is_dry=is_dry) if path else None
        self._interrupted = self._file.interrupted if self._file else None
        self._staged: list[_ToldRow] = []

    @property
    def goes_on(self) -> bool:
        """Whether an import of the same input was interrupted before."""
        return self._interrupted is not None

    def stage(self, rows: Iterable[RowReport]) -> None:
        """Writes what becomes of a batch, ahead of its append; takes the place of what was staged
        before and not kept."""
        self._staged = [*map(self._told, rows)]
        if self._file:
            self._file.stage([*self._lines(self._staged)])

    def keep(self) -> None:
        """Counts the staged rows: their append was made."""
        for row in self._staged:
            self._count(row)
        if self._file:
            self._file.keep()
        if self._interrupted:
            self._interrupted.forget((row.line, row.row) for row in self._staged)
        self._staged = []

    def tell(self, *rows: RowReport) -> None:
        """Tells of rows that need no append."""
        self.stage(rows)
        self.keep()

    def finish(self) -> None:
        """Ends the report, with the rows that an interrupted import took back, and that are in no
        file."""
        for lines in self._interrupted.rest() if self._interrupted else ():
            line, row, *_ = lines[0]
            self._staged = [_ToldRow(line, row, _outcome_of(lines), lines)]
            if self._file:
                self._file.stage(lines)
            self.keep()
        if self._file:
            self.was_written = not self._file.is_empty
            self._file.finish()

    def interrupt(self) -> None:
        """Leaves the report so far."""
        if self._file:
            self._file.interrupt()

    def summary(self) -> Iterator[str]:
        """The counts in words."""
        told = [f"{count:,} {outcome}" for outcome, count in self.counts.items() if count]
        yield f"{counted(self.read, 'row')}: {', '.join(told) or 'none'}"

    def left_out(self) -> Iterator[str]:
        """The kinds of rows that were left out, with their number and the reason."""
        for (column, value, why), count in sorted(self._left_out.items()):
            yield f"{count:,} left out, {column} {value!r}: {why}"

    def _told(self, row: RowReport) -> _ToldRow:
        """A row as it is now; a row recorded by an interrupted import as that told it."""
        line, key = str(row.line), _cell(row.row)
        if self._interrupted and row.outcome in _RECORDED_BEFORE:
            before = self._interrupted.of(line, key)
            if any(each[_OUTCOME] in _OF_A_RECORDED_ROW for each in before):
                return _ToldRow(line, key, _outcome_of(before), before)
        return _ToldRow(line, key, row.outcome, [each.written for each in row.details])

    def _lines(self, rows: Iterable[_ToldRow]) -> Iterator[ReportLine]:
        """The lines of rows; of rows left out the first of each kind."""
        kinds = {*self._left_out}
        for row in rows:
            if row.outcome is RowOutcome.LEFT_OUT:
                kind = row.lines[0][_KIND:]
                if kind in kinds or len(kinds) >= _KINDS_LEFT_OUT:
                    continue
                kinds.add(kind)
            yield from row.lines

    def _count(self, row: _ToldRow) -> None:
        self.read += row.is_read
        self.counts[row.outcome] += 1
        if any(each[_OUTCOME] == RowOutcome.DOUBTFUL for each in row.lines):
            self.counts[RowOutcome.DOUBTFUL] += row.outcome is not RowOutcome.DOUBTFUL
        if row.outcome is RowOutcome.LEFT_OUT:
            kind = row.lines[0][_KIND:]
            if kind in self._left_out or len(self._left_out) < _KINDS_LEFT_OUT:
                self._left_out[kind] = self._left_out.get(kind, 0) + 1


_OUTCOME, _KIND = 2, 3
"""Where a line has its outcome; where column, value and reason begin."""
_RECORDED_BEFORE = {RowOutcome.UNCHANGED, RowOutcome.LEFT_OUT}
"""The outcomes of rows that the ledger holds as they are."""
_OF_A_RECORDED_ROW = {RowOutcome.CORRECTED, RowOutcome.RETRACTED, RowOutcome.DOUBTFUL}


def _outcome_of(lines: Iterable[ReportLine]) -> RowOutcome:
    """The outcome in the lines of a row; a row with doubts alone was recorded before."""
    told = (RowOutcome(each[_OUTCOME]) for each in lines)
    outcomes = (each for each in told if each is not RowOutcome.DOUBTFUL)
    return next(outcomes, RowOutcome.UNCHANGED)


def _cell(text: str) -> str:
    """A text in one line, cut and without what a spreadsheet takes for a formula."""
    told = escaped(text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} ...")
    is_formula = _FORMULA.match(told) and not _NUMBER.fullmatch(told)
    return f"'{told}" if is_formula else told
