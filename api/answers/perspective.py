"""Which statements does a perspective admit, beyond those about who holds a place?"""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from domain.control.perspective import Perspective, Provenance, Revocation, last_words
from domain.events import EventReinstated, RecordKeeping, SituationEvent
from domain.grades import worst_reliability
from domain.occurred import Instant, Occurred, rfc3339
from domain.values import EventId, ReportId, SourceId
from domain.words.perspective import spoken_perspective
from projections.entries import Entries, EntryRow
from projections.sources import Report, Source


class SourcesHeld(Protocol):
    """Sources, and what they reported."""

    def source(self, source: SourceId, *, known: int) -> Source | None: ...
    def report(self, report: ReportId, *, known: int) -> Report | None: ...


class Counted:
    """The statements that count from a perspective, as known at a position: those that it admits,
    unless the last admitted word on one took it back."""

    def __init__(
        self, entries: Entries, sources: SourcesHeld, perspective: Perspective, known: int
    ) -> None:
        self._entries, self._sources = entries, sources
        self._perspective, self._known = perspective, known
        self._words: dict[ReportId, Provenance] = {}

    def __call__(self, events: Collection[EventId]) -> Collection[EventId]:
        """Those of the events that count."""
        found = self._entries.many(set(events), known=self._known)
        return {entry.id for entry in self.among(found.values())}

    def among(self, entries: Iterable[EntryRow]) -> list[EntryRow]:
        """Those of the entries that count, in their order."""
        admitted = [entry for entry in entries if self._admits(entry)]
        kept = self._entries.revocations((entry.id for entry in admitted), known=self._known)
        stands = last_words(map(self._revocation, kept), self._perspective)
        return [entry for entry in admitted if stands.get(entry.id, True)]

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
            sources = (report.origin, report.source)
            told = [self._sources.source(each, known=self._known) for each in sources]
            trusted = worst_reliability(each.reliability for each in told if each)
            published = Occurred.parse(report.published).window.latest - 1
            word = Provenance(report.origin, report.source, Instant(published), trusted)
            self._words[slug] = word
        return self._words[slug]


def whose_word(
    sources: SourcesHeld, perspective: Perspective, known: int, published_by: str | None = None
) -> str:
    """Whose word was asked for, in plain English; empty for everybody's. `published_by` says that
    day as it was asked for, where that is not UTC."""

    def called(source: SourceId) -> str:
        found = sources.source(source, known=known)
        return found.name if found else source

    return spoken_perspective(perspective, called, published_by)


def perspective_fields(asked: Perspective) -> dict[str, Any] | None:
    """Whose word counts, with the fields of GraphQL's PerspectiveInput; None where everybody's
    does."""
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
