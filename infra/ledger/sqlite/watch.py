"""The watch over a ledger file for new entries, from this process or from another."""

import threading
from typing import Protocol

from infra.ledger.outages import LedgerUnavailable
from infra.ledger.sqlite.file import SqliteFile

POLL = 0.05  # seconds between two looks for what other processes wrote


class Subscriber(Protocol):
    """A subscription waiting for new events."""

    def wake(self) -> None: ...
    def stop(self) -> None: ...


class Watch:
    """Wakes subscribers at once for writes of this process, within POLL for writes of others."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._subscribers: set[Subscriber] = set()
        self._thread: threading.Thread | None = None
        self._hurry = threading.Event()

    def add(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._subscribers.add(subscriber)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()

    def remove(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._subscribers.discard(subscriber)

    def wake_all(self) -> None:
        for subscriber in self._present():
            subscriber.wake()

    def close(self) -> None:
        """Stops all subscribers and waits until nobody looks at the file any more."""
        self._stop_all()
        self._hurry.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _look(self) -> None:
        try:
            self._wake_on_change()
        except LedgerUnavailable:  # said to whoever reads the ledger next
            self._give_up()
        except BaseException:
            self._give_up()
            raise

    def _give_up(self) -> None:
        # Nobody would ever wake them again.
        with self._lock:
            self._thread = None
        self._stop_all()

    def _wake_on_change(self) -> None:
        seen = None
        with self._file.connection() as db:
            while self._is_needed():
                self._file.check_identity()
                (version,) = db.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    self.wake_all()
                    seen = version
                self._hurry.wait(POLL)

    def _is_needed(self) -> bool:
        with self._lock:
            if not self._subscribers:
                self._thread = None
            return bool(self._subscribers)

    def _present(self) -> list[Subscriber]:
        with self._lock:
            return list(self._subscribers)

    def _stop_all(self) -> None:
        for subscriber in self._present():
            subscriber.stop()
