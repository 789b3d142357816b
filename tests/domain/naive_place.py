"""Which claims on a place does a perspective admit? Each asked of the whole ledger, by itself."""

from collections.abc import Iterator

from domain.claims import Claim, Grade, assertion_of
from domain.events import (
    EventReinstated,
    EventRetracted,
    LineageEvent,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceRegistered,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.perspective import Perspective
from domain.registry import Entry
from domain.ties import TieKind, Word, ties_of
from domain.values import EventId, LocationId, LocationKind, Reliability, ReportId, SourceId
from tests.domain.amending import as_it_reads


def admitted(ledger: list[Entry], place: LocationId, view: Perspective) -> Iterator[Claim]:
    kind = _kind_of(place, ledger)
    for entry in ledger:
        event, id = entry.statement.event, entry.statement.id
        if not isinstance(event, SituationEvent) or getattr(event, "location", None) != place:
            continue
        if not _is_heard(event.report, ledger, view) or not _stands(id, ledger, view):
            continue
        asserts = assertion_of(event, kind)
        if asserts is None or event.credibility > view.min_credibility:
            continue
        root = _root(event.report, ledger)
        yield Claim(
            event=id,
            position=entry.position,
            occurred=event.occurred.window,
            published=_published(event.report, ledger),
            spoken=_published(root.report, ledger),
            asserts=asserts,
            origin=root.source,
            source=_report(event.report, ledger).source,
            report=event.report,
            grade=Grade(_reliability(root.source, ledger), event.credibility),
            continuous=as_it_reads(_source(root.source, ledger), ledger).continuous,
        )


def kinship(ledger: list[Entry], view: Perspective) -> Iterator[Word]:
    """What is admitted of who merged with whom and who belongs to what."""
    for entry in ledger:
        event, id = entry.statement.event, entry.statement.id
        if not isinstance(event, LineageEvent) or event.credibility > view.min_credibility:
            continue
        if _is_heard(event.report, ledger, view) and _stands(id, ledger, view):
            for tie, begins in ties_of(event):
                if tie.kind in (TieKind.MERGED_INTO, TieKind.MEMBER_OF):
                    yield Word(tie, begins, id, entry.position, event.occurred.window)


def _stands(event: EventId, ledger: list[Entry], view: Perspective) -> bool:
    """By the last word on it that is heard from there."""
    for entry in reversed(ledger):
        match entry.statement.event:
            case RecordKeeping() as word if word.event == event:
                if _is_heard(word.report, ledger, view):
                    assert isinstance(word, EventRetracted | EventReinstated)
                    return isinstance(word, EventReinstated)
    return True


def _is_heard(report: ReportId, ledger: list[Entry], view: Perspective) -> bool:
    origin, holder = _root(report, ledger).source, _report(report, ledger).source
    if origin in view.exclude_sources or holder in view.exclude_sources:
        return False
    if view.sources is not None and origin not in view.sources and holder not in view.sources:
        return False
    if view.published_by is not None and _published(report, ledger) > view.published_by:
        return False
    ranks = "ABCDEF"
    return ranks.index(_reliability(origin, ledger)) <= ranks.index(view.min_reliability)


def _published(report: ReportId, ledger: list[Entry]) -> Instant:
    return Instant(_report(report, ledger).published.window.latest - 1)


def _root(report: ReportId, ledger: list[Entry]) -> ReportFiled:
    filed = _report(report, ledger)
    return _root(filed.syndicated_from, ledger) if filed.syndicated_from else filed


def _reliability(source: SourceId, ledger: list[Entry]) -> Reliability:
    for entry in reversed(ledger):
        event = entry.statement.event
        if isinstance(event, SourceRegistered | SourceRegraded) and event.source == source:
            return event.reliability
    raise LookupError(source)


def _source(source: SourceId, ledger: list[Entry]) -> SourceRegistered:
    said = (entry.statement.event for entry in ledger)
    return next(e for e in said if isinstance(e, SourceRegistered) and e.source == source)


def _report(report: ReportId, ledger: list[Entry]) -> ReportFiled:
    said = (entry.statement.event for entry in ledger)
    return next(e for e in said if isinstance(e, ReportFiled) and e.report == report)


def _kind_of(location: LocationId, ledger: list[Entry]) -> LocationKind:
    said = (entry.statement.event for entry in ledger)
    place = next(e for e in said if isinstance(e, LocationRegistered) and e.location == location)
    return as_it_reads(place, ledger).kind  # type: ignore[no-any-return]
