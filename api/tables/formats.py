"""The formats of a table, by name."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple, Protocol, get_args

from api.tables.columns import TableRow
from domain.refusals import Refusal

FormatName = Literal["csv", "geojson", "parquet"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)


class NoParquet(Refusal):
    """The library for Parquet is not installed."""

    is_public = False

    def __init__(self) -> None:
        super().__init__(
            "Parquet is written with the library pyarrow, which is not installed here; "
            "pip install 'tenure[parquet]' installs it, and csv and geojson need no library"
        )


class Sink(Protocol):
    """Takes bytes in order."""

    def write(self, content: bytes, /) -> object: ...


class TableWriter(Protocol):
    """Writes rows in one format."""

    def __init__(self, sink: Sink, row: type[TableRow], dictionary: dict[str, Any]) -> None: ...
    def write(self, rows: Iterable[TableRow]) -> None: ...
    def close(self) -> None: ...


class Format(NamedTuple):
    """A format: the media type, and the module of the writer."""

    media: str
    module: str


_FORMATS: dict[FormatName, Format] = {
    "csv": Format("text/csv; charset=utf-8; header=present", "api.tables.csv_writer"),
    "geojson": Format("application/geo+json", "api.tables.geojson_writer"),
    "parquet": Format("application/vnd.apache.parquet", "api.tables.parquet_writer"),
}


def is_at_hand(name: FormatName) -> bool:
    """Whether the library of the format is installed, without loading the library."""
    return name != "parquet" or find_spec("pyarrow") is not None


def media_of(name: FormatName) -> str:
    return _FORMATS[name].media


def writer_of(name: FormatName) -> type[TableWriter]:
    """The writer of a format. Raises NoParquet."""
    try:
        writer: type[TableWriter] = import_module(_FORMATS[name].module).Writer
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "pyarrow":
            raise
        raise NoParquet from None
    return writer
