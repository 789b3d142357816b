"""How fast is a ledger exported, checked, and imported again?

Each in this process, without start-up: a SQLite ledger with its log, its bundle, an empty ledger.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from infra.bundle.check import check_bundle
from infra.bundle.files import BundleFolder
from infra.bundle.restoration import import_bundle
from infra.bundle.write import write_bundle
from infra.ledger.ledger import open_ledger
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.transparency_log import TransparencyLog
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Measured, in_turns

WANTED = 20_000.0
"""Entries a second that a check should reach."""


def measure(words: int, times: int) -> list[Figure]:
    with (
        TemporaryDirectory() as directory,
        open_ledger(f"sqlite:///{directory}/ledger.db") as ledger,
        closing(LogFile(Path(directory) / "log.db")) as file,
    ):
        record_all(ledger, War(words).told())
        log = TransparencyLog(ledger, file, Keys())
        size, numbers = log.catch_up(), count(1)
        bundle = Path(directory) / "bundle"
        write_bundle(ledger, log, bundle)

        def export() -> float:
            with _seconds() as took:
                write_bundle(ledger, log, Path(directory) / f"bundle-{next(numbers)}")
            return size / took[0]

        def check() -> float:
            with _seconds() as took:
                assert check_bundle(BundleFolder(bundle)).findings == []
            return size / took[0]

        def restore() -> float:
            url = f"sqlite:///{directory}/ledger-{next(numbers)}.db"
            with open_ledger(url) as other, _seconds() as took:
                import_bundle(BundleFolder(bundle), other)
            return size / took[0]

        runs = in_turns({"export": export, "check": check, "import": restore}, times)
    return [
        Figure(f"exporting a ledger of {size:,} entries", "entries/s", runs["export"]),
        Figure(
            "checking its bundle",
            "entries/s",
            runs["check"],
            "our aim for verifying",
            Measured((WANTED,)),
            "at least 1x",
            lambda ratio: ratio >= 1,
        ),
        Figure("importing it, durable", "entries/s", runs["import"]),
    ]


@contextmanager
def _seconds() -> Iterator[list[float]]:
    took: list[float] = []
    start = perf_counter()
    yield took
    took.append(perf_counter() - start)
