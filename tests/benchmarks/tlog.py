"""How fast does the log grow, prove and get checked?

Proofs are made from the tiles in the file, each time from new, of random leaves of the whole tree.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from infra.ledger.dcb import AppendCondition, Query, QueryItem, StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger
from infra.log.check import check_log
from infra.log.file import Leaf, LogFile
from infra.log.key_files import Keys
from infra.log.transparency_log import BATCH, TransparencyLog
from tests.benchmarks.table import Figure, Measured, in_turns

PROOFS = 1_000
NEVER = AppendCondition(Query([QueryItem(tags=["event:none"])]))


def measure(leaves: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        with (
            open_recorder(f"sqlite:///{folder / 'ledger.db'}") as recorder,
            closing(LogFile(folder / "log.db")) as file,
        ):
            for batch in _batches(leaves):
                recorder.append(batch, NEVER)
            log = TransparencyLog(Ledger(recorder), file, Keys())
            start = perf_counter()
            log.catch_up()
            following = Measured((leaves / (perf_counter() - start),))
            start = perf_counter()
            assert check_log(Ledger(recorder), log.log) == []
            checking = Measured((leaves / (perf_counter() - start),))
            runs = in_turns(
                {"append": lambda: _append(min(leaves, 100_000)), "prove": lambda: _prove(log)},
                times,
            )
    return [
        Figure("appending to the tree, durable", "leaves/s (50,000)", runs["append"]),
        Figure(f"following a SQLite ledger of {leaves:,} entries", "leaves/s", following),
        Figure(f"an inclusion proof of {leaves:,} leaves", "ms (below 1)", runs["prove"]),
        Figure(f"checking log and ledger of {leaves:,} entries", "leaves/s (20,000)", checking),
    ]


def _append(leaves: int) -> float:
    made = [
        Leaf(number, number + 1, each.data)
        for number, each in enumerate(entry for batch in _batches(leaves) for entry in batch)
    ]
    with TemporaryDirectory() as directory, closing(LogFile(Path(directory) / "log.db")) as file:
        start = perf_counter()
        for at in range(0, leaves, BATCH):
            with file.growing() as log:
                log.append(made[at : at + BATCH])
        return leaves / (perf_counter() - start)


def _prove(log: TransparencyLog) -> float:
    """Milliseconds for one."""
    random, size = Random(1), log.log.size
    positions = [random.randrange(size) + 1 for _ in range(PROOFS)]
    start = perf_counter()
    for position in positions:
        log.inclusion(position)
    return (perf_counter() - start) * 1_000 / PROOFS


def _batches(entries: int) -> Iterator[list[StoredEvent]]:
    """Entries of about the usual length, a batch at a time."""
    for start in range(0, entries, BATCH):
        numbers = range(start, min(start + BATCH, entries))
        yield [
            StoredEvent("ControlReported", _entry(number), [f"event:{number}"])
            for number in numbers
        ]


def _entry(number: int) -> bytes:
    return (
        b'{"event":{"credibility":2,"holders":["fama"],"location":"place-%d","occurred":"2023-11-14",'
        b'"passage":"paragraph %d","report":"report-%d","summary":"What is said there, in a '
        b'sentence of about the usual length."},"id":"9cbb8ea8-1316-57b1-bc9a-%012d","recorded_at":'
        b'"2024-06-01T00:00:00Z","recorded_by":"benchmark","revision":1,"type":"ControlReported"}'
        % (number % 100, number, number // 4, number)
    )
