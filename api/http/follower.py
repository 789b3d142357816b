"""The thread of a server that follows the ledger."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter_ns
from typing import Protocol

from domain.refusals import Unavailable
from infra.ledger.clock import ClockAhead
from infra.ledger.dcb import Recorder, Subscription
from infra.ledger.ledger import Ledger
from infra.ledger.outages import OpenTransaction
from infra.log.transparency_log import TransparencyLog
from infra.views.file import NotAViewFile, Progress
from infra.views.outages import ViewsUnavailable
from infra.views.projector import Projector
from projections.statistics import Statistics

_RETRY_SECONDS = 1.0


Build = Callable[[Progress], int]
"""Builds missing views anew, and puts their file in its place; the position reached."""


class FollowerObserver(Protocol):
    """Who is told what a follower does."""

    def add_batch(self, entries: int, began_ns: int) -> None:
        """A batch was taken in, begun at that time of `perf_counter_ns`."""

    def add_failure(self) -> None:
        """An attempt to follow failed."""


log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The thread is to end before the views are at the head."""


class FollowerThread(Thread):
    """Carries each new entry into the views and the log, until `stop`.

    A failure is tried again, and views whose file is gone are built again. The views go first: with
    a log that no longer fits the ledger the views still follow, and the node is not ready.
    """

    def __init__(
        self,
        ledger: Ledger,
        projector: Projector,
        log: TransparencyLog,
        statistics: Statistics,
        build: Build,
        observer: FollowerObserver | None = None,
    ) -> None:
        super().__init__(name="follower", daemon=True)
        self._build = build
        self._ledger = ledger
        self._projector = projector
        self._log = log
        self._statistics = statistics
        self._observer, self._batch_began = observer, 0
        self._stopping, self._is_to_look = Event(), Event()
        self._named: set[int] = set()
        """The positions of unreadable entries already logged."""
        self._subscription: Subscription[Recorder] | None = None
        self.failure: Exception | None = None
        """Why the last attempt to follow failed."""
        self.caught_up = Event()
        """Set with views and log at the head of the ledger, cleared after a failure."""

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except _Stopped:
                return
            except (ClockAhead, OpenTransaction, Unavailable, NotAViewFile) as expected:
                self._hold_on(expected)
            except Exception as failure:
                self.caught_up.clear()
                self.failure = failure
                if self._observer:
                    self._observer.add_failure()
                log.exception("the views can't follow the ledger, or the log can't; trying again")
                self._stopping.wait(_RETRY_SECONDS)

    def stop(self) -> None:
        """Stops the thread, and waits for its end."""
        self._stopping.set()
        self.look_again()
        self.join()

    def look_again(self) -> None:
        """Has the thread follow from where the views are now, without waiting for an entry."""
        self._is_to_look.set()
        if subscription := self._subscription:
            subscription.stop()

    def _hold_on(self, expected: Exception) -> None:
        """Says once what hinders the thread, and waits."""
        self.caught_up.clear()
        if self._observer:
            self._observer.add_failure()
        if _kind_of(self.failure) != _kind_of(expected):
            log.error("%s; trying again", expected)
        self.failure = expected
        self._stopping.wait(_RETRY_SECONDS)

    def _build_again(self, gone: ViewsUnavailable) -> None:
        self.caught_up.clear()
        if self.failure is None:  # else it was said, and building failed
            self.failure = gone
            words = "%s: the file of the views was deleted or moved; they are built again"
            log.error(words, gone.place)
        reached = self._build(self._go_on)
        log.warning("%s: the views were built again, up to position %d", gone.place, reached)

    def _follow(self) -> None:
        self._is_to_look.clear()
        if gone := self._projector.views.missing():
            self._build_again(gone)
        reached = self._catch_up()
        self.failure = None
        self.caught_up.set()
        with self._ledger.subscribe(after=reached) as self._subscription:
            if self._stopping.is_set() or self._is_to_look.is_set():
                return
            for entry in self._subscription:
                if entry.position > reached:
                    reached = self._catch_up()

    def _go_on(self, taken: int) -> None:
        """Stops between two batches, however far the ledger is ahead."""
        if self._observer:
            self._observer.add_batch(taken, self._batch_began)
            self._batch_began = perf_counter_ns()
        if self._stopping.is_set():
            raise _Stopped

    def _catch_up(self) -> int:
        self._batch_began = perf_counter_ns()
        reached = self._projector.catch_up(progress=self._go_on)
        self._statistics.refresh()
        for each in self._projector.views.passed_over:
            if each.position not in self._named:
                self._named.add(each.position)
                log.warning("%s; no answer takes it into account", each)
        self._log.catch_up(reached)
        return reached


def _kind_of(failure: Exception | None) -> tuple[type, object]:
    return type(failure), getattr(failure, "outage", None)
