"""python -m tests.benchmarks [NAME ...] [--full]: how fast, beside what?

The names are recording, rebuild, verify, point, grown, tlog, export, graphql, files, hostile,
claims, imports, observation, start, subscribers, workers, writes and console. Without names, all of
them.
With --full the large ledger has a million words: that takes an hour; the grown views have ten
million, in 50 GiB.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable

from tests.benchmarks import (
    claims,
    console,
    export,
    files,
    graphql,
    grown,
    hostile,
    imports,
    observation,
    point,
    rebuild,
    recording,
    start,
    subscribers,
    tlog,
    verify,
    workers,
    writes,
)
from tests.benchmarks.table import Figure, show

Measure = Callable[[int, int], list[Figure]]
MODULES: dict[str, tuple[Measure, int, int]] = {
    "recording": (recording.measure, 20_000, 20_000),
    "rebuild": (rebuild.measure, 5_000, 50_000),
    "verify": (verify.measure, 20_000, 1_000_000),
    "point": (point.measure, 100_000, 1_000_000),
    "grown": (grown.measure, 1_000_000, 10_000_000),
    "tlog": (tlog.measure, 100_000, 1_000_000),
    "export": (export.measure, 80_000, 800_000),
    "graphql": (graphql.measure, 40_000, 40_000),
    "files": (files.measure, 100_000, 1_000_000),
    "hostile": (hostile.measure, 10_000, 40_000),
    "claims": (claims.measure, 5_000, 50_000),
    "imports": (imports.measure, 10_000, 100_000),
    "writes": (writes.measure, 10_000, 100_000),
    "observation": (observation.measure, 20_000, 100_000),
    "start": (start.measure, 1_000, 1_000),
    "workers": (workers.measure, 10_000, 100_000),
    "subscribers": (subscribers.measure, 10_000, 10_000),
    "console": (console.measure, 10_000, 10_000),
}
"""What measures, on how many words (console: places), and on how many with --full."""


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MODULES, []], metavar="NAME")
    parser.add_argument("--full", action="store_true", help="the large sizes of the design")
    parser.add_argument("--times", type=int, default=3, help="how often each thing is done")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for name in asked.names or MODULES:
        measure, words, full = MODULES[name]
        print(f"measuring {name} ...", file=sys.stderr)
        figures += measure(full if asked.full else words, asked.times)
    print(show(figures))


if __name__ == "__main__":
    main()
