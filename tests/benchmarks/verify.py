"""How fast is a ledger verified, and in how much memory?

The ledger against its log and its index; and `tenure verify`, start-up included, which replays the
whole ledger too, compares every row of the views, and asks about 200 points: once from the first
entry, and once from a replay that was kept. Beside them stand what we aim at, and the bare reading
of the ledger, which any replay has to do first.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from api.audit.ledger_check import check_ledger
from infra.ledger.ledger import open_ledger
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.transparency_log import TransparencyLog
from infra.settings import Settings
from infra.views.file import Progress
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured, in_turns

WANTED_EVENTS, WANTED_MEGABYTES = 20_000.0, 1_024.0
_RUN = "from api.cli import main; main(prog_name='tenure')"


def measure(words: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/ledger.db"
        surroundings = {"TENURE_LEDGER": url, "TENURE_VIEWS": f"{directory}/views.db"}
        log = Settings(ledger=url, views=Path(directory, "views.db")).log
        with open_ledger(url) as ledger, closing(LogFile(log)) as file:
            record_all(ledger, War(words).told())
            head = ledger.head
            TransparencyLog(ledger, file, Keys()).catch_up()
        _run("rebuild", surroundings, directory)
        kept = ("--replay", f"{directory}/kept")
        _run("verify", surroundings, directory, *kept)
        peaks: list[float] = []

        def verify(*more: str) -> float:
            seconds, megabytes = _run("verify", surroundings, directory, *more)
            peaks.append(megabytes)
            return head / seconds

        runs = in_turns(
            {
                "ledger": lambda: _check(url, log),
                "verify": verify,
                "again": lambda: verify(*kept),
                "read": lambda: _read(url),
            },
            times,
        )
    return [
        _aimed(f"holding {head:,} events to their log and index", runs["ledger"]),
        _aimed(f"verifying it and all views of {head:,} events", runs["verify"]),
        _aimed("the same, from a replay that was kept", runs["again"]),
        Figure(
            "from the first entry, beside what it reads",
            "events/s",
            runs["verify"],
            "reading the ledger alone",
            runs["read"],
        ),
        Figure(
            "the peak of memory of its larger process",
            "MB",
            Measured(tuple(peaks)),
            "our bound",
            Measured((WANTED_MEGABYTES,)),
            "at most 1x",
            lambda ratio: ratio <= 1,
        ),
    ]


def _aimed(what: str, measured: Measured) -> Figure:
    return Figure(
        what,
        "events/s",
        measured,
        "our aim",
        Measured((WANTED_EVENTS,)),
        "at least 1x",
        lambda ratio: ratio >= 1,
    )


def _run(
    command: str, surroundings: dict[str, str], directory: str, *more: str
) -> tuple[float, float]:
    """Seconds, and megabytes at the peak of the largest process."""
    root = Path(__file__).parents[2]
    start = perf_counter()
    with Path(directory, "printed").open("w") as printed:
        process = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", _RUN, command, *more],
            os.environ | surroundings | {"PYTHONPATH": str(root)},
            file_actions=[(os.POSIX_SPAWN_DUP2, printed.fileno(), 1)],
        )
        _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return perf_counter() - start, used.ru_maxrss / 1_024


def _check(url: str, log: Path) -> float:
    with open_ledger(url) as ledger:
        start = perf_counter()
        checked = check_ledger(ledger, log, Keys(), seen=[], bars=_unwatched)
        assert checked.log and not checked.findings
        return checked.log.size / (perf_counter() - start)


@contextmanager
def _unwatched(_label: str, _length: int) -> Iterator[Progress]:
    yield lambda _: None


def _read(url: str) -> float:
    with open_ledger(url) as ledger:
        start = perf_counter()
        count = sum(1 for _ in ledger.read())
        return count / (perf_counter() - start)
