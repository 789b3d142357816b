"""The parts of a node, and their wiring."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from api.answers.answers import Answers
from infra.ledger.ledger import Ledger, open_ledger, utc_now
from infra.ledger.sqlite.file import PATIENCE
from infra.settings import Settings
from infra.views.file import ViewFile
from infra.views.projector import Projector

if TYPE_CHECKING:
    from api.answers.moving.kept import MovingMaps
    from infra.log.transparency_log import TransparencyLog


@dataclass(frozen=True)
class Node:
    """A ledger, with the views and the log behind the ledger, and the questions to the views."""

    ledger: Ledger
    views: ViewFile
    projector: Projector
    answers: Answers
    open_log: "Callable[[], TransparencyLog]"

    @cached_property
    def log(self) -> "TransparencyLog":
        """The log, opened at first use and closed with the node."""
        return self.open_log()

    @cached_property
    def maps(self) -> "MovingMaps":
        """The moving maps in memory, made at first use."""
        from api.answers.moving.kept import MovingMaps  # most commands need none

        return MovingMaps(self.answers, self.views)


@contextmanager
def open_node(
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    *,
    patience: float = PATIENCE,
    mapped: bool = True,
    makes_views: bool = True,
) -> Iterator[Node]:
    """A node on these settings, closed afterwards; the views do not follow the ledger yet.

    `patience`: the seconds to wait for the locks of other processes. `mapped` as of a ViewFile.
    A missing file of views is made, or else refused (ViewsUnavailable): a node beside another that
    follows would answer from empty views.
    """
    with (
        open_ledger(
            settings.ledger, now, settings.clock_tolerance, patience, settings.ledger_replica
        ) as ledger,
        closing(
            ViewFile(settings.views, mapped=mapped, patience=patience, made=makes_views)
        ) as views,
        ExitStack() as also_open,
    ):

        def open_log() -> "TransparencyLog":
            # Most commands need no log, and `who` answers sooner without it.
            from infra.log.file import LogFile
            from infra.log.key_files import Keys
            from infra.log.transparency_log import TransparencyLog

            file = also_open.enter_context(closing(LogFile(settings.log)))
            return TransparencyLog(ledger, file, Keys(settings.signing_key, settings.witnesses))

        answers = Answers(views, now)
        projector = Projector(ledger, views, answers.projections)
        yield Node(ledger, views, projector, answers, open_log)
