"""What an error of storage means to a client of the server."""

import sqlite3
from pathlib import Path

from domain.refusals import Refusal
from infra.ledger.outages import is_outage
from infra.views.outages import ViewsUnavailable


class QuestionStopped(Refusal):
    """The question was interrupted: its client has gone, or the time is over."""

    is_public = True

    def __init__(self) -> None:
        super().__init__("the question was stopped before its end")


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal behind an error while answering; None of a fault of Tenure.

    The ledger tells its own outages, so SQLite's other errors are of the views.
    """
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return QuestionStopped()
    if isinstance(error, sqlite3.DatabaseError) and is_outage(error):
        return ViewsUnavailable.of(error, Path())
    return None
