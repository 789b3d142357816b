"""How does a claims table become events?

Each revision of the table is a report, and each row a statement in it. A row whose time moves
backwards is a correction: the source takes back what it had said of later times. What the source
said in files that were imported before takes part in that, so that a table may come in parts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
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
from domain.references import subject_of
from domain.refusals import AlreadyRegistered
from domain.registry import Statement
from domain.values import EventId, LocationId, ReportId
from infra.bad_input import BadInput, Problem
from infra.claims_csv import Row, Terms
from infra.codec import Recorded, identify
from infra.ledger import Ledger, Receipt, Refused

_APPENDED_TOGETHER = 1_000
"""How many statements one append holds, about: it ends with a whole revision."""


class Line(NamedTuple):
    """A statement, and the line of the file that makes it, where one does."""

    statement: Statement
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    recorded: int
    duplicates: int
    position: int
    """The last position that holds a statement of the file."""


def import_claims(
    ledger: Ledger,
    file: str,
    rows: Sequence[Row],
    terms: Terms,
    *,
    by: str,
    progress: Callable[[int], None] = lambda rows: None,
) -> Imported:
    """Records what the rows say; `progress` is told how many rows are through.

    Each append leaves the ledger with whole revisions. Raises BadInput where the ledger refuses.
    """
    receipts: list[Receipt] = []
    for lines in _appends(statements_of(rows, terms, ledger.told_by(terms.source.source))):
        receipts += _append(ledger, file, lines, terms, by)
        progress(sum(isinstance(line.statement.event, SituationEvent) for line in lines))
    fresh = sum(not receipt.duplicate for receipt in receipts)
    last = max((receipt.position for receipt in receipts), default=0)
    return Imported(fresh, len(receipts) - fresh, last)


def statements_of(
    rows: Iterable[Row], terms: Terms, told: Iterable[Recorded]
) -> Iterator[list[Line]]:
    """What to record, a list for each revision, in the order in which they were published."""
    book = _Book(told)
    words = [_Word.of_row(row) for row in rows]
    fresh = {word.id for word in words}
    words += [word for word in book.words if word.id not in fresh]
    yield [Line(identify(terms.source))]
    seen: set[str] = set()
    for _, revision in groupby(sorted(words, key=_order), key=lambda word: word.report):
        lines = [line for word in revision for line in (*word.lines, *book.corrections(word))]
        yield list(_first_times(lines, seen))


def _first_times(lines: Iterable[Line], seen: set[str]) -> Iterator[Line]:
    """Each row brings its place, its report and its controller; once is enough."""
    for line in lines:
        subject = subject_of(line.statement.event)
        key = subject.tag if subject else line.statement.id
        if key not in seen:
            seen.add(key)
            yield line


class _Word(NamedTuple):
    """A row of the table, from the file or from the ledger."""

    id: EventId
    location: LocationId
    occurred: Occurred
    published: Occurred
    report: ReportId
    number: int
    """Its line, or its position."""
    lines: tuple[Line, ...] = ()
    """What records it; nothing where it is recorded already."""

    @staticmethod
    def of_row(row: Row) -> "_Word":
        made = [row.report, row.place, *filter(None, [row.actor]), row.event]
        lines = tuple(Line(identify(event), row.line) for event in made)
        return _Word(
            lines[-1].statement.id,
            row.place.location,
            row.event.occurred,
            row.report.published,
            row.report.report,
            row.line,
            lines,
        )


class _Book:
    """What the source is on record with, and which of its words stand as the table is read."""

    def __init__(self, told: Iterable[Recorded]) -> None:
        self.words: list[_Word] = []
        self._recorded: set[EventId] = set()
        self._taken_back: set[EventId] = set()
        self._standing: dict[LocationId, list[_Word]] = defaultdict(list)
        published: dict[ReportId, Occurred] = {}
        for each in told:
            self._recorded.add(each.statement.id)
            match each.event:
                case ReportFiled() as report:
                    published[report.report] = report.published
                case ControlReported() | ControlReportedUnknown() | LocationContested() as said:
                    self.words.append(_recorded_word(each, said, published[said.report]))
                case EventRetracted() as retraction:
                    self._taken_back.add(retraction.event)
                case EventReinstated() as reinstatement:
                    self._taken_back.discard(reinstatement.event)

    def corrections(self, word: _Word) -> Iterator[Line]:
        """Takes in a word, and takes back what was said before of later times."""
        standing = self._standing[word.location]
        overtaken = [each for each in standing if _time(each) > _time(word)]
        for each in overtaken:
            last = each is standing[-1]
            retraction = identify(
                EventRetracted(
                    event=each.id,
                    reason=f"The revision of {word.published.written} dates the state of this "
                    f"place back to {word.occurred.written}.",
                    report=word.report,
                    replaced_by=word.id if last else None,
                )
            )
            # Not again where it was answered by a reinstatement, or where another report was first.
            if (retraction.id in self._recorded) is (each.id in self._taken_back):
                yield Line(retraction, word.number if word.lines else None)
        self._standing[word.location] = [*(it for it in standing if it not in overtaken), word]


def _recorded_word(each: Recorded, said: LocatedEvent, published: Occurred) -> _Word:
    id, position = each.statement.id, each.position
    return _Word(id, said.location, said.occurred, published, said.report, position)


def _order(word: _Word) -> tuple[int, int, str, int]:
    """As the revisions were published, and in each as the rows stand."""
    published = word.published.window
    return (published.latest, published.earliest, word.report, word.number)


def _time(word: _Word) -> tuple[int, int]:
    """What the rule of control orders the words of one source by."""
    return (word.occurred.window.earliest, word.occurred.window.latest)


def _appends(revisions: Iterable[list[Line]]) -> Iterator[list[Line]]:
    together: list[Line] = []
    for lines in revisions:
        together += lines
        if len(together) >= _APPENDED_TOGETHER:
            yield together
            together = []
    if together:
        yield together


def _append(ledger: Ledger, file: str, lines: list[Line], terms: Terms, by: str) -> list[Receipt]:
    """Records them. A place or an actor that is on record under its id is taken as it is there."""
    taken_as_registered = {"location", "actor"}
    if terms.source_as_registered:
        taken_as_registered.add("source")
    while True:
        try:
            return ledger.record([line.statement for line in lines], by=by)
        except Refused as refused:
            refusal, field = refused.refusal, refused.refusal.field or ""
            if isinstance(refusal, AlreadyRegistered) and field in taken_as_registered:
                del lines[refused.index]
                continue
            line = lines[refused.index].line
            raise BadInput([Problem(file, line, None, field, str(refusal))]) from None
