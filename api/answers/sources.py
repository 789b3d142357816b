"""On what does an answer rest, and how is it told from that?

Whatever can say this of itself can be printed: the views of a node, and a bundle far from any node.
"""

from collections.abc import Iterable
from typing import Protocol

from api.answers.availability import Asked, available_in_words, not_recorded_in_words
from api.answers.basis import Answer, Known
from api.answers.perspective import whose_word
from domain.events import SituationEvent
from domain.grades import Grade, worst_reliability
from domain.occurred import Instant, Occurred
from domain.values import ActorId, EventId, Reliability, ReportId, SourceId
from domain.words.explanation import Testimony, explain, spoken_reading
from domain.words.names import moment_of
from domain.words.statements import Names, spoken_actors, statement
from projections.actors import ActorRow
from projections.entries import EntryRow
from projections.places import Place
from projections.sources import Report, Source


class EntriesHeld(Protocol):
    """Statements, and when they were recorded."""

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, EntryRow]: ...
    def recorded_at(self, position: int) -> Instant | None: ...


class SourcesHeld(Protocol):
    """Sources, and what they reported."""

    def source(self, source: SourceId, *, known: int) -> Source | None: ...
    def report(self, report: ReportId, *, known: int) -> Report | None: ...
    def names(self) -> dict[str, set[str]]: ...


class ActorsHeld(Protocol):
    """Actors."""

    def many(self, actors: Iterable[ActorId], *, known: int) -> dict[ActorId, ActorRow]: ...


class Grounds(Asked, Protocol):
    """What an answer rests on, as known at a position; where that is nothing, what could be had."""

    @property
    def entries(self) -> EntriesHeld: ...
    @property
    def sources(self) -> SourcesHeld: ...
    @property
    def actors(self) -> ActorsHeld: ...
    def place(self, slug: str, *, known: int) -> Place: ...
    def names(self, *, at: Instant | None, known: int) -> Names: ...


class Answering(Grounds, Protocol):
    """What can be asked, and say on what its answer rests."""

    def known(self, *, at: Instant | None = None, position: int | None = None) -> Known: ...


def explanation_of(grounds: Grounds, answer: Answer) -> str:
    """The answer in plain English, with its reasons."""
    known = answer.known.position
    names = grounds.names(at=answer.at, known=known)
    name = names.location(answer.location)
    if answer.inherited_from:
        name = f"{name}, as part of {names.location(answer.inherited_from)},"
    testimony = testimony_of(grounds, answer.events, known)
    told = explain(name, answer.at, answer.period, testimony, names)
    instead = [
        *not_recorded_in_words(grounds, answer),
        *available_in_words(grounds, answer, names, "`inherit`"),
    ]
    sentences = " ".join([told, *around_in_words(answer, names), *instead])
    whose = whose_word(grounds.sources, answer.perspective, known)
    return f"{whose[0].upper()}{whose[1:]}: {sentences}" if whose else sentences


def around_in_words(answer: Answer, names: Names) -> list[str]:
    """That a place around it has changed hands since, a sentence, if one has."""
    if answer.around is None:
        return []
    around = names.location(answer.around.location)
    said = spoken_reading(answer.around.verdict, names)
    who = spoken_actors(answer.around.verdict.holders, names)
    hold = "hold" if len(answer.around.verdict.holders) > 1 else "holds"
    told = f"Not certain: since the last word about it, {who} {hold} {around}, in which it lies"
    return [f"{told}; it may have been {said} with it."]


def testimony_of(
    grounds: Grounds, events: Iterable[EventId], known: int
) -> dict[EventId, Testimony]:
    """Those of the events that are statements, and who makes them."""
    found = grounds.entries.many(set(events), known=known)
    return {
        event: _testify(grounds, entry.event, known)
        for event, entry in found.items()
        if isinstance(entry.event, SituationEvent)
    }


def _testify(grounds: Grounds, event: SituationEvent, known: int) -> Testimony:
    sources = grounds.sources
    report = sources.report(event.report, known=known)
    assert report is not None, "an event cites a report that was filed before it"
    origin = sources.source(report.origin, known=known)
    via = sources.source(report.source, known=known)
    assert origin is not None and via is not None, "a report cites a registered source"
    # A copy is trusted no more than the worse of its origin and its publisher.
    trusted = worst_reliability([Reliability(origin.reliability), Reliability(via.reliability)])
    return Testimony(
        event=event,
        said=statement(event, grounds.names(at=moment_of(event), known=known)),
        source=origin.name,
        via=via.name if via.source != origin.source else None,
        grade=Grade(trusted, event.credibility),
        published=Occurred.parse(report.published),
    )
