"""Writes a table as Parquet, with the metadata of GeoParquet 1.1.

Points are WKB in the column `geometry`, on WGS 84 with the longitude first (OGC:CRS84, the default
of GeoParquet). The dictionary is in the metadata of the schema, under `tenure`.
"""

import struct
from collections.abc import Iterable
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from api.tables.columns import ColumnType, TableRow, Value, cells_of, columns_of
from api.tables.formats import Sink

GEOMETRY = "geometry"
_GROUP = 20_000
"""The most rows in memory, and in a row group."""
_GEO = {
    "version": "1.1.0",
    "primary_column": GEOMETRY,
    "columns": {GEOMETRY: {"encoding": "WKB", "geometry_types": ["Point"]}},
}
_TYPES = {
    ColumnType.STRING: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATETIME: pa.timestamp("us", tz="UTC"),
}


class ParquetTable:
    """A table in Parquet, while rows are added."""

    def __init__(self, sink: Sink, row: type[TableRow], dictionary: dict[str, Any]) -> None:
        self._cells, self._rows = cells_of(row), list[tuple[Value, ...]]()
        self._names = [each.name for each in columns_of(row)]
        self._schema = _schema_of(row, dictionary)
        self._file = pq.ParquetWriter(
            pa.PythonFile(_Counted(sink), mode="w"), self._schema, compression="zstd"
        )

    def write(self, rows: Iterable[TableRow]) -> None:
        self._rows += map(self._cells, rows)
        while len(self._rows) >= _GROUP:
            self._write_group(self._rows[:_GROUP])
            del self._rows[:_GROUP]

    def close(self) -> None:
        if self._rows:
            self._write_group(self._rows)
        self._file.close()

    def _write_group(self, rows: list[tuple[Value, ...]]) -> None:
        columns = [*zip(*rows, strict=True)]
        by_name = dict(zip(self._names, columns, strict=True))
        points = map(_wkb, by_name["longitude"], by_name["latitude"])
        cells = [*columns, [*points]]
        arrays = [
            pa.array(each, field.type) for each, field in zip(cells, self._schema, strict=True)
        ]
        self._file.write_batch(pa.record_batch(arrays, schema=self._schema))


Writer = ParquetTable


class _Counted:
    """A sink with the position and the state that pyarrow asks for."""

    closed = False

    def __init__(self, sink: Sink) -> None:
        self._sink, self._position = sink, 0

    def write(self, content: bytes) -> int:
        self._sink.write(bytes(content))
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True


def _schema_of(row: type[TableRow], dictionary: dict[str, Any]) -> pa.Schema:
    meanings = {each["name"]: each["description"] for each in dictionary["fields"]}
    fields = [
        pa.field(
            each.name,
            _TYPES[each.type],
            nullable=not each.is_required,
            metadata={"description": meanings[each.name]},
        )
        for each in columns_of(row)
    ]
    metadata = {"geo": orjson.dumps(_GEO), "tenure": orjson.dumps(dictionary)}
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())], metadata=metadata)


def _wkb(longitude: Value, latitude: Value) -> bytes | None:
    if longitude is None or latitude is None:
        return None
    return struct.pack("<BIdd", 1, 1, longitude, latitude)
