"""How fast are the views compared with a replay of the ledger, and in how much memory?

`tenure verify` as a process of its own, start-up included: the whole ledger is replayed, every row
compared, and 200 points asked. Beside it stands what the issue wants, and the bare reading of the
ledger, which any replay has to do first.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from infra.ledger import open_ledger
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured, in_turns

WANTED_EVENTS, WANTED_MEGABYTES = 20_000.0, 1_024.0
_RUN = "from api.cli import main; main(prog_name='tenure')"


def measure(words: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/ledger.db"
        surroundings = {"TENURE_LEDGER": url, "TENURE_VIEWS": f"{directory}/views.db"}
        with open_ledger(url) as ledger:
            record_all(ledger, War(words).told())
            head = ledger.head
        _run("rebuild", surroundings, directory)
        peaks: list[float] = []

        def verify() -> float:
            seconds, megabytes = _run("verify", surroundings, directory)
            peaks.append(megabytes)
            return head / seconds

        runs = in_turns({"verify": verify, "read": lambda: _read(url)}, times)
    return [
        Figure(
            f"verifying all views of {head:,} events",
            "events/s",
            runs["verify"],
            "the issue's aim",
            Measured((WANTED_EVENTS,)),
            "at least 1x",
            lambda ratio: ratio >= 1,
        ),
        Figure(
            "the same, beside what it reads",
            "events/s",
            runs["verify"],
            "reading the ledger alone",
            runs["read"],
        ),
        Figure(
            "its peak of memory",
            "MB",
            Measured(tuple(peaks)),
            "the issue's bound",
            Measured((WANTED_MEGABYTES,)),
            "at most 1x",
            lambda ratio: ratio <= 1,
        ),
    ]


def _run(command: str, surroundings: dict[str, str], directory: str) -> tuple[float, float]:
    """Seconds, and megabytes at its peak."""
    root = Path(__file__).parents[2]
    start = perf_counter()
    with Path(directory, "printed").open("w") as printed:
        process = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", _RUN, command],
            os.environ | surroundings | {"PYTHONPATH": str(root)},
            file_actions=[(os.POSIX_SPAWN_DUP2, printed.fileno(), 1)],
        )
        _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return perf_counter() - start, used.ru_maxrss / 1_024


def _read(url: str) -> float:
    with open_ledger(url) as ledger:
        start = perf_counter()
        count = sum(1 for _ in ledger.read())
        return count / (perf_counter() - start)
