"""The tables, by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from api.answers.answers import Answers
from api.tables.columns import TableRow
from api.tables.control import ControlRow, ControlRows
from api.tables.events import EventRow, EventRows
from api.tables.question import Page, TableName, TableQuestion
from api.tables.timelines import TimelineRow, TimelineRows


class TableRowSource(Protocol):
    """The rows of a question."""

    @property
    def length(self) -> int:
        """How much there is to look through: places, or entries."""

    def pages(self) -> Iterator[Page]: ...


@dataclass(frozen=True, slots=True)
class TableKind:
    """A table: the class of the rows, the rows of a question, and the columns of the key."""

    row: type[TableRow]
    rows: Callable[[Answers, TableQuestion], TableRowSource]
    title: str
    key: tuple[str, ...]


KINDS: dict[TableName, TableKind] = {
    "control": TableKind(
        ControlRow, ControlRows, "Who controlled each place at one moment", ("location",)
    ),
    "timelines": TableKind(
        TimelineRow,
        TimelineRows,
        "Who controlled each place, period by period, and since when that is known",
        ("location", "valid_from", "known_from_position"),
    ),
    "events": TableKind(
        EventRow, EventRows, "What sources say happened, a statement in each row", ("event",)
    ),
}
