"""The cells of a claims table, by the columns that are read."""

from collections.abc import Mapping
from pathlib import Path

from domain.occurred import NotATime
from domain.texts import without_hidden
from infra.intake.controllers import slug_of
from infra.intake.problems import BadInput, Problem
from infra.intake.table_columns import Columns, found_columns
from infra.intake.table_dates import DateCell, DateForms, DayOrder
from infra.intake.table_numbers import coordinate
from infra.intake.table_rows import Table, TableForm
from infra.intake.tables import open_table
from infra.visible_text import quoted, visible

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "location_id": ("id", "place id", "slug", "@id"),
    "name": ("place", "town", "city", "settlement", "location", "place name", "location name"),
    "lat": ("latitude", "y", "@latitude"),
    "lon": ("longitude", "lng", "long", "x", "@longitude"),
    "known_at": ("published", "published at", "revision", "publication date"),
    "as_of": ("date", "since", "day", "valid from"),
    "controller": ("control", "controlled by", "holder", "held by", "actor"),
    "note": ("notes", "comment", "comments", "remark", "remarks"),
    "source_link": ("source", "link", "url", "source url"),
    "within": ("region", "province", "oblast", "admin1", "part of"),
}
"""The columns, and the other names by which they are found."""
_LONGEST = 200_000_000
"""The most bytes of a table: its rows are put in order in memory."""
_KEYS = {"location_id", "lat", "lon", "known_at", "as_of", "within"}
"""Columns of ids, numbers and times."""


class ClaimsCells:
    """The cells of a table by column, with the faults of the rows that have none."""

    def __init__(
        self, path: Path, form: TableForm | None, order: DayOrder | None, published: str | None
    ) -> None:
        """`published` is when a table without `known_at` was. Raises BadInput."""
        table = open_table(path, form)
        columns = _columns(path, table, published)
        self.rows: list[tuple[int, dict[str, str]]] = []
        """The cells of each row by column, with the first line of the row."""
        self.problems: list[Problem] = []
        self._published = published or ""
        self._dates = DateForms(order)
        self._has_no_names = "name" not in columns.places
        empty = {*range(len(table.head.columns))} - {*columns.places.values()}
        for row in table.rows():
            if table.bytes_read > _LONGEST:
                message = f"it is longer than {_LONGEST:,} bytes; split it"
                raise BadInput.at(path, None, message)
            for column, message, line, at in row.faults:
                self.problems.append(Problem(str(path), line, at, column, message))
            if not row.faults:
                found = columns.cells(row.cells)
                told = {name: _cell(name, found.get(name, "")) for name in COLUMNS}
                self.rows.append((row.line, told))
                empty = {number for number in empty if not row.cells[number].strip()}
        if not self.rows and not self.problems:
            raise BadInput.at(path, None, "it holds no rows")
        read = {*columns.places.values()} | empty
        names = enumerate(table.head.columns)
        self.unread = [name for number, name in names if number not in read]
        """The columns in use by the table, and not by Tenure."""
        for line, told in self.rows:
            self._dates.learn(DateCell(line, told[name]) for name in ("known_at", "as_of"))
        self.notes = [*table.head.notes, *columns.notes, *self._dates.decide(path)]
        """How the table is read, where that is not plain."""

    def told(self, cells: dict[str, str]) -> dict[str, str]:
        """The cells in the forms of events, with those that the table leaves out."""
        times = {name: self._time(cells[name]) for name in ("known_at", "as_of")}
        return cells | {
            "location_id": cells["location_id"] or slug_of(cells["name"]),
            "name": cells["name"] or (cells["location_id"] if self._has_no_names else ""),
            "lat": coordinate(cells["lat"], "NS"),
            "lon": coordinate(cells["lon"], "EW"),
            "as_of": times["as_of"],
            "known_at": times["known_at"] or self._published,
        }

    def _time(self, cell: str) -> str:
        try:
            return self._dates.text_of(cell)
        except NotATime:
            return cell


def _cell(column: str, text: str) -> str:
    """The text of a cell, without invisible characters except as part of the spelling of a name or
    a note."""
    return (visible if column in _KEYS else without_hidden)(text).strip()


def _columns(path: Path, table: Table, published: str | None) -> Columns:
    """The columns of the table. Raises BadInput where one is missing."""
    columns = found_columns(path, table.head.columns, COLUMNS)
    missing = [name for name in ("known_at", "controller") if name not in columns.places]
    if published:
        missing = [name for name in missing if name != "known_at"]
    if not {"location_id", "name"} & columns.places.keys():
        missing = ["location_id", *missing]
    if missing:
        shown = ", ".join(map(quoted, table.head.columns[:20]))
        are = "these columns are" if len(missing) > 1 else "this column is"
        hint = "; --published says when the whole table was" if "known_at" in missing else ""
        message = f"{are} missing: {', '.join(missing)}; found are {shown}{hint}"
        raise BadInput.at(path, 1, message)
    return columns
