"""What do idle subscribers take, and how soon are all of them told of one event?

A server in a process of its own; the subscribers are in this process, each with a WebSocket of its
own. They all ask the same, or each in words of its own. Memory is the resident set of the server's
process, without its helpers; latencies are from the end of the recording to the last subscriber.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit, setrlimit
from tempfile import TemporaryDirectory
from time import perf_counter

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.node import open_node
from domain.events import TownSeized
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from infra.settings import Settings
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured

SUBSCRIBERS = 1_000
EVENTS = 5
SERVE = "from api.cli import main; main(prog_name='tenure')"
SAME = "subscription { eventRecorded { position __typename location { name } } }"


def measure(words: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        url, views = f"sqlite:///{directory}/ledger.db", Path(directory) / "views.db"
        with open_node(Settings(ledger=url, views=views)) as node:
            record_all(node.ledger, War(words).told())
            node.projector.catch_up()
        with open_ledger(url) as ledger:
            return [
                *_figures("with one question", url, views, ledger, lambda _: SAME),
                *_figures("each with a question of its own", url, views, ledger, _own),
            ]


def _own(number: int) -> str:
    """A question in words that no other subscriber uses."""
    return (
        f"subscription {{ a{number}: eventRecorded {{ position __typename location {{ name }} }} }}"
    )


def _figures(
    how: str, url: str, views: Path, ledger: Ledger, question: Callable[[int], str]
) -> list[Figure]:
    with _server(url, views) as (address, process):
        before, after, seconds = asyncio.run(_asked(address, process, ledger, question))
    what = f"{SUBSCRIBERS:,} idle subscribers {how}"
    grown = after - before
    return [
        Figure(f"{what}: memory of the server", "MiB", Measured((after,)), reach="200 MiB"),
        Figure(f"{what}: more than before", "MiB", Measured((grown,))),
        Figure(f"{what}: until all are told of an event", "ms", Measured(seconds)),
    ]


async def _asked(
    address: str, process: int, ledger: Ledger, question: Callable[[int], str]
) -> tuple[float, float, tuple[float, ...]]:
    """MiB before and with the subscribers, and the milliseconds until all are told."""
    setrlimit(RLIMIT_NOFILE, (getrlimit(RLIMIT_NOFILE)[1],) * 2)
    before = _mebibytes(process)
    made = [await _subscribed(address, question(number)) for number in range(SUBSCRIBERS)]
    await asyncio.sleep(1)
    after = _mebibytes(process)
    took = []
    for number in range(EVENTS):
        said = {"location": "place-1", "by": "actor-1", "occurred": "2000-01-01"}
        seized = TownSeized.model_validate(
            said | {"report": "report-0", "credibility": 2, "summary": f"{number} {perf_counter()}"}
        )
        await asyncio.to_thread(ledger.record, [identify(seized)], by="a benchmark")
        began = perf_counter()
        await asyncio.gather(*(each.recv() for each in made))
        took.append(1_000 * (perf_counter() - began))
        await asyncio.sleep(0.5)
    for each in made:
        await each.close()
    return before, after, tuple(took)


async def _subscribed(address: str, question: str) -> ClientConnection:
    protocols = [Subprotocol("graphql-transport-ws")]
    made = await connect(address, subprotocols=protocols, compression=None, max_queue=4)
    await made.send(json.dumps({"type": "connection_init"}))
    await made.recv()
    await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": question}}))
    return made


@contextmanager
def _server(url: str, views: Path) -> Iterator[tuple[str, int]]:
    """The address of a running server, and its process."""
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0"]
    environment = {**os.environ, "TENURE_LEDGER": url, "TENURE_VIEWS": str(views)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while not (found := re.search(r"http://(\S+)/graphql", process.stderr.readline())):
            assert process.poll() is None
        try:
            yield f"ws://{found[1]}/graphql", process.pid
        finally:
            process.terminate()


def _mebibytes(process: int) -> float:
    """The resident set of the process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]
