"""Which zones does the ledger know, before anything is recorded?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.ledger import open_ledger
from infra.zones_of_record import Zones

_FILE = "sqlite:///"


@contextmanager
def known_zones(ledger: str) -> Iterator[Zones]:
    """The zones of sources, reports and places in the ledger of that URL.

    One in a file that is not there yet knows none, and is not made by the question: what is read
    next may be refused. Raises what `open_recorder` raises.
    """
    if ledger.startswith(_FILE) and not Path(ledger.removeprefix(_FILE)).exists():
        yield Zones()
        return
    with open_ledger(ledger) as known:
        yield Zones(known)
