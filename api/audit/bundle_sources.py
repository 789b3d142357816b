"""The content of a bundle's entries, in the form of a node's views."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from domain.amendments import Amendments, R
from domain.events import (
    ActorRegistered,
    Amendment,
    EventReinstated,
    RecordKeeping,
    ReportFiled,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.values import ActorId, EventId, ReportId, SourceId
from infra.ledger.codec import Recorded
from projections.actors import ActorRow
from projections.entries import EntryRow
from projections.sources import Report, Source


class BundleEntries:
    """Statements with their recorded times."""

    def __init__(self, kept: list[Recorded], recorded_at: Callable[[int], Instant | None]) -> None:
        self._by_id = {each.statement.id: each for each in kept}
        self._keeping = [each for each in kept if isinstance(each.event, RecordKeeping)]
        self.recorded_at = recorded_at

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, EntryRow]:
        found = (self._by_id[event] for event in events if event in self._by_id)
        retracted = self._retracted(known)
        return {
            each.statement.id: EntryRow(
                each.position,
                each.statement.id,
                each.recorded_at,
                each.recorded_by,
                each.event,
                each.statement.id in retracted,
            )
            for each in found
            if each.position <= known
        }

    def _retracted(self, known: int) -> set[EventId]:
        stands = {
            each.event.event: isinstance(each.event, EventReinstated)
            for each in self._keeping
            if each.position <= known and isinstance(each.event, RecordKeeping)
        }
        return {event for event, it_stands in stands.items() if not it_stands}


class BundleRegistrations:
    """Registrations with their amendments."""

    def __init__(self, kept: list[Recorded]) -> None:
        self._kept = [each for each in kept if isinstance(each.event, Amendment | RecordKeeping)]
        self._at = lru_cache(2)(self._amended)

    def read(self, registered: R, *, known: int) -> R:
        """The registration, as amended by a position."""
        return self._at(known).read(registered)

    def _amended(self, known: int) -> Amendments:
        amendments = Amendments()
        for each in self._kept:
            if each.position <= known:
                amendments.learn(each.entry)
        return amendments


class BundleSources:
    """Sources with grades and ends, and their reports."""

    def __init__(self, kept: list[Recorded], registrations: BundleRegistrations) -> None:
        self._as_amended = registrations
        self._registered: dict[SourceId, SourceRegistered] = {}
        self._grades: dict[SourceId, list[tuple[int, SourceRegistered | SourceRegraded]]] = {}
        self._ends: dict[SourceId, list[tuple[int, SourceEnded]]] = {}
        self._reports: dict[ReportId, tuple[int, ReportFiled]] = {}
        for each in kept:
            match each.event:
                case SourceRegistered() as source:
                    self._registered[source.source] = source
                    self._grades.setdefault(source.source, []).append((each.position, source))
                case SourceRegraded() as regraded:
                    self._grades.setdefault(regraded.source, []).append((each.position, regraded))
                case SourceEnded() as over:
                    self._ends.setdefault(over.source, []).append((each.position, over))
                case ReportFiled() as report:
                    self._reports[report.report] = (each.position, report)

    def source(self, source: SourceId, *, known: int) -> Source | None:
        grades = [grade for at, grade in self._grades.get(source, ()) if at <= known]
        if not grades:
            return None
        told = self._as_amended.read(self._registered[source], known=known)
        grade = grades[-1].reliability
        ends = [over.ended.text for at, over in self._ends.get(source, ()) if at <= known]
        ended = ends[-1] if ends else None
        return Source(source, told.name, grade, told.continuous, ended, told.url)

    def report(self, report: ReportId, *, known: int) -> Report | None:
        at, filed = self._reports.get(report, (known + 1, None))
        if filed is None or at > known:
            return None
        filed = self._as_amended.read(filed, known=known)
        root = filed
        while root.syndicated_from:
            _, root = self._reports[root.syndicated_from]
        return Report(
            filed.report,
            filed.source,
            root.source,
            filed.published.text,
            filed.title,
            filed.url,
            filed.content_hash,
            filed.syndicated_from,
        )

    def names(self) -> dict[str, set[str]]:
        return {source: {source, told.name} for source, told in self._registered.items()}


class BundleActors:
    """Actors."""

    def __init__(self, kept: list[Recorded], registrations: BundleRegistrations) -> None:
        self._as_amended = registrations
        self._registered = {
            actor.actor: actor for each in kept if isinstance(actor := each.event, ActorRegistered)
        }

    def many(self, actors: Iterable[ActorId], *, known: int) -> dict[ActorId, ActorRow]:
        registered = [self._registered[actor] for actor in actors if actor in self._registered]
        rows = (_row_of(self._as_amended.read(actor, known=known)) for actor in registered)
        return {row.actor: row for row in rows}


def _row_of(actor: ActorRegistered) -> ActorRow:
    aliases = tuple(alias.text for alias in actor.aliases)
    return ActorRow(actor.actor, actor.name, actor.kind, aliases)
