"""A perspective: the filter of statements, and the words for the filter."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from api.answers.basis import Basis
from domain.control.perspective import Perspective, Provenance, Revocation, last_words
from domain.events import EventReinstated, RecordKeeping, SituationEvent
from domain.grades import report_reliability
from domain.occurred import Instant, Occurred, rfc3339
from domain.values import EventId, ReportId, SourceId
from domain.words.perspective import spoken_perspective
from projections.entries import Entries, EntryRow
from projections.sources import Report, Source


class SourceRecords(Protocol):
    """Sources and their reports, as known at a position."""

    def source(self, source: SourceId, *, known: int) -> Source | None: ...
    def report(self, report: ReportId, *, known: int) -> Report | None: ...
    def names(self) -> dict[str, set[str]]: ...


class StatementFilter:
    """The filter of statements for a perspective, as known at a position: admits statements by
    source and grade, unless the last admitted report took the statement back."""

    def __init__(self, entries: Entries, sources: SourceRecords, basis: Basis) -> None:
        self._entries, self._sources = entries, sources
        self._perspective, self._known = basis.perspective, basis.position
        self._words: dict[ReportId, Provenance] = {}

    def __call__(self, events: Collection[EventId]) -> Collection[EventId]:
        """The counting events among these."""
        found = self._entries.many(set(events), known=self._known)
        return {entry.id for entry in self.among(found.values())}

    def among(self, entries: Iterable[EntryRow]) -> list[EntryRow]:
        """The counting entries among these, in the same order."""
        return [entry for entry, taken_back in self.judged(entries) if taken_back is None]

    def judged(self, entries: Iterable[EntryRow]) -> list[tuple[EntryRow, EntryRow | None]]:
        """The admitted entries among these, in the same order, each with the admitted retraction
        in force, if any."""
        admitted = [entry for entry in entries if self._admits(entry)]
        kept = self._entries.revocations((entry.id for entry in admitted), known=self._known)
        words = [(entry, self._revocation(entry)) for entry in kept]
        stands = last_words((word for _, word in words), self._perspective)
        last = {
            word.event: entry for entry, word in words if self._perspective.admits_word(word.word)
        }
        return [
            (entry, None if stands.get(entry.id, True) else last[entry.id]) for entry in admitted
        ]

    def published(self, entries: Iterable[EntryRow]) -> dict[EventId, Instant]:
        """When each of the admitted statements among these was published."""
        return {
            entry.id: self._word(entry.event.report).published
            for entry in entries
            if self._admits(entry) and isinstance(entry.event, SituationEvent)
        }

    def revocations(self, entries: Iterable[EntryRow]) -> list[Revocation]:
        """The admitted revocations and reinstatements of these entries."""
        kept = self._entries.revocations((entry.id for entry in entries), known=self._known)
        found = map(self._revocation, kept)
        return [each for each in found if self._perspective.admits_word(each.word)]

    def _admits(self, entry: EntryRow) -> bool:
        said = entry.event
        return isinstance(said, SituationEvent) and self._perspective.admits_statement(
            self._word(said.report), said.credibility
        )

    def _revocation(self, entry: EntryRow) -> Revocation:
        keeping = entry.event
        assert isinstance(keeping, RecordKeeping), "only such an event takes another back"
        reinstates = isinstance(keeping, EventReinstated)
        return Revocation(keeping.event, entry.position, reinstates, self._word(keeping.report))

    def _word(self, slug: ReportId) -> Provenance:
        if slug not in self._words:
            report = self._sources.report(slug, known=self._known)
            assert report is not None, "an event cites a report that was filed before it"
            origin = self._sources.source(report.origin, known=self._known)
            via = self._sources.source(report.source, known=self._known)
            assert origin and via, "a report cites a registered source"
            trusted = report_reliability(origin.reliability, via.reliability)
            published = Occurred.parse(report.published).window.latest - 1
            word = Provenance(report.origin, report.source, Instant(published), trusted)
            self._words[slug] = word
        return self._words[slug]


def perspective_words(sources: SourceRecords, basis: Basis, published_by: str | None = None) -> str:
    """The perspective in plain English; empty for everybody's. `published_by` gives the day of
    publication in the words of the question, where the question has other clocks than UTC."""

    def called(source: SourceId) -> str:
        found = sources.source(source, known=basis.position)
        return found.name if found else source

    return spoken_perspective(basis.perspective, called, published_by)


def perspective_fields(asked: Perspective) -> dict[str, Any] | None:
    """The perspective with the fields of GraphQL's PerspectiveInput; None for everybody's."""
    if asked.is_default:
        return None
    only, by = asked.sources, asked.published_by
    return {
        "sources": None if only is None else sorted(only),
        "excludeSources": sorted(asked.exclude_sources),
        "minReliability": asked.min_reliability.name,
        "minCredibility": asked.min_credibility,
        "publishedBy": None if by is None else rfc3339(by),
    }
