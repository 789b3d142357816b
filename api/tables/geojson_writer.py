"""Writes a table as GeoJSON (RFC 7946): a feature for each row, with the columns as properties.

A place without coordinates has no geometry. The dictionary is the foreign member `tenure`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.tables.columns import ColumnType, TableRow, Value, cells_of, columns_of
from api.tables.formats import Sink
from api.tables.times import in_microseconds
from domain.texts import escaped_json


class GeoJsonTable:
    """A table in GeoJSON, while rows are added."""

    def __init__(self, sink: Sink, row: type[TableRow], dictionary: dict[str, Any]) -> None:
        columns = columns_of(row)
        self._sink, self._cells = sink, cells_of(row)
        self._names = [each.name for each in columns]
        self._times = [each.type is ColumnType.DATETIME for each in columns]
        self._before = ""
        self._add(f'{{"type":"FeatureCollection","tenure":{_json(dictionary)},"features":[')

    def write(self, rows: Iterable[TableRow]) -> None:
        self._add("".join(self._features(rows)))

    def close(self) -> None:
        self._add("\n]}\n")

    def _features(self, rows: Iterable[TableRow]) -> Iterator[str]:
        for row in rows:
            yield f"{self._before}\n{_json(self._feature(self._cells(row)))}"
            self._before = ","

    def _feature(self, cells: tuple[Value, ...]) -> dict[str, Any]:
        shown = (
            in_microseconds(int(cell)) if is_time and cell is not None else cell
            for cell, is_time in zip(cells, self._times, strict=True)
        )
        properties = dict(zip(self._names, shown, strict=True))
        return {"type": "Feature", "geometry": _point(properties), "properties": properties}

    def _add(self, text: str) -> None:
        self._sink.write(text.encode())


Writer = GeoJsonTable


def _point(properties: dict[str, Any]) -> dict[str, Any] | None:
    latitude, longitude = properties["latitude"], properties["longitude"]
    if latitude is None or longitude is None:
        return None
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _json(told: Any) -> str:
    return escaped_json(orjson.dumps(told).decode())
