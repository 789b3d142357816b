"""The content of a file that may change while the server runs."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from domain.refusals import Refusal

T = TypeVar("T")
_SECONDS = 1.0
log = logging.getLogger(__name__)


class Reloading(Generic[T]):
    """The content of a file, read again after a change; the file is looked at once a second.

    A new content that can't be used leaves the old content in force, and is logged: a slip of an
    editor must not lock everybody out.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], T],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises the refusals of `read`."""
        self._path, self._read, self._clock = path, read, clock
        self._seen = _state(path)  # before reading, so that a change in between is seen
        self._content = read(path)
        self._looked = clock()
        self._looking = Lock()

    @property
    def content(self) -> T:
        if self._clock() - self._looked >= _SECONDS and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._content

    def reload(self) -> None:
        """Reads the file now, changed or not."""
        with self._looking:
            self._seen = _state(self._path)
            self._renew()

    def _look(self) -> None:
        self._looked = self._clock()
        state = _state(self._path)
        if state != self._seen:
            self._seen = state
            self._renew()

    def _renew(self) -> None:
        try:
            self._content = self._read(self._path)
        except Refusal as bad:
            log.error("%s; what was read from the file before stays in force", bad)
        else:
            log.warning("%s was read again, and is in force as it is now", self._path)


def _state(path: Path) -> tuple[int, ...] | None:
    """A state of the file that differs after a change of content, owner or mode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
