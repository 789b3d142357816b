"""What does a good client feel while others ask for as much as they can?

Every hostile request of `tests.hostile` is sent in a loop over four connections to a real server of
10,000 places. The good client asks twenty small questions a second, `/healthz` and `/readyz` among
them, in a process of its own. Its 99th percentile counts from when each answer was due.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from api.graphql.documents import Documents, InvalidDocument
from api.graphql.limits import Limits
from api.schema.contract import schema
from api.schema.prices import PRICES
from tests.api.test_hostile import served
from tests.benchmarks.table import Figure, Measured
from tests.hostile import HOSTILE, Suffered, percentile, suffer
from tests.wide_ledger import build

SECONDS, BOUND, HEALTH_BOUND, REFUSED_IN = 10.0, 0.05, 0.1, 0.005


def measure(words: int, times: int) -> list[Figure]:
    """`times` runs of each request, on so many words; the details go to stderr."""
    with TemporaryDirectory() as directory:
        settings = build(Path(directory), words=words)
        with served(settings) as (port, _):
            figures = _refusals()
            figures += _figures("alone", [suffer(port, None, seconds=SECONDS)])
            for hostile in HOSTILE:
                runs = [suffer(port, hostile, seconds=SECONDS) for _ in range(times)]
                figures += _figures(hostile.name, runs)
            return figures


def _refusals() -> list[Figure]:
    """The processor time to refuse each document that is refused before it is priced."""
    documents = Documents(schema(), Limits(), PRICES)
    found = []
    for hostile in HOSTILE:
        times = []
        for number in range(10):
            body = hostile.request(number).partition(b"\r\n\r\n")[2]
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                text = json.loads(body)["query"]
                start = process_time()
                try:
                    documents.prepare(text)
                except InvalidDocument:
                    times.append((process_time() - start) * 1000)
        if times:
            found.append(_bounded(f"refusing: {hostile.name}", Measured(tuple(times)), REFUSED_IN))
    return found


def _figures(name: str, runs: list[Suffered]) -> list[Figure]:
    own = [second for run in runs for second in run.seconds]
    print(
        f"{name}: {sorted(set().union(*(run.statuses for run in runs)))}, "
        f"{len(own)} answers of at most {max(run.most_bytes for run in runs):,} bytes, "
        f"{percentile(own, 0.5) * 1000:.1f} ms in the middle",
        file=sys.stderr,
    )
    felt = Measured(tuple(percentile(run.good, 0.99) * 1000 for run in runs))
    health = Measured(tuple(max(run.of_health) * 1000 for run in runs))
    return [
        _bounded(f"good client, p99 beside: {name}", felt, BOUND),
        _bounded(f"/healthz and /readyz, slowest beside: {name}", health, HEALTH_BOUND),
    ]


def _bounded(what: str, measured: Measured, seconds: float) -> Figure:
    bound = Measured((seconds * 1000,))
    return Figure(what, "ms", measured, "bound", bound, "at most 1x", lambda ratio: ratio <= 1)
