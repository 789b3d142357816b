"""Do views say what the ledger says? Replayed from the first entry, and compared in full.

An auditor may keep the replay and continue later. A kept replay remembers every entry: a rewritten
entry differs, whatever else was rewritten.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from os import getpid
from pathlib import Path

from api.answers.answers import Answers
from api.audit.ledger_check import ProgressBars
from domain.refusals import Refusal
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


class ViewPart(Enum):
    """Views that are replayed together: control takes as long as all the others."""

    WHOLE = "whole"
    CONTROL = "control"
    REST = "rest"

    def compares(self, view: str) -> bool:
        return self is ViewPart.WHOLE or (view == Control.name) is (self is ViewPart.CONTROL)

    def replays(self, view: str) -> bool:
        """Every view rests on the record."""
        return view == Record.name or self.compares(view)

    def replay_file(self, folder: Path) -> Path:
        """The file of the kept replay."""
        return folder / f"{'control' if self is ViewPart.CONTROL else 'views'}-replay.db"


@dataclass(frozen=True, slots=True)
class VerifiedView:
    """A view, as stored and as replayed."""

    view: str
    tracking: Tracking
    """The position of the view in the ledger."""
    stored: Digests
    replayed: Digests
    difference: RowDifference | None
    """The first differing row."""

    @property
    def places(self) -> list[str]:
        """The places with a difference."""
        stored, replayed = self.stored.places, self.replayed.places
        return sorted(
            place
            for place in stored.keys() | replayed.keys()
            if stored.get(place) != replayed.get(place)
        )


class CannotGoOn(Refusal):
    """The kept replay can't be continued: the ledger or the views don't fit, or its version is
    another.

    A new replay in its place would forget the past.
    """

    def __init__(self, kept: Path, why: str) -> None:
        super().__init__(f"the replay in {kept} can't be gone on from: {why}")


def check_views(
    ledger: Ledger, live: ViewFile, part: ViewPart, bars: ProgressBars, folder: Path | None = None
) -> list[VerifiedView]:
    """Replays the ledger into fresh views, up to the position of the live views, and compares.

    Live views may follow meanwhile. A replay kept in the folder is continued and kept again. Raises
    CannotGoOn.
    """
    with _replayed(ledger, live, part, bars, folder) as replay, live.snapshot():
        return _compared(replay, live, part, bars)


@contextmanager
def _replayed(
    ledger: Ledger, live: ViewFile, part: ViewPart, bars: ProgressBars, folder: Path | None
) -> Iterator[Projector]:
    until = live.position
    kept = part.replay_file(folder) if folder else None
    if kept and kept.exists():
        with closing(ViewFile(kept, mapped=False)) as views:
            _refuse_another_version(views)
            replay = _replay(ledger, views, part)
            reached = _reached(replay)
            if readable := replay.readable_now():
                raise CannotGoOn(kept, _READABLE.format(position=readable[0]))
            if reached > until:
                raise CannotGoOn(kept, _BEHIND.format(until=until, reached=reached))
            with bars("Replaying what is new", until - reached) as advance:
                replay.catch_up(until, advance)
            yield replay
        return
    with temporary_views(kept or live.path, f"verify-{getpid()}", keep_as=kept) as views:
        replay = _replay(ledger, views, part)
        with bars("Replaying", until) as advance:
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


def _replay(ledger: Ledger, views: ViewFile, part: ViewPart) -> Projector:
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


def _compared(
    replay: Projector, live: ViewFile, part: ViewPart, bars: ProgressBars
) -> list[VerifiedView]:
    """The views of a part, compared at the position of the live views."""
    views = [view for view in replay.projections if part.compares(view.name)]
    replay.catch_up(until=live.position)
    found: list[VerifiedView] = []
    with bars("Comparing", len(views)) as advance:
        for view in views:
            found.append(_verified(live, replay.views, view))
            advance(1)
    return found


def _verified(live: ViewFile, fresh: ViewFile, view: Projection) -> VerifiedView:
    stored, replayed = (digests_of(each.reader, view) for each in (live, fresh))
    difference = _tracking_difference(live, fresh, view) or _unreadable_difference(
        live, fresh, view
    )
    difference = difference or first_other_shape(live.reader, fresh.reader, view)
    if difference is None and stored != replayed:
        difference = first_difference(live.reader, fresh.reader, view)
        digests = ({"digest": each.whole} for each in (stored, replayed))
        difference = difference or RowDifference(view.name, view.name, {}, *digests)
    difference = difference or _search_difference(live, view)
    return VerifiedView(view.name, live.tracking, stored, replayed, difference)


def _search_difference(live: ViewFile, view: Projection) -> RowDifference | None:
    """The difference of a full-text index that finds other texts than the stored ones."""
    if not (broken := live.broken_search(view)):
        return None
    table, how = broken
    return RowDifference(view.name, table, {}, {"index": how}, {"index": "that of its texts"})


def _unreadable_difference(
    live: ViewFile, fresh: ViewFile, view: Projection
) -> RowDifference | None:
    """The first difference in the list of unreadable entries, up to the position of the views."""
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


def _tracking_difference(live: ViewFile, fresh: ViewFile, view: Projection) -> RowDifference | None:
    """The difference in position, entry or version between the live and the fresh views."""
    stored, replayed = (
        {"version": each.versions.get(view.name), **each.tracking._asdict()}
        for each in (live, fresh)
    )
    if stored == replayed:
        return None
    names = [name for name in replayed if stored[name] != replayed[name]]
    told = ({name: each[name] for name in names} for each in (stored, replayed))
    return RowDifference(view.name, "followed", {"view": view.name}, *told)
