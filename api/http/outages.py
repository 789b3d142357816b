"""What an error of storage means to a client of the server."""

import sqlite3
from pathlib import Path

from domain.refusals import Refusal
from infra.ledger.outages import is_outage
from infra.views.outages import ViewsUnavailable


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal behind an error while answering; None of a fault of Tenure.

    The ledger tells its own outages, so SQLite's other errors are of the views.
    """
    if isinstance(error, sqlite3.DatabaseError) and is_outage(error):
        return ViewsUnavailable.of(error, Path())
    return None
