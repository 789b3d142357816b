"""The recording of a dataset: what changed since the ledger heard of each row, and nothing else.

* A new row is recorded.
* A row that says the same adds nothing.
* A row that says something else corrects its events, unless the ledger holds a later word.
* A deleted row is retracted. A missing row is no deletion.
* A row of a kind that no event is made of is counted; what it said before is taken back.

An append holds whole rows, so that an import cut short goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

from domain.events import (
    Event,
    EventReinstated,
    EventRetracted,
    LocatedEvent,
    LocationRegistered,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
)
from domain.references import subject_of
from domain.refusals import DomainError
from domain.texts import without_hidden
from domain.values import EventId, ReportId
from infra.datasets.registered import PlannedStatement, RecordedRegistry
from infra.datasets.rehearsal import Rehearsal
from infra.datasets.report import Detail, ImportReport, RowOutcome, RowReport
from infra.datasets.rows import RefusedRow, Remark, Row, RowDeleted, RowLeftOut, RowSaid
from infra.datasets.standing import HeldRow, StandingRows, content_of
from infra.ledger.codec import fields_of, identify
from infra.ledger.ledger import Ledger, Receipt, StatementRefused

TOGETHER = 500
"""The number of rows in an append."""


class _BatchPlan(NamedTuple):
    """What to record of a batch."""

    statements: list[PlannedStatement]
    outcomes: list[RowOutcome]
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
            self._report.stage(self._told(decided, plan))
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
        self._report.keep()

    def _of_file(self, batch: Sequence[Row]) -> list[Row]:
        """The rows; a second row with the same key is refused."""
        fit = [(row.key, row.line) for row in batch if not isinstance(row, RefusedRow)]
        first = self._standing.first_lines(fit)
        return [
            row
            if isinstance(row, RefusedRow) or first[row.key] == row.line
            else _refused_twin(row, first[row.key])
            for row in batch
        ]

    def _planned(self, rows: Sequence[Row]) -> "_BatchPlan":
        held = self._standing.of([row.key for row in rows if not isinstance(row, RefusedRow)])
        current = [row.keeps_current for row in rows if isinstance(row, RowSaid)]
        registering = [row for row in rows if not isinstance(row, RefusedRow)]
        self._registry.look_up(event for row in registering for event in row.registers)
        self._registry.look_up_current(event for kept in current for event in kept)
        events: list[tuple[Event, int]] = []
        outcomes: list[RowOutcome] = []
        for number, row in enumerate(rows):
            outcome, told = self._decided(row, held.get(row.key))
            outcomes.append(outcome)
            events += [(event, number) for event in told]
        return _BatchPlan([*self._registry.fresh(events)], outcomes, events)

    def _decided(self, row: Row, held: HeldRow | None) -> tuple[RowOutcome, list[Event]]:
        match row:
            case RefusedRow():
                return RowOutcome.REFUSED, []
            case RowDeleted():
                return self._deleted(row, held)
            case RowLeftOut():
                why = f"Row {row.key} of {self._name} reads otherwise now: {row.why.why}"
                deleted = RowDeleted(row.line, row.key, row.said_at, row.report, why, row.registers)
                outcome, events = self._deleted(deleted, held)
                return RowOutcome.LEFT_OUT if outcome in _NOTHING_HELD else outcome, events
            case RowSaid(events=()) if not (held and held.live and _reports_of(row)):
                return self._registered(row)
            case RowSaid():
                return self._said(row, held)

    def _deleted(self, row: RowDeleted, held: HeldRow | None) -> tuple[RowOutcome, list[Event]]:
        if held is None:
            return RowOutcome.NOT_HELD, []
        if not held.live:
            return RowOutcome.UNCHANGED, []
        if held.said_at > row.said_at:
            return RowOutcome.OLDER, []
        taken_back = [
            EventRetracted(event=id, reason=row.why, report=row.report) for id in held.live.values()
        ]
        return RowOutcome.RETRACTED, [*row.registers, *taken_back]

    def _registered(self, row: RowSaid) -> tuple[RowOutcome, list[Event]]:
        """What a row of a registry says, as a row of a gazetteer: registrations alone."""
        current = row.keeps_current
        is_dated = current and all(isinstance(each, LocationRegistered) for each in current)
        named = [each for each in row.registers if not (is_dated and isinstance(each, _OF_EVENTS))]
        amendments = self._registry.amendments(row.keeps_current, self._name)
        if amendments:
            return RowOutcome.CORRECTED, [*named, *amendments]
        if self._registry.is_older(row.keeps_current):
            return RowOutcome.OLDER, []
        is_known = all(map(self._registry.knows, row.keeps_current))
        outcome = RowOutcome.UNCHANGED if is_known else RowOutcome.RECORDED
        return outcome, [*named, *row.keeps_current]

    def _said(self, row: RowSaid, held: HeldRow | None) -> tuple[RowOutcome, list[Event]]:
        amendments = self._registry.amendments(row.keeps_current, self._name)
        registered = [*row.registers, *row.keeps_current, *amendments]
        if held is None:
            if row.is_superseded:
                return RowOutcome.OLDER, []
            return RowOutcome.RECORDED, [*registered, *row.events]
        wanted = {content_of(event): event for event in row.events}
        if row.other_places and wanted.keys() != held.live.keys():
            row = self._where_it_was(row, held)
            registered = [*row.registers, *row.keeps_current, *amendments]
            wanted = {content_of(event): event for event in row.events}
        if row.is_superseded or held.said_at > row.said_at:
            return (
                RowOutcome.OLDER if wanted.keys() != held.live.keys() else RowOutcome.UNCHANGED,
                [],
            )
        if wanted.keys() == held.live.keys():
            return RowOutcome.CORRECTED if amendments else RowOutcome.UNCHANGED, amendments
        fresh = [event for content, event in wanted.items() if content not in held.live]
        gone = [id for content, id in held.live.items() if content not in wanted]
        said = [self._again(event, held) for event in fresh]
        return RowOutcome.CORRECTED, [*registered, *said, *self._replaced(row, gone, fresh)]

    def _where_it_was(self, row: RowSaid, held: HeldRow) -> RowSaid:
        """The row at the place of its events in the ledger, where it may mean that place."""
        before = [
            recorded.event for id in held.live.values() if (recorded := self._ledger.event(id))
        ]
        places = {each.location for each in before if isinstance(each, LocatedEvent)}
        if len(places) == 1 and places <= row.other_places:
            return row.at(*places)
        return row

    def _again(self, event: SituationEvent, held: HeldRow) -> Event:
        """The event; its reinstatement where the same words of the same report were taken back."""
        id = identify(event).id
        if id not in held.retracted:
            return event
        reason = f"{self._name} says so again."
        return EventReinstated(event=id, reason=reason, report=event.report)

    def _replaced(
        self, row: RowSaid, gone: Sequence[EventId], fresh: Sequence[SituationEvent]
    ) -> Iterator[EventRetracted]:
        """The retractions. In place of an event stands one of the same type, else one that stands
        in place of no other: who took the place, where it was not known who holds it."""
        report = _report_of(row)
        entries = [self._ledger.event(id) for id in gone]
        types = {type(before.event) for before in entries if before}
        of_no_other = [event for event in fresh if type(event) not in types]
        for id, before in zip(gone, entries, strict=True):
            same = [event for event in fresh if before and type(event) is type(before.event)]
            after = next(iter(same or of_no_other), None)
            said = _difference(before.event, after) if before and after else "it is gone"
            yield EventRetracted(
                event=id,
                reason=_cut(f"Row {row.key} of {self._name} reads otherwise now: {said}"),
                report=report,
                replaced_by=identify(after).id if after else None,
            )

    def _take(self, planned: Sequence[PlannedStatement], receipts: Sequence[Receipt]) -> None:
        for each, receipt in zip(planned, receipts, strict=True):
            self._report.events += not receipt.duplicate
            self._report.position = max(self._report.position, receipt.position)
            self._registry.learn(each.statement.event)

    def _told(self, rows: Sequence[Row], plan: _BatchPlan) -> Iterator[RowReport]:
        """What becomes of each row."""
        reasons = _reasons(plan.events)
        for number, (row, outcome) in enumerate(zip(rows, plan.outcomes, strict=True)):
            details = self._details(row, outcome, reasons.get(number, ""))
            yield RowReport(row.line, row.key, outcome, tuple(details))

    def _details(self, row: Row, outcome: RowOutcome, taken_back: str) -> Iterator[Detail]:
        for remark in row.why if isinstance(row, RefusedRow) else ():
            yield Detail(row.line, row.key, outcome, *remark)
        if isinstance(row, RowLeftOut) and outcome is RowOutcome.LEFT_OUT:
            yield Detail(row.line, row.key, outcome, *row.why)
        if outcome in _TOLD:
            is_registry = isinstance(row, RowSaid) and not row.events
            why = _TOLD_OF_A_REGISTRY if is_registry and outcome is RowOutcome.CORRECTED else ""
            told = why or taken_back or _TOLD[outcome]
            yield Detail(row.line, row.key, outcome, why=told)
        if isinstance(row, RowSaid) and outcome in _DOUBTED:
            for remark in (*row.doubts, *self._registry.left_out(row.keeps_current)):
                yield Detail(row.line, row.key, RowOutcome.DOUBTFUL, *remark)


_OF_EVENTS = (SourceRegistered, ReportFiled)
"""Registrations without a use where a row has no events, and its places carry their own dates; how
late a list of actors is, its report says."""
_TOLD = {
    RowOutcome.CORRECTED: "it reads otherwise than before, and its events are corrected",
    RowOutcome.RETRACTED: "its events are taken back",
    RowOutcome.OLDER: "the ledger holds what the dataset said later; nothing is recorded",
}
_TOLD_OF_A_REGISTRY = "it adds to what is registered, or says otherwise; that is amended"
_NOTHING_HELD = {RowOutcome.UNCHANGED, RowOutcome.NOT_HELD}
_DOUBTED = {RowOutcome.RECORDED, RowOutcome.CORRECTED}


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


def _refused_twin(row: Row, first: int) -> RefusedRow:
    why = f"the row {row.key} stands on line {first:,} already; which of the two counts?"
    return RefusedRow(row.line, row.key, (Remark("", row.key, why),))


def _refused(row: Row, refusal: DomainError) -> RefusedRow:
    field = refusal.field or ""
    return RefusedRow(row.line, row.key, (Remark(field, "", str(refusal)),))


def _reasons(events: Iterable[tuple[Event, int]]) -> dict[int, str]:
    """Why rows are taken back, by their numbers."""
    found: dict[int, dict[str, None]] = {}
    for event, row in events:
        if isinstance(event, EventRetracted):
            found.setdefault(row, {})[event.reason] = None
    return {row: "; ".join(reasons) for row, reasons in found.items()}


def _report_of(row: RowSaid) -> ReportId:
    """The report that a row comes with."""
    if row.events:
        return row.events[0].report
    return _reports_of(row)[-1]


def _reports_of(row: RowSaid) -> list[ReportId]:
    return [each.report for each in row.registers if isinstance(each, ReportFiled)]


def _difference(before: Event, after: Event) -> str:
    """The fields that changed, from what to what."""
    old, new = fields_of(before), fields_of(after)
    if type(before) is not type(after):
        return f"{type(before).__name__} is {type(after).__name__}"
    names = [name for name in new | old if name != "report" and old.get(name) != new.get(name)]
    return "; ".join(_change(name, old.get(name), new.get(name)) for name in names)


def _change(name: str, old: object, new: object) -> str:
    """What a field said and says, of long texts from the first difference on."""
    before, after = _in_words(old), _in_words(new)
    pairs = zip(before, after, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(0, same - _SHOWN_BEFORE) if max(len(before), len(after)) > _LONG else 0
    return f"{name} {_excerpt(before, start)} is {_excerpt(after, start)}"


def _in_words(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case Mapping():
            return ", ".join(f"{name} {_in_words(each)}" for name, each in value.items())
        case list() | tuple():
            return f"({', '.join(map(_in_words, value))})"
        case _:
            return " ".join(str(value).split())


def _cut(reason: str) -> str:
    """A reason that fits: an excerpt may begin amidst what spells a letter."""
    return without_hidden(reason[:_LONGEST_REASON])


def _excerpt(text: str, start: int) -> str:
    shown = text[start : start + _LONG]
    return f"{'... ' if start else ''}{shown}{' ...' if start + _LONG < len(text) else ''}"


_LONGEST_REASON = 10_000
_LONG, _SHOWN_BEFORE = 200, 40
"""How much of a text a reason shows, and how much of that lies before the difference."""
