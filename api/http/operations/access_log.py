"""The access log: a line of JSON for each request, in a file or on stderr.

Lines wait in memory, within a number, and a thread of their own writes them a few times a second: a
slow or full disk delays no answer. A line that finds no room is left out and counted. The thread
looks before each writing whether another file has come to lie at the path, so that logs can be
turned over by renaming the file.
"""

import json
import logging
import os
from collections import deque
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from domain.refusals import Refusal

log = logging.getLogger(__name__)
STDERR = "-"
"""Stands for stderr in place of a path."""
_MOST = 10_000
"""The most lines that wait."""
_PAUSE = 0.2
"""Seconds between two writings."""
_AT_ONCE = 1_000
"""The most lines in one writing."""
_LAST = 1.0
"""Seconds for the last lines when the server stops."""
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
_MODE = 0o640


class NoAccessLog(Refusal):
    """The access log can't be written to; the message gives the reason."""

    def __init__(self, path: str, error: OSError) -> None:
        super().__init__(
            f"the access log can't be written to {path}: {(error.strerror or str(error)).lower()}"
        )


class EndedRequest(NamedTuple):
    """The fields of a line; those without a value are left out of it."""

    time: datetime
    client: str | None
    """The address of the connection."""
    subject: str
    """The subject of the token, or the author of the settings; nobody for a refused request."""
    method: str
    path: str
    """Without the query, which may hold a whole document."""
    status: int
    size: int
    """Bytes of the body of the answer."""
    milliseconds: float
    """Milliseconds from the first byte of the request to the last of the answer."""
    kind: str
    operation: str
    document: str
    """The id of a kept document, or the beginning of the SHA-256 of the text."""
    cost: float | None
    position: int | None
    closed: bool
    kept: bool
    refused: str
    trace: str | None

    @property
    def line(self) -> bytes:
        told: dict[str, object] = {
            _SHOWN.get(name, name): value
            for name, value in zip(self._fields, self, strict=True)
            if value is not None and value is not False and value != ""
        }
        told["time"] = self.time.isoformat(timespec="milliseconds")
        told["ms"] = round(self.milliseconds, 3)
        if self.cost is not None:
            told["cost"] = round(self.cost, 3)
        # json escapes everything beyond ASCII, and of ASCII all controls but this one.
        text = json.dumps(told, separators=(",", ":")).replace("\x7f", "\\u007f")
        return text.encode() + b"\n"


_SHOWN = {"size": "bytes", "milliseconds": "ms"}
"""The fields by other names in the line."""


class AccessLog:
    """The lines of one server, in the file of that path, or on stderr. Raises NoAccessLog."""

    def __init__(self, path: str, *, most: int = _MOST, pause: float = _PAUSE) -> None:
        self._path, self._most, self._pause = path, most, pause
        self._waiting: deque[EndedRequest] = deque()
        self._batch, self._done = b"", 0
        """Lines being written, and how many of their bytes are."""
        self._file: int | None = None
        self._ending = Event()
        self._thread: Thread | None = None
        self._is_failing = False
        self.lost = 0
        """How many lines found no room."""
        try:
            self._open()
        except OSError as error:
            raise NoAccessLog(path, error) from None

    @property
    def waiting(self) -> int:
        """How many lines are not written yet, besides those being written."""
        return len(self._waiting)

    def start(self) -> None:
        self._ending.clear()
        self._thread = Thread(target=self._run, name="access log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes the lines that wait, as far as a moment allows, and closes the file."""
        self._ending.set()
        if self._thread:
            self._thread.join(_LAST)
            if self._thread.is_alive():  # it hangs in a writing, with the file
                return
        self._let_go()

    def add(self, line: EndedRequest) -> None:
        """Has the line written soon."""
        if len(self._waiting) >= self._most:
            self.lost += 1
        else:
            self._waiting.append(line)

    def _run(self) -> None:
        while not self._ending.wait(self._pause):
            self._write_waiting()
        self._write_waiting()

    def _write_waiting(self) -> None:
        while self._batch or self._waiting:
            if not self._batch:
                number = min(len(self._waiting), _AT_ONCE)
                lines = [self._waiting.popleft() for _ in range(number)]
                self._batch, self._done = b"".join(each.line for each in lines), 0
            try:
                file = self._file_at_the_path()
                self._done += os.write(file, self._batch[self._done :])
            except OSError as error:
                self._fail(error)
                return
            if self._done < len(self._batch):
                return  # the disk is full, or a reader slow: the rest follows
            self._batch = b""
        self._recover()

    def _fail(self, error: OSError) -> None:
        self._let_go()
        if not self._is_failing and not isinstance(error, BlockingIOError):
            self._is_failing = True
            why = (error.strerror or str(error)).lower()
            log.error("the access log %s can't be written: %s; trying again", self._path, why)

    def _recover(self) -> None:
        if self._is_failing:
            self._is_failing = False
            log.warning("the access log is written again; %d lines found no room so far", self.lost)

    def _open(self) -> int:
        self._file = os.dup(2) if self._path == STDERR else os.open(self._path, _FLAGS, _MODE)
        return self._file

    def _file_at_the_path(self) -> int:
        if self._file is not None and not self._is_at_the_path(self._file):
            self._let_go()
            # Another file begins with a whole line.
            self._done = self._batch.rfind(b"\n", 0, self._done) + 1
        return self._open() if self._file is None else self._file

    def _is_at_the_path(self, file: int) -> bool:
        if self._path == STDERR:
            return True
        with suppress(FileNotFoundError):
            return os.path.samestat(Path(self._path).stat(), os.fstat(file))
        return False

    def _let_go(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None
