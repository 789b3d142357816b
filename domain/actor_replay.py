"""How did an actor's names, ties and convoys come about, entry by entry?

The entries of a ledger are folded in the order of recording. A step is an entry about a name, a
tie or a convoy of the actor, and any other entry that changes one of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from domain.actor import Actor
from domain.control.perspective import DEFAULT, Perspective
from domain.events import (
    ActorAmended,
    ActorRegistered,
    ActorRenamed,
    Amendment,
    ConvoyEvent,
    Event,
    LocationAmended,
    RecordKeeping,
    SituationEvent,
    SourceRegraded,
)
from domain.occurred import Instant
from domain.provenance import Attribution
from domain.registry import Entry, Registry
from domain.situation.convoys import ConvoyState
from domain.situation.ties import Spell, TieKind, ties_of
from domain.values import ActorId, EventId


@dataclass(frozen=True, slots=True)
class ActorState:
    """An actor at an instant of valid time, by the entries up to a position."""

    names: tuple[str, ...] = ()
    """The name in use first; none before the registration."""
    ties: tuple[Spell, ...] = ()
    """Every spell of a tie that has begun or may have begun."""
    convoys: tuple[ConvoyState, ...] = ()


@dataclass(frozen=True, slots=True)
class ActorStep:
    """An entry, and the actor before and after."""

    entry: Entry
    attribution: Attribution | None
    """None for registrations, regradings and amendments, which no source reports."""
    before: ActorState
    after: ActorState
    is_left_out: bool
    """Whether the perspective does not admit the statement."""


@dataclass(frozen=True, slots=True)
class ActorReplay:
    """Every step, and the actor after the last."""

    steps: tuple[ActorStep, ...]
    state: ActorState
    passed_over: int
    """The number of statements about the actor without names, ties or convoys."""


def replay_actor(
    entries: Iterable[Entry], actor: ActorId, at: Instant, perspective: Perspective = DEFAULT
) -> ActorReplay:
    """The steps of an actor's story at an instant of valid time.

    `entries` are those about the actor and, for missions that leave a country, about the places
    around the places named; further entries do no harm. A perspective narrows ties and convoys;
    names are given by every source.
    """
    fold = _ActorFold(actor, at, perspective)
    steps = tuple(step for entry in entries if (step := fold.take(entry)))
    told = {step.entry.statement.id for step in steps}
    named = (id for id, (_, event) in fold.actor.said.items() if fold.actor.is_named_in(event))
    return ActorReplay(steps, fold.state, sum(id not in told for id in named))


class _ActorFold:
    """The actor and the places around, up to an entry."""

    def __init__(self, actor: ActorId, at: Instant, perspective: Perspective) -> None:
        self.actor = Actor(actor)
        self.state = ActorState()
        self._at, self._perspective = at, perspective
        self._places = Registry()
        self._ties: dict[TieKind, list[Spell]] = {}
        self._told: set[EventId] = set()

    def take(self, entry: Entry) -> ActorStep | None:
        """Takes the next entry in; the step, for an entry about names, ties or convoys."""
        self.actor.learn(entry)
        self._places.learn(entry.statement, ())
        before, event = self.state, entry.statement.event
        self.state = self._after(self._about(event))
        if not self._is_about_the_actor(event) and self.state == before:
            return None
        self._told.add(entry.statement.id)
        attribution = self.actor.provenances.attribution(event)
        return ActorStep(entry, attribution, before, self.state, self._is_left_out(event))

    def _about(self, event: Event) -> Event:
        """The event; for a retraction or a reinstatement, the target."""
        kept = self._places.events.get(event.event) if isinstance(event, RecordKeeping) else None
        return kept.event if kept else event

    def _after(self, about: Event) -> ActorState:
        kinds, at, perspective = list(self._kinds(about)), self._at, self._perspective
        for kind in kinds:
            self._ties[kind] = self.actor.spells(at, self._places.around, [kind], perspective)
        state = self.state
        if kinds:
            state = replace(state, ties=tuple(self._all_ties()))
        if isinstance(about, ConvoyEvent | SourceRegraded):
            state = replace(state, convoys=tuple(self.actor.convoys(at, perspective)))
        if isinstance(about, ActorRegistered | ActorAmended | ActorRenamed):
            state = replace(state, names=tuple(self.actor.names(at)))
        return state

    def _all_ties(self) -> Iterator[Spell]:
        for kind in TieKind:
            for each in self._ties.get(kind, ()):
                # An alliance is one tie, though the rule of ties tells it from both ends.
                if kind is not TieKind.ALLIED_WITH or each.tie.subject == self.actor.actor:
                    yield each

    def _kinds(self, about: Event) -> Iterable[TieKind]:
        """The kinds of ties that may change by the event."""
        match about:
            case SituationEvent():
                return {tie.kind for tie, _ in ties_of(about)}
            case LocationAmended():
                return [TieKind.DEPLOYED_AT]
            case SourceRegraded() if not self._perspective.is_default:
                return list(TieKind)
        return ()

    def _is_about_the_actor(self, event: Event) -> bool:
        actor = self.actor.actor
        match event:
            case RecordKeeping():
                return event.event in self._told
            case ActorRegistered() | ActorAmended() | ActorRenamed():
                return event.actor == actor
            case ConvoyEvent():
                return actor in event.owners
            case SituationEvent():
                return any(actor in tie.actors for tie, _ in ties_of(event))
        return False

    def _is_left_out(self, event: Event) -> bool:
        if isinstance(self._about(event), ActorRenamed | Amendment):
            return False
        if isinstance(event, SituationEvent | RecordKeeping):
            return not self.actor.provenances.admits(event, self._perspective)
        return False
