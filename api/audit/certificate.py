"""Are all views what the ledger says? A certificate.

Nothing is changed. The views are compared with a replay of the ledger, row by row. Then, at sampled
points, places and actors are folded from the ledger alone, and the live views have to give the same
control and sieges of the place, and the same names, ties and convoys of the actor.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from api.answers.answers import Answers
from api.audit.background_process import BackgroundProcess
from api.audit.ledger_check import ProgressBars
from api.audit.sampling import Sampler
from api.audit.view_check import VerifiedView, ViewPart, check_views
from domain.control.verdict import RULE
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import LocationId
from infra.ledger.ledger import Ledger
from infra.views.digests import RowDifference
from infra.views.file import ViewFile
from projections.places import PlaceFilter

_PLACES_TO_AN_ACTOR = 4
"""The points on places for each point on an actor, which takes longer to read."""


class NoViews(DomainError):
    """There are no views yet to compare with the ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there are no views at {path} to verify; `tenure rebuild` builds them")


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """The division of a replay among processes, and the folder for later replays."""

    folder: Path | None = None
    """The folder of an earlier replay, to be continued; None keeps nothing."""
    own_views: ViewPart | None = ViewPart.WHOLE
    """The views that this process replays and compares."""
    processes: Sequence[BackgroundProcess[list[VerifiedView]]] = ()
    """The work of other processes."""
    damage: Future[str | None] | None = None
    """The damage to the file of views, if another thread looks for damage already."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The replayed views, the compared points, and the result."""

    position: int
    event: str
    """The id of the entry at that position."""
    recorded_at: Instant
    head: int
    """The end of the ledger; views may be behind."""
    rule: str
    views: tuple[VerifiedView, ...]
    seed: int
    samples: int
    """How many points on places were asked about; on actors, a quarter as many more."""
    wrong_point: RowDifference | None
    damage: str | None
    """The damage to the file of views, in SQLite's words."""

    @property
    def differences(self) -> list[RowDifference]:
        """The first difference of each view, and other differences."""
        found = [each.difference for each in self.views]
        file = RowDifference("views", "the file", {}, {"is": self.damage}, {"is": "ok"})
        return [each for each in (*found, self.wrong_point, file if self.damage else None) if each]


def verify(
    ledger: Ledger,
    live: ViewFile,
    *,
    samples: int,
    seed: int,
    bars: ProgressBars,
    plan: ReplayPlan | None = None,
) -> Certificate:
    """Replays the ledger and compares; live views may follow meanwhile. Raises CannotGoOn and
    BackgroundFailed."""
    plan = plan or ReplayPlan()
    answers = Answers(live)
    checked: list[VerifiedView] = []
    if plan.own_views:
        checked += check_views(ledger, live, plan.own_views, bars, plan.folder)
    for process in plan.processes:
        with bars("Replaying elsewhere", live.position) as advance:
            checked += process.result(advance)
    with bars("Checking the file", 1) as advance:
        damage = plan.damage.result() if plan.damage else live.damage()
        advance(1)
    asked, wrong = 0, None
    if not any(each.difference for each in checked):
        with live.snapshot():
            position = live.position
            sampler = Sampler(ledger, answers, position, seed)
            found = sampler.places(_places(answers, position), samples)
            asked, wrong = _sampled("Sampling places", samples, found, bars)
            if wrong is None:
                fewer = ceil(samples / _PLACES_TO_AN_ACTOR)
                found = sampler.actors(fewer)
                _, wrong = _sampled("Sampling actors", fewer, found, bars)
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
    label: str, samples: int, differences: Iterable[RowDifference | None], bars: ProgressBars
) -> tuple[int, RowDifference | None]:
    """How many points were asked about, and the first difference."""
    asked = 0
    with bars(label, samples) as advance:
        for difference in differences:
            asked += 1
            advance(1)
            if difference:
                return asked, difference
    return asked, None


def _places(answers: Answers, position: int) -> list[LocationId]:
    """The places that can be controlled, in order of their ids."""
    places, _ = answers.places.page(PlaceFilter(), known=position, size=None)
    return [place.location for place in places if place.kind.may_be_controlled]
