"""On which events does an account rest, and who told of each of them?

Every event that is cited gets a number, in the order in which the events are first cited; its note
says who told of it, when, how far that is trusted, and where in the report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.answers.answers import Answers
from domain.events import Event, SituationEvent
from domain.occurred import Instant
from domain.values import EventId
from domain.words.explanation import Testimony, spoken_window
from domain.words.names import moment_of
from domain.words.statements import Names, statement

CITED = 8
"""So many events are cited for one statement; of more, the rest are counted."""


@dataclass(frozen=True, slots=True)
class Note:
    """An event that the account rests on, and who told of it."""

    number: int
    text: str


class Notes:
    """The events that are cited, as known at a position."""

    def __init__(self, answers: Answers, known: int, *, cites: bool = True) -> None:
        """Without `cites`, nothing is numbered, and there are no notes."""
        self._answers, self._known, self._cites = answers, known, cites
        self._numbers: dict[EventId, int] = {}
        self._names: dict[Instant | None, Names] = {}

    def cite(self, events: Iterable[EventId]) -> str:
        """The numbers of these events, as in " [3, 4]"; nothing where there are none."""
        named = list(dict.fromkeys(events))
        if not named or not self._cites:
            return ""
        numbers = [self._numbers.setdefault(each, len(self._numbers) + 1) for each in named[:CITED]]
        more = f" and {len(named) - CITED:,} more" if len(named) > CITED else ""
        return f" [{', '.join(map(str, numbers))}{more}]"

    def told(self, event: SituationEvent) -> str:
        """What the event says and when, with the names that were in use then."""
        said = statement(event, self.names_of(event))
        return f"{said[0].upper()}{said[1:]} {spoken_window(event.occurred.window)}"

    def names_of(self, event: Event) -> Names:
        """What places and actors were called at the time of the event."""
        at = moment_of(event)
        if at not in self._names:
            self._names[at] = self._answers.names(at=at, known=self._known)
        return self._names[at]

    def __iter__(self) -> Iterator[Note]:
        testimony = self._answers.testimony(self._numbers, self._known)
        entries = self._answers.entries.many(self._numbers, known=self._known)
        for event, number in self._numbers.items():
            if heard := testimony.get(event):
                yield Note(number, self._note(event, heard))
            else:
                yield Note(number, f"{type(entries[event].event).__name__}, event {event}.")

    def _note(self, event: EventId, heard: Testimony) -> str:
        report = self._answers.sources.report(heard.event.report, known=self._known)
        assert report is not None, "an event cites a report that was filed before it"
        via = f", by way of {heard.via}" if heard.via else ""
        published = spoken_window(heard.published.window)
        passage = f", {heard.event.passage}" if heard.event.passage else ""
        return (
            f"{self.told(heard.event)}. {heard.source}{via}, {heard.grade}, “{report.title}”, "
            f"published {published}{passage}. Event {event}."
        )
