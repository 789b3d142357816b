"""A replay as text for a terminal."""

from collections.abc import Iterator

from api.answers.actor_replay import ReplayedActor, ReplayedActorStep
from api.answers.replay import Replayed, ReplayedStep
from api.answers.sources import around_in_words
from api.commands.print.terminal import wrapped
from domain.control.verdict import RULE
from domain.events import SituationEvent
from domain.occurred import Occurred, rfc3339
from domain.words.actor_replay import spoken_state
from domain.words.explanation import spoken_extent
from domain.words.verdicts import spoken_answer
from infra.ledger.codec import Recorded


def place_lines(replayed: Replayed, when: str) -> Iterator[str]:
    """The replay of a place; `when` are the words for the moment and the perspective."""
    place = replayed.names.location(replayed.location)
    yield f"{place}, {when}, replayed from the ledger up to position {replayed.basis.position}"
    for told in replayed.steps:
        yield from _place_step(told)
    answer = replayed.replay.answer
    reading = spoken_answer(answer.reading, replayed.names)
    yield from ["", *_filled(f"Answer: {reading}, by {RULE}.")]
    yield from spoken_extent(replayed.answer.basis.at, answer, _times(replayed))
    for each in around_in_words(replayed.answer, replayed.names):
        yield from _filled(each)
    if silent := replayed.replay.passed_over:
        more = "1 more event is" if silent == 1 else f"{silent:,} more events are"
        verb = "asserts" if silent == 1 else "assert"
        yield f"{more} about the place, and {verb} nothing about who controls it."


def _times(replayed: Replayed) -> Iterator[Occurred]:
    for told in replayed.steps:
        if isinstance(event := told.recorded.event, SituationEvent):
            yield event.occurred


def _place_step(told: ReplayedStep) -> Iterator[str]:
    words = told.words
    yield from _entry(told.recorded, words.heard, words.source)
    same = words.before == words.after
    yield from _filled(f"= {words.after}" if same else f"{words.before} -> {words.after}", "    ")
    for sentence in words.because:
        yield from _filled(sentence, "    ")


def actor_lines(replayed: ReplayedActor, when: str) -> Iterator[str]:
    """The replay of an actor; `when` are the words for the moment and the perspective."""
    actor = replayed.names.actor(replayed.actor)
    yield f"{actor}, {when}, replayed from the ledger up to position {replayed.basis.position}"
    for told in replayed.steps:
        yield from _actor_step(told)
    yield from ["", "At that moment:"]
    for line in spoken_state(replayed.replay.state, replayed.names) or ["nothing is known of it"]:
        yield from _filled(line, "  ")
    if silent := replayed.replay.passed_over:
        more = "1 more event names" if silent == 1 else f"{silent:,} more events name"
        verb = "says" if silent == 1 else "say"
        yield f"{more} the actor, and {verb} nothing of its names, ties or convoys."


def _actor_step(told: ReplayedActorStep) -> Iterator[str]:
    words = told.words
    yield from _entry(told.recorded, words.heard, words.source)
    for sign, lines in (("-", words.ended), ("+", words.begun)):
        for line in lines:
            yield from _filled(f"{sign} {line}", "    ")
    if words.remark:
        yield from _filled(words.remark, "    ")


def _entry(recorded: Recorded, heard: str, source: str | None) -> Iterator[str]:
    by, when = recorded.recorded_by, rfc3339(recorded.recorded_at)
    yield from ["", f"No. {recorded.position}, recorded {when} by {by}"]
    yield from _filled(heard, "  ")
    if source:
        yield from _filled(source, "  ")


def _filled(text: str, margin: str = "") -> Iterator[str]:
    return wrapped(text, margin, f"{margin}  ")
