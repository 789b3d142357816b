"""Is a table read as people keep it: any delimiter, encoding, workbook or layer of points?"""

import json
import os
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from infra.intake.problems import BadInput
from infra.intake.table_rows import Table, TableForm
from infra.intake.tables import open_table
from tests.workbooks import Sheets, write_ods, write_xlsx

ROWS: Sheets = {
    "Control": [
        ["Town", "Day", "People", "Latitude"],
        ["Gao", date(2023, 11, 14), 5, 16.27],
        [],
        ["Kidal", datetime(2023, 11, 14, 6, 30), 0.1 + 0.2, None],
    ]
}


def table(tmp_path: Path, content: str | bytes, form: TableForm | None = None) -> Table:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_table(path, form)


def cells(read: Table) -> list[tuple[str, ...]]:
    rows = [*read.rows()]
    assert not any(row.faults for row in rows)
    return [read.head.columns, *(row.cells for row in rows)]


def refused(tmp_path: Path, content: str | bytes, form: TableForm | None = None) -> str:
    with pytest.raises(BadInput) as refusal:
        cells(table(tmp_path, content, form))
    return str(refusal.value).replace(f"{tmp_path}/", "")


# ---- Text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = 'town,note\nGao,"a, b; c"\nKidal,d\n'.replace('"a, b; c"', '"a; b, c | d\te"')
    head, first, *rest = text.split("\n")
    lines = [head.replace(",", delimiter), first.replace("Gao,", f"Gao{delimiter}")]
    lines += [line.replace(",", delimiter) for line in rest]
    assert cells(table(tmp_path, "\n".join(lines))) == [
        ("town", "note"),
        ("Gao", "a; b, c | d\te"),
        ("Kidal", "d"),
    ]


def test_decimal_commas_do_not_part_cells(tmp_path: Path) -> None:
    read = table(tmp_path, "town;lat;lon\nGao;16,27;-0,04\nKidal;18,44;1,41\n")
    assert cells(read)[1] == ("Gao", "16,27", "-0,04")
    assert read.head.notes == ["Its cells are parted by a semicolon."]


def test_a_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    read = table(tmp_path, "sep=;\r\ntown;note\r\nGao;x\r\n")
    assert cells(read) == [("town", "note"), ("Gao", "x")]
    assert [row.line for row in read.rows()] == [3]


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "It is read as UTF-16."),
        ("utf-16-le", "It is read as UTF-16."),
        ("utf-16-be", "It is read as UTF-16."),
        ("latin-1", "It is not UTF-8; it is read as Latin-1."),
        ("cp1252", "It is not UTF-8; it is read as Windows-1252."),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, encoding: str, note: str | None) -> None:
    dash = "–" if encoding != "latin-1" else "-"
    text = f"town,note\nLéré,créée {dash} à Tombouctou\nGao,an ordinary town\n"
    read = table(tmp_path, text.encode(encoding))
    assert cells(read)[1] == ("Léré", f"créée {dash} à Tombouctou")
    assert read.head.notes == ([note] if note else [])


def test_another_script_in_an_old_encoding_is_asked_about(tmp_path: Path) -> None:
    data = "town,note\nКиев,да\n".encode("cp1251")
    assert "name its encoding, as in --encoding cp1251" in refused(tmp_path, data)
    assert cells(table(tmp_path, data, TableForm(encoding="cp1251")))[1] == ("Киев", "да")


def test_a_damaged_byte_spoils_its_row_alone(tmp_path: Path) -> None:
    read = table(tmp_path, b"town,note\nL\xc3\xa9r\xc3\xa9,x\nGao,\xffy\nKidal,z\n")
    assert [[fault.message for fault in row.faults] for row in read.rows()] == [
        [],
        ["the byte 0xff is not UTF-8; save the file as UTF-8"],
        [],
    ]
    assert read.head.notes == ["Some of its bytes are not UTF-8."]


def test_empty_rows_and_empty_columns_at_the_end_are_passed_over(tmp_path: Path) -> None:
    read = table(tmp_path, "\n,,\ntown,note,,\nGao,x,,\n , ,,\n\nKidal,y,,,\n")
    assert cells(read) == [("town", "note"), ("Gao", "x"), ("Kidal", "y")]
    assert [row.line for row in read.rows()] == [4, 7]


def test_a_row_of_another_length_has_a_fault(tmp_path: Path) -> None:
    (short, long) = table(tmp_path, "town,note\nGao\nKidal,y,z\n").rows()
    assert short.faults[0].message == "it has 1 cell, the first line has 2 columns"
    assert (long.faults[0].message, long.faults[0].line) == (
        "it has 3 cells, the first line has 2 columns",
        3,
    )


def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(BadInput, match=r"/dev/zero: it is longer than 500,000,000 bytes"):
        open_table(Path("/dev/zero"))


def test_a_table_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("town;note\nGao;x\n",))
    writer.start()
    read = open_table(pipe)
    writer.join()
    assert cells(read) == cells(read) == [("town", "note"), ("Gao", "x")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "table.csv: it is empty"),
        ("\n\n", "table.csv: it is empty"),
        (f"a,b\n{'x' * 20_000_000}", "table.csv:2: "),
        (b"\xd0\xcf\x11\xe0 and more", "a workbook of old Excel, or locked"),
        (b"PK\x03\x04 and no more", "it is no workbook that can be read"),
        ("{}", "it is no FeatureCollection of GeoJSON"),
        ('{"features": [', "table.csv:1:15: this is not JSON"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    assert message in refused(tmp_path, content)


# ---- Workbooks -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "xlsx from a Mac", "ods"])
def test_a_workbook_is_read_as_excel_shows_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "table.bin"
    if kind == "ods":
        write_ods(path, ROWS)
    else:
        write_xlsx(path, ROWS, is_1904="Mac" in kind)
    read = open_table(path)
    assert cells(read) == [
        ("Town", "Day", "People", "Latitude"),
        ("Gao", "2023-11-14", "5", "16.27"),
        ("Kidal", "2023-11-14T06:30:00", "0.3", ""),
    ]
    assert [row.line for row in read.rows()] == [2, 4]
    assert read.head.notes == ["It is the sheet Control."]


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"Old": [["a"], ["1"]], **ROWS, "Sheet3": []})
    with pytest.raises(BadInput, match="it has the sheets Old, Control; say which with --sheet"):
        open_table(path)
    assert cells(open_table(path, TableForm(sheet="Old"))) == [("a",), ("1",)]
    with pytest.raises(BadInput, match="no sheet is called 'New'; there are Old, Control, Sheet3"):
        open_table(path, TableForm(sheet="New"))


def test_the_only_sheet_that_is_seen_and_not_empty_is_read(tmp_path: Path) -> None:
    sheets = {"Lists": [["x"]], **ROWS, "Sheet3": []}
    assert len(cells(open_table(write_xlsx(tmp_path / "t.xlsx", sheets, hidden=["Lists"])))) == 3


def test_a_formula_with_an_error_is_no_empty_cell(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"One": [["town", "day"], ["Gao", "#N/A"]]})
    (row,) = open_table(path).rows()
    (fault,) = row.faults
    assert (fault.column, fault.message, fault.line) == ("day", "its formula gave an error", 2)


def test_a_workbook_that_unfolds_to_more_than_memory_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"One": [["town"], ["Gao"]]})
    with ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content.replace(b"</sheetData>", far))
    assert path.stat().st_size < 5_000
    with pytest.raises(BadInput, match="it takes more memory or time than a workbook may"):
        open_table(path)


# ---- Points ----------------------------------------------------------------------------------


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": 7, "geometry": geometry, "properties": properties}


def point(*at: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


def test_the_properties_of_points_are_columns(tmp_path: Path) -> None:
    features = [
        feature(point(-0.04, 16.27, 250), town="Gao", people=5.0),
        feature(None, town="Kidal", tags=["a"]),
        feature({"type": "LineString", "coordinates": []}, town="Road"),
    ]
    layer = {"type": "FeatureCollection", "features": features}
    read = table(tmp_path, json.dumps(layer))
    assert read.head.columns == ("town", "people", "tags", "@id", "@latitude", "@longitude")
    gao, kidal, road = read.rows()
    assert gao.cells == ("Gao", "5", "", "7", "16.27", "-0.04")
    assert kidal.cells == ("Kidal", "", '["a"]', "7", "", "")
    assert [fault.message for fault in road.faults] == ["its geometry is LineString, and no Point"]
