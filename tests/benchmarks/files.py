"""How much memory does `tenure record` take for a long file, and how fast is it?

A process of its own records the file into an empty SQLite ledger; its peak is what the kernel
tells of it.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tests.benchmarks.table import Figure, Measured

PLACES = 2_000
TO_A_REPORT = 5
COMMAND = "import sys; from api.cli import main; sys.exit(main())"


def measure(records: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        return [
            figure
            for name in ("news.jsonl", "news.yaml")
            for figure in _figures(Path(directory) / name, records)
        ]


def _figures(path: Path, records: int) -> Iterator[Figure]:
    _write(path, records)
    began = perf_counter()
    mebibytes = _recorded(path)
    took = perf_counter() - began
    what = f"tenure record {path.name}, {records:,} records"
    reach = "300 MiB"
    yield Figure(f"{what}: peak", "MiB", Measured((mebibytes,)), reach=reach)
    yield Figure(what, "records/s", Measured((records / took,)))


def _recorded(path: Path) -> float:
    """Records the file; the peak of the process in MiB."""
    environment = {
        **os.environ,
        "TENURE_LEDGER": f"sqlite:///{path}.db",
        "TENURE_VIEWS": f"{path}.views.db",
    }
    command = [sys.executable, "-c", COMMAND, "record", str(path)]
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_maxrss / 1024


def _write(path: Path, records: int) -> None:
    is_yaml = path.suffix == ".yaml"
    with path.open("w") as file:
        for record in _records(records):
            if is_yaml:
                fields = (f"{name}: {json.dumps(value)}" for name, value in record.items())
                file.write("- " + "\n  ".join(fields) + "\n")
            else:
                file.write(json.dumps(record) + "\n")


def _records(count: int) -> Iterator[dict[str, Any]]:
    yield {"type": "SourceRegistered", "source": "press", "name": "Press", "reliability": "B"}
    for actor in ("fama", "csp"):
        yield {"type": "ActorRegistered", "actor": actor, "name": actor, "kind": "armed-group"}
    for town in range(PLACES):
        slug = f"town-{town}"
        yield {"type": "LocationRegistered", "location": slug, "name": slug, "kind": "town"}
    for number in range(count - PLACES - 3):
        report, within = divmod(number, TO_A_REPORT + 1)
        day = f"20{10 + report % 14:02}-{1 + report % 12:02}-{1 + report % 28:02}"
        filed = {"report": f"press-{report}", "source": "press", "published": day}
        yield (
            {"type": "ReportFiled", **filed, "title": f"News {report}"}
            if within == 0
            else {
                "type": "TownSeized",
                "location": f"town-{number * 7919 % PLACES}",
                "by": "fama" if number % 2 else "csp",
                "occurred": day,
                "report": f"press-{report}",
                "credibility": 2,
                "summary": f"Seizure number {number} is said to have happened",
            }
        )
