"""What does a good client feel while others ask for as much as they can?

Every hostile request of `tests.hostile` is sent in a loop over four connections to a real server of
10,000 places. The good client asks twenty small questions a second, `/healthz` and `/readyz` among
them, in a process of its own. Its 99th percentile counts from when each answer was due.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.test_hostile import served
from tests.benchmarks.table import Figure, Measured
from tests.hostile import HOSTILE, Suffered, percentile, suffer
from tests.wide_ledger import build

SECONDS, BOUND = 10.0, 0.05


def measure(words: int, times: int) -> list[Figure]:
    """`times` runs of each request, on so many words; the details go to stderr."""
    with TemporaryDirectory() as directory:
        settings = build(Path(directory), words=words)
        with served(settings) as (port, _):
            figures = [_figure("alone", [suffer(port, None, seconds=SECONDS)])]
            for hostile in HOSTILE:
                runs = [suffer(port, hostile, seconds=SECONDS) for _ in range(times)]
                figures.append(_figure(hostile.name, runs))
            return figures


def _figure(name: str, runs: list[Suffered]) -> Figure:
    own = [second for run in runs for second in run.seconds]
    print(
        f"{name}: {sorted(set().union(*(run.statuses for run in runs)))}, "
        f"{len(own)} answers of at most {max(run.most_bytes for run in runs):,} bytes, "
        f"{percentile(own, 0.5) * 1000:.1f} ms in the middle",
        file=sys.stderr,
    )
    felt = Measured(tuple(percentile(run.good, 0.99) * 1000 for run in runs))
    bound = Measured((BOUND * 1000,))
    return Figure(
        f"good client, p99 beside: {name}",
        "ms",
        felt,
        "bound",
        bound,
        "at most 1x",
        lambda ratio: ratio <= 1,
    )
