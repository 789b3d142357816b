"""What would the answers be if some statements were recorded? Nothing is recorded.

The statements go into a ledger that keeps them in memory alone, and the answers are folded from it:
decided and answered as after a real recording.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis, inherited
from api.answers.replay import answer_from
from api.answers.sources import explanation_of
from api.answers.undo import SupposedChange
from domain.events import Event, RecordKeeping, ReportFiled, SituationEvent, SourceRegistered
from domain.occurred import Instant
from domain.references import references_of
from domain.registry import Statement
from domain.values import EventId, LocationId, ReportId, SourceId
from domain.words.names import moment_of
from domain.words.statements import Names
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger, Receipt
from projections.entries import EntryRow
from projections.places import Place
from projections.sources import Report, Source


@dataclass(frozen=True)
class Supposition:
    """Statements that are supposed to be recorded, and the answers without and with them."""

    answers: Answers
    ledger: Ledger
    """A ledger with the statements behind all that is known."""
    basis: Basis
    """What is known without them."""
    receipts: Sequence[Receipt]

    @classmethod
    def of(
        cls,
        answers: Answers,
        ledger: Ledger,
        basis: Basis,
        statements: Sequence[Statement],
        by: str,
    ) -> "Supposition":
        """Supposes that the author records these. Raises the refusals of a recording."""
        supposing = ledger.supposing(basis.position)
        return cls(answers, supposing, basis, supposing.record(statements, by=by))

    @property
    def is_recorded(self) -> bool:
        """Whether all of it is recorded already."""
        return all(receipt.duplicate for receipt in self.receipts)

    @cached_property
    def events(self) -> list[Event]:
        """The statements, and those that they take back or reinstate."""
        found = [self.ledger.event(receipt.id) for receipt in self.receipts]
        said = [each.event for each in found if each]
        kept = [self.ledger.event(each.event) for each in said if isinstance(each, RecordKeeping)]
        return [*said, *(each.event for each in kept if each)]

    @property
    def said(self) -> SituationEvent | None:
        """What they say of the world; of a retraction, what it takes back."""
        return next((each for each in self.events if isinstance(each, SituationEvent)), None)

    @property
    def then(self) -> Basis:
        """The basis of the names in what is said."""
        return self.basis.on(moment_of(self.said) if self.said else None)

    @property
    def moment(self) -> Instant:
        """The close of the time of what is said, or now, if that is earlier."""
        now = self.ledger.now
        return min(now, Instant(self.said.occurred.window.latest - 1)) if self.said else now

    def changes(self, basis: Basis) -> list[SupposedChange]:
        """The answers on that basis, and those that they would become, for each place that the
        statements name."""
        after = basis.up_to(self.ledger.head)
        return [
            SupposedChange(
                self.answers.control(place, basis), answer_from(self.ledger, place, after)
            )
            for place in self._places()
        ]

    def explanation(self, answer: Answer) -> str:
        """An answer that rests on them, in plain English."""
        return explanation_of(_SupposedSources(self), answer)

    def _places(self) -> list[LocationId]:
        named = (each for event in self.events for each in references_of(event))
        slugs = dict.fromkeys(each.slug for each in named if each.kind == "location")
        return [LocationId(slug) for slug in slugs]


class _SupposedSources:
    """The sources of an answer: the views, and what is only supposed."""

    def __init__(self, supposition: Supposition) -> None:
        answers, self._ledger = supposition.answers, supposition.ledger
        supposed = [*self._ledger.read(after=supposition.basis.position)]
        self._answers = answers
        self.actors = answers.actors
        self.entries = _SupposedEntries(answers, supposed)
        self.sources = _SupposedReports(answers, [each.event for each in supposed])

    def place(self, slug: str, *, known: int) -> Place:
        return self._answers.place(slug, known=known)

    def names(self, basis: Basis) -> Names:
        return self._answers.names(basis)

    def control(self, location: str, basis: Basis, *, inherit: bool = False) -> Answer:
        answer_of = partial(answer_from, self._ledger, basis=basis)
        answer = answer_of(LocationId(location))
        if not inherit:
            return answer
        return inherited(answer, partial(self.place, known=basis.position), answer_of)

    def left_out(self, answer: Answer) -> int:
        return self._answers.left_out(answer)

    def first_recorded(self, location: LocationId, *, known: int | None = None) -> int | None:
        return self._answers.first_recorded(location, known=known)


class _SupposedEntries:
    """Entries, the supposed among them."""

    def __init__(self, answers: Answers, supposed: Iterable[Recorded]) -> None:
        self._entries = answers.entries
        self._supposed = {each.statement.id: each for each in supposed}

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, EntryRow]:
        wanted = set(events)
        found = self._entries.many(wanted, known=known)
        new = (self._supposed[event] for event in wanted if event in self._supposed)
        return found | {each.statement.id: _row_of(each) for each in new}

    def recorded_at(self, position: int) -> Instant | None:
        return self._entries.recorded_at(position)


def _row_of(each: Recorded) -> EntryRow:
    said = each.position, each.statement.id, each.recorded_at, each.recorded_by, each.event
    return EntryRow(*said, retracted=False)


class _SupposedReports:
    """Sources and reports, the supposed among them."""

    def __init__(self, answers: Answers, supposed: Iterable[Event]) -> None:
        self._sources = answers.sources
        self._new_sources: dict[SourceId, SourceRegistered] = {}
        self._new_reports: dict[ReportId, ReportFiled] = {}
        for event in supposed:
            match event:
                case SourceRegistered():
                    self._new_sources[event.source] = event
                case ReportFiled():
                    self._new_reports[event.report] = event

    def source(self, source: SourceId, *, known: int) -> Source | None:
        if (new := self._new_sources.get(source)) is None:
            return self._sources.source(source, known=known)
        return Source(source, new.name, new.reliability, new.continuous, None, new.url)

    def report(self, report: ReportId, *, known: int) -> Report | None:
        if (new := self._new_reports.get(report)) is None:
            return self._sources.report(report, known=known)
        copied = self.report(new.syndicated_from, known=known) if new.syndicated_from else None
        return Report(
            new.report,
            new.source,
            copied.origin if copied else new.source,
            new.published.text,
            new.title,
            new.url,
            new.content_hash,
            new.syndicated_from,
        )

    def names(self) -> dict[str, set[str]]:
        return self._sources.names()
