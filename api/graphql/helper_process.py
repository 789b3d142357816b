"""A process for one task after another, with a way to stop a task.

An unwanted task is interrupted by a signal, so that the process is at hand for the next task; a
process deaf to the signal is killed, and another takes the place.
"""

import os
import resource
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pickle import PicklingError
from threading import Lock
from typing import Any

Carry = Callable[[Any], Any]
Opened = Callable[[], AbstractContextManager[Carry]]
"""The opening of the tasks' resources, in the process; picklable, like tasks and results."""

_AGAIN = 0.05
"""Seconds between two interruptions of a task: a library may swallow the first."""


class HelperEnded(Exception):
    """The process ended before the task: killed, or out of memory."""


class HelperFailed(Exception):
    """The opening of the process failed, or a task broke down."""


class Interrupted(BaseException):
    """The task is no longer wanted. No Exception: a resolver might catch one."""


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any = None
    failure: str | None = None
    is_out_of_memory: bool = False


class HelperProcess:
    """One process; methods block, and may be called from any thread, `ask` from one at a time.

    The process is started by the first task.
    """

    def __init__(self, opened: Opened, memory_bytes: int, niceness: int = 10) -> None:
        self._opened, self._memory_bytes, self._niceness = opened, memory_bytes, niceness
        self._changing = Lock()
        self._process: BaseProcess | None = None
        self._ours: Connection | None = None
        self._closed = False

    def ask(self, task: Any) -> Any:
        """The result of the task; None where it was interrupted. Raises HelperEnded and
        HelperFailed."""
        ours = self._started()
        try:
            ours.send(task)
            done: _Done = ours.recv()
        except (EOFError, OSError):
            self.kill()
            raise HelperEnded("the helper ended before it was done") from None
        if done.is_out_of_memory:
            self.kill()  # what is left of it may be in a poor state
            raise HelperEnded("the helper ran out of memory")
        if done.failure is not None:
            raise HelperFailed(done.failure)
        return done.result

    def interrupt(self) -> None:
        """Asks the running task to stop; `ask` then returns soon."""
        with self._changing:
            if self._process and self._process.pid and self._process.is_alive():
                with suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGUSR1)

    def kill(self) -> None:
        """Ends the process; the next task starts another."""
        with self._changing:
            process, ours, self._process, self._ours = self._process, self._ours, None, None
        if process:
            process.kill()
            process.join(1)
        if ours:
            ours.close()

    def close(self) -> None:
        """Ends the process for good."""
        self._closed = True
        self.kill()

    def _started(self) -> Connection:
        with self._changing:
            if self._closed:
                raise HelperEnded("the helpers are closed")
            if self._ours is None:
                # Not forked: connections, locks and threads are not to be had twice.
                processes = get_context("spawn")
                self._ours, theirs = processes.Pipe()
                given = (self._opened, theirs, self._memory_bytes, self._niceness)
                self._process = processes.Process(target=_run, args=given, daemon=True)
                self._process.start()
                theirs.close()
            return self._ours


class _Interruption:
    """Raises Interrupted in the running task at the signal, again and again until it has ended."""

    def __init__(self) -> None:
        self.is_running = False
        signal.signal(signal.SIGUSR1, self._heard)
        signal.signal(signal.SIGALRM, self._heard)

    def _heard(self, *_: object) -> None:
        if self.is_running:
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
            raise Interrupted

    def end(self) -> None:
        self.is_running = False
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(opened: Opened, theirs: Connection, memory_bytes: int, niceness: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted ends this too
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the server ends this, when it ends
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    interruption = _Interruption()
    with suppress(EOFError, BrokenPipeError):
        try:
            with opened() as carry:
                while True:
                    task = theirs.recv()
                    _tell(theirs, _carried_out(carry, task, interruption))
        except EOFError:
            raise
        except Exception as error:  # noqa: BLE001 - the first task is told why there is no helper
            theirs.recv()
            theirs.send(_Done(failure=f"{type(error).__name__}: {error}"))


def _tell(theirs: Connection, done: _Done) -> None:
    try:
        theirs.send(done)
    except (TypeError, AttributeError, PicklingError) as error:  # nothing has been sent yet
        theirs.send(_Done(failure=f"the result can't be sent: {error}"))


def _carried_out(carry: Carry, task: Any, interruption: _Interruption) -> _Done:
    try:
        interruption.is_running = True
        try:
            return _Done(carry(task))
        finally:
            interruption.end()
    except Interrupted:
        interruption.end()
        return _Done()
    except MemoryError:
        return _Done(is_out_of_memory=True)
    except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
        return _Done(failure=f"{type(error).__name__}: {error}")
