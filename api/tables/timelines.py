"""Who controlled each place, period by period, and since when do we know?

A row is a period of valid time and a stretch of recorded time, both half-open: for an instant and a
state of knowledge exactly one row of a place is the answer. Without a claim a place has no rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from api.answers.answers import Answers
from api.tables.answer_columns import AnswerRow, answer_cells
from api.tables.columns import Position, RecordedTime, ValidTime
from api.tables.names import NamesInUse
from api.tables.place_columns import PlaceRow, place_cells
from api.tables.question import ALL_KNOWLEDGE, Page, TableQuestion
from domain.control.timeline import BEGINNING, END
from domain.occurred import Instant
from domain.values import EventId, SourceId
from projections.control.versions import Version
from projections.places import Place, PlaceFilter

_SIZE = 100
"""How many places are read at once."""
_ROWS = 500
"""The most rows in memory."""


@dataclass(frozen=True, kw_only=True)
class _PeriodRow(PlaceRow):
    valid_from: ValidTime | None
    """The row is the answer for this instant and later; empty from the beginning on."""
    valid_to: ValidTime | None
    """And for any instant before this one (half-open); empty without an end."""
    known_from: RecordedTime
    """The row has been the answer, as it stands with bounds and evidence, since this was recorded:
    the time of the entry at known_from_position."""
    known_to: RecordedTime | None
    """And until this was recorded (half-open); empty for what is known now, or at the position of
    the table."""
    known_from_position: Position
    """The entry of the ledger from which on the row is the answer: the exact form of known_from,
    as entries recorded at once have one time."""
    known_to_position: Position | None
    """The entry from which on the row is no longer the answer."""


@dataclass(frozen=True, kw_only=True)
class TimelineRow(AnswerRow, _PeriodRow):
    """A period of one place with the same answer, as known for a while."""

    token: str
    """The token of the table: tenure export-table --token writes the table again."""


class TimelineRows:
    """The rows of a question: of each place in the order of valid time, then of recorded time."""

    def __init__(self, answers: Answers, question: TableQuestion) -> None:
        self._answers, self._question = answers, question
        self._names = NamesInUse(answers, question.basis.position)
        self._recorded_at = lru_cache(50_000)(answers.entries.recorded_at)
        self._token = question.token

    @property
    def length(self) -> int:
        return self._answers.places.count(self._wanted, known=self._question.basis.position)

    def pages(self) -> Iterator[Page]:
        known = self._question.basis.position
        for places in self._places():
            told = ((place, each) for place in places for each in self._versions(place))
            while page := [*islice(told, _ROWS)]:
                speaking = {event for _, each in page for event in each.period.reading.verdict.told}
                origins = self._answers.entries.origins(speaking, known=known)
                yield Page([self._row(*each, origins) for each in page], 0)
            yield Page([], len(places))

    def _places(self) -> Iterator[list[Place]]:
        """The places by id; the place around all of them, if any, comes first."""
        basis, around = self._question.basis, self._question.within
        if around is not None:
            yield [self._answers.place(around, known=basis.position)]
        yield from self._answers.place_pages(self._wanted, basis, size=_SIZE)

    @property
    def _wanted(self) -> PlaceFilter:
        return PlaceFilter(within=self._question.within)

    def _versions(self, place: Place) -> Iterator[Version]:
        basis = self._question.basis
        return self._answers.control_view.versions(
            place.location,
            basis.perspective,
            known=basis.position,
            superseded=self._question.has(ALL_KNOWLEDGE),
        )

    def _row(self, place: Place, version: Version, origins: dict[EventId, SourceId]) -> TimelineRow:
        period = version.period
        start = Instant(max(period.start, BEGINNING + 1))
        name = self._names.place_at(place.location, place.name, start)
        cells = answer_cells(period, self._names.at(start), origins, period.reading.events)
        return TimelineRow(
            **place_cells(place, name),
            **cells,
            valid_from=None if period.start == BEGINNING else period.start,
            valid_to=None if period.end == END else period.end,
            known_from=self._time_of(version.known_from),
            known_to=None if version.known_to is None else self._time_of(version.known_to),
            known_from_position=version.known_from,
            known_to_position=version.known_to,
            token=self._token,
        )

    def _time_of(self, position: int) -> Instant:
        found = self._recorded_at(position)
        assert found is not None, "a version is known from an entry on"
        return found
