"""A table as people keep it: delimited text, a workbook, or a layer of points in GeoJSON.

Encoding, delimiter and sheet are found, and told in the notes. A row with a fault is handed over
with the fault: the reader of the row decides what becomes of it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.intake.point_layers import PointLayer
from infra.intake.problems import CONTROL_CHARACTER, BadInput, control_character_message
from infra.intake.table_rows import (
    ReadRow,
    StoredFile,
    Table,
    TableFault,
    TableForm,
    TableHead,
    column_names,
)
from infra.intake.text_tables import TextTable
from infra.intake.workbooks import OLD_EXCEL, open_sheet


def open_table(path: Path, form: TableForm | None = None) -> Table:
    """The table in a file. Raises BadInput."""
    form, stored = form or TableForm(), StoredFile(path)
    beginning = stored.beginning
    if beginning.startswith(b"PK\x03\x04"):
        return _WorkbookTable(stored, form)
    if beginning.startswith(OLD_EXCEL):
        raise BadInput.at(path, None, "it is a workbook of old Excel, or locked; save it as XLSX")
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return _PointTable(stored)
    return TextTable(stored, form)


class _WorkbookTable:
    """A sheet of a workbook."""

    def __init__(self, stored: StoredFile, form: TableForm) -> None:
        self._stored, self._sheet = stored, form.sheet
        self._read = 0
        with open_sheet(stored.path, form.sheet) as sheet:
            first = next(sheet.rows, None)
            name = sheet.name
        if first is None:
            raise BadInput.at(stored.shown, None, "it is empty")
        self._first = first.number
        self.head = TableHead(column_names(first.cells), [f"It is the sheet {name}."])

    @property
    def bytes_read(self) -> int:
        return self._read

    def rows(self) -> Iterator[ReadRow]:
        width = len(self.head.columns)
        with open_sheet(self._stored.path, self._sheet) as sheet:
            for number, cells, faulty in sheet.rows:
                self._read = self._stored.size * number // max(sheet.length, 1)
                if number > self._first:
                    yield self._row(number, [*cells, *[""] * (width - len(cells))], faulty)

    def _row(self, number: int, cells: Sequence[str], faulty: Sequence[int]) -> ReadRow:
        columns = self.head.columns
        found = [
            TableFault(columns[each], "its formula gave an error", number)
            for each in faulty
            if each < len(columns)
        ]
        for column, cell in zip(columns, cells, strict=False):
            if control := CONTROL_CHARACTER.search(cell):
                found.append(TableFault(column, control_character_message(control[0]), number))
        if any(cells[len(columns) :]):
            message = f"it has more cells than the first row has columns, {len(columns)}"
            found.append(TableFault("", message, number))
        return ReadRow(number, tuple(cells[: len(columns)]), tuple(found))


class _PointTable:
    """A layer of points: the properties are columns, and the coordinates two more."""

    def __init__(self, stored: StoredFile) -> None:
        self._stored = stored
        self._layer = PointLayer(stored.path, stored.shown)
        self._read = 0
        self.head = TableHead(self._layer.columns)

    @property
    def bytes_read(self) -> int:
        return self._read

    def rows(self) -> Iterator[ReadRow]:
        length = max(len(self._layer), 1)
        for number, cells, why in self._layer.points():
            self._read = self._stored.size * number // length
            found = [TableFault("", why, number)] if why else []
            for column, cell in zip(self.head.columns, cells, strict=True):
                if control := CONTROL_CHARACTER.search(cell):
                    message = control_character_message(control[0])
                    found.append(TableFault(column, message, number))
            yield ReadRow(number, cells, tuple(found))
