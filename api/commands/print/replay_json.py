"""A replay as JSON, with the names of GraphQL's `Replay`, and ids of events."""

from collections.abc import Iterable

from api.answers.replay import Replayed, ReplayedStep
from api.commands.print.answer_json import perspective_as_json
from api.commands.print.event_json import Json, window_as_json
from api.pretty_json import pretty
from domain.control.claims import ControlStatus
from domain.control.verdict import RULE, Period, Side, Verdict
from domain.occurred import rfc3339
from domain.replay import EntryEffect
from domain.values import ActorId
from domain.words.actor_replay import ActorStepWords
from domain.words.replay import PlaceStepWords
from domain.words.statements import Names
from domain.words.verdicts import spoken_answer
from infra.ledger.codec import Recorded


def document(replayed: Replayed, whose: str = "") -> str:
    """One JSON document; `whose` are the words for its perspective."""
    names = replayed.names
    written = {
        "location": {
            "slug": replayed.location,
            "name": names.location(replayed.location),
            "kind": names.kind(replayed.location).name,
        },
        "at": rfc3339(replayed.basis.at),
        "position": replayed.basis.position,
        "rule": RULE,
        "perspective": perspective_as_json(replayed.basis.perspective, whose),
        "steps": [_step(told, names) for told in replayed.steps],
        "answer": _with_around(replayed, names),
        "passedOver": replayed.replay.passed_over,
    }
    return pretty(written)


def _with_around(replayed: Replayed, names: Names) -> Json:
    answer = replayed.answer
    possible = [
        {
            **_reading(verdict, names),
            "inheritedFrom": {"slug": place, "name": names.location(place)} if place else None,
        }
        for verdict, place in answer.possible
    ]
    return {**_answer(answer.period, names), "certain": answer.certain, "possible": possible}


def step_opening(
    recorded: Recorded, words: PlaceStepWords | ActorStepWords, *, retracted: bool
) -> Json:
    """The entry of a step, as heard, and its source: the first fields of the step."""
    return {
        "position": recorded.position,
        "eventId": recorded.statement.id,
        "type": type(recorded.event).__name__,
        "recordedAt": rfc3339(recorded.recorded_at),
        "recordedBy": recorded.recorded_by,
        "retracted": retracted,
        "heard": words.heard,
        "source": words.source,
    }


def _step(told: ReplayedStep, names: Names) -> Json:
    step, words = told.step, told.words
    return {
        **step_opening(told.recorded, words, retracted=told.retracted),
        "before": _answer(step.before, names),
        "after": _answer(step.after, names),
        "reason": " ".join(words.because),
        "because": [_effect(effect) for effect in step.effects],
    }


def _effect(effect: EntryEffect) -> Json:
    why = effect.why.name if effect.why else None
    return {"because": effect.effect.name, "events": effect.events, "why": why}


def _answer(period: Period, names: Names) -> Json:
    reading = period.reading
    verdict = reading.verdict
    return {
        "said": spoken_answer(reading, names),
        **_reading(verdict, names),
        "since": window_as_json(period.since),
        "sinceIs": period.since_is.name if period.since_is else None,
        "until": window_as_json(period.until),
        "lastHeard": window_as_json(period.last_heard),
        "holding": [
            {"actor": actor, "since": window_as_json(each.since)}
            for actor, each in zip(
                _actors((it.actor for it in period.holding), names), period.holding, strict=True
            )
        ],
        "certain": reading.certain,
        "possible": [_reading(each, names) for each in reading.possible],
        "disputed": verdict.disputed,
        "rivals": [_reading(side, names) for side in verdict.rivals],
        "outweighed": [
            {"event": each.event, "by": each.by, "because": each.why.name}
            for each in verdict.outweighed
        ],
        "lineage": verdict.lineage,
    }


def _reading(said: Verdict | Side, names: Names) -> Json:
    held, fought = (said.status is it for it in (ControlStatus.HELD, ControlStatus.CONTESTED))
    return {
        "status": said.status,
        "holders": _actors(said.holders if held else (), names),
        "contenders": _actors(said.holders if fought else (), names),
        "evidence": said.evidence,
    }


def _actors(actors: Iterable[ActorId], names: Names) -> list[Json]:
    return [{"slug": actor, "name": names.actor(actor)} for actor in actors]
