"""Do the views say what the ledger says? Replayed from the first entry, and compared in full.

Nothing is changed. The ledger is replayed into fresh views beside the live ones, up to where these
stand, and every view is compared by its canonical digest. Then, at sampled points, the rule itself
is asked of what the ledger holds of a place, and the live view has to give the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import getpid
from pathlib import Path

from api.answers import Answers
from api.ledger_check import Watch
from api.sampling import Sampler
from domain.control import RULE
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import LocationId
from infra.digests import Difference, Digests, digests_of, first_difference, first_other_shape
from infra.ledger import Ledger
from infra.projector import Projector
from infra.views import Projection, Tracking, ViewFile, temporary_views
from projections.control import Control
from projections.places import PlaceFilter


class NoViews(DomainError):
    """There is nothing yet that could be compared with the ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there are no views at {path} to verify; `tenure rebuild` builds them")


@dataclass(frozen=True, slots=True)
class Verified:
    """One view, as it is stored and as the replay gives it."""

    view: str
    tracking: Tracking
    """How far it has followed the ledger."""
    stored: Digests
    replayed: Digests
    difference: Difference | None
    """The first row that differs."""

    @property
    def places(self) -> list[str]:
        """The places of which it holds something else than the replay gives."""
        stored, replayed = self.stored.places, self.replayed.places
        return sorted(
            place
            for place in stored.keys() | replayed.keys()
            if stored.get(place) != replayed.get(place)
        )


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
    wrong_point: Difference | None
    damage: str | None
    """What is wrong with the file of the views itself, as SQLite says it."""

    @property
    def differences(self) -> list[Difference]:
        """The first difference of each view; none, where the views say what the ledger says."""
        found = [each.difference for each in self.views]
        file = Difference("views", "the file", {}, {"is": self.damage}, {"is": "ok"})
        return [each for each in (*found, self.wrong_point, file if self.damage else None) if each]


def verify(ledger: Ledger, live: ViewFile, *, samples: int, seed: int, watch: Watch) -> Certificate:
    """Replays the ledger and compares; the live views may go on following it meanwhile."""
    with temporary_views(live.path, f"verify-{getpid()}") as fresh:
        answers = Answers(fresh)
        replay = Projector(ledger, fresh, answers.projections)
        with watch("Replaying", live.position) as advance:
            replay.fill(until=live.position, progress=advance)
        with watch("Checking the file", 1) as advance:
            damage = live.damage()
            broken = _broken_searches(live, answers.projections)
            advance(1)
        with live.held_still():
            views = _compared(replay, live, broken, watch)
            tracked = max((each.tracking for each in views), key=lambda each: each.position)
            asked, wrong = 0, None
            if not any(each.difference for each in views):
                sampler = Sampler(ledger, _places(answers), tracked.position, seed)
                asked, wrong = _sampled(sampler, Control(live), samples, watch)
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


def _places(answers: Answers) -> list[LocationId]:
    """Those that can be held, in the order of their ids."""
    places, _ = answers.places.page(PlaceFilter(), known=answers.head, size=None)
    return [place.location for place in places if place.kind.can_be_held]


def _sampled(
    sampler: Sampler, control: Control, samples: int, watch: Watch
) -> tuple[int, Difference | None]:
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


def _broken_searches(live: ViewFile, views: Sequence[Projection]) -> dict[str, Difference]:
    """By the name of the view, the full-text index that finds other texts than are stored."""
    found = {view.name: live.broken_search(view) for view in views}
    return {
        name: Difference(name, broken[0], {}, {"index": broken[1]}, {"index": "that of its texts"})
        for name, broken in found.items()
        if broken
    }


def _compared(
    replay: Projector, live: ViewFile, broken: Mapping[str, Difference], watch: Watch
) -> list[Verified]:
    """Every view, compared at the position that it stands at."""
    views = {each.name: each for each in replay.projections}
    tracked = {name: live.tracking(view) for name, view in views.items()}
    found: dict[str, Verified] = {}
    with watch("Comparing", len(views)) as advance:
        for name in sorted(views, key=lambda name: tracked[name].position):
            replay.catch_up(until=tracked[name].position)
            found[name] = _verified(live, replay.views, views[name], broken.get(name))
            advance(1)
    return [found[name] for name in views]


def _verified(
    live: ViewFile, fresh: ViewFile, view: Projection, broken: Difference | None
) -> Verified:
    stored, replayed = (digests_of(each.reader, view) for each in (live, fresh))
    difference = _tracking_differs(live, fresh, view)
    difference = difference or first_other_shape(live.reader, fresh.reader, view)
    if difference is None and stored != replayed:
        difference = first_difference(live.reader, fresh.reader, view)
        digests = ({"digest": each.whole} for each in (stored, replayed))
        difference = difference or Difference(view.name, view.name, {}, *digests)
    return Verified(view.name, live.tracking(view), stored, replayed, difference or broken)


def _tracking_differs(live: ViewFile, fresh: ViewFile, view: Projection) -> Difference | None:
    """Whether it stands at an entry of this ledger, and is of the version that we replay."""
    stored, replayed = (each.standing(view) for each in (live, fresh))
    if stored == replayed:
        return None
    names = [name for name in replayed if stored.get(name) != replayed[name]]
    told = ({name: each.get(name) for name in names} for each in (stored, replayed))
    return Difference(view.name, "tracking", {"view": view.name}, *told)
