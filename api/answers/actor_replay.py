"""How did an actor's names, ties and convoys come about, as the ledger alone tells it?"""

from collections.abc import Iterable
from dataclasses import dataclass

from api.answers.basis import Basis
from api.answers.replay import retractions
from domain.actor_replay import ActorReplay, ActorStep, replay_actor
from domain.events import LocationAmended, LocationRegistered
from domain.references import references_of
from domain.values import ActorId
from domain.words.actor_replay import ActorStepWords, tell_actor
from domain.words.names import Naming
from domain.words.statements import Names
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger

_NAMED_BY = ("Registered", "Amended", "Renamed")
_NAMING = tuple(f"{kind}{what}" for kind in ("Location", "Actor") for what in _NAMED_BY)
"""The events with names of places and actors."""


@dataclass(frozen=True, slots=True)
class ReplayedActorStep:
    """A step: the recorded entry, the actor before and after, and both in words."""

    recorded: Recorded
    step: ActorStep
    words: ActorStepWords
    retracted: bool
    """Whether the entry is taken back, as known at the position of the replay."""


@dataclass(frozen=True, slots=True)
class ReplayedActor:
    """The replay of an actor at an instant of valid time, up to a position."""

    actor: ActorId
    basis: Basis
    replay: ActorReplay
    steps: tuple[ReplayedActorStep, ...]
    names: Names
    """The names in use at that instant."""


def replay_actor_from(ledger: Ledger, actor: str, basis: Basis) -> ReplayedActor:
    """Folds the entries of the ledger about the actor, on that basis. Raises UnknownReference."""
    at, until = basis.at, basis.position
    if not ledger.registrations("actor", [actor]):
        raise ledger.unknown("actor", actor)
    about = entries_about(ledger, ActorId(actor), until, is_whole=True)
    replay = replay_actor([each.entry for each in about], ActorId(actor), at, basis.perspective)
    naming = _naming(ledger, about, until)
    recorded, taken_back = {each.position: each for each in about}, retractions(about)
    words = tell_actor(replay.steps, naming, at)
    steps = tuple(
        ReplayedActorStep(
            recorded[step.entry.position], step, told, step.entry.statement.id in taken_back
        )
        for step, told in zip(replay.steps, words, strict=True)
    )
    return ReplayedActor(ActorId(actor), basis, replay, steps, naming.at(at))


def entries_about(
    ledger: Ledger, actor: ActorId, until: int, *, is_whole: bool = False
) -> list[Recorded]:
    """The entries behind the actor, and the containers of the places named; for a whole record also
    all other entries about the actor."""
    about = ledger.about_actor(actor, until=until, is_whole=is_whole)
    found = {each.position: each for each in about}
    waiting, asked = _places_in(about), set[str]()
    while waiting:
        asked |= waiting
        told = [
            *ledger.registrations("location", sorted(waiting)),
            *ledger.amendments("location", sorted(waiting), until=until),
        ]
        found |= {each.position: each for each in told if each.position <= until}
        waiting = {each for each in map(_container_in, told) if each} - asked
    return [found[position] for position in sorted(found)]


def _places_in(about: Iterable[Recorded]) -> set[str]:
    named = (reference for each in about for reference in references_of(each.event))
    return {reference.slug for reference in named if reference.kind == "location"}


def _container_in(recorded: Recorded) -> str | None:
    event = recorded.event
    return event.within if isinstance(event, LocationRegistered | LocationAmended) else None


def _naming(ledger: Ledger, about: list[Recorded], until: int) -> Naming:
    """The names of everything that the entries name, as known at the position."""
    named = {reference for each in about for reference in references_of(each.event)}
    tags = {each.tag for each in named if each.kind in ("actor", "location")}
    told = ledger.tagged(sorted(tags), *_NAMING, until=until)
    events = [f"event:{each.statement.id}" for each in told]
    kept = ledger.tagged(events, "EventRetracted", "EventReinstated", until=until)
    entries = {each.position: each.entry for each in (*about, *told, *kept)}
    return Naming(entries[position] for position in sorted(entries))
