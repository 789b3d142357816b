"""At which points is the ledger folded anew, and do the views give the same answer there?

A point is drawn near the edges of a place's or an actor's record: an edge of a window, and an
entry. The same seed on the same ledger draws the same points.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from random import Random
from typing import Any, TypeVar

from api.answers.actor_replay import entries_about
from api.answers.answers import Answers
from domain.actor import fold as fold_actor
from domain.control.timeline import BEGINNING, END
from domain.events import SituationEvent
from domain.location import fold as fold_location
from domain.occurred import DAY, Instant, rfc3339
from domain.registry import Entry, Registry
from domain.situation.ties import Spell, Standing, TieKind
from domain.values import ActorId, LocationId
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger
from infra.views.digests import RowDifference
from projections.control import SomePeriod
from projections.control.encoding import reading_to_row
from projections.names import ACTOR

_ON_A_PLACE, _ON_AN_ACTOR = 20, 5
"""The points in turn on one place or actor: to read the entries takes most of the time."""
_TO_AN_ACTOR = [kind for kind in TieKind if kind not in (TieKind.BESIEGES, TieKind.DEPLOYED_AT)]

AnyTie = TypeVar("AnyTie", Standing, Spell)


@dataclass(frozen=True, slots=True)
class Point:
    """A question about a place or an actor: an instant of valid time, and the last known
    position."""

    slug: str
    at: Instant
    known: int
    entries: list[Entry]
    """The entries of the ledger up to that position."""


class Points:
    """Random points on some places or actors."""

    def __init__(
        self, among: Sequence[str], read: Callable[[str], list[Recorded]], position: int, seed: int
    ) -> None:
        self._among, self._position = among, position
        self._random = Random(seed)  # noqa: S311
        self._read = lru_cache(maxsize=1)(read)

    def draw(self, count: int, *, on_one: int) -> Iterator[Point]:
        """Random points; none, without places or actors."""
        for drawn in range(count if self._among else 0):
            if drawn % on_one == 0:
                slug = self._random.choice(self._among)
            about = self._read(slug)
            at, known = self._moment(about), self._known(about)
            told = [each.entry for each in about if each.position <= known]
            yield Point(slug, at, known, told)

    def _moment(self, about: Sequence[Recorded]) -> Instant:
        said = [each.event for each in about if isinstance(each.event, SituationEvent)]
        if not said:
            return Instant(0)
        window = self._random.choice(said).occurred.window
        edge = self._random.choice([window.earliest, window.latest])
        aside = self._random.choice([-31 * DAY, -1, 0, 1, 31 * DAY])
        return Instant(min(max(edge + aside, BEGINNING + 1), END - 1))

    def _known(self, about: Sequence[Recorded]) -> int:
        position = self._random.choice(about).position if about else self._position
        return self._random.choice([position - 1, position, self._position])


class Sampler:
    """Compares the views with the fold of the ledger, up to a position, at random points."""

    def __init__(self, ledger: Ledger, answers: Answers, position: int, seed: int) -> None:
        self._ledger, self._views = ledger, answers
        self._position, self._seed = position, seed

    def places(self, among: Sequence[LocationId], count: int) -> Iterator[RowDifference | None]:
        """The first difference in the control or the sieges of a place, point by point."""

        def read(slug: str) -> list[Recorded]:
            return self._ledger.about(LocationId(slug), until=self._position)

        for point in Points(among, read, self._position, self._seed).draw(
            count, on_one=_ON_A_PLACE
        ):
            try:
                yield self._of_a_place(point)
            except KeyError as hidden:
                why = f"the index of the ledger hides {hidden}, which the place rests on"
                key = _key("location", point)
                yield RowDifference("control", "control_period", key, {"ledger": why}, None)

    def actors(self, count: int) -> Iterator[RowDifference | None]:
        """The first difference in the names, ties or convoys of an actor, point by point."""

        def read(slug: str) -> list[Recorded]:
            return entries_about(self._ledger, ActorId(slug), self._position)

        among = sorted(self._views.actors.names())
        for point in Points(among, read, self._position, self._seed).draw(
            count, on_one=_ON_AN_ACTOR
        ):
            yield self._of_an_actor(point)

    def _of_a_place(self, point: Point) -> RowDifference | None:
        location, at, known = LocationId(point.slug), point.at, point.known
        place, key = fold_location(location, point.entries), _key("location", point)
        shown = self._views.control_view.at(location, at=at, known=known)
        meant = place.timeline().at(at)
        if shown.reading != meant.reading or _columns(shown) != _columns(meant):
            rows = (_columns(each) for each in (shown, meant))
            return RowDifference("control", "control_period", key, *rows)
        sieges = self._views.ties_view.standing(
            at=at, known=known, around=_nowhere, kinds=[TieKind.BESIEGES], other=location
        )
        return _difference("ties", "tie", key, sieges, place.sieges(at))

    def _of_an_actor(self, point: Point) -> RowDifference | None:
        slug, at, known = ActorId(point.slug), point.at, point.known
        actor, key = fold_actor(slug, point.entries), _key("actor", point)
        names = self._views.names_view.names_at(ACTOR, slug, at=at, known=known)
        convoys = self._views.convoys_view.at(at=at, known=known, owners=[slug])
        places = Registry()
        for entry in point.entries:
            places.learn(entry.statement, ())
        around, ties_view = places.around, self._views.ties_view
        standing = self._ties(ties_view.standing, point)
        spells = self._ties(ties_view.spells, point)
        return (
            _difference("names", "name", key, names, actor.names(at))
            or _difference("ties", "tie", key, standing, _own_first(actor.ties(at, around), slug))
            or _difference("ties", "tie", key, spells, _own_first(actor.spells(at, around), slug))
            or _difference("convoys", "convoy_word", key, convoys, actor.convoys(at))
        )

    def _ties(self, ask: Callable[..., list[AnyTie]], point: Point) -> list[AnyTie]:
        """The ties of an actor in the views, first as the subject, then as the object."""
        asked = partial(
            ask,
            at=point.at,
            known=point.known,
            around=partial(self._views.places.around, known=point.known),
        )
        own = asked(kinds=list(TieKind), subject=point.slug)
        return own + asked(kinds=_TO_AN_ACTOR, other=point.slug)


def _own_first(ties: list[AnyTie], actor: str) -> list[AnyTie]:
    return sorted(ties, key=lambda each: each.tie.subject != actor)


def _columns(period: SomePeriod) -> dict[str, Any]:
    """What a row tells of its period by itself, and the whole answer."""
    return {
        "status": period.status.value,
        "holders": " ".join(period.holders),
        "certain": period.certain,
        "disputed": period.disputed,
        "corroboration": period.corroboration,
        "reading": reading_to_row(period.reading),
    }


def _nowhere(_: LocationId) -> Sequence[LocationId]:
    return ()


def _key(kind: str, point: Point) -> dict[str, Any]:
    return {kind: point.slug, "at": rfc3339(point.at), "known": point.known}


def _difference(
    view: str, table: str, key: dict[str, Any], shown: Sequence[object], meant: Sequence[object]
) -> RowDifference | None:
    """The items on one side only."""
    if shown == meant:
        return None
    only_shown = [str(each) for each in shown if each not in meant]
    only_meant = [str(each) for each in meant if each not in shown]
    return RowDifference(view, table, key, {view: only_shown}, {view: only_meant})
