"""Which parts make up a node? The one file that knows every other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from api.answers import Answers
from infra.ledger import Ledger, open_ledger, utc_now
from infra.projector import Projector
from infra.settings import Settings
from infra.views import ViewFile


@dataclass(frozen=True, slots=True)
class Node:
    """A ledger, the views that follow it, and the questions that they answer."""

    ledger: Ledger
    views: ViewFile
    projector: Projector
    answers: Answers


@contextmanager
def open_node(settings: Settings, now: Callable[[], datetime] = utc_now) -> Iterator[Node]:
    """A node on these settings; it closes what it opened. Nothing is followed yet."""
    with open_ledger(settings.ledger, now) as ledger:
        views = ViewFile(settings.views)
        try:
            answers = Answers(views, now)
            yield Node(ledger, views, Projector(ledger, views, answers.projections), answers)
        finally:
            views.close()
