"""Several processes that answer for one node, and one that follows the ledger for them."""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from socket import socket

from api.commands.environment import refusal_lines
from api.commands.print.terminal import say
from api.commands.punctual_server import longest_end, server_of
from api.commands.supervisor import KeptProcess, Supervisor
from api.http.app import create_app
from api.http.follower_board import FollowerBoard
from api.http.follower_process import follow
from api.http.logs import log_to_stderr
from api.http.operations.worker_folder import forget_worker, worker_folder
from infra.settings import Settings

_MARGIN = 2.0
"""Seconds to wait for a process beyond the longest that it gives itself."""


def serve_with_workers(
    settings: Settings,
    listening: socket,
    workers: int,
    documents: Mapping[str, str] | None,
    once_all_answer: Callable[[], None],
) -> None:
    """Serves until stopped; `documents` as of `create_app`. Raises NeverReady; ends with exit code
    1 where not all ended in order, as one process does."""
    board = FollowerBoard()
    at_once = max(1, settings.questions_at_once // workers)
    theirs = settings.model_copy(update={"question_processes": at_once})
    work = partial(_work, theirs, listening, board, workers, documents)
    has_keys = settings.keys is not None or settings.jwt_keys is not None
    with worker_folder():
        kept = Supervisor(
            KeptProcess("the follower", partial(_follow, settings, board)),
            [KeptProcess(f"worker {number + 1}", work) for number in range(workers)],
            passes_hangup=has_keys,
            patience=longest_end(settings) + _MARGIN,
            once_ended=forget_worker,
            once_ready=once_all_answer,
        )
        kept.run()
    if not kept.ended_in_order:
        sys.exit(1)
    with suppress(OSError):  # whoever read stderr may be gone
        say("stopped", err=True)


def _follow(settings: Settings, board: FollowerBoard, ready: Callable[[], None]) -> None:
    log_to_stderr()
    try:
        follow(settings, board, ready)
    except Exception as error:
        if not (lines := refusal_lines(error)):
            raise
        for line in lines:
            say(line, err=True)
        sys.exit(1)


def _work(
    settings: Settings,
    listening: socket,
    board: FollowerBoard,
    workers: int,
    documents: Mapping[str, str] | None,
    ready: Callable[[], None],
) -> None:
    """Answers on the socket until told to stop, as one of several processes."""
    log_to_stderr()
    app = create_app(settings, warm=True, board=board, documents=documents)
    server = server_of(app, settings, processes=workers, once_started=ready)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)
