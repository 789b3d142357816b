"""May a follower pass a gap in the positions of a ledger in PostgreSQL?

Positions come from a sequence, so a later one can be committed before an earlier one, and the
earlier one may be rolled back and stay a gap for ever. Every transaction that inserts holds a lock
on the table of events from before it takes a position until its end, prepared transactions too. So
once an entry behind a gap was seen, only the transactions that held such a lock then can fill it.
When all these have ended, what can be read then is all there is.

Our own appends take turns under a lock that excludes all other writers: nothing before is open.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

from infra.ledger.dcb import SequencedEvent

PREPARED = "-1/"
"""How the names of prepared transactions begin: preparing gives a transaction a new name."""


class OpenWriters(Protocol):
    """What is known of the transactions that may insert events."""

    def open_now(self) -> frozenset[str]:
        """The names of all open transactions that may insert, as the server tells them."""

    def settle(self) -> None:
        """Returns once all that had been committed can be read here. Raises LedgerUnavailable."""


class Gaps:
    """Up to which position is everything decided?"""

    def __init__(self, writers: OpenWriters) -> None:
        self._writers = writers
        self._lock = Lock()
        self.decided = 0
        """Every transaction with a position up to here has ended; a reading that begins now misses
        none of them."""
        self._seen = 0
        """A position committed before `_watched` were asked for."""
        self._watched: frozenset[str] = frozenset()
        """The open transactions that may have positions before `_seen`."""

    def none_before(self, position: int) -> None:
        """No transaction with an earlier position is open: this one is of our own append, and can
        be read here."""
        with self._lock:
            self.decided = max(self.decided, position)

    def decide(self, seen: int) -> bool:
        """Whether the gaps before a committed position have been decided; to be read again then.

        A transaction that goes on is asked for again at the next call.
        """
        with self._lock:
            if seen <= self.decided:
                return True
            now = self._writers.open_now()
            if self._seen <= self.decided:
                self._seen, self._watched = seen, now
            else:
                prepared = {each for each in now if each.startswith(PREPARED)}
                self._watched = frozenset((self._watched & now) | prepared)
            if self._watched:
                return False
            self._writers.settle()
            self.decided = max(self.decided, self._seen)
            return True


def whole(
    read: Callable[[], Sequence[SequencedEvent]],
    after: int,
    gaps: Gaps,
    wait: Callable[[], bool],
) -> tuple[Sequence[SequencedEvent], int | None]:
    """The events up to the first undecided gap, and the first position of an undecided gap where it
    is the first thing read. `wait` pauses, and tells whether the patience is over."""
    while True:
        decided = gaps.decided  # before the reading: what is decided later, it may have missed
        events = read()
        first = _first_open(events, after, decided)
        if first is None:
            return events, None
        if not gaps.decide(events[-1].position):
            if first:
                return events[:first], None
            if wait():
                return [], after + 1


def _first_open(events: Sequence[SequencedEvent], after: int, decided: int) -> int | None:
    """The number of the first of successive events, read after a position, with an undecided gap
    before it."""
    before = after
    for number, each in enumerate(events):
        if each.position != before + 1 and each.position - 1 > decided:
            return number
        before = each.position
    return None
