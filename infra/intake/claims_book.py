"""Which words of a table's source stand, and which does it take back, as its table is read?

The rows of a place follow each other as their revisions were published. Two readings take an
earlier row back, each by the revision that shows it:

* A row whose time moves backwards is a correction: what was said of later times is taken back.
* A row has a *stale date* where its controller differs from that of the row before it, and its time
  does not: an editor changed the controller first. Where the next row has the same controller and a
  later time, that is when the place changed hands, and the stale row is taken back.

What the source said in files that were imported before takes part in both, so that a table may
come in parts, in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.events import (
    ControlReported,
    ControlReportedUnknown,
    EventReinstated,
    EventRetracted,
    LocatedEvent,
    LocationContested,
    ReportFiled,
    SituationEvent,
)
from domain.occurred import Occurred
from domain.registry import Statement
from domain.values import ActorId, EventId, LocationId, ReportId
from infra.intake.claims_csv import Row
from infra.ledger.codec import Recorded, identify

_BEFORE_ITS_DATE = "the controller was changed before the date was"
"""How the reason of a retraction ends that takes back a row with a stale date."""


class Line(NamedTuple):
    """A statement, and the line of the file that makes it, where one does."""

    statement: Statement
    line: int | None = None


class Word(NamedTuple):
    """A row of the table, from the file or from the ledger."""

    id: EventId
    location: LocationId
    says: tuple[str, tuple[ActorId, ...]]
    """The kind of event that its controller makes, and who is named."""
    occurred: Occurred
    """As an id covers it, so that the reasons of what it takes back are the same ever after."""
    published: Occurred
    """Likewise."""
    report: ReportId
    number: int
    """Its line, or its position."""
    lines: tuple[Line, ...] = ()
    """What records it; nothing where it is recorded already."""

    @staticmethod
    def of_row(row: Row) -> "Word":
        made = [row.report, row.place, *row.actors, row.event]
        lines = tuple(Line(identify(event), row.line) for event in made)
        return Word(
            lines[-1].statement.id,
            row.place.location,
            _said(row.event),
            row.event.occurred.in_utc,
            row.report.published.in_utc,
            row.report.report,
            row.line,
            lines,
        )

    @property
    def order(self) -> tuple[int, int, str, int]:
        """As the revisions were published, and in each as the rows stand."""
        published = self.published.window
        return (published.latest, published.earliest, self.report, self.number)

    @property
    def time(self) -> tuple[int, int]:
        """What the rule of control orders the words of one source by."""
        return (self.occurred.window.earliest, self.occurred.window.latest)


class RowTakenBack(NamedTuple):
    """A row that a later revision takes back."""

    line: int | None
    """Its line; None where it came with an earlier file."""
    said: str
    """What it was, for a message: the place, the revision and the date."""
    taken_back_by: int | None
    """The line of the row that takes it back."""
    now_dated: str
    """The date of that row."""


class Book:
    """What the source is on record with, and which of its words stand as the table is read."""

    def __init__(self, told: Iterable[Recorded], *, keep_stale: bool = False) -> None:
        self.words: list[Word] = []
        self.stale: list[RowTakenBack] = []
        """The rows that are read as stale, in the order in which that is seen."""
        self.dated_back: list[RowTakenBack] = []
        """The rows that a row of an earlier time takes back, in the same order."""
        self._keep_stale = keep_stale
        self._recorded: set[EventId] = set()
        self._taken_back: dict[EventId, EventRetracted] = {}
        self._wanted_back: set[EventId] = set()
        """The events that this reading takes back."""
        self._standing: dict[LocationId, list[Word]] = defaultdict(list)
        self._before: dict[LocationId, Word] = {}
        self._with_stale_date: dict[LocationId, list[Word]] = {}
        """The last rows of a place, while they have one controller and the date of another."""
        published: dict[ReportId, Occurred] = {}
        for each in told:
            self._recorded.add(each.statement.id)
            match each.event:
                case ReportFiled() as report:
                    published[report.report] = report.published
                case ControlReported() | ControlReportedUnknown() | LocationContested() as said:
                    self.words.append(_recorded_word(each, said, published[said.report]))
                case EventRetracted() as retraction:
                    self._taken_back[retraction.event] = retraction
                case EventReinstated() as reinstatement:
                    self._taken_back.pop(reinstatement.event, None)

    def corrections(self, word: Word) -> Iterator[Line]:
        """Takes in a word, in the order of publication, and takes back what it overtakes."""
        yield from self._take_back_stale(word)
        standing = self._standing[word.location]
        overtaken = [each for each in standing if each.time > word.time]
        for each in overtaken:
            reason = (
                f"The revision of {word.published.written} dates the state of this place back to "
                f"{word.occurred.written}."
            )
            lines = list(self._take_back(each, word, reason, is_replaced=each is standing[-1]))
            yield from lines
            if self._is_listed(each, word, lines):
                self.dated_back.append(_taken_back(each, word))
        self._standing[word.location] = [*(it for it in standing if it not in overtaken), word]

    def reinstatements(self) -> Iterator[Line]:
        """What an earlier import took back as stale, and this reading of more rows does not."""
        why = "as it stands" if self._keep_stale else "with the rows around it"
        for event, retraction in self._taken_back.items():
            if retraction.reason.endswith(_BEFORE_ITS_DATE) and event not in self._wanted_back:
                reason = f"The table is read {why}, and this row stands."
                again = EventReinstated(event=event, reason=reason, report=retraction.report)
                yield Line(identify(again))

    def _take_back_stale(self, word: Word) -> Iterator[Line]:
        place, before = word.location, self._before.get(word.location)
        stale = self._with_stale_date.pop(place, [])
        self._before[place] = word
        if stale and stale[-1].says == word.says:
            if word.time == stale[-1].time:
                self._with_stale_date[place] = [*stale, word]
            elif word.time > stale[-1].time and not self._keep_stale:
                for each in stale:
                    yield from self._take_back_as_stale(each, word)
        elif before and before.time == word.time and before.says != word.says:
            self._with_stale_date[place] = [word]

    def _take_back_as_stale(self, stale: Word, word: Word) -> Iterator[Line]:
        reason = (
            f"The revision of {word.published.written} moves the date of this state from "
            f"{stale.occurred.written} to {word.occurred.written}: {_BEFORE_ITS_DATE}"
        )
        lines = list(self._take_back(stale, word, reason, is_replaced=True))
        yield from lines
        self._standing[word.location].remove(stale)
        if self._is_listed(stale, word, lines):
            self.stale.append(_taken_back(stale, word))

    def _is_listed(self, each: Word, word: Word, lines: list[Line]) -> bool:
        """Whether the first row is taken back by the second; not of two rows of earlier files
        whose retraction is on record too."""
        if each.lines or word.lines:
            return bool(lines) or each.id in self._taken_back
        return any(line.statement.id not in self._recorded for line in lines)

    def _take_back(
        self, each: Word, word: Word, reason: str, *, is_replaced: bool
    ) -> Iterator[Line]:
        self._wanted_back.add(each.id)
        retraction = identify(
            EventRetracted(
                event=each.id,
                reason=reason,
                report=word.report,
                replaced_by=word.id if is_replaced else None,
            )
        )
        # Not again where it was answered by a reinstatement, or where another report was first.
        if (retraction.id in self._recorded) is (each.id in self._taken_back):
            yield Line(retraction, _line_of(word))


def _recorded_word(each: Recorded, said: LocatedEvent, published: Occurred) -> Word:
    id, position = each.statement.id, each.position
    times = said.occurred.in_utc, published.in_utc
    return Word(id, said.location, _said(said), *times, said.report, position)


def _taken_back(word: Word, by: Word) -> RowTakenBack:
    said = f"{word.location}, revision of {word.published.written}, dated {word.occurred.written}"
    return RowTakenBack(_line_of(word), said, _line_of(by), by.occurred.written)


def _said(event: SituationEvent) -> tuple[str, tuple[ActorId, ...]]:
    """What a row says of its place, apart from when: a truce is fought over, too."""
    named: tuple[ActorId, ...] = ()
    match event:
        case ControlReported():
            named = event.holders
        case LocationContested():
            named = event.between
    return type(event).__name__, tuple(sorted(named))


def _line_of(word: Word) -> int | None:
    return word.number if word.lines else None
