"""Which claims on a place does a perspective admit? Each asked of the whole ledger, by itself."""

from collections.abc import Iterator

from domain.control.claims import Claim, assertion_of
from domain.control.perspective import Perspective
from domain.events import (
    ActorDissolved,
    EventReinstated,
    EventRetracted,
    LineageEvent,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SituationEvent,
    SourceEnded,
    SourceRegistered,
    SourceRegraded,
)
from domain.grades import Grade
from domain.occurred import Instant
from domain.registry import Entry
from domain.situation.ties import Tie, TieKind, Word, ties_of
from domain.values import EventId, LocationId, LocationKind, Reliability, ReportId, SourceId
from tests.domain.amending import as_it_reads
from tests.domain.builders import END

KINDS = (TieKind.MERGED_INTO, TieKind.MEMBER_OF, TieKind.SPLIT_FROM, TieKind.SUCCEEDED_BY)
"""The ties that bear on who holds a place."""


def admitted(ledger: list[Entry], place: LocationId, view: Perspective) -> Iterator[Claim]:
    """The claims that count: heard, not taken back, and no copies of what speaks for itself."""
    heard = [claim for claim in _claims(ledger, place) if _is_admitted(claim, ledger, view)]
    speaking = {claim.report for claim in heard}
    for claim in heard:
        if speaking.isdisjoint(claim.copied) and _stands(claim.event, ledger, view):
            yield claim


def _claims(ledger: list[Entry], place: LocationId) -> Iterator[Claim]:
    kind = _kind_of(place, ledger)
    for entry in ledger:
        event, id = entry.statement.event, entry.statement.id
        if not isinstance(event, SituationEvent) or getattr(event, "location", None) != place:
            continue
        asserts = assertion_of(event, kind)
        if asserts is None:
            continue
        root = _root(event.report, ledger)
        yield Claim(
            event=id,
            position=entry.position,
            occurred=event.occurred.window,
            published=_published(event.report, ledger),
            spoken=root.published.window,
            asserts=asserts,
            origin=root.source,
            source=_report(event.report, ledger).source,
            report=event.report,
            grade=Grade(_trust(event.report, ledger), event.credibility),
            kept_until=_kept_until(root.source, ledger),
            copied=tuple(_copied(event.report, ledger)),
        )


def _is_admitted(claim: Claim, ledger: list[Entry], view: Perspective) -> bool:
    is_credible = claim.grade.credibility <= view.min_credibility
    return is_credible and _is_heard(claim.report, ledger, view)


def _kept_until(source: SourceId, ledger: list[Entry]) -> Instant | None:
    """Until when it keeps its word current, if it does."""
    if not as_it_reads(_source(source, ledger), ledger).continuous:
        return None
    said = (entry.statement.event for entry in reversed(ledger))
    ends = (
        e.ended.window.latest for e in said if isinstance(e, SourceEnded) and e.source == source
    )
    return next(ends, END)


def _copied(report: ReportId, ledger: list[Entry]) -> Iterator[ReportId]:
    """The reports that it copies, the nearest first."""
    original = _report(report, ledger).syndicated_from
    if original:
        yield original
        yield from _copied(original, ledger)


def kinship(ledger: list[Entry], view: Perspective) -> Iterator[Word]:
    """What is admitted of who merged, split, belongs to what, and succeeded whom."""
    for entry in ledger:
        event, id = entry.statement.event, entry.statement.id
        if not isinstance(event, LineageEvent) or event.credibility > view.min_credibility:
            continue
        if _is_heard(event.report, ledger, view) and _stands(id, ledger, view):
            for tie, begins in ties_on_lineage(event):
                yield Word(tie, begins, id, entry.position, event.occurred.window)


def ties_on_lineage(event: LineageEvent) -> Iterator[tuple[Tie, bool]]:
    """What it says of who is whom; an end without a successor too."""
    for tie, begins in ties_of(event):
        if tie.kind in KINDS and (tie.kind != TieKind.SUCCEEDED_BY or tie.object):
            yield tie, begins
    if isinstance(event, ActorDissolved) and not event.succeeded_by:
        yield Tie(TieKind.SUCCEEDED_BY, event.actor, ""), True


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
    return ranks.index(_trust(report, ledger)) <= ranks.index(view.min_reliability)


def _trust(report: ReportId, ledger: list[Entry]) -> Reliability:
    """The worse of origin and publisher."""
    origin, holder = _root(report, ledger).source, _report(report, ledger).source
    both = [_reliability(origin, ledger), _reliability(holder, ledger)]
    return max(both, key="ABCFDE".index)


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
