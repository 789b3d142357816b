"""The projector follows the ledger in batches, and carries the entries into the views.

A transaction writes the rows of all views and their position, so a crash repeats nothing and skips
nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.occurred import Instant
from domain.refusals import Refusal
from infra.cycle_collection import rare_cycle_collection
from infra.ledger.clock import ClockAhead
from infra.ledger.codec import Recorded, recorded_at_of
from infra.ledger.dcb import SequencedEvent
from infra.ledger.ledger import Ledger
from infra.ledger.legibility import PassedOver
from infra.views.file import Advance, Progress, Projection, Tracking, ViewFile, temporary_views

BATCH = 5_000
"""The most entries in a transaction."""


class ForeignViews(Refusal):
    """The views follow another ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"the views in {path} were built from another ledger; name another file in "
            "TENURE_VIEWS, or delete this one: it is built again from the ledger"
        )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The findings of a rebuild."""

    position: int
    differing: tuple[str, ...]
    """The views with a digest other than the rebuilt."""
    digests: dict[str, str]
    """The digest of every rebuilt view."""


class Projector:
    """Carries the entries of a ledger into the views of a file."""

    def __init__(self, ledger: Ledger, views: ViewFile, projections: Sequence[Projection]) -> None:
        self._ledger = ledger
        self.views = views
        self.projections = projections
        self._stands: tuple[int, int] | None = None
        """The generation of the file and the position as of the last transaction."""
        self._ahead: tuple[int, Instant] | None = None
        """The entry from the future in the views, if there is any, and its recorded time."""
        views.prepare(projections)

    def catch_up(self, until: int | None = None, progress: Progress | None = None) -> int:
        """Follows the ledger to the head, or to a position; returns the position reached. Raises
        ForeignViews."""
        while True:
            with self._writing() as advance:
                taken = self._take_in_batch(advance, until)
                advance.resolve()
                position = advance.tracking.position
            if not taken:
                return position
            if progress:
                progress(taken)

    def fill(self, until: int | None = None, progress: Progress | None = None) -> int:
        """Follows the ledger in a file without readers: the tables are complete only at the end.

        Many entries about a place are worked out once, at the end. Progress counts an entry when
        nothing is left to do.
        """
        with rare_cycle_collection():
            return self._fill(until, progress)

    def _fill(self, until: int | None, progress: Progress | None) -> int:
        waited = 0
        while True:
            with self._writing() as advance:
                taken = self._take_in_batch(advance, until)
                position = advance.tracking.position
            if progress:
                progress(max(0, taken - (self._waiting - waited)))
            waited = self._waiting
            if not taken:
                break
        while self._waiting:
            with self._writing() as advance:
                advance.resolve(progress, at_most=BATCH)
        with self._writing() as advance:
            advance.resolve(progress)
        return position

    @property
    def _waiting(self) -> int:
        return sum(each.waiting for each in self.projections)

    @contextmanager
    def _writing(self) -> Iterator[Advance]:
        try:
            with self.views.writing(self.projections) as advance:
                yield advance
                self._stands = self._at(advance)
        except BaseException:
            self._stands = None  # what the projections remember may be undone
            raise

    def rebuild(self, progress: Progress | None = None) -> Rebuilt:
        """Builds every view anew beside the live views, compares, and switches."""
        with temporary_views(self.views.path) as fresh:
            rebuilding = Projector(self._ledger, fresh, self.projections)
            reached = rebuilding.fill(progress=progress)
            # Both files are written through the same projections, which remember only one of them.
            self._forget()
            position, live = reached, dict[str, str]()
            if self.views.position > 0:
                self.catch_up(reached)
                with self.views.snapshot():  # a server may follow beside
                    position = self.views.position
                    live = {each.name: self.views.digest(each) for each in self.projections}
                rebuilding._forget()
                rebuilding.catch_up(position)
            digests = {each.name: fresh.digest(each) for each in self.projections}
            differing = tuple(name for name, its in live.items() if its != digests[name])
            self.views.replace_with(fresh, self.projections)
        self._forget()
        return Rebuilt(position, differing, digests)

    def _take_in_batch(self, advance: Advance, until: int | None) -> int:
        if self._at(advance) != self._stands:
            self._check(advance.tracking)
            self._forget()
            if any(self._readable_among(advance.passed_over)):
                advance.start_anew()
        start, taken = advance.tracking.position, 0
        limit = BATCH if until is None else min(BATCH, until - start)
        if limit > 0:
            for stored in self._ledger.stored(start, limit):
                try:
                    self._take_in(advance, stored)
                except ClockAhead:
                    if not taken:
                        raise
                    break  # the entries before count; the next batch begins with this one
                taken += 1
        advance.write()
        return taken

    def _take_in(self, advance: Advance, stored: SequencedEvent) -> None:
        each = self._ledger.sieve.take(stored)
        if isinstance(each, PassedOver):
            advance.pass_over(each, recorded_at_of(stored.event.data))
        else:
            advance.touch(each)

    def readable_now(self) -> list[int]:
        """The positions of passed-over entries that this version of Tenure can read. As the views
        follow the ledger, the views are then built anew."""
        return list(self._readable_among([each.position for each in self.views.passed_over]))

    def _readable_among(self, passed_over: Iterable[int]) -> Iterator[int]:
        for position in passed_over:
            if not isinstance(self._ledger.entry_at(position), PassedOver):
                yield position

    def check(self) -> None:
        """Raises ForeignViews where the views don't stand at an entry of the ledger."""
        self._check(self.views.tracking)

    def _check(self, at: Tracking) -> None:
        if at.position:
            there = self._ledger.entry_at(at.position)
            if there is None or _id_of(there) != at.event:
                raise ForeignViews(self.views.path)
            self._check_time(at)

    def _check_time(self, at: Tracking) -> None:
        """Raises ClockAhead where the views have taken in an entry from the future."""
        try:
            self._ledger.clock.check(*(self._ahead or (at.position, at.recorded_at)))
        except ClockAhead as ahead:
            self._ahead = self._ahead or self._first_as_late(at.recorded_at)
            if self._ahead and self._ahead[0] != ahead.position:
                self._ledger.clock.check(*self._ahead)
            raise

    def _first_as_late(self, recorded_at: Instant) -> tuple[int, Instant] | None:
        """The first entry with that recorded time, and the time."""
        for each in self._ledger.stored():
            if recorded_at_of(each.event.data) == recorded_at:
                return each.position, recorded_at
        return None

    def _at(self, advance: Advance) -> tuple[int, int]:
        return self.views.generation, advance.tracking.position

    def _forget(self) -> None:
        self._stands = None
        for projection in self.projections:
            projection.forget()


def _id_of(entry: Recorded | PassedOver) -> str:
    return entry.event if isinstance(entry, PassedOver) else entry.statement.id
