"""Do views say what the ledger says? Replayed from the first entry, and compared in full.

An auditor may keep the replay and go on from it the next time. It holds all that the entries said
then: an entry that was rewritten since differs from it, whatever else was rewritten with it.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from os import getpid
from pathlib import Path

from api.answers.answers import Answers
from api.audit.ledger_check import Watch
from infra.ledger.ledger import Ledger
from infra.views.digests import (
    Digests,
    RowDifference,
    digests_of,
    first_difference,
    first_other_shape,
)
from infra.views.file import Projection, Tracking, ViewFile, temporary_views
from infra.views.projector import ForeignViews, Projector
from projections.control import Control
from projections.record import Record


class Part(Enum):
    """Views that are replayed together: control takes as long as all the others."""

    WHOLE = "whole"
    CONTROL = "control"
    REST = "rest"

    def compares(self, view: str) -> bool:
        return self is Part.WHOLE or (view == Control.name) is (self is Part.CONTROL)

    def replays(self, view: str) -> bool:
        """Every view rests on the record."""
        return view == Record.name or self.compares(view)

    def kept_in(self, folder: Path) -> Path:
        """The file in which its replay is kept."""
        return folder / f"{'control' if self is Part.CONTROL else 'views'}-replay.db"


@dataclass(frozen=True, slots=True)
class Verified:
    """One view, as it is stored and as the replay gives it."""

    view: str
    tracking: Tracking
    """How far it has followed the ledger."""
    stored: Digests
    replayed: Digests
    difference: RowDifference | None
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


class CannotGoOn(Exception):
    """From the replay that was kept: the ledger doesn't go on from it, or the views don't reach it,
    or it is of another version. To make it anew instead would be to forget what it shows."""

    def __init__(self, kept: Path, why: str) -> None:
        super().__init__(f"the replay in {kept} can't be gone on from: {why}")


def check_views(
    ledger: Ledger, live: ViewFile, part: Part, watch: Watch, folder: Path | None = None
) -> list[Verified]:
    """Replays the ledger into fresh ones of these views, up to where the live ones stand; and
    compares. They may go on following the ledger meanwhile.

    A replay that is kept in that folder is gone on from, and kept again. Raises CannotGoOn.
    """
    with _replayed(ledger, live, part, watch, folder) as replay, live.snapshot():
        return _compared(replay, live, part, watch)


@contextmanager
def _replayed(
    ledger: Ledger, live: ViewFile, part: Part, watch: Watch, folder: Path | None
) -> Iterator[Projector]:
    until = live.position
    kept = part.kept_in(folder) if folder else None
    if kept and kept.exists():
        with closing(ViewFile(kept, mapped=False)) as views:
            _refuse_another_version(views)
            replay = _replay(ledger, views, part)
            reached = _reached(replay)
            if readable := replay.readable_now():
                raise CannotGoOn(kept, _READABLE.format(position=readable[0]))
            if reached > until:
                raise CannotGoOn(kept, _BEHIND.format(until=until, reached=reached))
            with watch("Replaying what is new", until - reached) as advance:
                replay.catch_up(until, advance)
            yield replay
        return
    with temporary_views(kept or live.path, f"verify-{getpid()}", keep_as=kept) as views:
        replay = _replay(ledger, views, part)
        with watch("Replaying", until) as advance:
            replay.fill(until, advance)
        yield replay


_BEHIND = (
    "it has come to position {reached}, and the views stand at {until}; let them follow the ledger "
    "first, as tenure serve does"
)
_VERSION = (
    "its view of {view} is of another version of Tenure; verify with that one once more, and then "
    "delete the replay: from the first entry on it is made anew"
)
_READABLE = (
    "it passed over the entry at position {position}, which this version of Tenure can read; "
    "verify with the version that made it once more, and then delete the replay: it is made anew"
)
_HISTORY = (
    "it stands at entry {at.event}, at position {at.position}, and there the ledger has another "
    "entry or none; either its history was rewritten, or this is the replay of another ledger"
)


def _replay(ledger: Ledger, views: ViewFile, part: Part) -> Projector:
    wanted = [each for each in Answers(views).projections if part.replays(each.name)]
    return Projector(ledger, views, wanted)


def _refuse_another_version(kept: ViewFile) -> None:
    versions = {view.name: view.version for view in Answers(kept).projections}
    for name, version in kept.versions.items():
        if versions.get(name) != version:
            raise CannotGoOn(kept.path, _VERSION.format(view=name))


def _reached(replay: Projector) -> int:
    """How far the kept replay has come, in the history that the ledger holds. Raises CannotGoOn."""
    at = replay.views.tracking
    try:
        replay.check()
    except ForeignViews:
        raise CannotGoOn(replay.views.path, _HISTORY.format(at=at)) from None
    return at.position


def _compared(replay: Projector, live: ViewFile, part: Part, watch: Watch) -> list[Verified]:
    """The views of that part, compared at the position that they stand at."""
    views = [view for view in replay.projections if part.compares(view.name)]
    replay.catch_up(until=live.position)
    found: list[Verified] = []
    with watch("Comparing", len(views)) as advance:
        for view in views:
            found.append(_verified(live, replay.views, view))
            advance(1)
    return found


def _verified(live: ViewFile, fresh: ViewFile, view: Projection) -> Verified:
    stored, replayed = (digests_of(each.reader, view) for each in (live, fresh))
    difference = _tracking_differs(live, fresh, view) or _passed_over_differs(live, fresh, view)
    difference = difference or first_other_shape(live.reader, fresh.reader, view)
    if difference is None and stored != replayed:
        difference = first_difference(live.reader, fresh.reader, view)
        digests = ({"digest": each.whole} for each in (stored, replayed))
        difference = difference or RowDifference(view.name, view.name, {}, *digests)
    difference = difference or _broken_search(live, view)
    return Verified(view.name, live.tracking, stored, replayed, difference)


def _broken_search(live: ViewFile, view: Projection) -> RowDifference | None:
    """The full-text index of the view, if it finds other texts than are stored."""
    if not (broken := live.broken_search(view)):
        return None
    table, how = broken
    return RowDifference(view.name, table, {}, {"index": how}, {"index": "that of its texts"})


def _passed_over_differs(live: ViewFile, fresh: ViewFile, view: Projection) -> RowDifference | None:
    """Whether it is said that other entries can't be read than can't be, up to where it stands."""
    last = live.tracking.position
    stored, replayed = (
        {each.position: each for each in views.passed_over if each.position <= last}
        for views in (live, fresh)
    )
    for position in sorted(stored.keys() | replayed.keys()):
        if stored.get(position) != replayed.get(position):
            told = (
                {"why": str(each)} if (each := of.get(position)) else None
                for of in (stored, replayed)
            )
            return RowDifference(view.name, "passed_over", {"position": position}, *told)
    return None


def _tracking_differs(live: ViewFile, fresh: ViewFile, view: Projection) -> RowDifference | None:
    """Whether the view stands at an entry of this ledger, and is of the version that we replay."""
    stored, replayed = (
        {"version": each.versions.get(view.name), **each.tracking._asdict()}
        for each in (live, fresh)
    )
    if stored == replayed:
        return None
    names = [name for name in replayed if stored[name] != replayed[name]]
    told = ({name: each[name] for name in names} for each in (stored, replayed))
    return RowDifference(view.name, "followed", {"view": view.name}, *told)
