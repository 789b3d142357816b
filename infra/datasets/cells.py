"""The rows of a delimited text file of a known form, read piece by piece, with their lines.

Bytes that are not UTF-8 spoil their own row alone. A table of a form that nobody knows before is
read by `infra.intake.tables`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.datasets.rows import Remark
from infra.intake.problems import CONTROL_CHARACTER
from infra.intake.table_rows import StoredFile
from infra.intake.text_tables import LONGEST_LINE, TextLines, character_fault, parsed_rows


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
        with TextLines(StoredFile(self._path), "utf-8-sig") as lines:
            parsed = parsed_rows(
                lines, self._delimiter, longest=LONGEST_LINE, is_quoted=self._is_quoted
            )
            columns = self._columns
            for cells in parsed:
                self.bytes_read = lines.bytes_read
                if columns is None:
                    columns = [name.strip() for name in cells]
                else:
                    yield _row(lines, columns, cells)


def _row(lines: TextLines, columns: Sequence[str], found: Sequence[str]) -> CellRow:
    cells = dict(zip(columns, found, strict=False))
    if len(found) != len(columns):
        why = f"the row has {len(found)} cells, and the file {len(columns)} columns"
        return CellRow(lines.begin, cells, (Remark("", "", why),))
    faults = [
        Remark(name, "", character_fault(control[0]))
        for name, text in cells.items()
        if lines.faults and (control := CONTROL_CHARACTER.search(text))
    ]
    return CellRow(lines.begin, cells, tuple(faults))
