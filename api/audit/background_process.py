"""Long work in a process of its own, for another core."""

import sys
from collections.abc import Callable
from ctypes import c_uint64
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import getppid
from signal import SIG_IGN, SIGINT, SIGTERM, signal
from typing import Any, Generic, TypeVar

from domain.refusals import Refusal
from infra.views.file import Progress

Result = TypeVar("Result")
_TOLD_EVERY = 0.1
"""Seconds between two words on progress."""


class BackgroundFailed(Refusal):
    """The work failed in its process; the message is the error, or the exit code."""


class BackgroundProcess(Generic[Result]):
    """Work in a process of its own, begun at once.

    The work and its result have to be picklable. The process ends with this one: after a kill, at
    its next word on progress.
    """

    def __init__(self, work: Callable[[Progress], Result]) -> None:
        # Not forked: the connections and threads of an engine are not to be had twice.
        processes = get_context("spawn")
        self._done = processes.RawValue(c_uint64, 0)  # one alone writes
        self._ours, theirs = processes.Pipe(duplex=False)
        given = (work, self._done, theirs)
        self._process = processes.Process(target=_run, args=given, daemon=True)
        self._process.start()
        theirs.close()

    def result(self, progress: Progress) -> Result:
        """Waits for the result, and passes progress on. Raises BackgroundFailed."""
        told = 0
        try:
            while not self._ours.poll(_TOLD_EVERY):
                done = self._done.value
                progress(done - told)
                told = done
            result, failure = self._ours.recv()
        except EOFError:
            self._process.join()
            raise BackgroundFailed(f"its process ended with {self._process.exitcode}") from None
        if failure is not None:
            raise BackgroundFailed(failure)
        progress(self._done.value - told)
        return result  # type: ignore[no-any-return]

    def __enter__(self) -> "BackgroundProcess[Result]":
        return self

    def __exit__(self, *_: object) -> None:
        """Ends unfinished work."""
        self._process.terminate()
        self._process.join()
        self._ours.close()


def _run(work: Callable[[Progress], Any], done: Any, ours: Connection) -> None:
    signal(SIGINT, SIG_IGN)  # who is interrupted ends this too
    signal(SIGTERM, lambda *_: sys.exit(1))  # so that what it has made beside is deleted
    parent = getppid()

    def progress(more: int) -> None:
        done.value += more
        if getppid() != parent:
            sys.exit(1)

    result, failure = None, None
    try:
        result = work(progress)
    except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
        failure = str(error)
    ours.send((result, failure))
