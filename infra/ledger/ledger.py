"""The ledger: all recorded facts, and the way to record more.

The ledger is the only shared state. Writing takes four steps: read the things named by the
statements, decide, append on condition that nobody wrote about them meanwhile, and decide again if
somebody did.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from domain.events import EVENT_TYPES
from domain.occurred import Instant, instant_of
from domain.references import REGISTERED_BY, amended_by, subject_of
from domain.refusals import (
    AlreadyRecorded,
    DomainError,
    Refusal,
    RestsOnUnreadable,
    UnfitAuthor,
    UnknownReference,
)
from domain.registry import Registry, Statement, decide
from domain.texts import fault_of
from domain.values import EventId
from infra.ledger.aggregates import AggregateReader
from infra.ledger.boundary import Boundary, BoundaryReader
from infra.ledger.clock import TOLERANCE, LedgerClock
from infra.ledger.codec import Recorded, decode, read_back, recorded_at_of
from infra.ledger.dcb import (
    AppendConflict,
    KeepsCheckpoint,
    Recorder,
    SequencedEvent,
    StoredEvent,
    restore,
)
from infra.ledger.engines import open_recorder
from infra.ledger.reader import AMENDMENTS
from infra.ledger.sqlite.file import PATIENCE
from infra.ledger.supposing import SupposingRecorder
from infra.spelling import nearest


class Receipt(NamedTuple):
    """The outcome of recording a statement."""

    id: EventId
    position: int
    duplicate: bool
    """Whether the statement was recorded before, at this position."""


class StatementRefused(Refusal):
    """One of several statements met a refusal, and so none was recorded."""

    is_public = True

    def __init__(self, index: int, refusal: DomainError) -> None:
        super().__init__(str(refusal))
        self.index, self.refusal, self.field = index, refusal, refusal.field

    @property
    def code(self) -> str:
        return self.refusal.code


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_ledger(
    url: str,
    now: Callable[[], datetime] = utc_now,
    tolerance: timedelta = TOLERANCE,
    patience: float = PATIENCE,
    replica: str | None = None,
) -> Iterator["Ledger"]:
    """The ledger behind a URL.

    `tolerance` is the tolerated difference between clocks, `patience` the seconds to wait for the
    locks of other processes; `replica` as of `open_recorder`, whose refusals are raised.
    """
    with open_recorder(url, patience, replica) as recorder:
        yield Ledger(recorder, now, tolerance)


class Ledger(AggregateReader):
    """Facts, in the order of recording."""

    def __init__(
        self,
        recorder: Recorder,
        now: Callable[[], datetime] = utc_now,
        tolerance: timedelta | None = None,
    ) -> None:
        super().__init__(recorder, LedgerClock(now, tolerance))
        self._now = now
        self._appended = 0
        """The last position appended here: behind it, the time of this writer."""
        self._boundaries = BoundaryReader(recorder, self.sieve)

    def record(
        self, statements: Sequence[Statement], *, by: str, is_restored: bool = False
    ) -> list[Receipt]:
        """Records all statements in a single append, or none; `by` is the authenticated author.
        `is_restored` means that another ledger recorded the statements before.

        A statement recorded before is answered as a duplicate. Raises StatementRefused, UnfitAuthor
        and ClockBehind.
        """
        if fault := fault_of(by):
            raise UnfitAuthor(by, fault)
        while True:
            boundary = self._boundaries.read(statements)
            now = self._now()
            fresh = self._decide(statements, boundary, by, now, is_restored)
            if not fresh:
                return _receipts(statements, {}, boundary)
            self._check_clock(instant_of(now), boundary.head)
            try:
                last = self._recorder.append([*fresh.values()], boundary.condition(statements))
            except AppendConflict:
                continue
            self._appended = last
            self.clock.wrote(last, instant_of(now))
            at = dict(zip(fresh, range(last - len(fresh) + 1, last + 1), strict=True))
            return _receipts(statements, at, boundary)

    def refusals(self, statements: Sequence[Statement], *, by: str) -> dict[int, DomainError]:
        """The refusals of these statements in one pass, by number, and nothing is recorded. What
        names a refused registration is not judged."""
        boundary, now = self._boundaries.read(statements), self._now()
        found: dict[int, DomainError] = {}
        missing: set[str] = set()
        for index, statement in enumerate(statements):
            if missing and not missing.isdisjoint(each.tag for each in statement.references):
                missing |= {statement.subject.tag} if statement.subject else set()
                continue
            try:
                for each, data in self._accepted(statement, boundary, by, now, is_restored=False):
                    boundary.enter(each, data)
            except DomainError as refusal:
                found[index] = self._with_hint(refusal, boundary.registry)
                missing |= {statement.subject.tag} if statement.subject else set()
        return found

    def supposing(self, until: int) -> "Ledger":
        """A ledger with the entries of this one up to a position. It decides as this one does, and
        what is recorded there is kept in memory alone."""
        tolerance = self.clock.tolerance
        return Ledger(
            SupposingRecorder(self._recorder, until),
            self._now,
            None if tolerance is None else timedelta(microseconds=tolerance),
        )

    def restore(self, stored: Sequence[tuple[int, bytes]], *, after: int) -> None:
        """Copies the stored entries of another ledger to their old positions.

        Each entry is read, decided as of its recorded time, and tagged anew by its content. Nothing
        may be recorded behind `after`. Raises StatementRefused, AppendConflict, LeavesNoGaps,
        UnreadableEntry and ClockAhead.
        """
        entries = [decode(position, data) for position, data in stored]
        statements = [each.statement for each in entries]
        boundary = self._boundaries.read(statements)
        events: list[SequencedEvent] = []
        for index, (each, (_, data)) in enumerate(zip(entries, stored, strict=True)):
            self.clock.check(each.position, each.recorded_at)
            self._decide_again(boundary.registry, each, index)
            events.append(SequencedEvent(boundary.enter(each.statement, data), each.position))
        restore(self._recorder, events, after=after)

    def keep_checkpoint(self, origin: str, note: str) -> None:
        """Replaces the last signed checkpoint of a log, where the engine can hold one."""
        if isinstance(self._recorder, KeepsCheckpoint):
            self._recorder.keep_checkpoint(origin, note)

    @property
    def now(self) -> Instant:
        """The time on the clock of the ledger."""
        return instant_of(self._now())

    def unknown(
        self, kind: str, slug: str, field: str | None = None, learnt: Iterable[str] = ()
    ) -> UnknownReference:
        """The refusal of an unregistered id, naming the nearest recorded or learnt ids."""
        # A reading for each type: the recorder of PostgreSQL takes no two types without a tag.
        naming = [REGISTERED_BY[kind], *(EVENT_TYPES[name] for name in AMENDMENTS)]
        names = {each: {each} for each in learnt}
        for event in (each.event for event_type in naming for each in self.of_type(event_type)):
            named = subject_of(event) or amended_by(event)
            if named and named.kind == kind:
                name = getattr(event, "name", None)
                names.setdefault(named.slug, {named.slug}).update([name] if name else [])
        return UnknownReference(kind, slug, field or kind, nearest(slug, names))

    def _decide(
        self,
        statements: Sequence[Statement],
        boundary: Boundary,
        by: str,
        now: datetime,
        is_restored: bool,
    ) -> dict[EventId, StoredEvent]:
        fresh: dict[EventId, StoredEvent] = {}
        for index, statement in enumerate(statements):
            try:
                accepted = self._accepted(statement, boundary, by, now, is_restored)
            except DomainError as refusal:
                raise StatementRefused(index, self._with_hint(refusal, boundary.registry)) from None
            for each, data in accepted:
                fresh[each.id] = boundary.enter(each, data)
        return fresh

    def _accepted(
        self,
        statement: Statement,
        boundary: Boundary,
        by: str,
        now: datetime,
        is_restored: bool,
    ) -> list[tuple[Statement, bytes]]:
        """The statements to append, with their bytes; none for a duplicate. Raises DomainError."""
        if (position := self.sieve.position_of(statement)) is not None:
            boundary.positions[statement.id] = position  # it is recorded, if unreadable now
            return []
        if statement.id not in boundary.registry.events:
            self._refuse_unreadable(statement)
        accepted = decide(boundary.registry, statement, instant_of(now), is_restored=is_restored)
        return [(each, read_back(each, recorded_at=now, recorded_by=by)) for each in accepted]

    def _check_clock(self, now: Instant, head: int | None) -> None:
        """Raises ClockBehind. The last entry is read where somebody else recorded it."""
        recorded_at = None
        if head and head != self._appended:
            last = next(self.stored(head - 1, 1), None)
            recorded_at = recorded_at_of(last.event.data) if last else None
        self.clock.check_writer(now, head or 0, recorded_at)

    def _refuse_unreadable(self, statement: Statement) -> None:
        if found := self.sieve.rests_on(statement):
            reference, position = found
            raise RestsOnUnreadable(reference.kind, reference.slug, reference.field, position)

    def _decide_again(self, known: Registry, each: Recorded, index: int) -> None:
        try:
            accepted = decide(known, each.statement, each.recorded_at, is_restored=True)
        except DomainError as refusal:
            raise StatementRefused(index, refusal) from None
        if not accepted:
            raise StatementRefused(index, AlreadyRecorded(each.statement.id))

    def _with_hint(self, refusal: DomainError, known: Registry) -> DomainError:
        if not isinstance(refusal, UnknownReference) or refusal.kind not in REGISTERED_BY:
            return refusal
        learnt = known.known[refusal.kind]
        return self.unknown(refusal.kind, refusal.slug, refusal.field, learnt)


def _receipts(
    statements: Sequence[Statement], fresh: dict[EventId, int], boundary: Boundary
) -> list[Receipt]:
    """A receipt for each statement; of two equal statements the second is a duplicate."""
    unclaimed = dict(fresh)
    return [
        Receipt(
            each.id,
            fresh.get(each.id) or boundary.positions[each.id],
            unclaimed.pop(each.id, None) is None,
        )
        for each in statements
    ]
