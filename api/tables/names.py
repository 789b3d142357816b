"""The names of actors and places in use at any moment, for many rows.

Most things are never renamed: their registered name is looked up once. Memory is bounded.
"""

from dataclasses import dataclass
from functools import lru_cache

from api.answers.answers import Answers
from domain.occurred import Instant
from domain.values import ActorId, LocationId, LocationKind
from projections.names import ACTOR, LOCATION
from projections.places import Place

_KEPT = 20_000
"""How many names, and how many places, are kept."""


class NamesInUse:
    """Names as known at a position."""

    def __init__(self, answers: Answers, known: int) -> None:
        self._answers, self._known = answers, known
        self._renamed = {kind: answers.names_view.renamed(kind) for kind in (ACTOR, LOCATION)}
        self._called = lru_cache(_KEPT)(self._look_up)
        self._actor = lru_cache(_KEPT)(self._registered_actor)
        self.place = lru_cache(_KEPT)(self._place)

    def at(self, at: Instant) -> "NamesThen":
        return NamesThen(self, at)

    def actor_at(self, actor: ActorId, at: Instant) -> str:
        return self._in_use(ACTOR, actor, at) or self._actor(actor)

    def place_at(self, place: LocationId, registered: str, at: Instant) -> str:
        return self._in_use(LOCATION, place, at) or registered

    def _in_use(self, kind: str, slug: str, at: Instant) -> str | None:
        renamed = self._renamed[kind]
        return None if renamed is not None and slug not in renamed else self._called(kind, slug, at)

    def _look_up(self, kind: str, slug: str, at: Instant) -> str | None:
        view = self._answers.names_view
        return view.called(kind, [slug], at=at, known=self._known).get(slug)

    def _registered_actor(self, actor: ActorId) -> str:
        found = self._answers.actors.get(actor, known=self._known)
        return found.name if found else actor

    def _place(self, place: LocationId) -> Place:
        return self._answers.place(place, known=self._known)


@dataclass(frozen=True, slots=True)
class NamesThen:
    """The names in use at one instant."""

    of: NamesInUse
    instant: Instant

    def actor(self, actor: ActorId) -> str:
        return self.of.actor_at(actor, self.instant)

    def location(self, location: LocationId) -> str:
        return self.of.place_at(location, self.of.place(location).name, self.instant)

    def kind(self, location: LocationId) -> LocationKind:
        return self.of.place(location).kind
