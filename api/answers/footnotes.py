"""Footnotes of an account: the numbers of the cited events, and a note for each number.

Numbers follow the first citations; a note gives source, date, grade and place in the report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.sources import testimony_of
from domain.events import Event, SituationEvent
from domain.occurred import Instant
from domain.texts import in_one_line
from domain.values import EventId
from domain.words.explanation import Testimony, spoken_window
from domain.words.names import moment_of
from domain.words.statements import Names, statement

CITED = 8
"""The most events cited for one statement; further events are counted."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A cited event and its source, in words."""

    number: int
    text: str


class Footnotes:
    """The cited events of an account."""

    def __init__(self, answers: Answers, basis: Basis, *, cites: bool = True) -> None:
        """Without `cites` the account has neither numbers nor notes."""
        self._answers, self._basis, self._cites = answers, basis, cites
        self._numbers: dict[EventId, int] = {}
        self._names: dict[Instant | None, Names] = {}

    def cite(self, events: Iterable[EventId]) -> str:
        """The numbers of these events, as in " [3, 4]"; empty without events."""
        named = list(dict.fromkeys(events))
        if not named or not self._cites:
            return ""
        numbers = [self._numbers.setdefault(each, len(self._numbers) + 1) for each in named[:CITED]]
        more = f" and {len(named) - CITED:,} more" if len(named) > CITED else ""
        return f" [{', '.join(map(str, numbers))}{more}]"

    def told(self, event: SituationEvent) -> str:
        """The statement and its time, with the names in use then."""
        said = statement(event, self.names_of(event))
        return f"{said[0].upper()}{said[1:]} {spoken_window(event.occurred.window)}"

    def names_of(self, event: Event) -> Names:
        """The names of places and actors at the time of the event."""
        at = moment_of(event)
        if at not in self._names:
            self._names[at] = self._answers.names(self._basis.on(at))
        return self._names[at]

    def __iter__(self) -> Iterator[Footnote]:
        testimony = testimony_of(self._answers, self._numbers, self._basis)
        entries = self._answers.entries.many(self._numbers, known=self._basis.position)
        for event, number in self._numbers.items():
            if heard := testimony.get(event):
                yield Footnote(number, self._note(event, heard))
            else:
                yield Footnote(number, f"{type(entries[event].event).__name__}, event {event}.")

    def _note(self, event: EventId, heard: Testimony) -> str:
        report = self._answers.sources.report(heard.event.report, known=self._basis.position)
        assert report is not None, "an event cites a report that was filed before it"
        via = f", by way of {heard.via}" if heard.via else ""
        published = spoken_window(heard.published.window)
        passage = f", {in_one_line(heard.event.passage)}" if heard.event.passage else ""
        return (
            f"{self.told(heard.event)}. {heard.source}{via}, {heard.grade}, “{report.title}”, "
            f"published {published}{passage}. Event {event}."
        )
