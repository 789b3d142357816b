"""The rows of a delimited text file, read piece by piece, with their lines.

Bytes that are not UTF-8, and quotation marks out of place, spoil their own row alone.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from infra.datasets.rows import Remark
from infra.intake.problems import CONTROL_CHARACTER, BadInput, control_character_message

_LONGEST_LINE = 16_000_000
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of cells by column."""

    line: int
    """The first line of the row; the first line of the file is 1."""
    cells: dict[str, str]
    """A cell for each column, also where the row is too short."""
    faults: tuple[Remark, ...] = ()
    """Why the row can't be read as it stands."""


class _SplitLine(NamedTuple):
    """A row in pieces, with its first line."""

    line: int
    found: list[str]
    fault: str = ""
    """Why the row is none."""


class DelimitedFile:
    """A CSV or TSV file; `columns` where the file has no line of names.

    Without `quoting` a quotation mark is a character like any other. Rows with `older` cells lack
    the last columns, as older files do.
    """

    def __init__(
        self,
        path: Path,
        *,
        delimiter: str = ",",
        quoting: bool = True,
        columns: Sequence[str] | None = None,
        older: int | None = None,
    ) -> None:
        self._path, self._delimiter, self._columns = path, delimiter, columns
        self._is_quoted, self._older = quoting, older
        self.bytes_read = 0

    def __iter__(self) -> Iterator[CellRow]:
        """Raises BadInput for a file that can't be opened, or is no table at all."""
        try:
            with self._path.open("rb") as file:
                yield from self._rows(file)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise BadInput.at(self._path, None, f"it can't be read: {why}") from None

    def _rows(self, file: BinaryIO) -> Iterator[CellRow]:
        columns = self._columns
        split = self._quoted if self._is_quoted else self._split
        for line, found, fault in split(file):
            if columns is None:
                if fault:
                    raise BadInput.at(self._path, line, fault)
                columns = [name.removeprefix(_BOM).strip() for name in found]
            elif fault:
                yield CellRow(line, dict.fromkeys(columns, ""), (Remark("", "", fault),))
            elif any(map(str.strip, found)):
                yield self._row(line, columns, found)

    def _row(self, line: int, columns: Sequence[str], found: list[str]) -> CellRow:
        given = len(found)
        if given == self._older:
            given = len(columns)
        found += [""] * (len(columns) - len(found))
        cells = dict(zip(columns, found, strict=False))
        faults = [*_control_characters(cells)] if CONTROL_CHARACTER.search("".join(found)) else []
        if given != len(columns):
            why = f"the row has {given} cells, and the file {len(columns)} columns"
            faults.insert(0, Remark("", "", why))
        return CellRow(line, cells, tuple(faults))

    def _split(self, file: BinaryIO) -> Iterator[_SplitLine]:
        for number, text in enumerate(self._lines(file), start=1):
            yield _SplitLine(number, text.rstrip("\r\n").split(self._delimiter))

    def _quoted(self, file: BinaryIO) -> Iterator[_SplitLine]:
        """The rows; after a row that is no CSV the reading goes on with the next line."""
        lines = csv.reader(self._lines(file), delimiter=self._delimiter, strict=True)
        csv.field_size_limit(_LONGEST_LINE)
        before = 0
        while True:
            fault = ""
            try:
                found = next(lines, None)
            except csv.Error as error:
                found, fault = [], f"this is not CSV: {error}"
            if found is None:
                return
            line, before = before + 1, lines.line_num
            yield _SplitLine(line, found, fault)

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        number = 0
        while data := file.readline(_LONGEST_LINE):
            number += 1
            self.bytes_read += len(data)
            if len(data) == _LONGEST_LINE:
                message = f"a line is longer than {_LONGEST_LINE:,} bytes"
                raise BadInput.at(self._path, number, message)
            yield data.decode(errors="surrogateescape")


def _control_characters(cells: Mapping[str, str]) -> Iterator[Remark]:
    for name, text in cells.items():
        if control := CONTROL_CHARACTER.search(text):
            yield Remark(name, text, _fault(control[0]))


def _fault(found: str) -> str:
    if "\udc80" <= found <= "\udcff":
        return f"the byte 0x{ord(found) - 0xDC00:02x} is not UTF-8"
    return control_character_message(found)
