"""The other answers to be had in place of an unknown answer."""

from dataclasses import dataclass, replace
from typing import Protocol

from api.answers.basis import Answer, Basis
from api.answers.perspective import SourceRecords, perspective_words
from domain.control.perspective import DEFAULT
from domain.refusals import DomainError
from domain.values import LocationId
from domain.words.statements import Names
from domain.words.verdicts import spoken_side, spoken_verdict


@dataclass(frozen=True, slots=True)
class Available:
    """Known answers nearby, and the number of statements left out by the perspective."""

    around: Answer | None
    """The answer of the nearest reported place around."""
    left_out: int
    """The number of statements about the place left out by the perspective."""
    around_left_out: Answer | None = None
    """The answer of the nearest place around by everybody's word, where the perspective leaves out
    every report behind this answer."""


class ControlRecords(Protocol):
    """Answers about places, and the number of statements behind each."""

    @property
    def sources(self) -> SourceRecords: ...
    def control(self, location: str, basis: Basis, *, inherit: bool = False) -> Answer: ...
    def left_out(self, answer: Answer) -> int: ...
    def first_recorded(self, location: LocationId, *, known: int | None = ...) -> int | None: ...


def available(records: ControlRecords, answer: Answer) -> Available | None:
    """None where the answer is known."""
    if answer.has_voice:
        return None
    around, left_out = _around(records, answer), records.left_out(answer)
    if around or answer.basis.perspective.is_default:
        return Available(around, left_out)
    everybodys = answer._replace(basis=replace(answer.basis, perspective=DEFAULT))
    return Available(None, left_out, _around(records, everybodys))


def _around(records: ControlRecords, answer: Answer) -> Answer | None:
    try:
        found = records.control(answer.location, answer.basis, inherit=True)
    except DomainError:  # a bundle may not hold the places around
        return None
    return found if found.inherited_from else None


def available_in_words(
    records: ControlRecords, answer: Answer, names: Names, inherit: str
) -> list[str]:
    """A sentence for each other answer; `inherit` names the option for the answer around."""
    found = available(records, answer)
    if found is None:
        return []
    return [
        *_around_in_words(found.around, names, inherit),
        *_left_out(records, answer, found, names),
    ]


def not_recorded_in_words(records: ControlRecords, answer: Answer) -> list[str]:
    """A sentence where nothing on the place had been recorded yet. Later entries are not told: the
    words stay as they are."""
    position = answer.basis.position
    if answer.has_voice or records.first_recorded(answer.location, known=position):
        return []
    return [f"Up to position {position:,} nothing that says who holds it had been recorded."]


def _around_in_words(around: Answer | None, names: Names, inherit: str) -> list[str]:
    if around is None or around.inherited_from is None:
        return []
    place, said = names.location(around.inherited_from), spoken_side(around.verdict, names)
    return [f"{place}, in which it lies, was {said}; to have that answer, ask with {inherit}."]


def _left_out(records: ControlRecords, answer: Answer, found: Available, names: Names) -> list[str]:
    told = []
    if many := found.left_out:
        told.append(f"{'1 statement' if many == 1 else f'{many:,} statements'} about it")
    if (around := found.around_left_out) and around.inherited_from:
        place, said = names.location(around.inherited_from), spoken_verdict(around.verdict, names)
        told.append(f"that {place}, in which it lies, was {said}")
    whose = perspective_words(records.sources, answer.basis)
    return [f"Left out by the perspective ({whose}): {', and '.join(told)}."] if told else []
