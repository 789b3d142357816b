"""Small workbooks in the forms of Excel and LibreOffice, written by hand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | int | float | bool | date | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DAY_STYLE, _TIME_STYLE = 1, 2
_HIDDEN = ' state="hidden"'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_xlsx(
    path: Path, sheets: Sheets, *, is_1904: bool = False, hidden: Sequence[str] = ()
) -> Path:
    """A workbook of Excel; `is_1904` counts its days from 1904, as Excel for the Mac did."""
    names = [*sheets]
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _content_types(len(names)))
        file.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n, _ in enumerate(names, 1)]
        file.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        file.writestr("xl/workbook.xml", _workbook(names, is_1904, hidden))
        file.writestr("xl/styles.xml", _STYLES)
        for number, rows in enumerate(sheets.values(), 1):
            file.writestr(f"xl/worksheets/sheet{number}.xml", "".join(_sheet(rows, is_1904)))
    return path


def write_ods(path: Path, sheets: Sheets) -> Path:
    """A spreadsheet of OpenDocument."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" '
            f'xmlns:text="{text}"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        file.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{kind}.{name}+xml"/>' for part, name in parts
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    default = f'<Default Extension="rels" ContentType="{relations}"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>'


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _workbook(names: Sequence[str], is_1904: bool, hidden: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
        f"{_HIDDEN if name in hidden else ''}/>"
        for number, name in enumerate(names, 1)
    )
    properties = '<workbookPr date1904="1"/>' if is_1904 else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">{properties}'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _sheet(rows: Sequence[Sequence[Cell]], is_1904: bool) -> Iterator[str]:
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in enumerate(rows, 1):
        cells = (
            _xlsx_cell(f"{chr(65 + column)}{number}", cell, is_1904)
            for column, cell in enumerate(row)
        )
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def _xlsx_cell(at: str, cell: Cell, is_1904: bool) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
        case str() if cell.startswith("#"):
            return f'<c r="{at}" t="e"><v>{cell}</v></c>'
        case str():
            return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        case date():
            style = _TIME_STYLE if isinstance(cell, datetime) else _DAY_STYLE
            return f'<c r="{at}" s="{style}"><v>{serial_of(cell, is_1904=is_1904)}</v></c>'
        case _:
            return f'<c r="{at}"><v>{cell!r}</v></c>'


def serial_of(day: date, *, is_1904: bool = False) -> float:
    """The number by which Excel keeps a day or a time."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    begin = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
    return (moment - begin).total_seconds() / 86_400


def _ods_cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<table:table-cell/>"
        case str():
            value = "string", ""
        case bool():
            value = "boolean", f' office:boolean-value="{str(cell).lower()}"'
        case date():
            value = "date", f' office:date-value="{cell.isoformat()}"'
        case _:
            value = "float", f' office:value="{cell!r}"'
    kind, more = value
    shown = escape(str(cell))
    return (
        f'<table:table-cell office:value-type="{kind}"{more}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )
