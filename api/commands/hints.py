"""Hints at a better question, where nothing on the question had been recorded by a position.

Recorded time is ours: a ledger of last week knew nothing in 2023. A question "as known on" a day of
2023 mostly means the reports published by then.
"""

from dataclasses import replace

from api.answers.answers import Answers
from api.answers.basis import Answer, Basis
from api.answers.situation import Situation
from domain.occurred import rfc3339


def hint_for(answers: Answers, answer: Answer, on: str, known_on: str | None) -> str | None:
    """The hint at an answer without any recorded event; `on` is the moment in the words of the
    question."""
    basis = answer.basis
    if answer.is_reported:
        return None
    now = replace(basis, position=answers.head)
    revisions = answers.revisions(answer.location, now)
    if not revisions or revisions[0][0] <= basis.position:
        return None
    first = revisions[0][0]
    name = answers.names(now).location(answer.location)
    return (
        f"Nothing on this question about {name}{_whose(basis)} had been recorded "
        f"{_by_then(basis, known_on)}: {_beginning(answers)}, and the first word on it came in "
        f"at position {first:,}{_recorded(answers, first)}. {_INSTEAD}, add "
        f"--published-by {known_on or on} instead."
    )


def situation_hint(
    answers: Answers, situation: Situation, on: str | None, known_on: str | None
) -> str | None:
    """The hint at a situation without any recorded event."""
    basis = situation.basis
    if situation.places or basis.position >= answers.head:
        return None
    now = replace(basis, position=answers.head)
    if not Situation(answers, now, situation.within).places:
        return None
    where = ""
    if situation.within:
        where = f" in {answers.names(now).location(situation.within)}"
    by = known_on or on or rfc3339(basis.at)[:10]
    return (
        f"Nothing that says who holds a place{where}{_whose(basis)} had been "
        f"recorded {_by_then(basis, known_on)}: {_beginning(answers)}. {_INSTEAD}, add "
        f"--published-by {by} instead."
    )


_INSTEAD = (
    "--known-on and --position ask what this ledger held; to ask what had been published by a day"
)


def _whose(basis: Basis) -> str:
    return "" if basis.perspective.is_default else ", by the word that was asked for,"


def _by_then(basis: Basis, known_on: str | None) -> str:
    return f"by {known_on}" if known_on else f"up to position {basis.position:,}"


def _beginning(answers: Answers) -> str:
    began = answers.entries.recorded_at(1)
    return f"this ledger begins on {rfc3339(began)[:10]}" if began else "this ledger begins later"


def _recorded(answers: Answers, position: int) -> str:
    at = answers.entries.recorded_at(position)
    return f", on {rfc3339(at)[:10]}" if at else ""
