"""An actor: what it is, where it is deployed, what became of its convoys."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.events import (
    ActorRegistered,
    ConvoyEvent,
    EventReinstated,
    MissionDeployed,
    MissionWithdrawn,
    RecordKeeping,
    SituationEvent,
)
from domain.occurred import Occurred
from domain.registry import Entry
from domain.values import ActorId, ConvoyId, EventId, LocationId


@dataclass(frozen=True, slots=True)
class Deployed:
    """A mission is said to be at a place."""

    location: LocationId
    since: Occurred


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A mission is said to have left a place."""

    location: LocationId
    since: Occurred | None
    """When it had come, where that was said."""
    until: Occurred


Mission = Deployed | Withdrawn


class Actor:
    """What the record says of one actor. It grows in place, and only by `learn`."""

    def __init__(self, actor: ActorId) -> None:
        self.actor = actor
        self.registered: ActorRegistered | None = None
        self.said: dict[EventId, SituationEvent] = {}
        self.retracted: set[EventId] = set()

    def learn(self, entry: Entry) -> None:
        """What we know of the actor once this is recorded too."""
        match entry.statement.event:
            case ActorRegistered() as registered if registered.actor == self.actor:
                self.registered = registered
            case SituationEvent() as event:
                self.said[entry.statement.id] = event
            case EventReinstated(event=event):
                self.retracted.discard(event)
            case RecordKeeping(event=event):
                self.retracted.add(event)

    def stands(self) -> list[SituationEvent]:
        """What is said of it and not taken back, in the order of valid time."""
        live = (event for id, event in self.said.items() if id not in self.retracted)
        return sorted(live, key=_window)

    def missions(self) -> list[Mission]:
        """Where it was deployed, and which of these places it left."""
        found: dict[LocationId, Mission] = {}
        for event in self.stands():
            match event:
                case MissionDeployed(mission=self.actor):
                    if not isinstance(found.get(event.location), Deployed):
                        found[event.location] = Deployed(event.location, event.occurred)
                case MissionWithdrawn(mission=self.actor):
                    before = found.get(event.location)
                    since = before.since if before else None
                    found[event.location] = Withdrawn(event.location, since, event.occurred)
        return list(found.values())

    def convoys(self) -> dict[ConvoyId, ConvoyEvent]:
        """The last word on each of its convoys."""
        return {
            event.convoy: event
            for event in self.stands()
            if isinstance(event, ConvoyEvent) and self.actor in event.owners
        }


def _window(event: SituationEvent) -> tuple[int, int]:
    return (event.occurred.window.earliest, event.occurred.window.latest)


def fold(actor: ActorId, entries: Iterable[Entry]) -> Actor:
    """The actor as the events tagged with it, in the order of recording, tell it."""
    known = Actor(actor)
    for entry in entries:
        known.learn(entry)
    return known
