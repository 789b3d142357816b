"""Processes that are kept running, and started again where one ends.

A process that ends by itself before it was ever ready ends all, as does one that is killed again
and again by then: nobody could use it. One that ends later is started again,
at once the first time, and later and later while it keeps ending.
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from threading import Thread
from types import FrameType
from typing import Any

from api.commands.listening import CannotServe
from api.commands.print.terminal import say

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
"""Seconds before the second attempt to start a process, and at most."""
_CALM = 60.0
"""Seconds of running after which an end counts as the first."""
_KILLED_AT_MOST = 3
"""How often a process may be killed before it was ready for the first time."""
_LOOK = 0.25
"""Seconds between two looks for signals."""
Task = Callable[[Callable[[], None]], None]
"""The work of a process until SIGTERM, picklable; it is given what to call once it is ready."""

Handler = Callable[[int, FrameType | None], None]


class NeverReady(CannotServe):
    """A process ended before it could work."""

    def __init__(self, name: str, code: int | None) -> None:
        super().__init__(f"{name} ended before it was ready (exit code {code}); see above")


class KeptProcess:
    """One process after another for the same task."""

    def __init__(self, name: str, task: Task) -> None:
        self.name = name
        self._task = task
        self._ready: Any = get_context("spawn").RawValue("b", 0)
        self._was_ever_ready, self._starts = False, 0
        self._process: BaseProcess | None = None
        self.once_ended: Callable[[int], None] = lambda pid: None
        self._since, self._wait, self._due = 0.0, 0.0, 0.0

    def start(self) -> None:
        self._since, self._ready.value = time.monotonic(), 0
        given = (self._task, self._ready)
        self._process = get_context("spawn").Process(target=_run, name=self.name, args=given)
        self._process.start()

    @property
    def is_ready(self) -> bool:
        return bool(self._ready.value)

    @property
    def sentinel(self) -> int | None:
        """What `wait` waits for while the process runs."""
        return self._process.sentinel if self._process else None

    def look(self) -> None:
        """Starts the process again, when it has ended and its time has come. Raises NeverReady."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due:
                self.start()
        elif (code := self._process.exitcode) is not None:
            self._close(self._process)
            self._was_ever_ready |= self.is_ready
            self._starts += 1
            if not self._was_ever_ready and (code >= 0 or self._starts == _KILLED_AT_MOST):
                raise NeverReady(self.name, code)
            self._put_off(now, code)

    def _put_off(self, now: float, code: int) -> None:
        if now - self._since > _CALM:
            self._wait = 0.0
        self._due = now + self._wait
        when = f"in {self._wait:g} s" if self._wait else "at once"
        say(f"{self.name} ended ({_how(code)}), and is started again {when}", err=True)
        self._wait = min(_LONGEST_WAIT, 2 * self._wait or _FIRST_WAIT)

    def send(self, number: signal.Signals) -> None:
        """One that is not ready yet has nothing to put in order, and is ended without a word."""
        number = number if self.is_ready else signal.SIGTERM
        if self._process and self._process.pid and self._process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def end(self, deadline: float) -> bool:
        """Waits for the process to end, and kills it at the deadline; whether it ended in order."""
        if self._process is None:
            return True
        self._process.join(max(0.0, deadline - time.monotonic()))
        if is_late := self._process.is_alive():
            say(f"{self.name} had not ended in time; killed", err=True)
            self._process.kill()
            self._process.join()
        # One that was not ready yet is ended by the signal itself, and had nothing to put in order.
        is_in_order = not is_late and (not self.is_ready or (self._process.exitcode or 0) <= 0)
        self._close(self._process)
        return is_in_order

    def _close(self, process: BaseProcess) -> None:
        self.once_ended(process.pid or 0)
        process.close()
        self._process = None


class Supervisor:
    """Keeps processes running until SIGTERM, SIGINT or, unless it is passed on, SIGHUP."""

    def __init__(
        self,
        base: KeptProcess,
        others: Sequence[KeptProcess],
        *,
        passes_hangup: bool,
        patience: float,
        once_ended: Callable[[int], None] = lambda pid: None,
        once_ready: Callable[[], None] = lambda: None,
    ) -> None:
        """The `base` ends after the others, which need it. `patience`: the seconds that processes
        have to end in. `once_ended` is told the number of each process that has ended;
        `once_ready` is called when all are ready for the first time."""
        self._base, self._others = base, others
        self._processes = (base, *others)
        self._patience, self._once_ready = patience, once_ready
        self._was_ready = False
        self._stopped_by: signal.Signals | None = None
        self.ended_in_order = True
        """Whether, of the processes told to end, none was cut off or ended itself at once."""
        for each in self._processes:
            each.once_ended = once_ended
        self._signals: dict[signal.Signals, Handler] = {
            signal.SIGTERM: self._stop,
            signal.SIGINT: self._stop,
        }
        if hangup := getattr(signal, "SIGHUP", None):
            self._signals[hangup] = self._pass_on if passes_hangup else self._stop

    def run(self) -> None:
        """Starts the processes, and returns once all have ended. Raises NeverReady."""
        before = {number: signal.signal(number, act) for number, act in self._signals.items()}
        try:
            for each in self._processes:
                each.start()
            while self._stopped_by is None:
                running = [each.sentinel for each in self._processes if each.sentinel is not None]
                wait(running, _LOOK)
                for each in self._processes:
                    if self._stopped_by is None:
                        each.look()
                self._tell_when_ready()
        finally:
            self._end_all()
            for number, act in before.items():
                signal.signal(number, act)

    def _tell_when_ready(self) -> None:
        if not self._was_ready and all(each.is_ready for each in self._processes):
            self._was_ready = True
            self._once_ready()

    def _stop(self, number: int, _: FrameType | None) -> None:
        if self._stopped_by is not None:  # a second signal ends them at once
            self._send(signal.Signals(number))
            return
        is_prompt = number == signal.SIGINT
        self._stopped_by = signal.SIGINT if is_prompt else signal.SIGTERM

    def _pass_on(self, number: int, _: FrameType | None) -> None:
        for each in self._processes:
            if each.is_ready:  # before, the signal would end it; and it reads the newest files yet
                each.send(signal.Signals(number))

    def _send(self, number: signal.Signals) -> None:
        for each in self._others:
            each.send(number)

    def _end_all(self) -> None:
        self._send(self._stopped_by or signal.SIGINT)
        deadline = time.monotonic() + self._patience
        ends = [each.end(deadline) for each in self._others]
        self._base.send(signal.SIGTERM)
        ends.append(self._base.end(time.monotonic() + self._patience))
        self.ended_in_order = all(ends)


def _how(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _run(task: Task, ready: Any) -> None:
    # Ctrl-C reaches every process of a group; the parent alone decides what follows.
    os.setpgrp()
    Thread(target=_end_with_the_parent, name="parent", daemon=True).start()

    def tell() -> None:
        ready.value = 1

    task(tell)


def _end_with_the_parent() -> None:
    parent = parent_process()
    assert parent is not None, "this is a child"
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
