"""Which events stand behind each part of an answer? A list reads those of one part together."""

from collections.abc import Callable, Iterable, Iterator

from api.answers.basis import Answer
from domain.values import EventId

EventsOf = Callable[[Answer], Iterable[EventId]]
"""The events of one part of an answer."""


def evidence_of(answer: Answer) -> Iterable[EventId]:
    return answer.verdict.evidence


def lineage_of(answer: Answer) -> Iterable[EventId]:
    return answer.verdict.lineage


def other_evidence_of(answer: Answer) -> Iterator[EventId]:
    """The events that speak for rivals and for other possible answers."""
    for rival in answer.verdict.rivals:
        yield from rival.evidence
    for verdict, _ in answer.possible:
        yield from verdict.evidence


def outweighed_of(answer: Answer) -> Iterator[EventId]:
    return (each.event for each in answer.verdict.outweighed)


def outweighed_by(answer: Answer) -> Iterator[EventId]:
    """The events because of which others are outweighed."""
    return (each.by for each in answer.verdict.outweighed if each.by)


PARTS: tuple[EventsOf, ...] = (
    evidence_of,
    lineage_of,
    other_evidence_of,
    outweighed_of,
    outweighed_by,
)
