"""What do metrics, access log and traces cost a request? In processor time, beside none of them.

An application that answers at once is called through the outermost layer of a server.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time, sleep

from opentelemetry.sdk.trace import TracerProvider
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.request_notes import notes_of
from api.http.operations.access_log import AccessLog
from api.http.operations.metrics import ServerMetrics
from api.http.operations.observation import ObservationMiddleware
from api.http.operations.traces import RequestTraces
from tests.benchmarks.table import Figure, Measured

MOST = 10.0  # microseconds of a request for its metrics
TEXT = 'query Kidal { control(location: "kidal", at: "2023-11-14") { status holders { slug } } }'


def measure(requests: int, times: int) -> list[Figure]:
    """`times` runs of so many requests each, in turns."""
    with TemporaryDirectory() as folder:
        log = AccessLog(str(Path(folder) / "access.log"), most=times * requests)
        metrics = ServerMetrics({"/graphql"})
        ways: dict[str, Callable[[], float]] = {
            "nothing": lambda: _spent(_answered, requests),
            "metrics": lambda: _spent(ObservationMiddleware(_answered, metrics), requests),
            "metrics and a line": lambda: _spent(
                ObservationMiddleware(_answered, metrics, log), requests
            ),
            "metrics and spans, sent nowhere": lambda: _spent(
                ObservationMiddleware(_answered, metrics, None, RequestTraces(TracerProvider())),
                requests,
            ),
        }
        runs: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(times):
            for name, way in ways.items():
                runs[name].append(way())
        written = _writing(log) / (times * requests) * 1e6
    measured = {name: Measured(tuple(each)) for name, each in runs.items()}
    bound = Measured((MOST,))
    return [
        Figure("a request, observed by nothing", "µs", measured["nothing"]),
        Figure(
            "a request, counted",
            *("µs", measured["metrics"], "bound", bound, "at most 1x", lambda ratio: ratio <= 1),
        ),
        *(
            Figure(f"a request, {name}", "µs", measured[name])
            for name in ("metrics and a line", "metrics and spans, sent nowhere")
        ),
        Figure("a line of the access log, in its thread", "µs", Measured((written,))),
    ]


async def _answered(scope: Scope, receive: Receive, send: Send) -> None:
    notes = notes_of(scope)
    notes.kind, notes.cost, notes.position, notes.text = "query", 0.4, 500, TEXT
    for phase in ("document", "price", "execute", "write"):
        notes.begin(phase)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * 300})


def _spent(app: ASGIApp, requests: int) -> float:
    """Microseconds of processor time for a request."""

    async def ask() -> None:
        for _ in range(requests):
            scope = {"type": "http", "path": "/graphql", "method": "POST", "headers": []}
            await app(scope, _never, _nowhere)

    began = process_time()
    asyncio.run(ask())
    return (process_time() - began) / requests * 1e6


async def _never() -> Message:
    raise AssertionError("nothing is read of a request")


async def _nowhere(message: Message) -> None:
    pass


def _writing(log: AccessLog) -> float:
    """Seconds of processor time for all lines that wait."""
    began = process_time()
    log.start()
    while log.waiting:
        sleep(0.01)
    log.close()
    return process_time() - began
