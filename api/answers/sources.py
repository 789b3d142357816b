"""The sources of an answer, and the answer in plain English.

The views of a node can be asked, and likewise a bundle far from any node.
"""

from collections.abc import Iterable
from typing import Protocol

from api.answers.availability import ControlRecords, available_in_words, not_recorded_in_words
from api.answers.basis import Answer, Basis
from api.answers.perspective import perspective_words
from domain.control.perspective import Perspective
from domain.control.verdict import RULE
from domain.events import SituationEvent
from domain.grades import Grade, report_reliability
from domain.occurred import Instant, Occurred, rfc3339
from domain.texts import escaped
from domain.values import ActorId, EventId
from domain.words.explanation import Testimony, explain
from domain.words.names import moment_of
from domain.words.statements import Names, statement
from domain.words.verdicts import spoken_hold, spoken_side
from projections.actors import ActorRow
from projections.entries import EntryRow
from projections.places import Place


class EntryRecords(Protocol):
    """Entries, as known at a position, and their recorded times."""

    def many(self, events: Iterable[EventId], *, known: int) -> dict[EventId, EntryRow]: ...
    def recorded_at(self, position: int) -> Instant | None: ...


class ActorRecords(Protocol):
    """Actors, as known at a position."""

    def many(self, actors: Iterable[ActorId], *, known: int) -> dict[ActorId, ActorRow]: ...


class AnswerSources(ControlRecords, Protocol):
    """The entries, actors, places and names behind an answer."""

    @property
    def entries(self) -> EntryRecords: ...
    @property
    def actors(self) -> ActorRecords: ...
    def place(self, slug: str, *, known: int) -> Place: ...
    def names(self, basis: Basis) -> Names: ...


class Respondent(AnswerSources, Protocol):
    """A node or a bundle to ask, with the sources of its answers."""

    def basis(
        self,
        at: Instant | None = None,
        *,
        known_at: Instant | None = None,
        position: int | None = None,
        perspective: Perspective = ...,
    ) -> Basis: ...


def explanation_of(sources: AnswerSources, answer: Answer) -> str:
    """The answer in plain English, with its reasons."""
    basis = answer.basis
    names = sources.names(basis)
    name = names.location(answer.location)
    if answer.inherited_from:
        name = f"{name}, as part of {names.location(answer.inherited_from)},"
    testimony = testimony_of(sources, answer.events, basis)
    told = explain(name, basis.at, answer.period, testimony, names)
    instead = [
        *not_recorded_in_words(sources, answer),
        *available_in_words(sources, answer, names, "`inherit`"),
    ]
    sentences = " ".join([told, *around_in_words(answer, names), *instead])
    whose = perspective_words(sources.sources, basis)
    return escaped(f"{whose[0].upper()}{whose[1:]}: {sentences}" if whose else sentences)


def spoken_basis(sources: AnswerSources, basis: Basis) -> str:
    """The position with its recorded time, and the rule."""
    recorded_at = sources.entries.recorded_at(basis.position)
    recorded = "" if recorded_at is None else f" (recorded {rfc3339(recorded_at)})"
    return f"Basis: position {basis.position}{recorded}, {RULE}"


def around_in_words(answer: Answer, names: Names) -> list[str]:
    """A sentence on a place around in other hands since, or nothing."""
    if answer.around is None:
        return []
    around = names.location(answer.around.location)
    said = spoken_side(answer.around.verdict, names)
    hold = spoken_hold(answer.around.verdict.holders, around, names)
    told = f"Not certain: since the last word about it, {hold}, in which it lies"
    return [f"{told}; it may have been {said} with it."]


def testimony_of(
    sources: AnswerSources, events: Iterable[EventId], basis: Basis
) -> dict[EventId, Testimony]:
    """The statements among the events, each with its source, report and grade."""
    found = sources.entries.many(set(events), known=basis.position)
    return {
        event: _testimony(sources, entry.event, basis)
        for event, entry in found.items()
        if isinstance(entry.event, SituationEvent)
    }


def _testimony(sources: AnswerSources, event: SituationEvent, basis: Basis) -> Testimony:
    known, records = basis.position, sources.sources
    report = records.report(event.report, known=known)
    assert report is not None, "an event cites a report that was filed before it"
    origin = records.source(report.origin, known=known)
    via = records.source(report.source, known=known)
    assert origin is not None and via is not None, "a report cites a registered source"
    trusted = report_reliability(origin.reliability, via.reliability)
    return Testimony(
        event=event,
        said=statement(event, sources.names(basis.on(moment_of(event)))),
        source=origin.name,
        via=via.name if via.source != origin.source else None,
        grade=Grade(trusted, event.credibility),
        published=Occurred.parse(report.published),
    )
