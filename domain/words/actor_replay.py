"""The replay of an actor in plain English, step by step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.actor_replay import ActorState, ActorStep
from domain.events import SituationEvent
from domain.occurred import Instant
from domain.replay import Effect
from domain.words.entries import EntryWords
from domain.words.names import Naming
from domain.words.relations import spoken_convoy, spoken_spell
from domain.words.replay import SENTENCES
from domain.words.statements import Names


@dataclass(frozen=True, slots=True)
class ActorStepWords:
    """A step in words."""

    heard: str
    """The content of the entry."""
    source: str | None
    """The source with its grade and date; None for our own registrations and amendments."""
    ended: tuple[str, ...]
    """The lines about the actor up to this entry and no longer."""
    begun: tuple[str, ...]
    """The lines about the actor from this entry on."""
    remark: str
    """A sentence where nothing changes; else empty."""


def tell_actor(steps: Iterable[ActorStep], naming: Naming, at: Instant) -> list[ActorStepWords]:
    """The steps in words; each event is told with the names of its own time."""
    told = list(steps)
    entries, names = EntryWords(told, naming), naming.at(at)
    return [_step_words(step, entries, names, at) for step in told]


def _step_words(step: ActorStep, entries: EntryWords, names: Names, at: Instant) -> ActorStepWords:
    before, after = (spoken_state(each, names) for each in (step.before, step.after))
    ended = tuple(line for line in before if line not in after)
    begun = tuple(line for line in after if line not in before)
    remark = "" if ended or begun else _remark(step, at)
    return ActorStepWords(entries.heard(step), entries.source(step), ended, begun, remark)


def _remark(step: ActorStep, at: Instant) -> str:
    event = step.entry.statement.event
    if step.is_left_out:
        return SENTENCES[Effect.LEFT_OUT]
    if isinstance(event, SituationEvent) and event.occurred.window.earliest > at:
        return SENTENCES[Effect.LATER]
    return "Nothing changes at that moment."


def spoken_state(state: ActorState, names: Names) -> list[str]:
    """A line for the names of an actor, and a line for each tie and convoy."""
    return list(_lines(state, names))


def _lines(state: ActorState, names: Names) -> Iterator[str]:
    if state.names:
        name, *others = state.names
        yield f"called {name}{', also ' if others else ''}{', '.join(others)}"
    for spell in state.ties:
        yield spoken_spell(spell, names)
    for convoy in state.convoys:
        doubt = "" if convoy.certain else " (there may be later word)"
        yield f"{convoy.convoy}: {spoken_convoy(convoy, names)}{doubt}"
