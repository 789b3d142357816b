"""Which parts make up a node? The one file that knows every other."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from api.answers import Answers
from infra.ledger import Ledger, open_ledger, utc_now
from infra.projector import Projector
from infra.settings import Settings
from infra.tlog.file import LogFile
from infra.tlog.key_files import Keys
from infra.tlog.log import TransparencyLog
from infra.views import ViewFile


@dataclass(frozen=True, slots=True)
class Node:
    """A ledger, the views and the log that follow it, and the questions that the views answer."""

    ledger: Ledger
    views: ViewFile
    projector: Projector
    answers: Answers
    log: TransparencyLog


@contextmanager
def open_node(settings: Settings, now: Callable[[], datetime] = utc_now) -> Iterator[Node]:
    """A node on these settings; it closes what it opened. Nothing is followed yet."""
    with (
        open_ledger(settings.ledger, now) as ledger,
        closing(ViewFile(settings.views)) as views,
        closing(LogFile(settings.log)) as file,
    ):
        answers = Answers(views, now)
        projector = Projector(ledger, views, answers.projections)
        log = TransparencyLog(ledger, file, Keys(settings.signing_key, settings.witnesses))
        yield Node(ledger, views, projector, answers, log)
