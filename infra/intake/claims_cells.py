"""The cells of a claims table, by the columns that are read."""

from collections.abc import Mapping
from pathlib import Path

from domain.occurred import NotATime
from domain.texts import without_hidden
from infra.intake.controllers import slug_of
from infra.intake.point_layers import FEATURE_ID
from infra.intake.problems import CONTROL_CHARACTER, BadInput, Problem
from infra.intake.table_columns import Columns, found_columns
from infra.intake.table_dates import DateCell, DateForms, DayOrder
from infra.intake.table_numbers import coordinate
from infra.intake.table_rows import Table, TableForm, column_key
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
_REGIONS = {"region", "province", "oblast", "admin1"}
"""Columns of `within` with regions alone: the region of Gao, and never the town."""
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
        around = columns.places.get("within")
        self.has_regions = around is not None and column_key(table.head.columns[around]) in _REGIONS
        """Whether the places lie in regions by the name of the column."""
        empty = {*range(len(table.head.columns))} - {*columns.places.values()}
        for row in table.rows():
            if table.bytes_read > _LONGEST:
                message = f"it is longer than {_LONGEST:,} bytes; split it"
                raise BadInput.at(path, None, message)
            for column, message, line, at in row.faults:
                unfit = (cell for cell in row.cells if CONTROL_CHARACTER.search(cell))
                value = next(unfit, "") if at else ""
                self.problems.append(Problem(str(path), line, at, column, message, value))
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
    columns = _without_feature_ids(found_columns(path, table.head.columns, COLUMNS), table)
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


def _without_feature_ids(columns: Columns, table: Table) -> Columns:
    """The columns without the ids of features, where places have names: such an id is a number in
    one layer, and another place has the number in the next layer."""
    number = columns.places.get("location_id")
    if number is None or table.head.columns[number] != FEATURE_ID or "name" not in columns.places:
        return columns
    places = {name: at for name, at in columns.places.items() if name != "location_id"}
    notes = [note for note in columns.notes if quoted(FEATURE_ID) not in note]
    return Columns(places, notes, [*columns.unread, FEATURE_ID])
