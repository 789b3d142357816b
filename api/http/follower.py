"""How does a server hear at once of what others record?"""

import logging
from threading import Event, Thread

from infra.ledger.dcb import Recorder, Subscription
from infra.ledger.ledger import Ledger
from infra.log.transparency_log import TransparencyLog
from infra.views.projector import Projector

_RETRY_SECONDS = 1.0
log = logging.getLogger(__name__)


class Follower(Thread):
    """Carries each new entry into the views and the log, until it is stopped.

    A failure is tried again. The views go first: where the log no longer fits the ledger they
    still follow, and the node is not ready.
    """

    def __init__(self, ledger: Ledger, projector: Projector, log: TransparencyLog) -> None:
        super().__init__(name="follower", daemon=True)
        self._ledger = ledger
        self._projector = projector
        self._log = log
        self._stopping = Event()
        self._named: set[int] = set()
        """The positions of what can't be read, as far as it was said."""
        self._subscription: Subscription[Recorder] | None = None
        self.caught_up = Event()
        """Set once views and log are at the ledger's head, cleared while they can't follow."""

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except Exception:
                self.caught_up.clear()
                log.exception("the views can't follow the ledger, or the log can't; trying again")
                self._stopping.wait(_RETRY_SECONDS)

    def stop(self) -> None:
        """Stops following, and waits until it has."""
        self._stopping.set()
        if subscription := self._subscription:
            subscription.stop()
        self.join()

    def _follow(self) -> None:
        reached = self._catch_up()
        self.caught_up.set()
        with self._ledger.subscribe(after=reached) as self._subscription:
            if self._stopping.is_set():
                return
            for entry in self._subscription:
                if entry.position > reached:
                    reached = self._catch_up()

    def _catch_up(self) -> int:
        reached = self._projector.catch_up()
        for each in self._projector.views.passed_over:
            if each.position not in self._named:
                self._named.add(each.position)
                log.warning("%s; no answer takes it into account", each)
        self._log.catch_up(reached)
        return reached
