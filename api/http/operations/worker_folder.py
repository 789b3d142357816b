"""The folder in which several serving processes keep their metrics, for one sum.

    with worker_folder():
        start and await the workers, each a process of its own

The library of Prometheus looks at the variable when it is imported, so the workers have to be
started afresh (spawned), not forked from a process that has imported it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def worker_folder() -> Iterator[None]:
    """Inside the block new processes share their metrics; the folder is gone afterwards. A folder
    that the variable names already is left to whoever made it."""
    if os.environ.get(VARIABLE):
        yield
        return
    with TemporaryDirectory(prefix="tenure-metrics-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]


def forget_worker(pid: int) -> None:
    """Takes the gauges of a process that has ended out of the sums; what it counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    if folder := os.environ.get(VARIABLE):
        mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
