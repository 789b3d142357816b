"""How far does the node follow its ledger? As a server tells it that follows by itself, or one of
several processes that another follows for.
"""

import time
from contextlib import suppress
from sqlite3 import DatabaseError
from threading import Event, Thread
from typing import Protocol

from api.answers.answers import Answers
from api.http.follower import FollowerObserver, FollowerThread
from api.http.follower_board import FollowerBoard
from api.http.hindrances import SILENCE, Hindrance, hindrance_of
from api.http.view_watch import ViewWatch
from api.http.witness_threads import WitnessProgress, WitnessThreads
from api.node import Node
from domain.refusals import Refusal, Unavailable
from infra.ledger.clock import ClockAhead
from infra.ledger.outages import Outage
from infra.views.mending import build_in_place

_PAUSE = 0.5
"""Seconds between two looks at the position of the views."""
_BEHIND = "the views, or the log, have not caught up with the ledger yet"


class Following(Protocol):
    """What a server knows of the follower of its node."""

    @property
    def hindrance(self) -> Hindrance | None:
        """Why views or log are behind the ledger; None once they have caught up."""

    @property
    def witnesses(self) -> list[WitnessProgress]:
        """How far each witness has cosigned the log."""


class FollowingHere(Following):
    """The follower and the witnesses are threads of this process."""

    def __init__(
        self, follower: FollowerThread, watch: ViewWatch, witnesses: WitnessThreads
    ) -> None:
        self._follower, self._watch, self._witnesses = follower, watch, witnesses

    @classmethod
    def start(cls, node: Node, observer: FollowerObserver | None = None) -> "FollowingHere":
        """Starts the threads on the node, whose log is prepared."""
        path, parts = node.views.path, lambda views: Answers(views).projections
        follower = FollowerThread(
            node.ledger,
            node.projector,
            node.log,
            node.answers.statistics,
            lambda go_on: build_in_place(node.ledger, path, parts, go_on),
            observer,
        )
        watch = ViewWatch(path, follower.look_again)
        witnesses = WitnessThreads(node.log, node.log.keys.addressed_witnesses)
        follower.start()
        watch.start()
        witnesses.start()
        return cls(follower, watch, witnesses)

    @property
    def hindrance(self) -> Hindrance | None:
        return None if self._follower.caught_up.is_set() else _why_behind(self._follower.failure)

    @property
    def witnesses(self) -> list[WitnessProgress]:
        return self._witnesses.progress

    def tell(self, board: FollowerBoard) -> None:
        """Writes it on the board, for other processes."""
        why = self.hindrance
        code, reason = why or ("", "")
        board.write(why is None, code, reason, *self.witnesses)

    def stop(self) -> None:
        """Ends the threads; calling it again does nothing."""
        self._witnesses.stop()
        self._watch.stop()
        self._follower.stop()


class FollowingElsewhere(Following):
    """Another process of the node follows, and tells it on the board."""

    def __init__(self, board: FollowerBoard, counting: "CountingThread") -> None:
        self._board, self._counting = board, counting

    @classmethod
    def start(cls, node: Node, board: FollowerBoard) -> "FollowingElsewhere":
        counting = CountingThread(node)
        counting.start()
        return cls(board, counting)

    @property
    def hindrance(self) -> Hindrance | None:
        told = self._board.read()
        if told is None:
            return Hindrance(f"Views{Outage.BEHIND}", _BEHIND)
        if (silence := time.monotonic() - told.at) > SILENCE:
            words = f"the process that follows the ledger did not answer for {silence:.0f} seconds"
            return Hindrance(f"Views{Outage.NO_ANSWER}", words)
        return None if told.caught_up else Hindrance(told.code, told.reason)

    @property
    def witnesses(self) -> list[WitnessProgress]:
        told = self._board.read()
        return told.witnesses if told else []

    def stop(self) -> None:
        """Ends the thread; calling it again does nothing."""
        self._counting.stop()


class CountingThread(Thread):
    """Counts the views again as another process moves them on, for the prices of questions."""

    def __init__(self, node: Node) -> None:
        super().__init__(name="counting", daemon=True)
        self._statistics, self._stopping = node.answers.statistics, Event()

    def run(self) -> None:
        while not self._stopping.wait(_PAUSE):
            # Views out of use are told by /readyz; the old counts are near enough until then.
            with suppress(Unavailable, DatabaseError):
                self._statistics.refresh()

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def _why_behind(failure: Exception | None) -> Hindrance:
    words = _BEHIND
    if isinstance(failure, Unavailable):
        return hindrance_of(failure)
    if isinstance(failure, ClockAhead):
        return Hindrance(failure.code, str(failure))
    if failure is not None:
        words = f"the views, or the log, can't follow the ledger ({type(failure).__name__})"
        if isinstance(failure, Refusal) and failure.is_public:
            words = f"{words}: {failure}"
    return Hindrance(f"Views{Outage.BEHIND}", words)
