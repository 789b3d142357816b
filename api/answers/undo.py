"""Which events would be taken back, or reinstated, together, and which answers would change?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TypeVar

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.references import registered
from domain.events import EventReinstated, EventRetracted, RecordKeeping, SituationEvent
from domain.occurred import Instant
from domain.refusals import UnknownReference
from domain.values import EventId, LocationId, ReportId, SourceId
from infra.intake.revocations import DESK
from projections.control.supposition import Supposed, said_otherwise
from projections.entries import EntryRow, EventFilter
from projections.places import PlaceFilter

T = TypeVar("T")

_READ_TOGETHER = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """The statements to take back, or to reinstate: those that fulfil every condition given."""

    source: SourceId | None = None
    """Only statements of this source, as publisher or as origin of a copy."""
    report: ReportId | None = None
    events: tuple[EventId, ...] = ()
    published_from: Instant | None = None
    """Only statements of reports that may have been published at this instant or later."""
    recorded_from: Instant | None = None
    recorded_to: Instant | None = None
    """The first instant after (recorded time)."""
    retracted_by: ReportId | None = None
    """Only statements last taken back by this report."""
    reinstates: bool = False

    @property
    def names_nothing(self) -> bool:
        """Whether no condition says whose statements are meant."""
        return not (self.source or self.report or self.events or self.retracted_by)


@dataclass
class UndoSelection:
    """The statements of an undoing, as known at a position."""

    answers: Answers
    undoing: Undoing
    basis: Basis
    statements: list[Supposed] = field(default_factory=list)
    """The statements to revoke or reinstate, in the order of recording."""
    already: int = 0
    """The statements that are taken back already, or stand already."""
    otherwise: list[EventId] = field(default_factory=list)
    """Of a reinstatement, the statements taken back by others, or corrected: these stay so."""
    revoked: list[EventId] = field(default_factory=list)
    """The statements of others that the selected reports took back: these stay so too."""

    @classmethod
    def of(cls, answers: Answers, undoing: Undoing, basis: Basis) -> "UndoSelection":
        """Raises UnknownReference."""
        if undoing.source:
            registered(answers, "source", undoing.source, "source")
        for report, name in ((undoing.report, "report"), (undoing.retracted_by, "retracted_by")):
            if report:
                registered(answers, "report", report, name)
        found = cls(answers, undoing, basis)
        found._select()
        return found

    @property
    def types(self) -> Counter[str]:
        """The number of selected statements of each type."""
        return Counter(each.type for each in self.statements)

    @cached_property
    def reports_citing(self) -> set[str]:
        """The reports by which the selected statements were ever revoked, or reinstated."""
        kind = EventReinstated if self.undoing.reinstates else EventRetracted
        return {
            kept.event.report
            for some in batched(self.statements, _READ_TOGETHER)
            for kept in self._revocations(each.event for each in some)
            if isinstance(kept.event, kind)
        }

    def _select(self) -> None:
        reports = self._reports()
        for some in batched(self._recorded(reports), _READ_TOGETHER):
            told = [entry for entry in some if isinstance(entry.event, SituationEvent)]
            if self.undoing.reinstates:
                self._add_retracted(told)
            else:
                live = [entry for entry in told if not entry.retracted]
                self.statements += map(Supposed.of, live)
                self.already += len(told) - len(live)
        if reports is not None and not self.undoing.reinstates:
            self.revoked = list(self._revoked_by(reports))

    def _reports(self) -> frozenset[str] | None:
        """The reports whose statements are meant; None for any."""
        undoing, known = self.undoing, self.basis.position
        found: frozenset[str] | None = None
        if undoing.source or undoing.published_from is not None:
            found = frozenset(
                self.answers.sources.said_by(
                    undoing.source, known=known, since=undoing.published_from
                )
            )
        if undoing.report:
            named = frozenset([undoing.report])
            found = named if found is None else found & named
        return found

    def _recorded(self, reports: frozenset[str] | None) -> Iterator[EntryRow]:
        """The entries that fulfil all conditions on what was recorded."""
        undoing, known = self.undoing, self.basis.position
        since, until = undoing.recorded_from, undoing.recorded_to
        chosen: Iterable[EntryRow]
        if undoing.events:
            found = self.answers.entries.many(undoing.events, known=known)
            for event in undoing.events:
                if event not in found:
                    raise UnknownReference("event", event, "event")
            chosen = sorted(found.values(), key=_position)
        elif undoing.retracted_by:
            chosen = self._targets_of(undoing.retracted_by)
        else:
            chosen = self._all(
                EventFilter(among=_tags(reports), recorded_from=since, recorded_to=until)
            )
        for entry in chosen:
            is_meant = reports is None or getattr(entry.event, "report", None) in reports
            is_late = since is None or entry.recorded_at >= since
            is_early = until is None or entry.recorded_at < until
            if is_meant and is_late and is_early:
                yield entry

    def _targets_of(self, report: ReportId) -> Iterator[EntryRow]:
        """The entries taken back by a report."""
        wanted = EventFilter(types=(EventRetracted.__name__,), tags=(f"report:{report}",))
        known = self.basis.position
        for some in batched(self._all(wanted), _READ_TOGETHER):
            targets = [
                each.event.event
                for each in some
                if isinstance(each.event, EventRetracted) and each.event.report == report
            ]
            found = self.answers.entries.many(targets, known=known)
            yield from sorted(found.values(), key=_position)

    def _all(self, wanted: EventFilter) -> Iterator[EntryRow]:
        after, more = 0, True
        while more:
            page = self.answers.entries.page(
                wanted, known=self.basis.position, size=_READ_TOGETHER, after=after
            )
            yield from page.entries
            more = page.more_after
            after = page.entries[-1].position if page.entries else 0

    # ---- what was taken back before ----------------------------------------------------------

    def _add_retracted(self, told: Sequence[EntryRow]) -> None:
        retracted = [entry for entry in told if entry.retracted]
        self.already += len(told) - len(retracted)
        last = {
            kept.event.event: kept.event
            for kept in self._revocations(entry.id for entry in retracted)
            if isinstance(kept.event, RecordKeeping)
        }
        for entry in retracted:
            if self._is_meant(last[entry.id]):
                self.statements.append(Supposed.of(entry))
            else:
                self.otherwise.append(entry.id)

    def _is_meant(self, last: RecordKeeping) -> bool:
        """Whether a retraction is one that the reinstatement means: never that of a correction;
        without a report or an event named, only one on the word of a desk."""
        if not isinstance(last, EventRetracted) or last.replaced_by:
            return False
        if self.undoing.retracted_by:
            return last.report == self.undoing.retracted_by
        by = self.answers.sources.report(last.report, known=self.basis.position)
        return bool(self.undoing.events) or (by is not None and by.source.startswith(DESK))

    def _revocations(self, events: Iterable[EventId]) -> list[EntryRow]:
        """The revocations and reinstatements of events, in the order of recording."""
        return self.answers.entries.revocations(events, known=self.basis.position)

    def _revoked_by(self, reports: frozenset[str]) -> Iterator[EventId]:
        """The statements of other reports that stand taken back by one of the reports."""
        known = self.basis.position
        wanted = EventFilter(types=(EventRetracted.__name__,), among=_tags(reports))
        for some in batched(self._all(wanted), _READ_TOGETHER):
            by = {
                each.event.event: each.event
                for each in some
                if isinstance(each.event, EventRetracted) and each.event.report in reports
            }
            for target in self.answers.entries.many(by, known=known).values():
                is_own = getattr(target.event, "report", None) in reports
                if target.retracted and not is_own and not by[target.id].replaced_by:
                    yield target.id


@dataclass(frozen=True, slots=True)
class SupposedChange:
    """A place with another answer, and the answer that it would have."""

    before: Answer
    after: Answer


class Consequences:
    """The answers that an undoing would change, by everybody's word."""

    def __init__(self, selection: UndoSelection) -> None:
        self._answers, self._basis = selection.answers, selection.basis
        self._supposed = self._answers.supposing(
            selection.statements, reinstates=selection.undoing.reinstates
        )
        self.after: Answers = copy(self._answers)
        self.after.control_view = self._supposed

    @cached_property
    def changes(self) -> list[SupposedChange]:
        """The places with another answer at the instant of the basis, in the order of ids: touched
        places, and places inside of these."""
        pairs = (
            SupposedChange(
                *(each.control(place, self._basis) for each in (self._answers, self.after))
            )
            for place in self._reached()
        )
        return [each for each in pairs if not each.before.says_the_same_as(each.after)]

    @cached_property
    def at_any_time(self) -> list[LocationId]:
        """The touched places with another answer at some instant, in the order of ids."""
        known = self._basis.position
        return [
            place
            for place in sorted(self._supposed.touched)
            if said_otherwise(
                self._answers.control_view.timeline(place, known=known),
                self._supposed.timeline(place, known=known),
            )
        ]

    def _reached(self) -> list[LocationId]:
        touched, known = self._supposed.touched, self._basis.position
        inside = (
            self._answers.places.page(PlaceFilter(within=place), known=known, size=None)[0]
            for place in touched
        )
        return sorted(touched.union(place.location for some in inside for place in some))


def _tags(reports: Iterable[str] | None) -> tuple[str, ...]:
    """The tags of which an entry has one; a tag without entries, where no report is meant."""
    return tuple(f"report:{each}" for each in reports or ()) or ("report:",)


def _position(entry: EntryRow) -> int:
    return entry.position


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
