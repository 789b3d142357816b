"""The wording of a verdict on a place: each form stands here once, and nowhere else."""

from collections.abc import Sequence

from domain.control.claims import ControlStatus
from domain.control.verdict import Reading, Side, Verdict
from domain.texts import counted
from domain.values import ActorId
from domain.words.statements import Names, spoken_actors

DISSENT = ", disputed"
_DISAGREE = "the sources disagree"


def spoken_side(said: Verdict | Side, names: Names) -> str:
    """As in "held by FAMa and Wagner", "held by nobody", "contested between CSP and FAMa"; of a
    verdict without its rivals."""
    match said.status:
        case ControlStatus.HELD:
            return f"held by {spoken_actors(said.holders, names)}"
        case ControlStatus.VACANT:
            return "held by nobody"
        case ControlStatus.CONTESTED if said.holders:
            return f"contested between {spoken_actors(said.holders, names)}"
    return said.status.lower()


def spoken_verdict(verdict: Verdict, names: Names) -> str:
    """The verdict with its rivals, as in "held by FAMa (disputed: held by CSP)"."""
    rivals = "; ".join(spoken_side(side, names) for side in verdict.rivals)
    if verdict.status is ControlStatus.DISPUTED:
        return f"disputed ({rivals})"
    if not verdict.has_voice:
        return "unknown"
    disputed = f" (disputed: {rivals})" if rivals else ""
    return f"{spoken_side(verdict, names)}{disputed}"


def spoken_answer(reading: Reading, names: Names) -> str:
    """The verdict, and each other verdict that is possible, as in "unknown, or perhaps held by
    CSP"."""
    answer = spoken_verdict(reading.verdict, names)
    possible = [_told_apart(verdict, reading.verdict, names) for verdict in reading.possible]
    return f"{answer}, or perhaps {', or '.join(possible)}" if possible else answer


def _told_apart(other: Verdict, answer: Verdict, names: Names) -> str:
    is_same = (other.status, other.holders) == (answer.status, answer.holders)
    is_undisputed = is_same and bool(answer.rivals) and not other.rivals
    return "undisputed" if is_undisputed else spoken_verdict(other, names)


def spoken_headline(place: str, when: str, verdict: Verdict, names: Names) -> str:
    """The verdict as a sentence on the place at a moment, without the full stop."""
    match verdict.status:
        case ControlStatus.UNKNOWN:
            return f"Nothing that counts says who controlled {place} {when}"
        case ControlStatus.DISPUTED:
            return f"The sources disagree about who controlled {place} {when}"
    return f"{place} was {spoken_side(verdict, names)} {when}"


def spoken_title(said: Verdict | Side, names: Names) -> str:
    """The verdict behind the colon of a printed answer, or the title of one side's reports."""
    is_open = said.status is ControlStatus.DISPUTED
    return f"{_DISAGREE if is_open else spoken_side(said, names)}{spoken_dissent(said)}"


def spoken_account(said: Verdict | Side, names: Names) -> str:
    """The verdict in the account of a situation, as in "fought over by CSP and FAMa"."""
    match said.status:
        case ControlStatus.CONTESTED:
            return spoken_fight(said.holders, names)
        case ControlStatus.DISPUTED:
            return _DISAGREE
        case ControlStatus.UNKNOWN:
            return "not known"
    return spoken_side(said, names)


def spoken_dissent(said: Verdict | Side) -> str:
    """The mark of an answer that stands against others, as in "held by FAMa, disputed"."""
    is_marked = isinstance(said, Verdict) and said.evidence and said.disputed
    return DISSENT if is_marked else ""


def spoken_count(status: ControlStatus, actors: Sequence[ActorId], count: int, names: Names) -> str:
    """How many places have a verdict, as in "3 places are held by FAMa"."""
    places = counted(count, "place")
    are = f"{places} {'is' if count == 1 else 'are'}"
    match status:
        case ControlStatus.HELD:
            return f"{are} held by {spoken_actors(actors, names)}"
        case ControlStatus.VACANT:
            return f"{are} held by nobody"
        case ControlStatus.CONTESTED:
            return f"{are} {spoken_fight(actors, names)}"
        case ControlStatus.DISPUTED:
            return f"About {places} the sources disagree"
    return f"Of {places} it is not known who holds {'it' if count == 1 else 'them'}"


def spoken_list_of(
    status: ControlStatus, actors: Sequence[ActorId], places: str, names: Names
) -> str:
    """Which places have a verdict, as in "FAMa holds Gao and Kidal"."""
    match status:
        case ControlStatus.HELD:
            return spoken_hold(actors, places, names)
        case ControlStatus.VACANT:
            return f"Nobody holds {places}"
        case ControlStatus.CONTESTED:
            fight = spoken_fight(actors, names)
            return f"{fight[0].upper()}{fight[1:]}: {places}"
        case ControlStatus.DISPUTED:
            return f"The sources disagree about {places}"
    return f"It is not known who holds {places}"


def spoken_hold(actors: Sequence[ActorId], places: str, names: Names) -> str:
    """As in "FAMa and Wagner hold Kidal"."""
    return f"{spoken_actors(actors, names)} {'hold' if len(actors) > 1 else 'holds'} {places}"


def spoken_fight(actors: Sequence[ActorId], names: Names) -> str:
    """As in "fought over by CSP and FAMa"."""
    by = spoken_actors(actors, names)
    return f"fought over by {by}" if by else "fought over"
