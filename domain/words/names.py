"""The names of places, actors and sources, by the entries of a ledger alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from domain.amendments import Amendments
from domain.events import (
    ActorRegistered,
    ActorRenamed,
    Event,
    EventReinstated,
    LocationRegistered,
    LocationRenamed,
    RecordKeeping,
    SituationEvent,
    SourceRegistered,
)
from domain.occurred import Instant, Window
from domain.registry import Entry
from domain.values import ActorId, EventId, LocationId, LocationKind, SourceId
from domain.words.statements import Names


class _Renaming(NamedTuple):
    event: EventId
    position: int
    occurred: Window
    name: str


class Naming:
    """The names given so far, entry by entry. Only `learn` changes the naming."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._sources: dict[SourceId, SourceRegistered] = {}
        self._actors: dict[ActorId, ActorRegistered] = {}
        self._places: dict[LocationId, LocationRegistered] = {}
        self._amendments = Amendments()
        self._renamings: dict[tuple[type[Event], str], list[_Renaming]] = {}
        self._stands: dict[EventId, bool] = {}
        for entry in entries:
            self.learn(entry)

    def learn(self, entry: Entry) -> None:
        """Takes in the next entry of the ledger."""
        self._amendments.learn(entry)
        match entry.statement.event:
            case SourceRegistered() as source:
                self._sources[source.source] = source
            case ActorRegistered() as actor:
                self._actors[actor.actor] = actor
            case LocationRegistered() as place:
                self._places[place.location] = place
            case ActorRenamed() as event:
                self._rename(event.actor, event, entry)
            case LocationRenamed() as event:
                self._rename(event.location, event, entry)
            case RecordKeeping() as keeping:
                self._stands[keeping.event] = isinstance(keeping, EventReinstated)

    def source(self, source: SourceId) -> str:
        """The name of the source."""
        return self._amendments.read(self._sources[source]).name

    def actor(self, actor: ActorId) -> str | None:
        """The registered or amended name of the actor; None before the registration."""
        registered = self._actors.get(actor)
        return self._amendments.read(registered).name if registered else None

    def place(self, location: LocationId) -> LocationRegistered:
        """The registration of the place with all amendments that stand."""
        return self._amendments.read(self._places[location])

    def at(self, at: Instant | None) -> Names:
        """The names in use at an instant of valid time; for None, the latest names."""
        return _NamesAt(self, at)

    def called(
        self, kind: type[ActorRenamed | LocationRenamed], slug: str, at: Instant | None
    ) -> str | None:
        """The name taken by an instant: the latest with a window that is over."""
        taken = [
            each
            for each in self._renamings.get((kind, slug), ())
            if self._stands.get(each.event, True) and (at is None or each.occurred.is_over_at(at))
        ]
        return max(taken, key=_order).name if taken else None

    def _rename(self, slug: str, event: ActorRenamed | LocationRenamed, entry: Entry) -> None:
        window = event.occurred.window
        renaming = _Renaming(entry.statement.id, entry.position, window, event.name)
        self._renamings.setdefault((type(event), slug), []).append(renaming)


def moment_of(event: Event) -> Instant | None:
    """The instant for the names in an event: the last of its window. A renaming goes by the earlier
    name, an event without valid time by the latest names."""
    if not isinstance(event, SituationEvent):
        return None
    window = event.occurred.window
    if isinstance(event, ActorRenamed | LocationRenamed):
        return Instant(window.earliest - 1)
    return Instant(window.latest - 1)


@dataclass(frozen=True, slots=True)
class _NamesAt:
    naming: Naming
    moment: Instant | None

    def actor(self, actor: ActorId) -> str:
        taken = self.naming.called(ActorRenamed, actor, self.moment)
        return taken or self.naming.actor(actor) or actor

    def location(self, location: LocationId) -> str:
        taken = self.naming.called(LocationRenamed, location, self.moment)
        return taken or self.naming.place(location).name

    def kind(self, location: LocationId) -> LocationKind:
        return self.naming.place(location).kind


def _order(renaming: _Renaming) -> tuple[int, int, int]:
    return (renaming.occurred.latest, renaming.occurred.earliest, renaming.position)
