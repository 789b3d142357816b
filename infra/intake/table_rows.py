"""What every table has: its columns, its rows, and how it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO, NamedTuple, Protocol

from infra.intake.problems import BadInput
from infra.spelling import plain
from infra.visible_text import visible

_LONGEST_STREAM = 500_000_000
"""The most bytes of a table that comes through a pipe."""
_PIECE = 64 * 1024


class TableFault(NamedTuple):
    """A fault of a row, with its place."""

    column: str
    """Empty where the fault is one of the row."""
    message: str
    line: int
    at: int | None = None
    """The number of the character in the line."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that is not empty, with a cell for each column."""

    line: int
    """The first line of the row, the row of the sheet, or the number of the point."""
    cells: tuple[str, ...]
    faults: tuple[TableFault, ...] = ()


class TableForm(NamedTuple):
    """What a user says of the form of a file; None is found."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass
class TableHead:
    """The columns of a table, and how the table is read."""

    columns: tuple[str, ...] = ()
    """The names, as they are written."""
    notes: list[str] = field(default_factory=list)


class Table(Protocol):
    """A table that can be read again and again."""

    @property
    def head(self) -> TableHead: ...
    @property
    def bytes_read(self) -> int:
        """How far the reading is, in bytes of the file."""

    def rows(self) -> Iterator[ReadRow]:
        """Raises BadInput."""


class StoredFile:
    """A file that can be read from its beginning; what comes through a pipe is copied."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput."""
        self.shown = path
        """The name as a user gave it."""
        self.path = path
        try:
            if path.is_dir():
                raise IsADirectoryError(21, "Is a directory")
            if not S_ISREG(path.stat().st_mode):
                self._copy = _copy_of(path)
                self.path = Path(self._copy.name)
            self.size = self.path.stat().st_size
            with self.open() as file:
                self.beginning = file.read(4_096)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise BadInput.at(path, None, f"it can't be read: {why}") from None

    def open(self) -> BinaryIO:
        return self.path.open("rb")


def _copy_of(path: Path) -> IO[bytes]:
    copy = NamedTemporaryFile(prefix="tenure-table-")  # noqa: SIM115 - deleted with the table
    left = _LONGEST_STREAM
    with path.open("rb") as stream:
        while left and (piece := stream.read(min(left, _PIECE))):
            left -= len(piece)
            copy.write(piece)
    copy.flush()
    if not left:
        message = f"it is longer than {_LONGEST_STREAM:,} bytes; save it as a file"
        raise BadInput.at(path, None, message)
    return copy


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, without empty ones at the end."""
    names = [visible(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def column_key(name: str) -> str:
    """The letters of a column's name, for finding it: Location ID is location_id."""
    return plain(name).replace(" ", "")
