"""A sheet of a workbook, read in a process of its own and written to stdout as JSON lines.

A small file may unfold to more than any memory, so the process has a limit of memory and time. The
first line holds the name and the number of rows of the sheet, or why there is none; each further
line holds a row that is not empty: its number, its cells, and the columns of its faulty formulas.
"""

import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from xml.etree import ElementTree as Xml
from zipfile import BadZipFile, ZipFile

import orjson
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

_MEMORY = 1_500_000_000
_SECONDS = 600
_MIDNIGHT = time(0, 0)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

CellValue = int | float | str | bool | time | date | datetime | timedelta


_UNREADABLE = (
    *(CalamineError, BadZipFile, Xml.ParseError, zlib.error),
    *(KeyError, ValueError, OSError, EOFError, RuntimeError),
)


class _NoSheet(Exception):
    """There is no sheet to read; the message says why."""


def main(path: str, wanted: str) -> None:
    _limit()
    try:
        _write_sheet(path, wanted)
    except _NoSheet as why:
        _write({"refused": str(why)})
    except _UNREADABLE as error:
        _write({"refused": f"it is no workbook that can be read: {error}"})


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _write_sheet(path: str, wanted: str) -> None:
    book = CalamineWorkbook.from_path(path)
    name = _chosen(book, wanted)
    faulty = _faulty_formulas(path, name)
    sheet = book.get_sheet_by_name(name)
    _write({"sheet": name, "rows": sheet.total_height})
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells, wrong = [*map(_text, row)], faulty.get(number, [])
        if any(cells) or wrong:
            _write([number, cells, wrong])


def _chosen(book: CalamineWorkbook, wanted: str) -> str:
    """The sheet of that name, else the only visible sheet that is not empty."""
    names = [
        each.name
        for each in book.sheets_metadata
        if each.typ is SheetTypeEnum.WorkSheet and each.visible is SheetVisibleEnum.Visible
    ]
    if wanted:
        if wanted not in book.sheet_names:
            raise _NoSheet(f"no sheet is called {wanted!r}; there are {', '.join(names)}")
        return wanted
    if len(names) > 1:
        names = [name for name in names if book.get_sheet_by_name(name).total_height]
    if not names:
        raise _NoSheet("it holds no rows")
    if len(names) > 1:
        raise _NoSheet(f"it has the sheets {', '.join(names)}; say which with --sheet")
    return names[0]


def _text(cell: CellValue) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():  # Excel shows fifteen digits: 0.1 + 0.2 is 0.3
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
        case datetime() if cell.time() == _MIDNIGHT:
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(timespec="seconds")
        case _:
            return str(cell)


def _faulty_formulas(path: str, sheet: str) -> dict[int, list[int]]:
    """The columns with errors such as #N/A by row: the reader of workbooks leaves them empty."""
    found: dict[int, list[int]] = defaultdict(list)
    with ZipFile(path) as file:
        if "xl/workbook.xml" in file.namelist():
            for letters, number in _error_cells(file, _part_of(file, sheet)):
                column = 0
                for letter in letters:
                    column = column * 26 + ord(letter) - 64
                found[int(number)].append(column - 1)
    return found


def _part_of(file: ZipFile, sheet: str) -> str:
    """The name of the file of a sheet."""
    book = Xml.fromstring(file.read("xl/workbook.xml"))  # noqa: S314
    relations = Xml.fromstring(file.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    ids = {each.get("name"): each.get(f"{_RELATION}id") for each in book.iter(f"{_MAIN}sheet")}
    targets = {each.get("Id"): each.get("Target") or "" for each in relations}
    return str(PurePosixPath("/xl") / targets[ids[sheet]]).lstrip("/")


def _error_cells(file: ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """The letters of the column and the number of the row."""
    with file.open(part) as sheet:
        for _, element in Xml.iterparse(sheet):  # noqa: S314
            if element.tag == f"{_MAIN}c" and element.get("t") == "e":
                if at := re.fullmatch("([A-Z]+)([0-9]+)", element.get("r", "")):
                    yield at[1], at[2]
            elif element.tag == f"{_MAIN}row":
                element.clear()


def _write(line: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
