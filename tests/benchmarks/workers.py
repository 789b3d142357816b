"""How many more questions do two and four processes of one node answer than one?

Point questions with random arguments over kept connections, to servers started by `tenure serve` on
the same ledger and views, one after another. The load runs on the same machine, and takes its share
of the processors.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import orjson

from api.node import open_node
from infra.settings import Settings
from tests.benchmarks.data import War
from tests.benchmarks.graphql_load import Load, post, rate
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, in_turns
from tests.witnesses import free_port

SECONDS, CONNECTIONS, QUESTIONS = 4.0, 32, 20_000
WORKERS = (1, 2, 4)
_STARTING = 120.0
_POINT = """query ($location: ID!, $at: Moment!) {
  control(location: $location, at: $at) { status certain since { day } holders { name } }
}"""


def measure(words: int, times: int) -> list[Figure]:
    """On a place for every hundred words."""
    war = War(words)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="tenure-")))
        settings = Settings(
            ledger=f"sqlite:///{directory / 'ledger.db'}", views=directory / "views.db"
        )
        with open_node(settings) as node:
            record_all(node.ledger, war.told())
            node.projector.catch_up()
        asked = _questions(war)
        runs = in_turns(
            {str(each): partial(_rate, settings, each, asked) for each in WORKERS}, times
        )
    cores = os.cpu_count()
    return [
        Figure(
            f"point question over GraphQL, {each} workers on {cores} processors",
            "/s",
            runs[str(each)],
            "one process",
            runs["1"],
        )
        for each in WORKERS
    ]


def _rate(settings: Settings, workers: int, asked: list[bytes]) -> float:
    with _serving(settings, workers) as port:
        return rate(Load(port, asked), seconds=SECONDS, connections=CONNECTIONS)


def _questions(war: War) -> list[bytes]:
    random = Random(7)
    asked = (
        {
            "location": random.choice(war.places),
            "at": f"20{random.randint(14, 23)}-{random.randint(1, 12):02}-"
            f"{random.randint(1, 28):02}T{random.randint(0, 23):02}:00:00Z",
        }
        for _ in range(QUESTIONS)
    )
    return [post(orjson.dumps({"query": _POINT, "variables": each})) for each in asked]


@contextmanager
def _serving(settings: Settings, workers: int) -> Iterator[int]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "tenure"), "serve"]
    given = {"TENURE_LEDGER": settings.ledger, "TENURE_VIEWS": str(settings.views)}
    server = subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(workers)],
        env=os.environ | given,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _STARTING
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                time.sleep(5)  # the other workers start with the first
                return
        except HTTPError as not_ready:
            not_ready.close()
        except (URLError, TimeoutError):
            pass
        time.sleep(0.1)
    raise TimeoutError("the server is not ready")
