"""How fast are the rows of GED and of ACLED imported, beside a bare insert of the same bytes?

End to end: a file is parsed, validated, compared with the ledger, identified, decided, and durable
when its append returns. Then the same file again, and a second edition with changed and missing
rows; then the views catch up. Each run is a process of its own: so the peak of memory is of one
run. The baseline writes the finished bytes with as many rows to a transaction.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from subprocess import run
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

import orjson
import psycopg

from api.node import open_node
from domain.events import SourceRegistered
from infra.datasets.acled.export_file import AcledFile
from infra.datasets.acled.survey import survey
from infra.datasets.importing import ImportTerms, import_rows
from infra.datasets.recording import TOGETHER
from infra.datasets.report import ImportReport, Outcome
from infra.datasets.ucdp_ged import GedFile
from infra.datasets.ucdp_releases import Release
from infra.ledger.dcb import StoredEvent
from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.sqlite.recorder import INSERT
from infra.settings import Settings
from tests.benchmarks.recording import Row, bare
from tests.benchmarks.table import Figure, Measured
from tests.engines import serving_postgresql
from tests.infra.datasets.acled.exports import terms as acled_terms
from tests.infra.datasets.ucdp import SOURCE as GED
from tests.moving_fronts import MovingFronts

FORMATS, ENGINES = ("ged", "acled"), ("sqlite", "postgresql")


class Took(NamedTuple):
    """What one run did, in rows a second unless another unit is named."""

    first: float
    processor: float
    """The first import, by processor time."""
    again: float
    """The same file once more."""
    second: float
    """The second edition."""
    raw: float
    """The bare insert, in entries a second."""
    entries: float
    """The first import, in entries a second."""
    views: float
    """Entries a second, until the views have caught up with all imports."""
    memory: float
    """The peak in MB, before the views."""


def measure(rows: int, times: int) -> list[Figure]:
    found: list[Figure] = []
    for dataset in FORMATS:
        for engine in ENGINES:
            runs = [_in_a_process(dataset, engine, rows) for _ in range(times)]
            found += _figures(f"import of {rows:,} rows of {dataset} into {engine}", runs)
    return found


def _figures(name: str, runs: list[Took]) -> Iterator[Figure]:
    parts = {part: Measured(tuple(getattr(each, part) for each in runs)) for part in Took._fields}
    yield Figure(name, "rows/s", parts["first"])
    yield Figure(f"{name}, processor time", "rows/s", parts["processor"])
    yield Figure(
        f"{name}, entries",
        "entries/s",
        parts["entries"],
        "raw executemany of the same bytes",
        parts["raw"],
    )
    yield Figure(f"{name}: the same again", "rows/s", parts["again"])
    yield Figure(f"{name}: a second edition", "rows/s", parts["second"])
    yield Figure(f"{name}: views caught up", "events/s", parts["views"])
    yield Figure(f"{name}: peak of memory", "MB", parts["memory"])


def _in_a_process(dataset: str, engine: str, rows: int) -> Took:
    command = [sys.executable, "-m", "tests.benchmarks.imports", dataset, engine, str(rows)]
    return Took(*orjson.loads(run(command, check=True, capture_output=True).stdout))


# ---- one run -------------------------------------------------------------------------------------


def build(dataset: str, engine: str, rows: int) -> Took:
    with TemporaryDirectory(prefix="tenure-imports-") as place, _serving(engine) as url:
        folder = Path(place)
        war = MovingFronts(rows)
        write, imports = (war.ged, _import_ged) if dataset == "ged" else (war.acled, _import_acled)
        one, two = write(folder / "1.csv"), write(folder / "2.csv", 2)
        with open_ledger(url.format(folder=folder, name="ledger")) as ledger:
            start, used = perf_counter(), process_time()
            report = imports(ledger, one, "23.0.12")
            took, used = perf_counter() - start, process_time() - used
            assert report.counts[Outcome.RECORDED] == rows, report.counts
            again = _seconds(lambda: imports(ledger, one, "23.0.12"))
            second = _seconds(lambda: imports(ledger, two, "24.1"))
            memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
            head = ledger.head
            stored = [_row(each.event) for each in ledger.stored(0, report.events)]
        raw = _seconds(lambda: _insert(engine, url.format(folder=folder, name="bare"), stored))
        at = url.format(folder=folder, name="ledger")
        with open_node(Settings(ledger=at, views=folder / "views.db")) as node:
            views = _seconds(node.projector.catch_up)
        events = report.events
        return Took(
            rows / took,
            rows / used,
            rows / again,
            rows / second,
            events / raw,
            events / took,
            head / views,
            memory,
        )


def _import_ged(ledger: Ledger, path: Path, release: str) -> ImportReport:
    file = GedFile(path, ledger, GED, Release.parse(release))
    return _imported(ledger, file, GED, path)


def _import_acled(ledger: Ledger, path: Path, release: str) -> ImportReport:
    terms = acled_terms()
    return _imported(ledger, AcledFile(path, survey(path), terms, ledger), terms.source, path)


def _imported(
    ledger: Ledger, file: GedFile | AcledFile, source: SourceRegistered, path: Path
) -> ImportReport:
    terms = ImportTerms(source.name, source.source, by="benchmark")
    return import_rows(ledger, file.rows, terms, path.with_suffix(".report.csv"))


@contextmanager
def _serving(engine: str) -> Iterator[str]:
    """The URL of a database by name; a folder has its place in that of a file."""
    if engine == "sqlite":
        yield "sqlite:///{folder}/{name}.db"
        return
    with (
        TemporaryDirectory(prefix="tenure-pg-") as data,
        serving_postgresql(Path(data), shared_buffers="128MB", is_durable=True) as url,
    ):
        with psycopg.connect(url.format("postgres"), autocommit=True) as db:
            for name in ("ledger", "bare"):
                db.execute(f"CREATE DATABASE {name}")
        yield url.format("{name}")


def _row(event: StoredEvent) -> Row:
    return event.type, "\n".join(event.tags), event.data


def _insert(engine: str, url: str, rows: list[Row]) -> None:
    """The bytes alone, with as many rows to a transaction as an append of the import has."""
    batches = [rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER)]
    if engine == "sqlite":
        with closing(bare(Path(url.removeprefix("sqlite:///")))) as file:
            for batch in batches:
                file.execute("BEGIN IMMEDIATE")
                file.executemany(INSERT, batch)
                file.execute("COMMIT")
        return
    with psycopg.connect(url) as server:
        server.execute(_TABLE)
        for batch in batches:
            server.cursor().executemany(_INSERT, batch)
            server.commit()


_TABLE = (
    "CREATE TABLE bare (position bigserial PRIMARY KEY, type text, tags text, data bytea NOT NULL)"
)
_INSERT = "INSERT INTO bare (type, tags, data) VALUES (%s, %s, %s)"


def _seconds(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


if __name__ == "__main__":
    print(orjson.dumps(list(build(sys.argv[1], sys.argv[2], int(sys.argv[3])))).decode())
