"""The origin, publisher and grade of a statement, by the reports and sources behind."""

from dataclasses import dataclass

from domain.control.perspective import Perspective, Provenance
from domain.events import (
    Event,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
    SourceRegraded,
)
from domain.grades import report_reliability
from domain.occurred import Instant, Occurred
from domain.reachability import reachable
from domain.registry import Entry
from domain.values import Reliability, ReportId, SourceId


@dataclass(frozen=True, slots=True)
class Attribution:
    """The provenance of an entry, with the grade of its origin when it was recorded."""

    by: Provenance
    published: Occurred
    credibility: int | None
    """None for retractions and reinstatements."""


class Provenances:
    """Reports, and the last grade of each source, entry by entry. Only `learn` changes them."""

    def __init__(self) -> None:
        self.reports: dict[ReportId, ReportFiled] = {}
        self._grades: dict[SourceId, Reliability] = {}

    def learn(self, entry: Entry) -> None:
        """Takes in the next entry of the ledger."""
        match entry.statement.event:
            case SourceRegistered() | SourceRegraded() as graded:
                self._grades[graded.source] = graded.reliability
            case ReportFiled() as report:
                self.reports[report.report] = report

    def of(self, said: SituationEvent | RecordKeeping) -> Provenance:
        """The origin, the publisher, and the lower grade of the two. Raises KeyError for a report
        that no entry filed."""
        report = self.reports[said.report]
        origin = [report, *self.copied(report)][-1].source
        reliability = report_reliability(self._grades[origin], self._grades[report.source])
        published = Instant(report.published.window.latest - 1)
        return Provenance(origin, report.source, published, reliability)

    def attribution(self, event: Event) -> Attribution | None:
        """The attribution of an event; None for our own registrations and amendments."""
        if not isinstance(event, SituationEvent | RecordKeeping):
            return None
        credibility = event.credibility if isinstance(event, SituationEvent) else None
        return Attribution(self.of(event), self.reports[event.report].published, credibility)

    def copied(self, report: ReportFiled) -> list[ReportFiled]:
        """The reports that a report copies, the nearest first and the root report last."""

        def copied(slug: ReportId) -> list[ReportId]:
            behind = self.reports[slug].syndicated_from
            return [behind] if behind else []

        _, *found = reachable([report.report], copied)
        return [self.reports[each] for each in found]

    def admits(self, said: SituationEvent | RecordKeeping, perspective: Perspective) -> bool:
        """Whether the statement counts from the perspective."""
        if perspective.is_default:
            return True
        if isinstance(said, SituationEvent):
            return perspective.admits_statement(self.of(said), said.credibility)
        return perspective.admits_word(self.of(said))
