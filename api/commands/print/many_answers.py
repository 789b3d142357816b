"""How are many answers told, each in a line or as JSON?"""

from collections.abc import Iterable, Iterator
from textwrap import fill

from api.answers.answers import Answers
from api.answers.basis import Answer, Known
from api.answers.perspective import whose_word
from api.answers.sources import testimony_of
from domain.control.perspective import Perspective
from domain.control.verdict import RULE, Reading
from domain.occurred import rfc3339
from domain.values import EventId
from domain.words.explanation import spoken_extent, times_of
from domain.words.verdicts import spoken_answer

_WIDTH = 96


def in_brief(answers: Answers, answer: Answer) -> str:
    """What the answer says of its place, and what else is possible, in a few words."""
    names = answers.names(at=answer.at, known=answer.known.position)
    possible = tuple(verdict for verdict, _ in answer.possible)
    return spoken_answer(Reading(answer.verdict, possible), names)


def spoken_events(answers: Answers, events: Iterable[EventId], known: Known) -> Iterator[str]:
    """What each of the events says, and who says so; one that takes back another by its type."""
    told = testimony_of(answers, events, known.position)
    entries = answers.entries.many(set(events), known=known.position)
    for event in events:
        if said := told.get(event):
            yield f"{said.said}: {said.source} ({said.grade})"
        elif entry := entries.get(event):
            yield f"{type(entry.event).__name__}, at position {entry.position}"


def extent(answers: Answers, answer: Answer) -> str:
    """Since when the answer holds, until when, and when it was last heard of."""
    testimony = testimony_of(answers, answer.events, answer.known.position)
    return " ".join(spoken_extent(answer.at, answer.period, times_of(testimony.values())))


def whose(
    answers: Answers, perspective: Perspective, known: Known, published_by: str | None
) -> str:
    """Whose word counts, to stand behind what is asked; empty where everybody's does.
    `published_by` says that day as it was asked for, where that is not UTC."""
    words = whose_word(answers.sources, perspective, known.position, published_by)
    return f", {words}" if words else ""


def basis(answers: Answers, known: Known) -> str:
    """What was known, and the rule."""
    recorded_at = answers.entries.recorded_at(known.position)
    recorded = "" if recorded_at is None else f" (recorded {rfc3339(recorded_at)})"
    return f"Basis: position {known.position}{recorded}, {RULE}"


def page(lines: Iterable[str]) -> str:
    """The lines, each filled to the width of a page, with what it hangs on indented."""
    filled = (fill(each, _WIDTH, subsequent_indent="    ") if each else "" for each in lines)
    return "\n".join(filled) + "\n"
