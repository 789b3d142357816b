"""What could somebody ask instead, who asked as of a time when we had recorded nothing of it?

Recorded time is ours: what happened, or was published, years before a ledger began was not known to
it then. Who asks "as known on" such a day mostly means what had been published by then.
"""

from api.answers.answers import Answers
from api.answers.basis import Answer, Known
from api.answers.situation import Situation
from domain.control.perspective import Perspective
from domain.occurred import rfc3339


def hint_for(answers: Answers, answer: Answer, on: str, known_on: str | None) -> str | None:
    """Where an answer is unknown only because nothing of it had been recorded by then; `on` is the
    moment as it was asked about."""
    known = answer.known
    if answer.period.reading.events:
        return None
    revisions = answers.revisions(
        answer.location, at=answer.at, known=answers.known(), perspective=answer.perspective
    )
    if not revisions or revisions[0][0] <= known.position:
        return None
    first = revisions[0][0]
    name = answers.names(at=answer.at, known=answers.head).location(answer.location)
    return (
        f"Nothing on this question about {name}{_whose(answer.perspective)} had been recorded "
        f"{_by_then(known, known_on)}: {_beginning(answers)}, and the first word on it came in "
        f"at position {first:,}{_recorded(answers, first)}. {_INSTEAD}, add "
        f"--published-by {known_on or on} instead."
    )


def situation_hint(
    answers: Answers, situation: Situation, on: str | None, known_on: str | None
) -> str | None:
    """Where a situation tells of no place only because nothing had been recorded by then."""
    known = situation.known
    if situation.places or known.position >= answers.head:
        return None
    now = Situation(
        answers,
        at=situation.at,
        known=answers.known(),
        within=situation.within,
        perspective=situation.perspective,
    )
    if not now.places:
        return None
    where = ""
    if situation.within:
        names = answers.names(at=situation.at, known=answers.head)
        where = f" in {names.location(situation.within)}"
    by = known_on or on or rfc3339(situation.at)[:10]
    return (
        f"Nothing that says who holds a place{where}{_whose(situation.perspective)} had been "
        f"recorded {_by_then(known, known_on)}: {_beginning(answers)}. {_INSTEAD}, add "
        f"--published-by {by} instead."
    )


_INSTEAD = (
    "--known-on and --position ask what this ledger held; to ask what had been published by a day"
)


def _whose(perspective: Perspective) -> str:
    return "" if perspective.is_default else ", by the word that was asked for,"


def _by_then(known: Known, known_on: str | None) -> str:
    return f"by {known_on}" if known_on else f"up to position {known.position:,}"


def _beginning(answers: Answers) -> str:
    began = answers.entries.recorded_at(1)
    return f"this ledger begins on {rfc3339(began)[:10]}" if began else "this ledger begins later"


def _recorded(answers: Answers, position: int) -> str:
    at = answers.entries.recorded_at(position)
    return f", on {rfc3339(at)[:10]}" if at else ""
