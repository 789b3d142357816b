"""The rows of a delimited text file, read piece by piece, with their lines.

Bytes that are not UTF-8 spoil their own row alone.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
    faults: tuple[Remark, ...] = ()
    """Why the row can't be read as it stands."""


class DelimitedFile:
    """A CSV or TSV file; `columns` where the file has no line of names.

    Without `quoting` a quotation mark is a character like any other.
    """

    def __init__(
        self,
        path: Path,
        *,
        delimiter: str = ",",
        quoting: bool = True,
        columns: Sequence[str] | None = None,
    ) -> None:
        self._path, self._delimiter, self._columns = path, delimiter, columns
        self._is_quoted = quoting
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
        for line, found in split(file):
            if columns is None:
                columns = [name.removeprefix(_BOM).strip() for name in found]
            elif any(map(str.strip, found)):
                yield _row(line, columns, found)

    def _split(self, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
        for number, text in enumerate(self._lines(file), start=1):
            yield number, text.rstrip("\r\n").split(self._delimiter)

    def _quoted(self, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
        lines = csv.reader(self._lines(file), delimiter=self._delimiter, strict=True)
        csv.field_size_limit(_LONGEST_LINE)
        before = 0
        while True:
            try:
                found = next(lines, None)
            except csv.Error as error:
                raise BadInput.at(self._path, before + 1, f"this is not CSV: {error}") from None
            if found is None:
                return
            line, before = before + 1, lines.line_num
            yield line, found

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        number = 0
        while data := file.readline(_LONGEST_LINE):
            number += 1
            self.bytes_read += len(data)
            if len(data) == _LONGEST_LINE:
                message = f"a line is longer than {_LONGEST_LINE:,} bytes"
                raise BadInput.at(self._path, number, message)
            yield data.decode(errors="surrogateescape")


def _row(line: int, columns: Sequence[str], found: Sequence[str]) -> CellRow:
    cells = dict(zip(columns, found, strict=False))
    if len(found) != len(columns):
        why = f"the row has {len(found)} cells, and the file {len(columns)} columns"
        return CellRow(line, cells, (Remark("", "", why),))
    if not CONTROL_CHARACTER.search("".join(found)):
        return CellRow(line, cells)
    faults = [
        Remark(name, "", _fault(control[0]))
        for name, text in cells.items()
        if (control := CONTROL_CHARACTER.search(text))
    ]
    return CellRow(line, cells, tuple(faults))


def _fault(found: str) -> str:
    if "\udc80" <= found <= "\udcff":
        return f"the byte 0x{ord(found) - 0xDC00:02x} is not UTF-8"
    return control_character_message(found)
