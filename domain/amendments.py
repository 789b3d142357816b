"""What does a registration say, once it is amended?

What counts is the last amendment that stands, field by field; one that was taken back does not.
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
    """The registration with these amendments of it, in the order of recording."""
    changes = {name: value for each in amendments for name, value in each.changes.items()}
    return registered.model_copy(update=changes) if changes else registered


class Amendments:
    """What was amended, and what of that stands. It grows in place, and only by `learn`."""

    def __init__(self) -> None:
        self._made: dict[Reference, dict[EventId, Amendment]] = {}
        self._about: dict[EventId, Reference] = {}
        self._taken_back: set[EventId] = set()

    def learn(self, entry: Entry) -> Reference | None:
        """Takes the entry in; whose registration may read otherwise by it, if any."""
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
        """The registration as it reads by all that was learnt."""
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
        """Whether that event is an amendment that was learnt."""
        return event in self._about


def _thing(named: Reference) -> Reference:
    """The same, whichever field names it."""
    return named._replace(field="")
