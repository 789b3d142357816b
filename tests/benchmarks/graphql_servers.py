"""Which servers are compared? Each is one process with one worker, on loopback, without a log.

`python -m tests.benchmarks.graphql_servers tenure LEDGER VIEWS` serves those; `… constant` serves a
route of FastAPI that answers a constant. Either prints its port first, as the peers do.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.http.app import create_app
from api.http.connections import ConnectionLimits, bounded_connections
from infra.settings import Settings
from tests.node_js import run_npm

REPOSITORY = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
CACHE = REPOSITORY / ".cache" / "peers"
_THIS = [sys.executable, "-m", "tests.benchmarks.graphql_servers"]


class NoPeers(Exception):
    """The peers can't be run here; the message says why."""


def install_peers() -> None:
    """The npm packages, once for each lock file. Raises NoPeers."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for file in PEERS.iterdir():
        shutil.copy(file, CACHE / file.name)
    wanted = (PEERS / "package-lock.json").read_bytes()
    installed = CACHE / "installed-lock.json"
    if installed.exists() and installed.read_bytes() == wanted:
        return
    done = run_npm("ci", "--ignore-scripts", folder=CACHE)
    if done.returncode != 0:
        raise NoPeers(f"npm could not install them: {done.stderr.strip()[-300:]}")
    installed.write_bytes(wanted)


@contextmanager
def tenure(settings: Settings) -> Iterator[int]:
    """Tenure on a ledger and views that are there already; the port."""
    with _serving([*_THIS, "tenure", settings.ledger, str(settings.views)], REPOSITORY) as port:
        yield port


@contextmanager
def constant() -> Iterator[int]:
    """The least that FastAPI can do; the port."""
    with _serving([*_THIS, "constant"], REPOSITORY) as port:
        yield port


@contextmanager
def peer(script: str, database: str) -> Iterator[int]:
    """One of the peers on that PostgreSQL; the port."""
    production = ["env", "NODE_ENV=production", "GRAPHILE_ENV=production"]
    with _serving([*production, "node_modules/.bin/node", script, database], CACHE) as port:
        yield port


@contextmanager
def _serving(command: list[str], directory: Path) -> Iterator[int]:
    server = subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        if not port:
            raise NoPeers(f"{command[-2:]} did not start")
        yield int(port)
    finally:
        server.terminate()
        server.communicate()


def _constant_app() -> FastAPI:
    app = FastAPI()

    @app.get("/constant")
    async def answer() -> dict[str, str]:
        return {"status": "HELD"}

    return app


def _serve(app: FastAPI, http: Any = "httptools") -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        print(listening.getsockname()[1], flush=True)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            http=http,
            loop="uvloop",
            proxy_headers=False,
        )
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    what, *where = sys.argv[1:]
    if what == "tenure":
        http = bounded_connections(ConnectionLimits().within_open_files())  # as `tenure serve`
        _serve(create_app(Settings(ledger=where[0], views=Path(where[1]))), http)
    else:
        _serve(_constant_app())
