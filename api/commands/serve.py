"""The command that serves GraphQL."""

import os
from ipaddress import ip_address
from multiprocessing import active_children
from threading import Timer
from types import FrameType

import click
import uvicorn
from starlette.types import ASGIApp

from api.commands.environment import node_caught_up, settings_from_environment
from api.commands.listening import CannotServe, listen
from api.commands.print.terminal import say
from api.http.app import create_app
from api.http.connections import WEBSOCKETS, ConnectionLimits, bounded_connections
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
def command(host: str, port: int) -> None:
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
      TENURE_KEYS=keys.json tenure serve --host 0.0.0.0

    Exit codes: 0 stopped; 1 refused, stderr says why; 2 misuse.
    """
    serve(settings_from_environment(), host, port)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until stopped. Raises BadSettings, CannotServe, BadKeys, NotPrivate and NoReaders."""
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
    app = create_app(settings, warm=True)
    listening = listen(host, port)
    _announce(settings, host, listening.getsockname()[1])
    log_to_stderr()
    server = PunctualServer(_config(app))
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        say("stopped", err=True)


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


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=bounded_connections(ConnectionLimits().within_open_files()),
        **WEBSOCKETS,
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
