"""Which rows of a claims table stand, and which do later rows take back?

The rows of a place follow each other in the order in which their revisions were published. A later
revision takes an earlier row back in two cases:

* A row whose time moves backwards is a correction: rows about later times are taken back.
* A row has a *stale date* where the controller differs from the row before, and the time does not:
  an editor changed the controller first. Where the next row has the same controller and a later
  time, the place changed hands at the later time, and the stale row is taken back.

Rows of files imported before take part in both, so a table may come in parts, in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.events import (
    ControlReported,
    ControlReportedUnknown,
    EventReinstated,
    EventRetracted,
    LocatedEvent,
    LocationContested,
    ReportFiled,
    SituationEvent,
)
from domain.occurred import Occurred
from domain.registry import Statement
from domain.values import ActorId, EventId, LocationId, ReportId
from infra.intake.claims_csv import Row
from infra.ledger.codec import Recorded, identify

_BEFORE_ITS_DATE = "the controller was changed before the date was"
"""The end of the reason in the retraction of a row with a stale date."""


class TableStatement(NamedTuple):
    """A statement, and its line in the file; no line for a retraction between earlier files."""

    statement: Statement
    line: int | None = None


class TableClaim(NamedTuple):
    """The claim of a row about its place, from the file or from the ledger."""

    id: EventId
    location: LocationId
    says: tuple[str, tuple[ActorId, ...]]
    """The type of event made by the controller, and the named actors."""
    occurred: Occurred
    """As covered by an id, so the reasons of retractions never change."""
    published: Occurred
    """As covered by an id, too."""
    report: ReportId
    number: int
    """The line of the file, or the position in the ledger."""
    lines: tuple[TableStatement, ...] = ()
    """The statements to record; none of a recorded claim."""

    @staticmethod
    def of_row(row: Row) -> "TableClaim":
        made = [row.report, *row.around, row.place, *row.actors, row.event]
        lines = tuple(TableStatement(identify(event), row.line) for event in made)
        return TableClaim(
            lines[-1].statement.id,
            row.place.location,
            _said(row.event),
            row.event.occurred.in_utc,
            row.report.published.in_utc,
            row.report.report,
            row.line,
            lines,
        )

    @property
    def order(self) -> tuple[int, int, str, int]:
        """The order of publication, and within a revision the order of rows."""
        published = self.published.window
        return (published.latest, published.earliest, self.report, self.number)

    @property
    def time(self) -> tuple[int, int]:
        """The order of one source's words by the rule of control."""
        return (self.occurred.window.earliest, self.occurred.window.latest)


class RowTakenBack(NamedTuple):
    """A row taken back by a later revision."""

    line: int | None
    """The line of the row; None of a row of an earlier file."""
    said: str
    """The row in words for a message: the place, the revision and the date."""
    taken_back_by: int | None
    """The line of the later row; None of a row of an earlier file."""
    now_dated: str
    """The date of the later row."""


class ClaimsBook:
    """The recorded claims of a source, and the claims that stand while the table is read."""

    def __init__(self, told: Iterable[Recorded], *, keep_stale: bool = False) -> None:
        self.claims: list[TableClaim] = []
        self.stale: list[RowTakenBack] = []
        """The rows read as stale, in the order of discovery."""
        self.dated_back: list[RowTakenBack] = []
        """The rows taken back by a row about an earlier time, in the same order."""
        self._keep_stale = keep_stale
        self._recorded: set[EventId] = set()
        self._taken_back: dict[EventId, EventRetracted] = {}
        self._wanted_back: set[EventId] = set()
        """The events taken back by this reading of the table."""
        self._standing: dict[LocationId, list[TableClaim]] = defaultdict(list)
        self._before: dict[LocationId, TableClaim] = {}
        self._with_stale_date: dict[LocationId, list[TableClaim]] = {}
        """The last rows of a place, while their date is the date of another controller."""
        published: dict[ReportId, Occurred] = {}
        for each in told:
            self._recorded.add(each.statement.id)
            match each.event:
                case ReportFiled() as report:
                    published[report.report] = report.published
                case ControlReported() | ControlReportedUnknown() | LocationContested() as said:
                    self.claims.append(_recorded_claim(each, said, published[said.report]))
                case EventRetracted() as retraction:
                    self._taken_back[retraction.event] = retraction
                case EventReinstated() as reinstatement:
                    self._taken_back.pop(reinstatement.event, None)

    def corrections(self, claim: TableClaim) -> Iterator[TableStatement]:
        """Takes in a claim, in the order of publication, and retracts the overtaken claims."""
        yield from self._take_back_stale(claim)
        standing = self._standing[claim.location]
        overtaken = [each for each in standing if each.time > claim.time]
        for each in overtaken:
            reason = (
                f"The revision of {claim.published.written} dates the state of this place back to "
                f"{claim.occurred.written}."
            )
            lines = list(self._take_back(each, claim, reason, is_replaced=each is standing[-1]))
            yield from lines
            if self._is_listed(each, claim, lines):
                self.dated_back.append(_taken_back(each, claim))
        self._standing[claim.location] = [*(it for it in standing if it not in overtaken), claim]

    def reinstatements(self) -> Iterator[TableStatement]:
        """Reinstatements of rows taken back as stale by an earlier import, and not by this one."""
        why = "as it stands" if self._keep_stale else "with the rows around it"
        for event, retraction in self._taken_back.items():
            if retraction.reason.endswith(_BEFORE_ITS_DATE) and event not in self._wanted_back:
                reason = f"The table is read {why}, and this row stands."
                again = EventReinstated(event=event, reason=reason, report=retraction.report)
                yield TableStatement(identify(again))

    def _take_back_stale(self, claim: TableClaim) -> Iterator[TableStatement]:
        place, before = claim.location, self._before.get(claim.location)
        stale = self._with_stale_date.pop(place, [])
        self._before[place] = claim
        if stale and stale[-1].says == claim.says:
            if claim.time == stale[-1].time:
                self._with_stale_date[place] = [*stale, claim]
            elif claim.time > stale[-1].time and not self._keep_stale:
                for each in stale:
                    yield from self._take_back_as_stale(each, claim)
        elif before and before.time == claim.time and before.says != claim.says:
            self._with_stale_date[place] = [claim]

    def _take_back_as_stale(self, stale: TableClaim, claim: TableClaim) -> Iterator[TableStatement]:
        reason = (
            f"The revision of {claim.published.written} moves the date of this state from "
            f"{stale.occurred.written} to {claim.occurred.written}: {_BEFORE_ITS_DATE}"
        )
        lines = list(self._take_back(stale, claim, reason, is_replaced=True))
        yield from lines
        self._standing[claim.location].remove(stale)
        if self._is_listed(stale, claim, lines):
            self.stale.append(_taken_back(stale, claim))

    def _is_listed(self, each: TableClaim, claim: TableClaim, lines: list[TableStatement]) -> bool:
        """Whether the import lists the first row as taken back by the second; never of two rows of
        earlier files with a recorded retraction."""
        if each.lines or claim.lines:
            return bool(lines) or each.id in self._taken_back
        return any(line.statement.id not in self._recorded for line in lines)

    def _take_back(
        self, each: TableClaim, claim: TableClaim, reason: str, *, is_replaced: bool
    ) -> Iterator[TableStatement]:
        self._wanted_back.add(each.id)
        retraction = identify(
            EventRetracted(
                event=each.id,
                reason=reason,
                report=claim.report,
                replaced_by=claim.id if is_replaced else None,
            )
        )
        # Not again after a reinstatement, or after the same retraction from another report.
        if (retraction.id in self._recorded) is (each.id in self._taken_back):
            yield TableStatement(retraction, _line_of(claim))


def _recorded_claim(each: Recorded, said: LocatedEvent, published: Occurred) -> TableClaim:
    id, position = each.statement.id, each.position
    times = said.occurred.in_utc, published.in_utc
    return TableClaim(id, said.location, _said(said), *times, said.report, position)


def _taken_back(claim: TableClaim, by: TableClaim) -> RowTakenBack:
    said = (
        f"{claim.location}, revision of {claim.published.written}, dated {claim.occurred.written}"
    )
    return RowTakenBack(_line_of(claim), said, _line_of(by), by.occurred.written)


def _said(event: SituationEvent) -> tuple[str, tuple[ActorId, ...]]:
    """The claim of a row apart from its time; a truce counts as contested, too."""
    named: tuple[ActorId, ...] = ()
    match event:
        case ControlReported():
            named = event.holders
        case LocationContested():
            named = event.between
    return type(event).__name__, tuple(sorted(named))


def _line_of(claim: TableClaim) -> int | None:
    return claim.number if claim.lines else None
