"""Is the file of the views still the one that is followed? Looked at every second."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from infra.ledger.sqlite.identity import identity_of

_PAUSE = 1.0
"""Seconds between two looks."""


class ViewWatch(Thread):
    """Tells when the file behind a path is gone, or is another than before."""

    def __init__(self, path: Path, tell: Callable[[], None]) -> None:
        super().__init__(name="view-watch", daemon=True)
        self._path, self._tell, self._seen = path, tell, identity_of(path)
        self._stopping = Event()

    def run(self) -> None:
        while not self._stopping.wait(_PAUSE):
            there = identity_of(self._path)
            if there != self._seen:
                self._seen = there
                self._tell()

    def stop(self) -> None:
        """Ends the thread, and waits for its end."""
        self._stopping.set()
        self.join()
