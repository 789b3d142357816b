"""What a row of a dataset says, in events.

A reader of a format turns a file into these rows. `infra.datasets.recording` compares each row with
what the ledger holds of the same row, and records the difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from domain.events import ActorRegistered, Event, LocatedEvent, LocationRegistered, SituationEvent
from domain.occurred import Instant
from domain.texts import fault_of
from domain.values import LocationId, ReportId, Value
from infra.field_errors import in_plain_words

V = TypeVar("V", bound=Value)
ColumnsOf = Mapping[str, str | Sequence[str]]
"""The column of each field; of a field made of several cells, all their columns."""


class Remark(NamedTuple):
    """A cell, and what is wrong or doubtful about it."""

    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class RowSaid:
    """A row that can be recorded."""

    line: int
    key: str
    """The id of the row in its dataset, the same in every pull."""
    said_at: Instant
    """When the dataset said so: by the row's own timestamp, else by the publication of the pull."""
    registers: tuple[Event, ...] = ()
    """Sources, reports, places and actors; one that is registered already is taken as it is."""
    keeps_current: tuple[LocationRegistered | ActorRegistered, ...] = ()
    """Registrations that a later pull amends."""
    events: tuple[SituationEvent, ...] = ()
    """All that the row says; its standing events that are missing here are taken back."""
    doubts: tuple[Remark, ...] = ()
    other_places: frozenset[LocationId] = frozenset()
    """Places that the row may mean as well: where its events had one of them, they keep it."""
    is_superseded: bool = False
    """Whether a later release in the ledger counts instead, with what it has and leaves out."""

    def at(self, place: LocationId) -> "RowSaid":
        """The row with its events at this registered place."""
        events = tuple(
            event.model_copy(update={"location": place})
            if isinstance(event, LocatedEvent)
            else event
            for event in self.events
        )
        registers = tuple(
            each for each in self.registers if not isinstance(each, LocationRegistered)
        )
        return replace(self, events=events, registers=registers)


@dataclass(frozen=True, slots=True)
class RowDeleted:
    """A row that its dataset has taken back."""

    line: int
    key: str
    said_at: Instant
    report: ReportId
    """The report of the deletion."""
    why: str
    registers: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that can't be recorded, with every reason."""

    line: int
    key: str
    """Empty where the row has none."""
    why: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row of a kind that no event is made of; what it said before is taken back."""

    line: int
    key: str
    said_at: Instant
    report: ReportId
    """The report of the row as it reads now."""
    why: Remark
    """The same for all rows of a kind: the report of the import counts them by it."""
    registers: tuple[Event, ...] = ()


Row = RowSaid | RowDeleted | RowLeftOut | RefusedRow


class Unfit(Exception):
    """A row can't be recorded; raised inside a reader, for a RefusedRow."""

    def __init__(self, *why: Remark) -> None:
        super().__init__(why)
        self.why = why


def made(kind: type[V], fields: dict[str, Any], columns: ColumnsOf, cells: Mapping[str, str]) -> V:
    """The event or value of these fields; `columns` names the column of each field. Raises
    Unfit."""
    try:
        return kind.model_validate(fields)
    except ValidationError as invalid:
        raise Unfit(*_remarks(invalid, kind, columns, cells)) from None


def made_or_doubted(
    kind: type[V],
    fields: dict[str, Any],
    column: str,
    text: str,
    doubts: list[Remark],
    left_out: str = "it is left out",
) -> V | None:
    """The value of these fields, all from one cell; None where the cell has no such value, and a
    doubt says why."""
    try:
        return made(kind, fields, dict.fromkeys(fields, column), {column: text})
    except Unfit as unfit:
        doubts += [each._replace(why=f"{left_out}: {each.why}") for each in unfit.why]
        return None


def _remarks(
    invalid: ValidationError,
    kind: type[Value],
    columns: ColumnsOf,
    cells: Mapping[str, str],
) -> Iterable[Remark]:
    for error in invalid.errors(include_url=False):
        named = [str(each) for each in error["loc"] if str(each) in columns]
        given = columns[named[-1]] if named else str(error["loc"][0] if error["loc"] else "")
        column = given if isinstance(given, str) else faulty_column(given, cells)
        yield Remark(column, cells.get(column, ""), in_plain_words(error, kind))


def faulty_column(columns: Sequence[str], cells: Mapping[str, str]) -> str:
    """The first column with an unfit text, else the column with the longest."""
    texts = {column: cells.get(column, "") for column in columns}
    for has_lines in (True, False):
        for column, text in texts.items():
            if text and fault_of(text, has_lines=has_lines):
                return column
    return max(texts, key=lambda column: len(texts[column]))
