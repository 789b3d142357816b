"""The recording of a dataset: what changed since the ledger heard of each row, and nothing else.

* A new row is recorded.
* A row that says the same adds nothing.
* A row that says something else corrects its events, unless the ledger holds a later word.
* A deleted row is retracted. A missing row is no deletion.
* A row of a kind that no event is made of is counted; what it said before is taken back.

An append holds whole rows, so that an import cut short goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from domain.events import (
    Event,
    EventReinstated,
    EventRetracted,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.references import subject_of
from domain.refusals import DomainError
from domain.values import EventId, ReportId
from infra.datasets.registered import PlannedStatement, RecordedRegistry
from infra.datasets.rehearsal import Rehearsal
from infra.datasets.report import Detail, ImportReport, Outcome
from infra.datasets.rows import Remark, Row, RowDeleted, RowLeftOut, RowRefused, RowSaid
from infra.datasets.standing import Standing, StandingRows, content_of
from infra.ledger.codec import fields_of, identify
from infra.ledger.ledger import Ledger, Receipt, StatementRefused

TOGETHER = 500
"""The number of rows in an append."""


class RefusedRows(Exception):
    """A row was refused where none may be."""


class _BatchPlan(NamedTuple):
    """What to record of a batch."""

    statements: list[PlannedStatement]
    outcomes: list[Outcome]
    """The outcome of each row."""
    events: list[tuple[Event, int]]
    """All that the rows say, with the numbers of the rows; several name one registration."""


class DatasetRecording:
    """Records the rows of one dataset, batch by batch."""

    def __init__(
        self,
        ledger: Ledger | Rehearsal,
        standing: StandingRows,
        report: ImportReport,
        *,
        name: str,
        by: str,
    ) -> None:
        self._ledger, self._standing, self._report = ledger, standing, report
        self._name, self._by = name, by
        self._registry = RecordedRegistry(ledger)

    def record(self, rows: Iterable[Row], progress: Callable[[int], None]) -> None:
        """Records all rows; `progress` gets the number of rows in each append."""
        waiting = iter(rows)
        while batch := list(islice(waiting, TOGETHER)):
            self._record(batch)
            progress(len(batch))

    def _record(self, batch: Sequence[Row]) -> None:
        decided = self._of_file(batch)
        while True:
            plan = self._planned(decided)
            if not plan.statements:
                break
            statements = [each.statement for each in plan.statements]
            try:
                receipts = self._ledger.record(statements, by=self._by)
            except StatementRefused as refused:
                refusals = self._ledger.refusals(statements, by=self._by)
                _refuse(decided, plan, refusals or {refused.index: refused.refusal})
                continue
            self._take(plan.statements, receipts)
            break
        for row, outcome in zip(decided, plan.outcomes, strict=True):
            self._tell(row, outcome)

    def _of_file(self, batch: Sequence[Row]) -> list[Row]:
        """The rows; a second row with the same key is refused."""
        fit = [(row.key, row.line) for row in batch if not isinstance(row, RowRefused)]
        first = self._standing.first_lines(fit)
        return [
            row
            if isinstance(row, RowRefused) or first[row.key] == row.line
            else _refused_twin(row, first[row.key])
            for row in batch
        ]

    def _planned(self, rows: Sequence[Row]) -> "_BatchPlan":
        held = self._standing.of([row.key for row in rows if not isinstance(row, RowRefused)])
        current = [row.keeps_current for row in rows if isinstance(row, RowSaid)]
        registering = [row for row in rows if not isinstance(row, RowRefused)]
        self._registry.look_up(event for row in registering for event in row.registers)
        self._registry.look_up_current(event for kept in current for event in kept)
        events: list[tuple[Event, int]] = []
        outcomes: list[Outcome] = []
        for number, row in enumerate(rows):
            outcome, said = self._decided(row, held.get(row.key))
            outcomes.append(outcome)
            events += [(event, number) for event in said]
        return _BatchPlan([*self._registry.fresh(events)], outcomes, events)

    def _decided(self, row: Row, held: Standing | None) -> tuple[Outcome, list[Event]]:
        match row:
            case RowRefused():
                return Outcome.REFUSED, []
            case RowDeleted():
                return self._deleted(row, held)
            case RowLeftOut():
                why = f"Row {row.key} of {self._name} reads otherwise now: {row.why.why}"
                deleted = RowDeleted(row.line, row.key, row.said_at, row.report, why, row.registers)
                outcome, events = self._deleted(deleted, held)
                return Outcome.LEFT_OUT if outcome is Outcome.UNCHANGED else outcome, events
            case RowSaid(events=()) if not (held and held.live and _reports_of(row)):
                return self._registered(row)
            case RowSaid():
                return self._said(row, held)

    def _deleted(self, row: RowDeleted, held: Standing | None) -> tuple[Outcome, list[Event]]:
        if held is None or not held.live:
            return Outcome.UNCHANGED, []
        if held.said_at > row.said_at:
            return Outcome.OLDER, []
        taken_back = [
            EventRetracted(event=id, reason=row.why, report=row.report) for id in held.live.values()
        ]
        return Outcome.RETRACTED, [*row.registers, *taken_back]

    def _registered(self, row: RowSaid) -> tuple[Outcome, list[Event]]:
        """What a row of a registry says, as a row of a gazetteer: registrations alone."""
        is_dated = all(isinstance(each, LocationRegistered) for each in row.keeps_current)
        named = [each for each in row.registers if not (is_dated and isinstance(each, _OF_EVENTS))]
        amendments = self._registry.amendments(row.keeps_current, self._name)
        if amendments:
            return Outcome.CORRECTED, [*named, *amendments]
        if self._registry.is_older(row.keeps_current):
            return Outcome.OLDER, []
        is_known = all(map(self._registry.knows, row.keeps_current))
        outcome = Outcome.UNCHANGED if is_known else Outcome.RECORDED
        return outcome, [*named, *row.keeps_current]

    def _said(self, row: RowSaid, held: Standing | None) -> tuple[Outcome, list[Event]]:
        amendments = self._registry.amendments(row.keeps_current, self._name)
        registered = [*row.registers, *row.keeps_current, *amendments]
        if held is None:
            if row.is_superseded:
                return Outcome.OLDER, []
            return Outcome.RECORDED, [*registered, *row.events]
        wanted = {content_of(event): event for event in row.events}
        if row.is_superseded or held.said_at > row.said_at:
            return Outcome.OLDER if wanted.keys() != held.live.keys() else Outcome.UNCHANGED, []
        if wanted.keys() == held.live.keys():
            return Outcome.CORRECTED if amendments else Outcome.UNCHANGED, amendments
        fresh = [event for content, event in wanted.items() if content not in held.live]
        gone = [id for content, id in held.live.items() if content not in wanted]
        said = [self._again(event, held) for event in fresh]
        return Outcome.CORRECTED, [*registered, *said, *self._replaced(row, gone, fresh)]

    def _again(self, event: SituationEvent, held: Standing) -> Event:
        """The event; its reinstatement where the same words of the same report were taken back."""
        id = identify(event).id
        if id not in held.retracted:
            return event
        reason = f"{self._name} says so again."
        return EventReinstated(event=id, reason=reason, report=event.report)

    def _replaced(
        self, row: RowSaid, gone: Sequence[EventId], fresh: Sequence[SituationEvent]
    ) -> Iterator[EventRetracted]:
        report = _report_of(row)
        for id in gone:
            before = self._ledger.event(id)
            after = _successor(before.event if before else None, fresh)
            said = _difference(before.event, after) if before and after else "it is gone"
            yield EventRetracted(
                event=id,
                reason=f"Row {row.key} of {self._name} reads otherwise now: {said}"[:10_000],
                report=report,
                replaced_by=identify(after).id if after else None,
            )

    def _take(self, planned: Sequence[PlannedStatement], receipts: Sequence[Receipt]) -> None:
        for each, receipt in zip(planned, receipts, strict=True):
            self._report.events += not receipt.duplicate
            self._report.position = max(self._report.position, receipt.position)
            self._registry.learn(each.statement.event)

    def _tell(self, row: Row, outcome: Outcome) -> None:
        self._report.count(outcome)
        for remark in row.why if isinstance(row, RowRefused) else ():
            self._report.tell(Detail(row.line, row.key, outcome, *remark))
        if isinstance(row, RowLeftOut) and outcome is Outcome.LEFT_OUT:
            self._report.leave_out(Detail(row.line, row.key, outcome, *row.why))
        if outcome in _TOLD:
            is_registry = isinstance(row, RowSaid) and not row.events
            why = _TOLD_OF_A_REGISTRY if is_registry and outcome is Outcome.CORRECTED else ""
            self._report.tell(Detail(row.line, row.key, outcome, why=why or _TOLD[outcome]))
        doubts: list[Remark] = []
        if isinstance(row, RowSaid) and outcome in _DOUBTED:
            doubts = [*row.doubts, *self._registry.left_out(row.keeps_current)]
        for remark in doubts:
            self._report.tell(Detail(row.line, row.key, Outcome.DOUBTFUL, *remark))
        if doubts:
            self._report.count(Outcome.DOUBTFUL)


_OF_EVENTS = (SourceRegistered, ReportFiled)
"""Registrations without a use where a row has no events, and its places carry their own dates; how
late a list of actors is, its report says."""
_TOLD = {
    Outcome.CORRECTED: "it reads otherwise than before, and its events are corrected",
    Outcome.RETRACTED: "its events are taken back",
    Outcome.OLDER: "the ledger holds what the dataset said later; nothing is recorded",
}
_TOLD_OF_A_REGISTRY = "it adds to what is registered, or says otherwise; that is amended"
_DOUBTED = {Outcome.RECORDED, Outcome.CORRECTED}


def _refuse(rows: list[Row], plan: _BatchPlan, refusals: Mapping[int, DomainError]) -> None:
    """Refuses the rows of these statements; all rows with a refused registration together."""
    of_row: dict[int, DomainError] = {}
    registrations: dict[str, tuple[Event, DomainError]] = {}
    for index, refusal in refusals.items():
        statement, row = plan.statements[index]
        of_row.setdefault(row, refusal)
        if statement.subject:
            registrations[statement.subject.tag] = statement.event, refusal
    for event, row in plan.events if registrations else ():
        subject = subject_of(event)
        if subject and subject.tag in registrations:
            refused, refusal = registrations[subject.tag]
            if event == refused:
                of_row.setdefault(row, refusal)
    for number, refusal in of_row.items():
        rows[number] = _refused(rows[number], refusal)


def _refused_twin(row: Row, first: int) -> RowRefused:
    why = f"the row {row.key} stands on line {first:,} already; which of the two counts?"
    return RowRefused(row.line, row.key, (Remark("", row.key, why),))


def _refused(row: Row, refusal: DomainError) -> RowRefused:
    field = refusal.field or ""
    return RowRefused(row.line, row.key, (Remark(field, "", str(refusal)),))


def _report_of(row: RowSaid) -> ReportId:
    """The report that a row comes with."""
    if row.events:
        return row.events[0].report
    return _reports_of(row)[-1]


def _reports_of(row: RowSaid) -> list[ReportId]:
    return [each.report for each in row.registers if isinstance(each, ReportFiled)]


def _successor(before: Event | None, fresh: Sequence[SituationEvent]) -> SituationEvent | None:
    """The event in place of one that is taken back: of the same type, if there is one."""
    same = [event for event in fresh if type(event) is type(before)]
    return next(iter(same or fresh), None)


def _difference(before: Event, after: Event) -> str:
    """The fields that changed, from what to what."""
    old, new = fields_of(before), fields_of(after)
    if type(before) is not type(after):
        return f"{type(before).__name__} is {type(after).__name__}"
    names = [name for name in new | old if name != "report" and old.get(name) != new.get(name)]
    return "; ".join(f"{name} {_brief(old.get(name))} is {_brief(new.get(name))}" for name in names)


def _brief(value: object) -> str:
    text = " ".join(str(value).split()) if value is not None else "nothing"
    return text if len(text) <= 200 else f"{text[:200]} ..."
