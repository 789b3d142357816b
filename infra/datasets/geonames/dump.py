"""A dump of GeoNames (19 columns, without quoting) as places of the ledger.

The file is read twice: first for the administrative units and for the places registered by
hand, then for the places. A row with a code of the ledger means the place with the code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from domain.events import LocationRegistered
from domain.occurred import Instant
from domain.values import LocationId
from infra.datasets.cells import CellRow, DelimitedFile
from infra.datasets.geonames.adoption import Adopted, Adoptions, ListedPlace
from infra.datasets.geonames.kinds import kind_of
from infra.datasets.geonames.rows import (
    COLUMN_OF,
    COLUMNS,
    Filter,
    GazetteerRow,
    Path,
    paths_around,
    slug_for,
    unit_of,
    written_names,
)
from infra.datasets.place_index import IndexedPlace, PlaceIndex
from infra.datasets.rows import RefusedRow, Remark, Row, RowSaid, Unfit, made
from infra.datasets.standing import said_at_of
from infra.ledger.reader import LedgerReader

_UNDATED = Instant(0)


@dataclass(frozen=True, slots=True)
class _UnitRow:
    """The row of an administrative unit, kept while the file is read."""

    order: tuple[int, int]
    """Of two rows for one unit, the one with the lower order counts."""
    line: int
    text: str

    @property
    def row(self) -> CellRow:
        return CellRow(self.line, dict(zip(COLUMNS, self.text.split("\t"), strict=True)))


@dataclass(slots=True)
class _Survey:
    """The findings of the first reading of the file."""

    units: dict[Path, _UnitRow] = field(default_factory=dict)
    repeated: dict[str, str] = field(default_factory=dict)
    """By number: the number of the counting row for the same unit."""
    needed: set[Path] = field(default_factory=set)
    """The units around the taken places."""
    adopted: dict[str, Adopted] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    locations: dict[Path, LocationId] = field(default_factory=dict)
    """The places of units, as far as they were needed."""


class GeoNamesFile:
    """The rows of a dump; the units around a place come before the place."""

    def __init__(self, path: FilePath, ledger: LedgerReader, wanted: Filter) -> None:
        self._path, self._wanted = path, wanted
        self._index = PlaceIndex(ledger)
        self._read = 0
        self._file = self._opened()
        self.left_out = 0
        """The number of rows left out by the filter."""

    @property
    def bytes_read(self) -> int:
        """Half of the bytes read, since the file is read twice."""
        return (self._read + self._file.bytes_read) // 2

    def rows(self) -> Iterator[Row]:
        self._read, self.left_out = 0, 0
        survey = self._survey()
        self._read, self._file = self._file.bytes_read, self._opened()
        first = {unit.line for path, unit in survey.units.items() if path in survey.needed}
        for path, unit in sorted(survey.units.items(), key=lambda one: (len(one[0]), one[1].line)):
            if path in survey.needed:
                yield self._said(unit.row, survey)
        for row in self._file:
            if row.line in first:
                continue
            if row.faults or self._wanted.takes(row.cells):
                yield self._said(row, survey)
            else:
                self.left_out += 1

    def _opened(self) -> DelimitedFile:
        return DelimitedFile(self._path, delimiter="\t", quoting=False, columns=COLUMNS)

    # ---- the first reading -------------------------------------------------------------------

    def _survey(self) -> _Survey:
        self._file = self._opened()
        survey, adoptions = _Survey(), Adoptions(self._index, "geonames")
        for row in self._file:
            if row.faults:
                continue
            if self._wanted.takes(row.cells):
                survey.needed.update(paths_around(row.cells))
            try:
                read = GazetteerRow(row)
            except Unfit:
                continue
            self._note_unit(survey, read)
            adoptions.look_at(_listed(read))
        countries = {
            path[0]: written_names(unit.row.cells)
            for path, unit in survey.units.items()
            if len(path) == 1
        }
        survey.adopted, survey.doubts = adoptions.settled(countries)
        return survey

    def _note_unit(self, survey: _Survey, read: GazetteerRow) -> None:
        unit = unit_of(read.cells)
        if unit is None or not self._can_be_registered(read):
            return
        text = "\t".join(read.cells[column] for column in COLUMNS)
        order = (unit.rank, int(read.code.code))
        here = _UnitRow(order, read.line, text)
        other = survey.units.get(unit.path)
        if other is None:
            survey.units[unit.path] = here
            return
        kept, lost = (here, other) if order < other.order else (other, here)
        survey.units[unit.path] = kept
        survey.repeated[str(lost.order[1])] = str(kept.order[1])

    def _can_be_registered(self, read: GazetteerRow) -> bool:
        """Whether places can lie there: a refused row is no container."""
        try:
            _registration(read.fields(slug_for(read.cells)), read.cells)
        except Unfit:
            return False
        read.doubts.clear()
        return True

    # ---- rows --------------------------------------------------------------------------------

    def _said(self, row: CellRow, survey: _Survey) -> Row:
        key = row.cells.get("geonameid", "")
        try:
            read = GazetteerRow(row)
            fields = self._fields(read, survey)
            registration = _registration(fields, row.cells)
        except Unfit as unfit:
            return RefusedRow(row.line, key, unfit.why)
        said_at = said_at_of(registration.published) if registration.published else _UNDATED
        doubts = (*dict.fromkeys(read.doubts), *_doubts(read, survey))
        key = read.code.code
        return RowSaid(row.line, key, said_at, keeps_current=(registration,), doubts=doubts)

    def _fields(self, read: GazetteerRow, survey: _Survey) -> dict[str, Any]:
        within = self._within(read.cells, survey)
        known = self._known(read, survey)
        if known is None or known.location.endswith(f"-{read.code.code}"):
            fields = read.fields(known.location if known else slug_for(read.cells))
            return fields | ({"within": within} if within else {})
        return _by_hand(read, known, within)

    def _known(self, read: GazetteerRow, survey: _Survey) -> IndexedPlace | None:
        """The place in the ledger with the code, or the adopted one."""
        coded = self._index.coded(read.code)
        first = coded[0] if coded else None
        if first and len(coded) > 1:
            why = f"two places of the ledger have this code; {first.location} is kept up to date"
            read.doubts.append(Remark("geonameid", read.code.code, why))
        adopted = survey.adopted.get(read.code.code)
        return first or (adopted.place if adopted else None)

    def _within(self, cells: Mapping[str, str], survey: _Survey) -> LocationId | None:
        path = next((path for path in paths_around(cells) if path in survey.units), None)
        if path is None:
            return None
        if path not in survey.locations:
            unit = GazetteerRow(survey.units[path].row)
            known = self._known(unit, survey)
            survey.locations[path] = known.location if known else LocationId(slug_for(unit.cells))
        return survey.locations[path]


def _by_hand(read: GazetteerRow, known: IndexedPlace, within: LocationId | None) -> dict[str, Any]:
    """The fields of a place registered by hand: the registration stays, and GeoNames adds names, a
    code, and the fields left open."""
    fields = read.fields(known.location)
    stays: dict[str, Any] = {"location": known.location, "name": known.name, "kind": known.kind}
    stays |= {"codes": fields["codes"]}
    stays |= {"published": fields["published"]} if "published" in fields else {}
    if names := [each for each in read.names(all_of_them=True) if each.text != known.name]:
        stays["aliases"] = tuple(names)
    if known.coordinates is None and known.kind is fields["kind"]:
        stays["coordinates"] = read.point
    if known.within is None and within and within != known.location:
        stays["within"] = within
    return stays


def _registration(fields: dict[str, Any], cells: Mapping[str, str]) -> LocationRegistered:
    return made(LocationRegistered, fields, COLUMN_OF, cells)


def _listed(read: GazetteerRow) -> ListedPlace:
    cells, unit = read.cells, unit_of(read.cells)
    return ListedPlace(
        read.code.code,
        written_names(cells) or [""],
        kind_of(cells["feature class"], cells["feature code"]),
        read.point,
        cells["country code"],
        len(unit.path) - 1 if unit else None,
    )


def _doubts(read: GazetteerRow, survey: _Survey) -> Iterator[Remark]:
    code, name = read.code.code, read.cells["name"]
    if adopted := survey.adopted.get(code):
        held = adopted.place.location
        where = "" if adopted.km is None else f", {adopted.km:.1f} km away"
        why = f"the ledger holds {held}{where}: it is taken for the same place, and gets the code"
        yield Remark("name", name, why)
    if doubt := survey.doubts.get(code):
        yield Remark("name", name, doubt)
    if other := survey.repeated.get(code):
        why = f"{other} has the same administrative codes; places lie in that one"
        yield Remark("feature code", read.cells["feature code"], why)
