"""The command that serves GraphQL."""

import os
import socket
from ipaddress import ip_address
from multiprocessing import active_children
from threading import Timer
from types import FrameType

import click
import uvicorn

from api.commands.environment import BadSettings, node_caught_up, settings_from_environment
from api.http.app import create_app
from infra.settings import Settings


class CannotServe(BadSettings):
    """An address that can't be listened on, or that others can reach without keys."""


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
    click.echo(f"not all had ended within {_LAST_SECONDS:g} s; stopped at once", err=True)
    for helper in active_children():
        helper.kill()
    os._exit(1)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def command(host: str, port: int) -> None:
    """Serve GraphQL on /graphql, and follow the ledger.

    /healthz says whether the process answers, /readyz how far each view lags.

    On loopback, without TENURE_KEYS, everybody may do everything; on any other address the
    server starts only with keys.

    \b
    Examples:
      tenure serve
      tenure serve --port 8080
      TENURE_KEYS=keys.json tenure serve --host 0.0.0.0

    Exit codes: 0 stopped; 1 refused, stderr says why; 2 misuse.
    """
    serve(settings_from_environment(), host, port)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until stopped. Raises BadSettings, CannotServe and BadKeys."""
    if settings.keys is None and not _is_loopback(host):
        raise CannotServe(
            f"{host} can be reached by others, and no keys are set: anybody could record. "
            "Name a file of keys in TENURE_KEYS, or serve on 127.0.0.1"
        )
    with node_caught_up(begins=True) as node:
        node.log.prepare()  # says in good time what is wrong with the ledger, the views, the log
    listening = _listen(host, port)
    app = create_app(settings, warm=True)
    _announce(settings, host, listening.getsockname()[1])
    server = PunctualServer(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


def _announce(settings: Settings, host: str, port: int) -> None:
    if settings.keys is None:
        click.echo(
            "no keys are set (TENURE_KEYS): whoever reaches this machine's loopback may read and "
            "record everything",
            err=True,
        )
    if settings.signing_key is None:
        click.echo("the log is not signed: TENURE_SIGNING_KEY names no key", err=True)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"serving GraphQL on http://{shown}:{port}/graphql; Ctrl-C stops", err=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as taken:
        why = (taken.strerror or str(taken)).lower()
        raise CannotServe(
            f"can't listen on {host} port {port}: {why}; try another --port"
        ) from None
