"""An actor: what it is called, whom it is tied to, where it is deployed, how its convoys fare."""

from collections.abc import Collection, Iterable

from domain.amendments import Amendments
from domain.events import (
    ActorRegistered,
    ActorRenamed,
    ConvoyEvent,
    EventReinstated,
    RecordKeeping,
    SituationEvent,
)
from domain.occurred import Instant, Window
from domain.references import references_of
from domain.registry import Entry
from domain.situation.convoys import ConvoyState, ConvoyWord, convoys_at
from domain.situation.ties import Around, Spell, Standing, TieKind, Word, spells, standing, ties_of
from domain.values import ActorId, EventId


class Actor:
    """What the record says of one actor. It grows in place, and only by `learn`.

    It also hears what ends its ties without naming it, as the end of every siege of a place does,
    and all that is said of its convoys.
    """

    def __init__(self, actor: ActorId) -> None:
        self.actor = actor
        self._registered: ActorRegistered | None = None
        self._amendments = Amendments()
        self.said: dict[EventId, tuple[int, SituationEvent]] = {}
        self.retracted: set[EventId] = set()

    @property
    def registered(self) -> ActorRegistered | None:
        """Its registration, as it reads by what was amended."""
        return self._amendments.read(self._registered) if self._registered else None

    def learn(self, entry: Entry) -> None:
        """What we know of the actor once this is recorded too."""
        self._amendments.learn(entry)
        match entry.statement.event:
            case ActorRegistered() as registered if registered.actor == self.actor:
                self._registered = registered
            case SituationEvent() as event:
                self.said[entry.statement.id] = (entry.position, event)
            case EventReinstated(event=event):
                self.retracted.discard(event)
            case RecordKeeping(event=event):
                self.retracted.add(event)

    def stands(self) -> list[SituationEvent]:
        """What is said of it and not taken back, in the order of valid time."""
        of_it = (event for _, _, event in self._live() if self._is_named_in(event))
        return sorted(of_it, key=lambda event: _order(event.occurred.window))

    def names(self, at: Instant) -> list[str]:
        """All that it went by at that instant: the name in use first, then one that it may have
        taken by then, then its aliases."""
        registered = self.registered
        if registered is None:
            return []
        taken = sorted(
            (*_order(event.occurred.window), position, event)
            for _, position, event in self._live()
            if isinstance(event, ActorRenamed) and event.actor == self.actor
        )
        renamed = [event for *_, event in taken]
        in_use = [event.name for event in renamed if event.occurred.window.is_over_at(at)]
        possible = [event.name for event in renamed if event.occurred.window.is_open_at(at)]
        aliases = [alias.text for alias in registered.aliases]
        first = in_use[-1] if in_use else registered.name
        return list(dict.fromkeys([first, *possible, *aliases]))

    def ties(
        self, at: Instant, around: Around, kinds: Collection[TieKind] = tuple(TieKind)
    ) -> list[Standing]:
        """Its ties of those kinds that stood at that instant, or may have; from either end."""
        found = standing(self._words(kinds), at, around)
        return [each for each in found if self.actor in each.tie.actors]

    def spells(
        self, at: Instant, around: Around, kinds: Collection[TieKind] = tuple(TieKind)
    ) -> list[Spell]:
        """Every spell of its ties of those kinds that had begun by that instant, or may have."""
        found = spells(self._words(kinds), at, around)
        return [each for each in found if self.actor in each.tie.actors]

    def missions(self, at: Instant, around: Around) -> list[Spell]:
        """Where it is or was deployed, as far as begun by then."""
        return self.spells(at, around, [TieKind.DEPLOYED_AT])

    def convoys(self, at: Instant) -> list[ConvoyState]:
        """Its convoys at that instant."""
        words = (
            ConvoyWord(id, position, event)
            for id, position, event in self._live()
            if isinstance(event, ConvoyEvent)
        )
        return [each for each in convoys_at(words, at) if self.actor in each.owners]

    def _live(self) -> Iterable[tuple[EventId, int, SituationEvent]]:
        for id, (position, event) in self.said.items():
            if id not in self.retracted:
                yield id, position, event

    def _words(self, kinds: Collection[TieKind]) -> Iterable[Word]:
        for id, position, event in self._live():
            for tie, begins in ties_of(event):
                if tie.kind in kinds:
                    yield Word(tie, begins, id, position, event.occurred.window)

    def _is_named_in(self, event: SituationEvent) -> bool:
        named = references_of(event)
        return any((each.kind, each.slug) == ("actor", self.actor) for each in named)


def _order(window: Window) -> tuple[int, int]:
    return (window.latest, window.earliest)


def fold(actor: ActorId, entries: Iterable[Entry]) -> Actor:
    """The actor as the events that concern it, in the order of recording, tell it."""
    known = Actor(actor)
    for entry in entries:
        known.learn(entry)
    return known
