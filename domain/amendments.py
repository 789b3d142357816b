"""The registration of a thing as amended.

The last amendment that stands counts, field by field.
"""

from collections.abc import Iterable
from typing import TypeVar

from domain.events import (
    ActorRegistered,
    Amendment,
    EventReinstated,
    LocationRegistered,
    RecordKeeping,
    ReportFiled,
    SourceRegistered,
)
from domain.references import Reference, amended_by, subject_of
from domain.registry import Entry
from domain.values import EventId

R = TypeVar("R", SourceRegistered, ReportFiled, LocationRegistered, ActorRegistered)


def amended(registered: R, amendments: Iterable[Amendment]) -> R:
    """The registration with these amendments, in the order of recording."""
    changes = {name: value for each in amendments for name, value in each.changes.items()}
    return registered.model_copy(update=changes) if changes else registered


class Amendments:
    """All amendments, and whether each stands, entry by entry. Only `learn` changes them."""

    def __init__(self) -> None:
        self._made: dict[Reference, dict[EventId, Amendment]] = {}
        self._about: dict[EventId, Reference] = {}
        self._taken_back: set[EventId] = set()

    def learn(self, entry: Entry) -> Reference | None:
        """Takes in the next entry; the thing whose registration may change, if any."""
        id, event = entry.statement.id, entry.statement.event
        if isinstance(event, RecordKeeping):
            if about := self._about.get(event.event):
                stands = isinstance(event, EventReinstated)
                (self._taken_back.discard if stands else self._taken_back.add)(event.event)
            return about
        if about := amended_by(event):
            about = _thing(about)
            self._about[id] = about
            self._made.setdefault(about, {})[id] = event  # type: ignore[assignment]
        return about

    def read(self, registered: R) -> R:
        """The registration with all amendments that stand."""
        if not self._made:
            return registered
        subject = subject_of(registered)
        assert subject is not None, "a registration introduces something"
        made = self._made.get(_thing(subject))
        if not made:
            return registered
        return amended(
            registered, [each for id, each in made.items() if id not in self._taken_back]
        )

    def concerns(self, event: EventId) -> bool:
        """Whether the event is a known amendment."""
        return event in self._about


def _thing(named: Reference) -> Reference:
    """The same reference without its field."""
    return named._replace(field="")
