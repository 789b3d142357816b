"""The command that serves GraphQL."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from multiprocessing import active_children
from socket import socket
from threading import Timer
from types import FrameType

import click
import uvicorn
from starlette.types import ASGIApp

from api.commands.environment import node_caught_up, refusal_lines, settings_from_environment
from api.commands.listening import CannotServe, listen
from api.commands.print.terminal import say
from api.commands.supervisor import KeptProcess, Supervisor
from api.http.app import create_app
from api.http.auth.gate import Gate
from api.http.connections import ConnectionLimits, bounded_connections
from api.http.follower_board import FollowerBoard
from api.http.follower_process import follow
from api.http.logs import log_to_stderr
from api.node import Node
from infra.ledger.clock import ClockAhead
from infra.settings import Settings

_GRACE_SECONDS = 4
"""How long the open requests may take once the server is to stop."""
_LAST_SECONDS = 9.0
"""When a server that is to stop ends, whatever still runs."""


class PunctualServer(uvicorn.Server):
    """A server that ends in time: a thread that waits for a lock can't be called back. What was
    acknowledged is on disk."""

    def __init__(
        self, config: uvicorn.Config, once_started: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._once_started = once_started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._once_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        last = Timer(_LAST_SECONDS, _end_at_once)
        last.daemon = True
        last.start()


def _end_at_once() -> None:
    say(f"not all had ended within {_LAST_SECONDS:g} s; stopped at once", err=True)
    for helper in active_children():
        helper.kill()
    os._exit(1)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer; above 1, another process follows the ledger for them.",
)
def command(host: str, port: int, workers: int) -> None:
    """Serve GraphQL on /graphql, and follow the ledger.

    /healthz says whether the process answers, /readyz how far each view lags.

    With a signing key, a node doesn't start while its log or its signer's memory is gone, or its
    ledger is not what was signed; `tenure rebuild --log` and `tenure remember` mend what is lost.

    On loopback, without keys, every program of this machine may do everything. On any other
    address the server starts only with keys (TENURE_KEYS, made by 'tenure token', or
    TENURE_JWT_KEYS), and answers bearers of tokens alone unless TENURE_READ=anybody. Changed keys
    are read again, and on SIGHUP.

    \b
    Examples:
      tenure serve
      tenure serve --port 8080
      tenure serve --workers 4
      TENURE_KEYS=keys.json tenure serve --host 0.0.0.0

    Exit codes: 0 stopped; 1 refused, stderr says why; 2 misuse.
    """
    serve(settings_from_environment(), host, port, workers)


def serve(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serves until stopped. Raises BadSettings, CannotServe, BadKeys, NotPrivate and NoReaders."""
    if workers > 1 and settings.ledger == "memory:":
        raise CannotServe(
            "a ledger in memory is in one process alone: --workers needs a ledger in SQLite, "
            "PostgreSQL or UmaDB"
        )
    if not _is_loopback(host):
        if settings.keys is None and settings.jwt_keys is None:
            raise CannotServe(
                f"{host} can be reached by others, and no keys are set: anybody could record. "
                "Name a file of keys in TENURE_KEYS, or serve on 127.0.0.1"
            )
        settings = settings.model_copy(update={"read": settings.read or "keys"})
    try:
        with node_caught_up(begins=True) as node:
            node.log.prepare()  # says in good time what is wrong with ledger, views or log
            if node.log.is_new:
                _say_begins(node)
    except ClockAhead as ahead:
        say(f"{ahead}. What was recorded before is served", err=True)
    if workers > 1:
        Gate(settings)  # says what is wrong with keys before any process is started
        listening = listen(host, port)
        _announce(settings, host, listening.getsockname()[1])
        _serve_with_workers(settings, listening, workers)
        return
    app = create_app(settings, warm=True)
    listening = listen(host, port)
    _announce(settings, host, listening.getsockname()[1])
    log_to_stderr()
    server = PunctualServer(_config(app))
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        say("stopped", err=True)


def _serve_with_workers(settings: Settings, listening: socket, workers: int) -> None:
    board = FollowerBoard()
    at_once = max(1, settings.questions_at_once // workers)
    theirs = settings.model_copy(update={"question_processes": at_once})
    work = partial(_work, theirs, listening, board, workers)
    processes = [KeptProcess("the follower", partial(_follow, settings, board))]
    processes += [KeptProcess(f"worker {number + 1}", work) for number in range(workers)]
    has_keys = settings.keys is not None or settings.jwt_keys is not None
    Supervisor(processes, passes_hangup=has_keys).run()
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
    ready: Callable[[], None],
) -> None:
    """Answers on the socket until SIGTERM, as one of several processes."""
    log_to_stderr()
    app = create_app(settings, warm=True, board=board)
    server = PunctualServer(_config(app, workers), once_started=ready)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)


def _say_begins(node: Node) -> None:
    signer = node.log.keys.signer
    assert signer
    say(
        f"the log is signed from now on, as {signer.name}: up to position {node.ledger.head} the "
        "ledger was recorded before, and nothing shows whether it was rewritten until now",
        err=True,
    )


def _announce(settings: Settings, host: str, port: int) -> None:
    if settings.keys is None and settings.jwt_keys is None:
        say(
            "no keys are set (TENURE_KEYS): whoever reaches this machine's loopback may read and "
            "record everything",
            err=True,
        )
    if settings.signing_key is None:
        say("the log is not signed: TENURE_SIGNING_KEY names no key", err=True)
    shown = f"[{host}]" if ":" in host else host
    say(f"serving GraphQL on http://{shown}:{port}/graphql; Ctrl-C stops", err=True)


def _config(app: ASGIApp, processes: int = 1) -> uvicorn.Config:
    limits = ConnectionLimits().within_open_files()
    ours = replace(limits, connections=max(1, limits.connections // processes))
    return uvicorn.Config(
        app,
        http=bounded_connections(ours),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        proxy_headers=False,  # the address of a client is that of its connection
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
