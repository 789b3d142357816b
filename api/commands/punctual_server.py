"""A server that ends in order, and in time.

SIGTERM: `/readyz` says Draining, and for `draining` the server still takes requests, until whoever
sends them has looked. Then it takes no more, and open requests have `stopping` to be answered.
Ctrl-C does without the draining. Whatever still runs shortly afterwards, or at a second signal, is
left: what was acknowledged is on disk.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing import active_children
from threading import Event, Timer
from types import FrameType

import uvicorn

from api.commands.print.terminal import say

_CLOSING = 2.0
"""Seconds for files and threads, once no request is open."""


class PunctualServer(uvicorn.Server):
    """The server; `told` is set at the first signal."""

    def __init__(self, config: uvicorn.Config, draining: timedelta, told: Event) -> None:
        super().__init__(config)
        self._draining, self._told = draining.total_seconds(), told
        self._stopping = config.timeout_graceful_shutdown or 0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._told.is_set():
            _end_at_once("stopped at once, by a second signal")
        self._told.set()
        draining = self._draining if sig == signal.SIGTERM else 0.0
        _after(draining, self._stop_accepting)
        longest = draining + self._stopping + _CLOSING
        words = f"not all had ended within {longest:g} s; stopped at once"
        _after(longest, lambda: _end_at_once(words))

    def _stop_accepting(self) -> None:
        self.should_exit = True


def _after(seconds: float, act: Callable[[], None]) -> None:
    if seconds <= 0:
        act()
        return
    timer = Timer(seconds, act)
    timer.daemon = True
    timer.start()


def _end_at_once(words: str) -> None:
    with suppress(OSError, RuntimeError):  # stderr may be gone, or just being written to
        say(words, err=True)
    for helper in active_children():
        helper.kill()
    os._exit(1)
