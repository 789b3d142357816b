"""The rows of a table of events or of control, by the map of its user."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.events import (
    ActorRegistered,
    LocatedEvent,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
)
from domain.occurred import NotATime
from domain.offsets import clocks_of
from domain.texts import without_hidden
from domain.values import Coordinates, LocationId, LocationKind, SourceId
from infra.datasets.places import FoundPlace, PlaceBook, WantedPlace
from infra.datasets.rows import RefusedRow, Remark, Row, RowLeftOut, RowSaid, Unfit, made
from infra.datasets.standing import passage_of, said_at_of
from infra.datasets.tables.actors import MappedActors
from infra.datasets.tables.table_map import (
    MAPPED_EVENTS,
    CellMap,
    CredibilityMap,
    EventMap,
    FieldMap,
    PlaceMap,
    ReadMap,
)
from infra.field_errors import in_plain_words
from infra.intake.controllers import slug_of
from infra.intake.problems import CONTROL_CHARACTER
from infra.intake.recorded_zones import Zones
from infra.intake.table_dates import DateCell, DateForms, DayOrder
from infra.intake.table_numbers import coordinate, count
from infra.intake.table_rows import ReadRow, TableFault, TableForm, column_key
from infra.intake.tables import open_table
from infra.ledger.ledger import Ledger
from infra.visible_text import quoted, visible

_LONGEST_TITLE, _SHOWN = 500, 490
_LEFT_OUT = "the map leaves such rows out"
_ESTIMATES = {"deaths", "people"}
_SIDES = {"sides"}
_ONE_ACTOR = {"mission"}
_ACTORS = {
    *("by", "taken_from", "handed_from", "handed_to", "holders", "between", "halted_by"),
    "owners",
}
_IDS = {"convoy", "bound_for", "displaced_to"}


@dataclass(frozen=True, slots=True)
class MappedTerms:
    """How a mapped table is read."""

    published: str | None = None
    """When the table was published, for rows without a time of their own."""
    form: TableForm | None = None
    order: DayOrder | None = None


class _MappedPlace(NamedTuple):
    location: LocationId
    registers: tuple[LocationRegistered, ...] = ()
    current: tuple[LocationRegistered, ...] = ()
    doubt: str | None = None
    others: frozenset[LocationId] = frozenset()
    """Places that may be meant as well."""


class MappedTable:
    """A table, and the events of the rows by a map."""

    def __init__(self, path: Path, read_map: ReadMap, terms: MappedTerms, ledger: Ledger) -> None:
        """Raises BadInput for a file without a table, or a map at odds with the table."""
        self._map, self._terms = read_map.map, terms
        self._types = _meanings_of(self._map.event)
        self._grades = _meanings_of(self._map.credibility)
        self._table = open_table(path, terms.form)
        self._columns = {column_key(name): n for n, name in enumerate(self._table.head.columns)}
        read_map.refuse_missing(self._table.head.columns)
        self._dates = self._learned_dates()
        self.notes = (*self._table.head.notes, *self._dates.decide(path))
        self._ledger = ledger

    @property
    def source(self) -> SourceId:
        return self._map.source.source

    @property
    def bytes_read(self) -> int:
        return self._table.bytes_read

    def rows(self) -> Iterator[Row]:
        self._begin()
        for row in self._table.rows():
            try:
                yield self._row(row)
            except Unfit as unfit:
                yield RefusedRow(row.line, self._key(row), unfit.why)

    def _begin(self) -> None:
        self._places = PlaceBook(self._ledger, str(self.source))
        self._zones = Zones(self._ledger)
        self._zones.learn(self._map.source)
        self._actors = MappedActors(self._map)
        self._reports: dict[tuple[str, str], ReportFiled] = {}

    def _learned_dates(self) -> DateForms:
        dates = DateForms(self._terms.order)
        columns = [*self._map.time.columns, *filter(None, [self._map.published])]
        for row in self._table.rows():
            dates.learn(DateCell(row.line, self._cell(row, name)) for name in columns)
        return dates

    def _row(self, row: ReadRow) -> Row:
        if row.faults:
            raise Unfit(*dict.fromkeys(self._remark(row, fault) for fault in row.faults))
        key = self._key(row)
        if not key:
            raise Unfit(Remark(self._map.key[0], "", "it is empty, and tells the row from others"))
        report = self._report(row)
        said_at = said_at_of(report.published)
        registers = (self._map.source, report)
        kind = self._kind(row)
        if kind is None and self._map.event and self._map.event.column:
            column = self._map.event.column
            why = Remark(column, self._cell(row, column), _LEFT_OUT)
            return RowLeftOut(row.line, key, said_at, report.report, why, registers)
        place = self._place(row, self._map.place)
        event, actors = self._event(row, kind, place, report, key)
        doubts = [Remark(self._map.place.name or "", "", place.doubt)] if place.doubt else []
        return RowSaid(
            *(row.line, key, said_at, (*registers, *place.registers, *actors)),
            keeps_current=place.current,
            events=(event,),
            doubts=tuple(doubts),
            other_places=place.others,
        )

    def _remark(self, row: ReadRow, fault: TableFault) -> Remark:
        """The fault at its cell, if it is one of a cell."""
        columns = self._table.head.columns
        cells = dict(zip(columns, row.cells, strict=False))
        unfit = (name for name, cell in cells.items() if CONTROL_CHARACTER.search(cell))
        column = fault.column or (next(unfit, "") if fault.at else "")
        return Remark(column, cells.get(column, ""), fault.message)

    def _cell(self, row: ReadRow, column: str) -> str:
        return visible(row.cells[self._number(column)]).strip()

    def _text(self, row: ReadRow, column: str | None) -> str:
        """A cell with the spelling that it has."""
        if column is None:
            return ""
        return without_hidden(row.cells[self._number(column)]).strip()

    def _number(self, column: str) -> int:
        """The number of a column, as the map spells it."""
        if column not in self._columns:
            self._columns[column] = self._columns[column_key(column)]
        return self._columns[column]

    def _key(self, row: ReadRow) -> str:
        if self._map.key:
            parts = [self._cell(row, column) for column in self._map.key]
            return " ".join(parts)[:400] if any(parts) else ""
        told = "\x1f".join(cell.strip() for cell in row.cells)
        return blake2b(told.encode(errors="replace"), digest_size=8).hexdigest()

    # ---- When, and who says so -----------------------------------------------------------------

    def _time(self, row: ReadRow, column: str) -> str:
        cell = self._cell(row, column)
        try:
            return self._dates.text_of(cell)
        except NotATime as wrong:
            raise Unfit(Remark(column, cell, str(wrong))) from None

    def _occurred(self, row: ReadRow) -> str:
        times = [self._time(row, column) for column in self._map.time.columns]
        return "/".join(dict.fromkeys(filter(None, times)))

    def _report(self, row: ReadRow) -> ReportFiled:
        column = self._map.published
        published = self._time(row, column) if column else ""
        published = published or self._terms.published or ""
        cites = self._text(row, self._map.cites)
        if (published, cites) not in self._reports:
            if len(self._reports) > 10_000:
                self._reports.clear()
            self._reports[published, cites] = self._made_report(published, cites, column or "")
        return self._reports[published, cites]

    def _made_report(self, published: str, cites: str, column: str) -> ReportFiled:
        source = self._map.source
        fields: dict[str, Any] = {"source": source.source, "published": published}
        fields |= {"report": "report", "title": "title"}
        fields |= {"zone": self._map.zone} if self._map.zone else {}
        cited = self._map.cites or "title"
        columns = {"published": column or "--published", "title": cited}
        cells = {column: published, cited: cites}
        told = self._resolved(ReportFiled, fields, columns, cells)
        moment = made(ReportFiled, told, columns, cells).published.in_utc
        mark = f"-{blake2b(cites.encode(), digest_size=4).hexdigest()}" if cites else ""
        told["report"] = f"{source.source}-{slug_of(clocks_of(moment.text))}{mark}"
        title = f"{source.name}, {moment.written}{f': {cites}' if cites else ''}"
        told["title"] = title if len(title) <= _LONGEST_TITLE else f"{title[:_SHOWN]} ..."
        report = made(ReportFiled, told, columns, cells)
        self._zones.learn(report)
        return report

    def _resolved(
        self,
        kind: type[Any],
        fields: dict[str, Any],
        columns: dict[str, str],
        cells: dict[str, str],
    ) -> dict[str, Any]:
        told, wrong = self._zones.resolve_times(kind, fields)
        if wrong:
            named = [(columns.get(field, field), why) for field, why in wrong.items()]
            raise Unfit(*(Remark(column, cells.get(column, ""), why) for column, why in named))
        return told

    # ---- Where ---------------------------------------------------------------------------------

    def _place(self, row: ReadRow, by: PlaceMap) -> _MappedPlace:
        where = self._coordinates(row, by)
        name = self._text(row, by.name)
        around = tuple(filter(None, (self._text(row, column) for column in by.around)))
        if by.id is None:
            if not name:
                raise Unfit(Remark(by.name or "", "", "it is empty; a place has a name"))
            wanted = WantedPlace(name, by.kind, around, where)
            return self._learned(self._places.find(wanted, *self._named(row, by)))
        id = self._cell(row, by.id)
        regions = self._around(around, *self._named(row, by))
        fields: dict[str, Any] = {"location": slug_of(id) or id, "name": name or id}
        fields |= {"kind": by.kind}
        fields |= {"coordinates": where} if where else {}
        fields |= {"within": regions[-1].location} if regions else {}
        columns = {"location": by.id, "name": by.name or by.id}
        registered = made(LocationRegistered, fields, columns, {by.id: id, by.name or by.id: name})
        self._zones.learn(registered)
        current = (registered,) if by.keep_current else ()
        return _MappedPlace(registered.location, (*regions, registered), current)

    def _named(self, row: ReadRow, by: PlaceMap) -> tuple[Sequence[str], dict[str, str]]:
        """The columns with names of places, and their cells."""
        columns = [*filter(None, (by.name, *by.around))]
        return columns, {column: self._text(row, column) for column in columns}

    def _around(
        self, names: Sequence[str], columns: Sequence[str], cells: dict[str, str]
    ) -> tuple[LocationRegistered, ...]:
        if not names:
            return ()
        wanted = WantedPlace(names[-1], LocationKind.REGION, tuple(names[:-1]))
        found = self._places.find(wanted, columns, cells)
        self._learned(found)
        fields = {"location": found.location, "name": names[-1], "kind": LocationKind.REGION}
        if found.registers:
            return found.registers
        return (made(LocationRegistered, fields, {"name": columns[-1]}, cells),)

    def _learned(self, found: FoundPlace) -> _MappedPlace:
        for each in found.registers:
            self._zones.learn(each)
        return _MappedPlace(found.location, found.registers, doubt=found.doubt, others=found.others)

    def _coordinates(self, row: ReadRow, by: PlaceMap) -> Coordinates | None:
        if by.latitude is None or by.longitude is None:
            return None
        cells = self._cell(row, by.latitude), self._cell(row, by.longitude)
        if not any(cells):
            return None
        told = {"latitude": coordinate(cells[0], "NS"), "longitude": coordinate(cells[1], "EW")}
        try:
            where = Coordinates.model_validate(told)
        except ValidationError as invalid:
            columns = {"latitude": by.latitude, "longitude": by.longitude}
            shown = dict(zip(columns, cells, strict=True))
            raise Unfit(
                *(
                    Remark(columns[str(each["loc"][0])], shown[str(each["loc"][0])], why)
                    for each in invalid.errors(include_url=False)
                    for why in [in_plain_words(each, Coordinates)]
                )
            ) from None
        latitude, longitude = round(where.latitude, 6), round(where.longitude, 6)
        return Coordinates(latitude=latitude, longitude=longitude)

    # ---- What ----------------------------------------------------------------------------------

    def _kind(self, row: ReadRow) -> type[LocatedEvent] | None:
        """The type of event; None of control, and of a row that the map leaves out."""
        event = self._map.event
        if event is None:
            return None
        if event.type:
            return MAPPED_EVENTS[event.type]
        assert event.column is not None, "a map without a type has a column"
        cell = self._cell(row, event.column)
        by = self._types
        if not by.lists(cell):
            raise Unfit(Remark(event.column, cell, "the map has no event for it; add it to values"))
        name = by.read(cell)
        return MAPPED_EVENTS[str(name)] if name else None

    def _event(
        self,
        row: ReadRow,
        kind: type[LocatedEvent] | None,
        place: _MappedPlace,
        report: ReportFiled,
        key: str,
    ) -> tuple[SituationEvent, tuple[ActorRegistered, ...]]:
        summary = self._text(row, self._map.summary)
        fields: dict[str, Any] = {
            "location": place.location,
            "occurred": self._occurred(row),
            "report": report.report,
            "credibility": self._credibility(row),
            "passage": passage_of(key),
        }
        columns = {"occurred": self._map.time.columns[0], "summary": self._map.summary or "summary"}
        columns |= {"passage": self._map.key[0]} if self._map.key else {}
        actors: list[ActorRegistered] = []
        made_of: type[SituationEvent]
        if self._map.control:
            cell = self._text(row, self._map.control.column)
            meaning = self._actors.controller(cell)
            made_of, actors = meaning.event, [*meaning.registers]
            fields |= meaning.fields
            summary = f"{meaning.note} {summary}".strip()
        else:
            assert kind is not None, "a map has control or an event"
            made_of = kind
            for name, by in self._map.fields.items():
                if name in kind.model_fields:
                    columns[name] = by.names[0] if by.names else name
                    fields |= self._field(row, name, by, actors)
        fields |= {"summary": summary} if summary else {}
        cells = {
            column: self._text(row, column) for column in columns.values() if self._has(column)
        }
        told = self._resolved(made_of, fields, columns, cells)
        return made(made_of, told, columns, cells), tuple(actors)

    def _has(self, column: str) -> bool:
        return column in self._columns or column_key(column) in self._columns

    def _credibility(self, row: ReadRow) -> int:
        by = self._map.credibility
        if by.column is None:
            assert by.grade is not None, "a map without a column has a grade"
            return by.grade
        cell = self._cell(row, by.column)
        if not self._grades.lists(cell):
            raise Unfit(Remark(by.column, cell, "the map has no credibility for it"))
        return int(self._grades.read(cell) or 0)

    def _field(
        self, row: ReadRow, name: str, by: FieldMap, actors: list[ActorRegistered]
    ) -> dict[str, Any]:
        """The field as far as the row has it."""
        if name in _ESTIMATES:
            value: Any = self._estimate(row, by)
        elif name in _ACTORS | _ONE_ACTOR | _SIDES:
            ids = [self._ids(row, each, actors) for each in by.columns]
            if name in _SIDES:
                value = tuple(side for side in ids if side)
            else:
                every = tuple(dict.fromkeys(id for some in ids for id in some))
                value = (every[0] if every else None) if name in _ONE_ACTOR else every
        else:
            read = [each.read(self._text(row, each.column)) for each in by.columns]
            text = " ".join(str(each) for each in read if each not in {None, ""})
            value = (slug_of(text) or text) if name in _IDS else text
        return {name: value} if value else {}

    def _ids(self, row: ReadRow, by: CellMap, actors: list[ActorRegistered]) -> tuple[str, ...]:
        cell = self._text(row, by.column)
        parts = cell.split(by.split) if by.split else [cell]
        read = [by.read(part.strip()) for part in parts]
        found: list[str] = []
        for text in (str(each) for each in read if each not in {None, ""}):
            id, registered = self._actors.actor(by.column, text)
            found.append(id)
            actors += [registered] if registered else []
        return tuple(dict.fromkeys(found))

    def _estimate(self, row: ReadRow, by: FieldMap) -> dict[str, int]:
        best = by.best or (by.columns[0].column if by.columns else None)
        found = {}
        for name, column in (("low", by.low), ("best", best), ("high", by.high)):
            cell = self._cell(row, column) if column else ""
            if column and cell:
                number = count(cell)
                if number is None:
                    raise Unfit(Remark(column, cell, f"{quoted(cell)} is not a whole number"))
                found[name] = number
        return found


def _meanings_of(by: EventMap | CredibilityMap | None) -> CellMap:
    """The meaning of the cells of a column; empty without a column in the map."""
    if by is None or by.column is None:
        return CellMap(column="")
    return CellMap(column=by.column, values=by.values)
