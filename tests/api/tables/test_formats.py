"""Can the files be read by what analysts use, and does each say the same?"""

import json
import struct
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from api.node import Node
from api.tables.asked import AskedTable
from api.tables.columns import columns_of
from api.tables.csv_writer import without_formula
from api.tables.export import write_table
from api.tables.formats import FORMATS, FormatName, NoParquet, writer_of
from api.tables.kinds import KINDS
from api.tables.question import TABLES, TableName

ASKED: dict[TableName, dict[str, Any]] = {
    "control": {"on": "2024-03-20"},
    "timelines": {"options": frozenset({"all-knowledge"})},
    "events": {},
}


def written(node: Node, table: TableName, form: FormatName, **asked: Any) -> bytes:
    content = BytesIO()
    question = AskedTable(table=table, **(asked or ASKED[table])).question(node.answers)
    write_table(node.answers, question, form, content)
    return content.getvalue()


def read_csv(node: Node, table: TableName, **asked: Any) -> Any:
    return pd.read_csv(StringIO(written(node, table, "csv", **asked).decode()))


# ---- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_csv_without_options(node: Node, table: TableName) -> None:
    frame = read_csv(node, table)
    geo = json.loads(written(node, table, "geojson"))
    assert [*frame.columns] == [each.name for each in columns_of(KINDS[table].row)]
    assert len(frame) == len(geo["features"]) > 20
    for column in columns_of(KINDS[table].row):
        if column.type == "datetime":
            assert pd.to_datetime(frame[column.name]).dt.tz is not None
        if column.type == "boolean":
            assert frame[column.name].dtype == bool
        if column.type == "number":
            assert frame[column.name].dtype == float


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+First", "'+First"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-23", "-23"),
        ("+1.5e-3", "+1.5e-3"),
        ("-1,2", "'-1,2"),
        ("-٣", "'-٣"),
        ("Kidal = held", "Kidal = held"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_has_an_apostrophe(text: str, shown: str) -> None:
    assert without_formula(text) == shown


def test_no_cell_of_a_hostile_ledger_is_a_formula(node: Node) -> None:
    events, control = read_csv(node, "events"), read_csv(node, "control")
    said = events[events.location == "formula"].iloc[0]
    assert said.source_name == "'+First"
    assert said.report_title == "'-1+1"
    assert said.actor_names == "'-2+3; -23"
    assert said.location_name == '\'=HYPERLINK("x";"y")'
    assert said.summary == '\'=1+1\nwith a second line, "quoted", and déjà vu كيدال'
    assert control[control.location == "formula"].iloc[0]["name"].startswith("'=")
    for frame in (events, control):
        for name in frame.select_dtypes(["object", "string"]):
            cells = frame[name].dropna().astype(str)
            assert not cells.str.match(r"[=+\-@\t\r](?![0-9.]+$)").any(), name


def test_negative_coordinates_stay_numbers(node: Node) -> None:
    frame = read_csv(node, "control")
    assert (frame.longitude < 0).any()


# ---- GeoJSON -------------------------------------------------------------------------------------


def test_a_feature_has_the_longitude_first_and_the_columns_as_properties(node: Node) -> None:
    told = json.loads(written(node, "timelines", "geojson"))
    assert told["type"] == "FeatureCollection"
    assert told["tenure"]["tenure"]["table"] == "timelines"
    kidal = [each for each in told["features"] if each["properties"]["location"] == "kidal"]
    assert kidal[0]["geometry"] == {"type": "Point", "coordinates": [1.408, 18.441]}
    assert kidal[0]["properties"]["valid_from"] is None
    assert kidal[1]["properties"]["valid_from"].endswith("Z")
    nowhere = [each for each in told["features"] if each["properties"]["location"] == "formula"]
    assert nowhere and all(each["geometry"] is None for each in nowhere)
    assert nowhere[0]["properties"]["name"].startswith("=")


# ---- Parquet -------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_parquet_is_read_back_with_its_points(node: Node, table: TableName) -> None:
    read = pq.read_table(BytesIO(written(node, table, "parquet")))
    geo = json.loads(read.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"] == {"encoding": "WKB", "geometry_types": ["Point"]}
    assert read.num_rows == len(read_csv(node, table))
    for row in read.select(["geometry", "latitude", "longitude"]).to_pylist():
        if row["latitude"] is None:
            assert row["geometry"] is None
        else:
            order, kind, x, y = struct.unpack("<BIdd", row["geometry"])
            assert (order, kind, x, y) == (1, 1, row["longitude"], row["latitude"])
    said = json.loads(read.schema.metadata[b"tenure"])
    assert [each["name"] for each in said["fields"]] == read.schema.names[:-1]
    assert all(read.schema.field(each["name"]).metadata for each in said["fields"])


def test_parquet_and_csv_have_the_same_cells(node: Node) -> None:
    mine = pq.read_table(BytesIO(written(node, "timelines", "parquet"))).to_pylist()
    theirs = read_csv(node, "timelines").to_dict("records")
    for one, other in zip(mine, theirs, strict=True):
        for name, cell in other.items():
            if isinstance(cell, float) and pd.isna(cell):
                assert one[name] is None
            elif hasattr(one[name], "isoformat"):
                assert pd.Timestamp(cell) == pd.Timestamp(one[name])
            elif name == "name":
                assert str(cell).removeprefix("'") == one[name]
            elif not name.endswith("names"):
                assert one[name] == cell


def test_many_rows_are_written_in_groups(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.tables.parquet_writer._GROUP", 10)
    file = pq.ParquetFile(BytesIO(written(node, "events", "parquet")))
    assert file.num_row_groups > 5
    assert max(file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)) == 10


def test_without_pyarrow_parquet_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "api.tables.parquet_writer", None)
    monkeypatch.delitem(__import__("sys").modules, "api.tables.parquet_writer")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(NoParquet, match=r"pip install 'tenure\[parquet\]'"):
        writer_of("parquet")


# ---- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_question_gives_the_same_bytes(node: Node, form: FormatName) -> None:
    asked = {"on": "2024-03-20", "position": 150}
    first = written(node, "control", form, **asked)
    assert written(node, "control", form, **asked) == first
    token = AskedTable(table="control", **asked).question(node.answers).token  # type: ignore[arg-type]
    assert written(node, "control", form, token=token) == first


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_table_is_a_table(node: Node, form: FormatName) -> None:
    content = written(node, "events", form, position=0)
    match form:
        case "csv":
            assert pd.read_csv(BytesIO(content)).empty
        case "geojson":
            assert json.loads(content)["features"] == []
        case "parquet":
            assert pq.read_table(BytesIO(content)).num_rows == 0
