"""The log lines of a server, each escaped like all that goes to a terminal."""

import logging
import sys

from domain.texts import escaped


class EscapingFormatter(logging.Formatter):
    """One line for a message, and one for each line of a traceback."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return escaped(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(escaped, super().format(record).split("\n")))


def log_to_stderr() -> None:
    """Sends warnings and errors of all libraries to stderr, escaped."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EscapingFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
