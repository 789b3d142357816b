"""The outages of the views, each with a remedy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.refusals import Unavailable
from infra.ledger.outages import Outage, is_outage, outage_of

MENDED = "'tenure rebuild' builds them again from the ledger"


class ViewsUnavailable(Unavailable):
    """The views can't be read or written now; the ledger is another file."""

    def __init__(self, outage: Outage, why: str, place: str = "") -> None:
        super().__init__(f"the views can't be used now: {why}")
        self.outage, self.place = outage, place

    @classmethod
    def of(cls, error: sqlite3.Error, path: Path) -> "ViewsUnavailable":
        outage, why = outage_of(error)
        return cls(outage, f"{why}; {MENDED}" if outage is Outage.DAMAGED else why, str(path))

    @classmethod
    def malformed(cls, error: Exception, path: Path) -> "ViewsUnavailable":
        """Something in the file that Tenure never writes."""
        why = f"there is something in it that Tenure never writes ({error}); {MENDED}"
        return cls(Outage.DAMAGED, why, str(path))


@contextmanager
def told_as_outage(path: Path) -> Iterator[None]:
    """Raises ViewsUnavailable for an error of SQLite."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not is_outage(error):
            raise
        raise ViewsUnavailable.of(error, path) from error
