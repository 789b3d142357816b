"""A real server on loopback, in a thread of this process."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.error import HTTPError
from urllib.request import urlopen

import uvicorn
from starlette.types import ASGIApp

from api.http.connections import (
    WEBSOCKETS,
    BoundedConnection,
    ConnectionLimits,
    bounded_connections,
)

STARTING, STOPPING = 10.0, 10.0  # seconds that a server may take
FOLLOWING = 60.0  # seconds in which its log has to catch up


@contextmanager
def serving(
    app: ASGIApp,
    *,
    lifespan: Literal["on", "off"] = "on",
    limits: ConnectionLimits | None = None,
    protocol: type[BoundedConnection] | None = None,
) -> Iterator[str]:
    """Its URL while it serves; it has stopped in an orderly way afterwards."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        http = protocol or bounded_connections(limits or ConnectionLimits())
        config = uvicorn.Config(
            app, http=http, log_level="warning", lifespan=lifespan, **WEBSOCKETS
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            deadline = time.monotonic() + STARTING
            while not server.started and time.monotonic() < deadline:
                time.sleep(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOPPING)
            assert not thread.is_alive()


def wait_for_log(address: str) -> None:
    """Returns once the log of that server has taken in its ledger."""
    deadline = time.monotonic() + FOLLOWING
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/readyz", timeout=10) as answer:
                if json.load(answer)["log"]["lag"] == 0:
                    return
        except HTTPError as not_ready:
            not_ready.close()
        time.sleep(0.05)
    raise AssertionError("the log has not caught up")
