"""A delimited text, row by row: CSV, TSV, and what spreadsheets make of them."""

import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from itertools import islice
from typing import Literal

from infra.intake.problems import CONTROL_CHARACTER, BadInput, control_character_message
from infra.intake.table_rows import (
    ReadRow,
    StoredFile,
    TableFault,
    TableForm,
    TableHead,
    column_names,
)
from infra.intake.table_text import DELIMITERS, UnknownEncoding, delimiter_of, encoding_of

LONGEST_LINE = 16_000_000
_LONGEST_CELL = 1_000_000
_SAMPLE = 200
"""The lines by which the delimiter is found."""


class TextTable:
    """A delimited text, whose first row names the columns."""

    def __init__(self, stored: StoredFile, form: TableForm) -> None:
        """Raises BadInput."""
        self._stored = stored
        self._read = 0
        notes: list[str] = []
        self._encoding = form.encoding or self._found_encoding(notes)
        with TextLines(stored, self._encoding) as lines:
            self._delimiter = form.delimiter or delimiter_of(islice(lines, _SAMPLE))
        if self._delimiter != ",":
            shown = DELIMITERS.get(self._delimiter, repr(self._delimiter))
            notes.append(f"Its cells are parted by {shown}.")
        with TextLines(stored, self._encoding) as lines, closing(self._parsed(lines)) as parsed:
            columns = next(parsed, None)
            if lines.csv_fault:
                raise BadInput.at(stored.shown, lines.begin, lines.csv_fault)
        if columns is None:
            raise BadInput.at(stored.shown, None, "it is empty")
        self.head = TableHead(column_names(columns), notes)

    @property
    def bytes_read(self) -> int:
        return self._read

    def rows(self) -> Iterator[ReadRow]:
        with TextLines(self._stored, self._encoding) as lines:
            parsed = self._parsed(lines)
            next(parsed, None)
            for cells in parsed:
                self._read = lines.bytes_read
                yield self._row(lines, cells)

    def _row(self, lines: "TextLines", cells: list[str]) -> ReadRow:
        found, width = [*lines.faults], len(self.head.columns)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if lines.csv_fault:
            found.append(TableFault("", lines.csv_fault, lines.begin))
        elif len(cells) != width:
            message = f"it has {_cells(len(cells))}, the first line has {width} columns"
            found.append(TableFault("", message, lines.begin))
        whole = (*cells[:width], *[""] * (width - len(cells)))
        return ReadRow(lines.begin, whole, tuple(found))

    def _parsed(self, lines: "TextLines") -> Generator[list[str]]:
        """The rows that are not empty, the names of the columns first."""
        parsed = parsed_rows(lines, self._delimiter, longest=_LONGEST_CELL)
        return (cells for cells in parsed if not lines.names_the_delimiter)

    def _found_encoding(self, notes: list[str]) -> str:
        try:
            with self._stored.open() as file:
                name, note = encoding_of(file)
        except UnknownEncoding as unknown:
            raise BadInput.at(self._stored.shown, None, str(unknown)) from None
        notes += [note] if note else []
        return name


class TextLines:
    """The lines of a text, with the faults of those that make the row being read.

    Bytes in another encoding spoil their own line alone, but in UTF-16.
    """

    def __init__(self, stored: StoredFile, encoding: str) -> None:
        errors = "strict" if "16" in encoding else "surrogateescape"
        self._file = stored.open()
        self._text = TextIOWrapper(self._file, encoding, errors=errors, newline="")
        self.path = stored.shown
        self._number = self._read = self._asked_again = 0
        self.begin = 1
        """The first line of the row."""
        self.faults: list[TableFault] = []
        self.csv_fault = ""
        """Why the row is no CSV."""
        self.names_the_delimiter = False
        """Whether the row is the line `sep=;` that Excel writes."""

    def __enter__(self) -> "TextLines":
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    @property
    def bytes_read(self) -> int:
        """Asked of the file now and then."""
        if self._number >= self._asked_again:
            self._read, self._asked_again = self._file.tell(), self._number + 500
        return self._read

    def begin_row(self) -> None:
        self.begin = self._number + 1
        self.faults, self.csv_fault = [], ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            message = f"it can't be read as {error.encoding}: {error.reason}"
            raise BadInput.at(self.path, self._number + 1, message) from None
        if not line:
            raise StopIteration
        self._number += 1
        self.names_the_delimiter = self._number == 1 and line[:4] == "sep=" and len(line) < 8
        if len(line) == LONGEST_LINE:
            message = f"a line is longer than {LONGEST_LINE:,} characters"
            raise BadInput.at(self.path, self._number, message)
        if found := CONTROL_CHARACTER.search(line):
            at = found.start() + 1
            self.faults.append(TableFault("", character_fault(found[0]), self._number, at))
        return line


def parsed_rows(
    lines: TextLines, delimiter: str, *, longest: int, is_quoted: bool = True
) -> Generator[list[str]]:
    """The rows that are not empty; after a row that is no CSV the next line begins a row."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    csv.field_size_limit(longest)
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells, lines.csv_fault = [], f"this is not CSV: {error}"
        if cells is None:
            return
        if lines.csv_fault or any(map(str.strip, cells)):
            yield cells


def character_fault(found: str) -> str:
    """The message about a control character, or a byte in another encoding."""
    if "\udc80" <= found <= "\udcff":
        byte = ord(found) - 0xDC00
        return f"the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
    return control_character_message(found)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
