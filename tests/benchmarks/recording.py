"""How fast is a file recorded, beside a bare insert of the same bytes?

Each event is validated from its dictionary, identified, decided, and durable when its append
returns. The baseline is given the finished bytes and writes them with as many rows to a
transaction, into a table of the same shape, with the same settings.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.sqlite.file import PAGE_SIZE, SCHEMA, WAL_PAGES
from infra.ledger.sqlite.recorder import INSERT
from tests.benchmarks.data import Said, War, statements
from tests.benchmarks.table import Figure, in_turns

BATCH = 1_000

Row = tuple[str, str, bytes]


def measure(words: int, times: int) -> list[Figure]:
    told = list(War(words).told())
    rows = _rows_of(told)
    runs = in_turns({"ours": lambda: _record(told), "raw": lambda: _insert(rows)}, times)
    return [
        Figure(
            f"bulk recording into SQLite, {len(told):,} events",
            "events/s",
            runs["ours"],
            "raw executemany of the same bytes",
            runs["raw"],
            "at least 1/3x",
            lambda ratio: ratio >= 1 / 3,
        )
    ]


def record_all(ledger: Ledger, told: Iterable[Said]) -> None:
    """As an importer does it: a thousand at a time, each time an append of its own."""
    made = statements(iter(told))
    while batch := list(islice(made, BATCH)):
        ledger.record(batch, by="benchmark")


def _record(told: list[Said]) -> float:
    with TemporaryDirectory() as directory, open_ledger(f"sqlite:///{directory}/ledger.db") as ours:
        start = perf_counter()
        record_all(ours, told)
        return len(told) / (perf_counter() - start)


def _insert(rows: list[Row]) -> float:
    with TemporaryDirectory() as directory, closing(bare(Path(directory) / "bare.db")) as db:
        start = perf_counter()
        for batch in _batches(rows):
            db.execute("BEGIN IMMEDIATE")
            db.executemany(INSERT, batch)
            db.execute("COMMIT")
        return len(rows) / (perf_counter() - start)


def bare(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        f"page_size = {PAGE_SIZE}",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"wal_autocheckpoint = {WAL_PAGES}",
    ):
        db.execute(f"PRAGMA {pragma}")
    db.execute(SCHEMA[0])
    return db


def _rows_of(told: list[Said]) -> list[Row]:
    """What the ledger stores of it."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "ledger.db"
        with open_ledger(f"sqlite:///{path}") as ledger:
            record_all(ledger, told)
        with closing(sqlite3.connect(path)) as db:
            return db.execute("SELECT type, tags, data FROM event ORDER BY position").fetchall()


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
