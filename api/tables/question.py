"""The question for a table: name, moment, knowledge, perspective, region and options."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.tokens import BadToken, TablePins, pins_in
from api.tables.columns import TableRow
from domain.occurred import Instant, parse_moment, rfc3339
from domain.values import LocationId

TableName = Literal["control", "timelines", "events"]
TABLES: tuple[TableName, ...] = get_args(TableName)
ALL_KNOWLEDGE, EXPLAIN, RECORDED_BY = "all-knowledge", "explain", "recorded-by"
OPTIONS: dict[TableName, frozenset[str]] = {
    "control": frozenset({EXPLAIN}),
    "timelines": frozenset({ALL_KNOWLEDGE}),
    "events": frozenset({RECORDED_BY}),
}
"""The options of each table."""


class Page(NamedTuple):
    """Some rows in order, and the number of places or entries behind the rows."""

    rows: list[TableRow]
    done: int


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """A table on a basis."""

    table: TableName
    basis: Basis
    within: LocationId | None = None
    since: Instant | None = None
    """Only events that may have happened at this instant or later (valid time)."""
    until: Instant | None = None
    """Only events that may have happened before this instant (valid time)."""
    options: frozenset[str] = frozenset()

    @property
    def token(self) -> str:
        """Basis and table as one opaque text: equal tokens have equal tables, for ever."""
        since, until = (None if it is None else rfc3339(it) for it in (self.since, self.until))
        return self.basis.token(
            table=self.table,
            within=self.within,
            since=since,
            until=until,
            options=" ".join(sorted(self.options)),
        )

    def has(self, option: str) -> bool:
        return option in self.options

    @staticmethod
    def again(answers: Answers, token: str) -> "TableQuestion":
        """The question with that token. Raises as `Answers.again` does."""
        pins = pins_in(token, TablePins)
        options = frozenset(pins.options.split())
        if not options <= OPTIONS[pins.table]:
            raise BadToken("its options are not those of the table")
        within = None if pins.within is None else answers.place(pins.within).location
        since, until = (
            None if told is None else parse_moment(told) for told in (pins.since, pins.until)
        )
        basis = answers.basis_in(pins)
        found = TableQuestion(pins.table, basis, within, since, until, options)
        if found.token != token:
            raise BadToken("no table of ours has it")
        return found
