"""A sheet of a workbook, .xlsx or .ods, row by row."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from infra.intake.problems import BadInput

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""The first bytes of a workbook of Excel before 2007, and of one with a password."""
_MODULE = "infra.intake.workbook_process"


class SheetRow(NamedTuple):
    """A row of a sheet that is not empty."""

    number: int
    cells: list[str]
    faulty: list[int]
    """The columns whose formula gave an error; their cells are empty."""


class Sheet(NamedTuple):
    """A sheet, while it is read."""

    name: str
    length: int
    """The number of rows, empty ones too."""
    rows: Iterator[SheetRow]


@contextmanager
def open_sheet(path: Path, wanted: str | None) -> Iterator[Sheet]:
    """The sheet of a name, else the only one. Raises BadInput."""
    command = [sys.executable, "-m", _MODULE, str(path.absolute()), wanted or ""]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root
    ) as process:
        try:
            first = _line(path, process)
            if "refused" in first:
                raise BadInput.at(path, None, first["refused"])
            yield Sheet(first["sheet"], first["rows"], _rows(path, process))
        finally:
            process.kill()


def _rows(path: Path, process: "subprocess.Popen[bytes]") -> Iterator[SheetRow]:
    assert process.stdout is not None
    for line in process.stdout:
        yield SheetRow(*orjson.loads(line))
    if process.wait():
        raise _too_large(path)


def _line(path: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise _too_large(path)
    found: dict[str, Any] = orjson.loads(line)
    return found


def _too_large(path: Path) -> BadInput:
    why = "it takes more memory or time than a workbook may; save the sheet as CSV"
    return BadInput.at(path, None, why)
