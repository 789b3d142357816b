"""Many answers on a page, each in a line."""

from collections.abc import Iterable, Iterator

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.perspective import perspective_words
from api.answers.sources import testimony_of
from domain.control.verdict import Reading
from domain.values import EventId
from domain.words.explanation import spoken_extent, times_of
from domain.words.verdicts import spoken_answer


def brief_answer(answers: Answers, answer: Answer) -> str:
    """The answer and the other possible ones in a few words."""
    possible = tuple(verdict for verdict, _ in answer.possible)
    return spoken_answer(Reading(answer.verdict, possible), answers.names(answer.basis))


def spoken_events(answers: Answers, events: Iterable[EventId], basis: Basis) -> Iterator[str]:
    """A line for each event: a statement with source and grade, a retraction by type."""
    told = testimony_of(answers, events, basis)
    entries = answers.entries.many(set(events), known=basis.position)
    for event in events:
        if said := told.get(event):
            yield f"{said.said}: {said.source} ({said.grade})"
        elif entry := entries.get(event):
            yield f"{type(entry.event).__name__}, at position {entry.position}"


def answer_extent(answers: Answers, answer: Answer) -> str:
    """The beginning and the end of the answer, and the time of its last report."""
    testimony = testimony_of(answers, answer.events, answer.basis)
    return " ".join(spoken_extent(answer.basis.at, answer.period, times_of(testimony.values())))


def perspective_suffix(answers: Answers, basis: Basis, published_by: str | None) -> str:
    """The perspective behind a comma; empty for everybody's. `published_by` gives the day of
    publication in the words of the question, where not UTC."""
    words = perspective_words(answers.sources, basis, published_by)
    return f", {words}" if words else ""
