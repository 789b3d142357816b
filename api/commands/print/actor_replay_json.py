"""The replay of an actor as JSON, with the names of GraphQL's `Actor`."""

from api.answers.actor_replay import ReplayedActor, ReplayedActorStep
from api.commands.print.answer_json import perspective_as_json
from api.commands.print.event_json import Json, window_as_json
from api.commands.print.replay_json import step_opening
from api.pretty_json import pretty
from domain.occurred import rfc3339
from domain.situation.convoys import ConvoyState
from domain.situation.ties import Spell
from domain.words.actor_replay import spoken_state


def document(replayed: ReplayedActor, whose: str = "") -> str:
    """One JSON document; `whose` are the words for its perspective."""
    state, names = replayed.replay.state, replayed.names
    written = {
        "actor": {"slug": replayed.actor, "name": names.actor(replayed.actor)},
        "at": rfc3339(replayed.basis.at),
        "position": replayed.basis.position,
        "perspective": perspective_as_json(replayed.basis.perspective, whose),
        "steps": [_step(told) for told in replayed.steps],
        "said": spoken_state(state, names),
        "names": state.names,
        "ties": [_tie(each) for each in state.ties],
        "convoys": [_convoy(each) for each in state.convoys],
        "passedOver": replayed.replay.passed_over,
    }
    return pretty(written)


def _step(told: ReplayedActorStep) -> Json:
    words = told.words
    return {
        **step_opening(told.recorded, words, retracted=told.retracted),
        "leftOut": told.step.is_left_out,
        "ended": words.ended,
        "begun": words.begun,
    }


def _tie(spell: Spell) -> Json:
    return {
        "kind": spell.tie.kind.name,
        "subject": spell.tie.subject,
        "object": spell.tie.object,
        "since": window_as_json(spell.since),
        "until": window_as_json(spell.until),
        "certain": spell.certain,
        "evidence": spell.events,
    }


def _convoy(state: ConvoyState) -> Json:
    return {
        "convoy": state.convoy,
        "owners": state.owners,
        "phase": state.phase.name,
        "location": state.location,
        "boundFor": state.bound_for,
        "haltedBy": state.halted_by,
        "since": window_as_json(state.since),
        "certain": state.certain,
        "evidence": state.events,
    }
