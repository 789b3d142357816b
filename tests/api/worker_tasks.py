"""Tasks for the processes of a supervisor; a process of its own has to find them by name."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


def ends_at_once(ready: Callable[[], None]) -> None:
    sys.exit(7)


def is_killed_at_once(ready: Callable[[], None]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def ends_once_ready(counted: Path, ready: Callable[[], None]) -> None:
    """Leaves a mark, and ends."""
    _mark(counted)
    ready()


def waits(counted: Path, ready: Callable[[], None]) -> None:
    """Leaves a mark, and waits for SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    _mark(counted)
    ready()
    stopping.wait()


def waits_until(there: Path, counted: Path, ready: Callable[[], None]) -> None:
    """The same, and is ready only once a file is there."""
    while not there.exists():
        time.sleep(0.02)
    waits(counted, ready)


def ends_at_the_signal(counted: Path, is_ready: bool, ready: Callable[[], None]) -> None:
    """Ends with exit code 1 at SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(1))
    if is_ready:
        ready()
    _mark(counted)
    threading.Event().wait()


def is_deaf(counted: Path, ready: Callable[[], None]) -> None:
    """Waits for ever."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _mark(counted)
    ready()
    threading.Event().wait()


def _mark(counted: Path) -> None:
    with counted.open("a") as marks:
        marks.write(".")
