"""Counts the warnings and errors that a server logs, for its metrics."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from api.http.operations.metrics import ServerMetrics


class CountingHandler(logging.Handler):
    """Counts lines, and prints nothing."""

    def __init__(self, metrics: ServerMetrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.add_log_line("error" if record.levelno >= logging.ERROR else "warning")


@contextmanager
def counted_log_lines(metrics: ServerMetrics) -> Iterator[None]:
    """Inside the block the lines of all libraries count."""
    handler, root = CountingHandler(metrics), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
