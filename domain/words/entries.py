"""The entries of a replay in plain English: the content, the source, and the number of each."""

from collections.abc import Iterable
from typing import Protocol

from domain.events import (
    ActorAmended,
    ActorRegistered,
    Amendment,
    EventReinstated,
    EventRetracted,
    LocationAmended,
    LocationRegistered,
    SituationEvent,
    SourceAmended,
    SourceEnded,
    SourceRegraded,
)
from domain.provenance import Attribution
from domain.registry import Entry
from domain.texts import in_one_line
from domain.values import EventId
from domain.words.explanation import spoken_time
from domain.words.names import Naming, moment_of
from domain.words.statements import spoken_list, statement


class AttributedStep(Protocol):
    """A step of any replay, with the attribution of its entry."""

    @property
    def entry(self) -> Entry: ...
    @property
    def attribution(self) -> Attribution | None: ...


class EntryWords:
    """The words for the entries of one replay."""

    def __init__(self, steps: Iterable[AttributedStep], naming: Naming) -> None:
        self._steps = {step.entry.statement.id: step for step in steps}
        self._naming = naming

    def heard(self, step: AttributedStep) -> str:
        """The content, as in "FAMa seized Kidal on 2023-11-14"."""
        event = step.entry.statement.event
        match event:
            case SituationEvent():
                said = statement(event, self._naming.at(moment_of(event)))
                return f"{said} {spoken_time(event.occurred)}"
            case EventRetracted(replaced_by=None):
                return f"{self.number(event.event)} is taken back: {in_one_line(event.reason)}"
            case EventRetracted():
                return f"{self.number(event.event)} is corrected: {in_one_line(event.reason)}"
            case EventReinstated():
                return f"{self.number(event.event)} counts again: {in_one_line(event.reason)}"
            case SourceRegraded():
                source = self._naming.source(event.source)
                graded = f"{source} is graded {event.reliability} from now on"
                return f"{graded}: {in_one_line(event.reason)}"
            case SourceEnded():
                ended = f"{self._naming.source(event.source)} ended {spoken_time(event.ended)}"
                return f"{ended}: from then on its silence says nothing"
            case LocationRegistered():
                return f"{event.name} is registered as a {event.kind}"
            case ActorRegistered():
                return f"{event.name} is registered ({event.kind.replace('-', ' ')})"
            case Amendment():
                return f"{self._amended(event)}: {in_one_line(event.reason)}"
        return type(event).__name__

    def _amended(self, event: Amendment) -> str:
        match event:
            case LocationAmended(kind=None):
                return self._otherwise(self._naming.place(event.location).name, event)
            case LocationAmended():
                return f"{self._naming.place(event.location).name} is a {event.kind} after all"
            case SourceAmended():
                keeps = "keeps its word current" if event.continuous else "is no continuous source"
                return f"{self._naming.source(event.source)} {keeps} after all"
            case ActorAmended():
                return self._otherwise(self._naming.actor(event.actor) or event.actor, event)
        return type(event).__name__

    def _otherwise(self, name: str, event: Amendment) -> str:
        return f"{name} is registered otherwise from here on ({spoken_list([*event.changes])})"

    def source(self, step: AttributedStep) -> str | None:
        """The source with its grade and date, as in "Press (B2, published on 2023-11-14)"; None
        for our own registrations and amendments."""
        if step.attribution is None:
            return None
        by, published = step.attribution.by, spoken_time(step.attribution.published)
        grade = f"{by.reliability}{step.attribution.credibility or ''}"
        via = f", by way of {self._naming.source(by.source)}" if by.source != by.origin else ""
        return f"{self._naming.source(by.origin)} ({grade}{via}, published {published})"

    def voice(self, event: EventId) -> str:
        """The number of an entry and its source, as in "no. 12 (Press)"."""
        attribution = self._steps[event].attribution
        origin = f" ({self._naming.source(attribution.by.origin)})" if attribution else ""
        return f"{self.number(event)}{origin}"

    def number(self, event: EventId) -> str:
        """The number of an entry, as in "no. 12"."""
        return f"no. {self._steps[event].entry.position}"
