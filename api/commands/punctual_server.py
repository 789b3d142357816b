"""A server that ends in order, and in time.

SIGTERM: `/readyz` says Draining, and for `draining` the server still takes requests, until whoever
sends them has looked. Then it takes no more, and open requests have `stopping` to be answered.
Ctrl-C does without the draining. Whatever still runs shortly afterwards, or at a second signal, is
left: what was acknowledged is on disk.
"""

import math
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import active_children
from socket import socket
from threading import Event, Timer
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.commands.print.terminal import say
from api.http.connections import WEBSOCKETS, ConnectionLimits, bounded_connections
from infra.settings import Settings

_CLOSING = 2.0
"""Seconds for files and threads, once no request is open."""


def longest_end(settings: Settings) -> float:
    """Seconds from the first signal to the end, whatever runs."""
    return (
        settings.draining.total_seconds() + math.ceil(settings.stopping.total_seconds()) + _CLOSING
    )


def server_of(
    app: FastAPI,
    settings: Settings,
    *,
    processes: int = 1,
    once_started: Callable[[], None] = lambda: None,
) -> "PunctualServer":
    """The server of the application, one of several processes that share the connections."""
    limits = ConnectionLimits().within_open_files()
    ours = replace(limits, connections=max(1, limits.connections // processes))
    config = uvicorn.Config(
        app,
        http=bounded_connections(ours, app.state.metrics.add_status),
        **WEBSOCKETS,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.stopping.total_seconds()),
        proxy_headers=False,  # the address of a client is that of its connection
    )
    return PunctualServer(config, settings.draining, app.state.stopping, once_started)


class PunctualServer(uvicorn.Server):
    """The server; `told` is set at the first signal."""

    def __init__(
        self,
        config: uvicorn.Config,
        draining: timedelta,
        told: Event,
        once_started: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self._once_started = once_started
        self._draining, self._told = draining.total_seconds(), told
        self._stopping = config.timeout_graceful_shutdown or 0

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._once_started()

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
