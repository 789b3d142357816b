"""How long does one answer at the command line take, start-up included?

`tenure who` on a ledger that the views have caught up with, in a process of its own, beside a
process that only imports the libraries that `who` needs. In processor time: that of both cores.
"""

import os
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory

from api.node import open_node
from infra.settings import Settings
from tests.benchmarks.data import War
from tests.benchmarks.recording import record_all
from tests.benchmarks.table import Figure, Run, in_turns

LIBRARIES = "click, orjson, pydantic.main, rfc8785, sqlite3, eventsourcing.dcb.popo"
"""What `who` imports that others wrote."""
STARTS = 4
"""Each run is so many starts."""


def measure(words: int, times: int) -> list[Figure]:
    with TemporaryDirectory() as directory:
        ledger, views = f"sqlite:///{directory}/ledger.db", Path(directory) / "views.db"
        with open_node(Settings(ledger=ledger, views=views)) as node:
            record_all(node.ledger, War(words).told())
            node.projector.catch_up()
        where = {"TENURE_LEDGER": ledger, "TENURE_VIEWS": str(views)}
        who = [str(Path(sys.executable).parent / "tenure"), "who", "place-1", "--on", "2020-01-01"]
        libraries = [sys.executable, "-c", f"import {LIBRARIES}"]
        runs = in_turns(
            {
                "who": _seconds(who, where),
                "libraries": _seconds(libraries, {"PYDANTIC_DISABLE_PLUGINS": "__all__"}),
            },
            times,
        )
    return [
        Figure(
            "`tenure who`, start-up included, in processor time",
            "s",
            runs["who"],
            "importing its libraries",
            runs["libraries"],
            "at most 4x",
            lambda ratio: ratio <= 4,
        )
    ]


def _seconds(command: list[str], environment: dict[str, str]) -> Run:
    def took() -> float:
        before = getrusage(RUSAGE_CHILDREN)
        for _ in range(STARTS):
            run(command, check=True, stdout=DEVNULL, env=os.environ | environment)
        after = getrusage(RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return spent / STARTS

    return took
