"""An actor: names, ties to others and to places, and convoys."""

from collections.abc import Collection, Iterable

from domain.amendments import Amendments
from domain.control.perspective import DEFAULT, Perspective
from domain.events import (
    ActorAmended,
    ActorRegistered,
    ActorRenamed,
    ConvoyEvent,
    Event,
    EventReinstated,
    LineageEvent,
    MissionDeployed,
    MissionWithdrawn,
    PoliticalEvent,
    RecordKeeping,
    SiegeLaid,
    SiegeLifted,
    SituationEvent,
)
from domain.occurred import Instant, Window
from domain.provenance import Provenances
from domain.references import references_of
from domain.registry import Entry
from domain.situation.convoys import ConvoyState, ConvoyWord, convoys_at
from domain.situation.ties import Around, Spell, Standing, TieKind, Word, spells, standing, ties_of
from domain.values import ActorId, EventId

_EVERY_KIND = tuple(TieKind)
BEARING = (
    *(ActorRegistered, ActorAmended, RecordKeeping),
    *(ConvoyEvent, LineageEvent, PoliticalEvent),
    *(MissionDeployed, MissionWithdrawn, SiegeLaid, SiegeLifted),
)
"""The events behind the names, ties and convoys of actors."""


class Actor:
    """The record of an actor, entry by entry. Only `learn` changes the record.

    The end of every siege of a place ends a tie of the actor without naming the actor; such entries
    belong to the record, and so do all statements about the actor's convoys.
    """

    def __init__(self, actor: ActorId) -> None:
        self.actor = actor
        self._registered: ActorRegistered | None = None
        self._amendments = Amendments()
        self.provenances = Provenances()
        self.said: dict[EventId, tuple[int, SituationEvent]] = {}
        self._kept: list[RecordKeeping] = []

    @property
    def registered(self) -> ActorRegistered | None:
        """The registration with all amendments that stand."""
        return self._amendments.read(self._registered) if self._registered else None

    def learn(self, entry: Entry) -> None:
        """Takes in the next entry of the ledger."""
        self._amendments.learn(entry)
        self.provenances.learn(entry)
        match entry.statement.event:
            case ActorRegistered() as registered if registered.actor == self.actor:
                self._registered = registered
            case SituationEvent() as event:
                self.said[entry.statement.id] = (entry.position, event)
            case RecordKeeping() as keeping:
                self._kept.append(keeping)

    def names(self, at: Instant) -> list[str]:
        """Every name of the actor at an instant of valid time: first the name in use, then names
        whose window is open, then the aliases."""
        registered = self.registered
        if registered is None:
            return []
        taken = sorted(
            (*_order(event.occurred.window), position, event)
            for _, position, event in self._live(DEFAULT)
            if isinstance(event, ActorRenamed) and event.actor == self.actor
        )
        renamed = [event for *_, event in taken]
        in_use = [event.name for event in renamed if event.occurred.window.is_over_at(at)]
        possible = [event.name for event in renamed if event.occurred.window.is_open_at(at)]
        aliases = [alias.text for alias in registered.aliases]
        first = in_use[-1] if in_use else registered.name
        return list(dict.fromkeys([first, *possible, *aliases]))

    def ties(
        self,
        at: Instant,
        around: Around,
        kinds: Collection[TieKind] = _EVERY_KIND,
        perspective: Perspective = DEFAULT,
    ) -> list[Standing]:
        """The ties of the actor, from either end, that stand at an instant or may stand."""
        found = standing(self._words(kinds, perspective), at, around)
        return [each for each in found if self.actor in each.tie.actors]

    def spells(
        self,
        at: Instant,
        around: Around,
        kinds: Collection[TieKind] = _EVERY_KIND,
        perspective: Perspective = DEFAULT,
    ) -> list[Spell]:
        """Every spell of the actor's ties that has begun at an instant, or may have begun."""
        found = spells(self._words(kinds, perspective), at, around)
        return [each for each in found if self.actor in each.tie.actors]

    def convoys(self, at: Instant, perspective: Perspective = DEFAULT) -> list[ConvoyState]:
        """The actor's convoys at an instant of valid time."""
        words = (
            ConvoyWord(id, position, event)
            for id, position, event in self._live(perspective)
            if isinstance(event, ConvoyEvent)
        )
        return [each for each in convoys_at(words, at) if self.actor in each.owners]

    def is_named_in(self, event: Event) -> bool:
        """Whether the event names the actor."""
        named = references_of(event)
        return any((each.kind, each.slug) == ("actor", self.actor) for each in named)

    def _live(self, perspective: Perspective) -> Iterable[tuple[EventId, int, SituationEvent]]:
        admits = self.provenances.admits
        kept = (each for each in self._kept if admits(each, perspective))
        stands = {each.event: isinstance(each, EventReinstated) for each in kept}
        for id, (position, event) in self.said.items():
            if stands.get(id, True) and admits(event, perspective):
                yield id, position, event

    def _words(self, kinds: Collection[TieKind], perspective: Perspective) -> Iterable[Word]:
        for id, position, event in self._live(perspective):
            for tie, begins in ties_of(event):
                if tie.kind in kinds:
                    yield Word(tie, begins, id, position, event.occurred.window)


def _order(window: Window) -> tuple[int, int]:
    return (window.latest, window.earliest)


def fold(actor: ActorId, entries: Iterable[Entry]) -> Actor:
    """The actor by these entries, in the order of recording."""
    known = Actor(actor)
    for entry in entries:
        known.learn(entry)
    return known
