"""Are all views what the ledger says? A certificate of it.

Nothing is changed. The views are held to a replay of the ledger, row by row. Then, at sampled
points, the rule itself is asked of what the ledger holds of a place, and the live view has to give
the same answer.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from api.answers.answers import Answers
from api.audit.background_process import Apart
from api.audit.ledger_check import Watch
from api.audit.sampling import Sampler
from api.audit.view_check import Part, Verified, check_views
from domain.control.verdict import RULE
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import LocationId
from infra.ledger.ledger import Ledger
from infra.views.digests import RowDifference
from infra.views.file import ViewFile
from projections.control import Control
from projections.places import PlaceFilter


class NoViews(DomainError):
    """There is nothing yet that could be compared with the ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there are no views at {path} to verify; `tenure rebuild` builds them")


@dataclass(frozen=True, slots=True)
class Replays:
    """How the replay is divided, and where it is kept."""

    folder: Path | None = None
    """What it keeps of an earlier replay is gone on from; else nothing is kept."""
    here: Part | None = Part.WHOLE
    """What this process replays and compares."""
    apart: Sequence[Apart[list[Verified]]] = ()
    """What others do."""
    damage: Future[str | None] | None = None
    """What is wrong with the file, if that is being looked at already."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was replayed and compared, and what came of it."""

    position: int
    event: str
    """The id of the entry at that position."""
    recorded_at: Instant
    head: int
    """How far the ledger goes; the views may be behind it."""
    rule: str
    views: tuple[Verified, ...]
    seed: int
    samples: int
    """How many points were asked about."""
    wrong_point: RowDifference | None
    damage: str | None
    """What is wrong with the file of the views itself, as SQLite says it."""

    @property
    def differences(self) -> list[RowDifference]:
        """The first difference of each view; none, where the views say what the ledger says."""
        found = [each.difference for each in self.views]
        file = RowDifference("views", "the file", {}, {"is": self.damage}, {"is": "ok"})
        return [each for each in (*found, self.wrong_point, file if self.damage else None) if each]


def verify(
    ledger: Ledger,
    live: ViewFile,
    *,
    samples: int,
    seed: int,
    watch: Watch,
    replays: Replays | None = None,
) -> Certificate:
    """Replays the ledger and compares; the live views may go on following it meanwhile. Raises
    CannotGoOn and ApartFailed."""
    replays = replays or Replays()
    answers = Answers(live)
    checked: list[Verified] = []
    if replays.here:
        checked += check_views(ledger, live, replays.here, watch, replays.folder)
    for apart in replays.apart:
        with watch("Replaying elsewhere", live.position) as advance:
            checked += apart.result(advance)
    with watch("Checking the file", 1) as advance:
        damage = replays.damage.result() if replays.damage else live.damage()
        advance(1)
    asked, wrong = 0, None
    if not any(each.difference for each in checked):
        with live.snapshot():
            position = live.position
            sampler = Sampler(ledger, _places(answers, position), position, seed)
            asked, wrong = _sampled(sampler, answers.control_view, samples, watch)
    names = [view.name for view in answers.projections]
    views = sorted(checked, key=lambda each: names.index(each.view))
    tracked = max((each.tracking for each in views), key=lambda each: each.position)
    return Certificate(
        position=tracked.position,
        event=tracked.event,
        recorded_at=tracked.recorded_at,
        head=ledger.head,
        rule=RULE,
        views=tuple(views),
        seed=seed,
        samples=asked,
        wrong_point=wrong,
        damage=damage,
    )


def _sampled(
    sampler: Sampler, control: Control, samples: int, watch: Watch
) -> tuple[int, RowDifference | None]:
    """How many points were asked about, and the first that the view answers otherwise."""
    asked = 0
    with watch("Sampling", samples) as advance:
        for point in sampler.points(samples):
            period = control.at(point.location, at=point.at, known=point.known)
            asked += 1
            advance(1)
            if difference := sampler.difference(point, period.reading):
                return asked, difference
    return asked, None


def _places(answers: Answers, position: int) -> list[LocationId]:
    """Those of which there may be an answer, in the order of their ids."""
    places, _ = answers.places.page(PlaceFilter(), known=position, size=None)
    return [place.location for place in places if place.kind.may_be_controlled]
