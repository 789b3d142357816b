"""The command that serves GraphQL."""

from contextlib import suppress
from functools import partial
from os import environ
from socket import socket

import click

from api.commands.environment import node_caught_up
from api.commands.listening import listen
from api.commands.print.terminal import say
from api.commands.punctual_server import server_of
from api.commands.start_checks import CheckedStart, checked_start, is_loopback
from api.commands.workers import serve_with_workers
from api.console.files import is_built
from api.http.app import create_app
from api.http.auth.gate import Gate
from api.http.logs import log_to_stderr
from api.node import Node
from infra.ledger.clock import ClockAhead
from infra.settings import Settings

_ALL_ADDRESSES = frozenset({"0.0.0.0", "::"})  # noqa: S104 - a browser opens neither


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
@click.option("--check", is_flag=True, help="Say what would keep the server from starting.")
def command(host: str, port: int, workers: int, check: bool) -> None:
    """Serve the page on / and GraphQL on /graphql, and follow the ledger.

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

    On SIGTERM /readyz says so for TENURE_DRAINING; then open requests have TENURE_STOPPING to be
    answered. Ctrl-C does without the first; a second signal ends the server at once.

    Exit codes: 0 stopped; 1 refused, or not ended in time, stderr says why; 2 misuse, or wrong
    settings, with which no later start works either.
    """
    checked = checked_start(environ, host, port, workers)
    if check:
        say("the server can start with these settings")
        return
    serve(checked, host, port, workers)


def serve(checked: CheckedStart, host: str, port: int, workers: int = 1) -> None:
    """Serves until stopped. Raises CannotServe, BadKeys, NotPrivate, NoReaders and BadDocuments."""
    settings, documents = checked
    if not is_loopback(host):
        settings = settings.model_copy(update={"read": settings.read or "keys"})
    try:
        with node_caught_up(begins=True, settings=settings) as node:
            node.log.prepare()  # says in good time what is wrong with ledger, views or log
            if node.log.is_new:
                _say_begins(node)
    except ClockAhead as ahead:
        say(f"{ahead}. What was recorded before is served", err=True)
    if workers > 1:
        Gate(settings)  # says what is wrong with keys before any process is started
        listening = listen(host, port)
        _say_what_is_open(settings)
        serve_with_workers(
            settings, listening, workers, documents, partial(_announce, host, listening)
        )
        return
    app = create_app(settings, warm=True, documents=documents)
    listening = listen(host, port)
    _say_what_is_open(settings)
    log_to_stderr()
    announce = partial(_announce, host, listening)
    server_of(app, settings, once_started=announce).run(sockets=[listening])
    with suppress(OSError):  # whoever read stderr may be gone
        say("stopped", err=True)


def _say_begins(node: Node) -> None:
    signer = node.log.keys.signer
    assert signer
    say(
        f"the log is signed from now on, as {signer.name}: up to position {node.ledger.head} the "
        "ledger was recorded before, and nothing shows whether it was rewritten until now",
        err=True,
    )


def _say_what_is_open(settings: Settings) -> None:
    if settings.keys is None and settings.jwt_keys is None:
        say(
            "no keys are set (TENURE_KEYS): whoever reaches this machine's loopback may read and "
            "record everything",
            err=True,
        )
    if settings.signing_key is None:
        say("the log is not signed: TENURE_SIGNING_KEY names no key", err=True)


def _announce(host: str, listening: socket) -> None:
    """Says that requests are answered from now on."""
    shown, port = f"[{host}]" if ":" in host else host, listening.getsockname()[1]
    if is_built() and host not in _ALL_ADDRESSES:
        say(f"open http://{shown}:{port}/ in a browser", err=True)
    say(f"serving GraphQL on http://{shown}:{port}/graphql; Ctrl-C stops", err=True)
