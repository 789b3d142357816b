"""The columns of a table, read off the fields of the class of a row."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from domain.occurred import Instant
from infra.field_meanings import docstrings_of

Value = str | int | float | bool | None
"""A cell; an instant is an integer, in microseconds."""


class Axis(StrEnum):
    """The clock of a time in a table."""

    VALID = "valid time"
    PUBLISHED = "published time"
    RECORDED = "recorded time"


class ColumnType(StrEnum):
    """The type of a column, by the names of Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Unit:
    """The unit of a number."""

    name: str


@dataclass(frozen=True)
class OneOf:
    """The only texts of a column."""

    of: type[StrEnum]
    is_lower: bool = False
    """Whether the table has the words in small letters."""

    @property
    def texts(self) -> tuple[str, ...]:
        words = (each.value for each in self.of)
        return tuple(each.lower() if self.is_lower else each for each in words)


@dataclass(frozen=True)
class Listed:
    """A text of several items."""

    separator: str


ValidTime = Annotated[Instant, Axis.VALID]
PublishedTime = Annotated[Instant, Axis.PUBLISHED]
RecordedTime = Annotated[Instant, Axis.RECORDED]
Position = Annotated[int, Axis.RECORDED, Unit("position in the ledger")]
Degrees = Annotated[float, Unit("degree")]
People = Annotated[int, Unit("person")]
Ids = Annotated[str, Listed(";")]
SeveralNames = Annotated[str, Listed("; ")]


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A row of a table; the docstring below a field is the meaning of the column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: ColumnType
    is_required: bool
    axis: Axis | None = None
    unit: str | None = None
    words: tuple[str, ...] = ()
    """The only texts of the column; empty for any text."""
    separator: str | None = None
    """The separator of several items in a cell."""


def columns_of(row: type[TableRow]) -> tuple[Column, ...]:
    """The columns in the order of the fields."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(each.name, hints[each.name]) for each in fields(row))


def meanings_of_columns(row: type[TableRow]) -> dict[str, str]:
    """The meaning of each column, in one line."""
    found = docstrings_of(row, TableRow)
    return {name: " ".join(text.split()) for name, text in found.items()}


def cells_of(row: type[TableRow]) -> Callable[[TableRow], tuple[Value, ...]]:
    """The cells of a row in the order of the columns."""
    return attrgetter(*(each.name for each in fields(row)))


def _column(name: str, hint: Any) -> Column:
    inner = [each for each in get_args(hint) if each is not NoneType]
    is_optional = NoneType in get_args(hint)
    plain = inner[0] if is_optional else hint
    kind, *marks = get_args(plain) if get_origin(plain) is Annotated else (plain,)
    told: dict[str, Any] = {}
    for mark in marks:
        match mark:
            case Axis():
                told["axis"] = mark
            case Unit():
                told["unit"] = mark.name
            case OneOf():
                told["words"] = mark.texts
            case Listed():
                told["separator"] = mark.separator
    return Column(name, _TYPES.get(kind, ColumnType.STRING), not is_optional, **told)


_TYPES: dict[Any, ColumnType] = {
    Instant: ColumnType.DATETIME,
    int: ColumnType.INTEGER,
    float: ColumnType.NUMBER,
    bool: ColumnType.BOOLEAN,
}
