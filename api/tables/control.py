"""Who controlled each place at one moment?"""

from collections.abc import Iterator
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.sources import explanation_of
from api.tables.answer_columns import AnswerRow, answer_cells
from api.tables.columns import Position, ValidTime
from api.tables.names import NamesInUse
from api.tables.place_columns import PlaceRow, place_cells
from api.tables.question import EXPLAIN, Page, TableQuestion
from domain.values import EventId, SourceId
from projections.places import Place, PlaceFilter

_SIZE = 500
"""How many places are asked about at once."""


@dataclass(frozen=True, kw_only=True)
class _MomentRow(PlaceRow):
    at: ValidTime
    """The moment of the answer."""
    position: Position
    """The last entry of the ledger known to the answer."""


@dataclass(frozen=True, kw_only=True)
class ControlRow(AnswerRow, _MomentRow):
    """Who controlled one place at the moment of the table."""

    changed_around: str | None
    """The id of a place around that came into other hands since the last word about this place, so
    the answer is not certain."""
    explanation: str | None
    """The answer in plain English with its reasons; only with the option explain."""
    token: str
    """The token of the table: tenure export-table --token writes the table again."""


class ControlRows:
    """The rows of a question: every place that can be held, and every region held as a whole."""

    def __init__(self, answers: Answers, question: TableQuestion) -> None:
        self._answers, self._question = answers, question
        self._names = NamesInUse(answers, question.basis.position)
        self._token = question.token

    @property
    def length(self) -> int:
        return self._answers.places.count(self._wanted, known=self._question.basis.position)

    def pages(self) -> Iterator[Page]:
        for page in self._answered():
            told = [event for _, answer in page for event in answer.verdict.told]
            known = self._question.basis.position
            origins = self._answers.entries.origins(set(told), known=known)
            yield Page([self._row(*each, origins) for each in page], len(page))

    def _answered(self) -> Iterator[list[tuple[Place, Answer]]]:
        """The places and their answers; the place around all of them, if any, comes first."""
        answers, basis, around = self._answers, self._question.basis, self._question.within
        if around is not None:
            place = answers.place(around, known=basis.position)
            answer = answers.control(around, basis)
            if place.kind.can_be_held or answer.events:
                yield [(place, answer)]
        yield from answers.map_pages(self._wanted, basis, size=_SIZE)

    @property
    def _wanted(self) -> PlaceFilter:
        return PlaceFilter(within=self._question.within)

    def _row(self, place: Place, answer: Answer, origins: dict[EventId, SourceId]) -> ControlRow:
        basis = self._question.basis
        names = self._names.at(basis.at)
        name = self._names.place_at(place.location, place.name, basis.at)
        explains = self._question.has(EXPLAIN)
        cells = answer_cells(answer.period, names, origins, answer.events)
        cells["certain"] = answer.certain
        return ControlRow(
            **place_cells(place, name),
            **cells,
            at=basis.at,
            position=basis.position,
            changed_around=answer.around.location if answer.around else None,
            explanation=explanation_of(self._answers, answer) if explains else None,
            token=self._token,
        )
