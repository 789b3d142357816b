"""Where an answer is unknown, what could be had instead?"""

from dataclasses import dataclass, replace
from typing import Protocol

from api.answers.basis import Answer, Known
from api.answers.perspective import SourcesHeld, whose_word
from domain.control.perspective import DEFAULT, Perspective
from domain.occurred import Instant
from domain.refusals import DomainError
from domain.values import LocationId
from domain.words.statements import Names
from domain.words.verdicts import spoken_side, spoken_verdict


@dataclass(frozen=True, slots=True)
class Available:
    """What is known nearby, and what the perspective leaves out."""

    around: Answer | None
    """The answer of the nearest place around of which anybody speaks."""
    left_out: int
    """How many statements about the place the perspective leaves out."""
    around_left_out: Answer | None = None
    """The answer of the nearest place around by everybody's word, where the perspective leaves all
    out that says so."""


class Asked(Protocol):
    """What can be asked of places, and what perspectives leave out."""

    @property
    def sources(self) -> SourcesHeld: ...
    def control(
        self,
        location: str,
        *,
        at: Instant,
        known: Known,
        perspective: Perspective = ...,
        inherit: bool = False,
    ) -> Answer: ...
    def left_out(self, answer: Answer) -> int: ...
    def first_recorded(self, location: LocationId, *, known: int | None = ...) -> int | None: ...


def available(asked: Asked, answer: Answer) -> Available | None:
    """None where the answer is known."""
    if answer.verdict.has_voice:
        return None
    around, left_out = _around(asked, answer), asked.left_out(answer)
    if around or answer.perspective.is_default:
        return Available(around, left_out)
    return Available(None, left_out, _around(asked, replace(answer, perspective=DEFAULT)))


def _around(asked: Asked, answer: Answer) -> Answer | None:
    try:
        found = asked.control(
            answer.location,
            at=answer.at,
            known=answer.known,
            perspective=answer.perspective,
            inherit=True,
        )
    except DomainError:  # a bundle may not hold the places around
        return None
    return found if found.inherited_from else None


def available_in_words(asked: Asked, answer: Answer, names: Names, inherit: str) -> list[str]:
    """What could be had, a sentence each; `inherit` is how the answer around is asked for."""
    found = available(asked, answer)
    if found is None:
        return []
    return [
        *_around_in_words(found.around, names, inherit),
        *_left_out(asked, answer, found, names),
    ]


def not_recorded_in_words(asked: Asked, answer: Answer) -> list[str]:
    """That nothing about the place had been recorded yet; what was recorded later is not told, so
    that the words stay as they are."""
    position = answer.known.position
    if answer.verdict.has_voice or asked.first_recorded(answer.location, known=position):
        return []
    return [f"Up to position {position:,} nothing that says who holds it had been recorded."]


def _around_in_words(around: Answer | None, names: Names, inherit: str) -> list[str]:
    if around is None or around.inherited_from is None:
        return []
    place, said = names.location(around.inherited_from), spoken_side(around.verdict, names)
    return [f"{place}, in which it lies, was {said}; to have that answer, ask with {inherit}."]


def _left_out(asked: Asked, answer: Answer, found: Available, names: Names) -> list[str]:
    told = []
    if many := found.left_out:
        told.append(f"{'1 statement' if many == 1 else f'{many:,} statements'} about it")
    if (around := found.around_left_out) and around.inherited_from:
        place, said = names.location(around.inherited_from), spoken_verdict(around.verdict, names)
        told.append(f"that {place}, in which it lies, was {said}")
    whose = whose_word(asked.sources, answer.perspective, answer.known.position)
    return [f"Left out by the perspective ({whose}): {', and '.join(told)}."] if told else []
