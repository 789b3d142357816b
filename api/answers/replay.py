"""How did an answer come about? Asked of the ledger alone: no view is read, and none is made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial

from api.answers.basis import Answer, Basis, refuse_ahead, with_around
from domain.control.perspective import DEFAULT, Perspective
from domain.events import EventReinstated, LocationRegistered, RecordKeeping
from domain.location import Location
from domain.occurred import Instant
from domain.references import references_of
from domain.replay import PlaceReplay, PlaceStep, replay
from domain.values import EventId, LocationId
from domain.words.names import Naming
from domain.words.replay import PlaceStepWords, tell
from domain.words.statements import Names
from infra.ledger.codec import Recorded
from infra.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """A step: the recorded entry, its effects, and both in words."""

    recorded: Recorded
    step: PlaceStep
    words: PlaceStepWords
    retracted: bool
    """Whether the entry is taken back, as known at the position of the replay."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """The replay for a place and an instant, up to a position."""

    location: LocationId
    basis: Basis
    replay: PlaceReplay
    steps: tuple[ReplayedStep, ...]
    names: Names
    """The names at that instant."""
    answer: Answer
    """The final answer."""


def replay_basis(
    ledger: Ledger, at: Instant, position: int | None = None, perspective: Perspective = DEFAULT
) -> Basis:
    """The basis of a replay, up to a position or to the end of the ledger.

    Raises InTheFuture and NotRecordedYet.
    """
    head = ledger.head
    until = head if position is None else position
    basis = Basis.asked(at, until, True, perspective, ledger.now)
    refuse_ahead(until, None, head)
    return basis


def replay_from(ledger: Ledger, location: str, basis: Basis) -> Replayed:
    """Folds the entries of the ledger about the place, on that basis. Raises UnknownReference."""
    until = basis.position
    registered = ledger.registrations("location", [location])
    if not registered:
        raise ledger.unknown("location", location)
    place = LocationId(location)
    about = ledger.about(place, until=until)
    replayed = replay([each.entry for each in about], place, basis.at, basis.perspective)
    folded = cache(partial(ledger.location, until=until))
    answer = _with_around(folded, Answer(place, basis, replayed.answer))
    naming = _naming(ledger, about, registered, until)
    if answer.around:
        beyond = answer.around.location
        both = [*about, *ledger.about(beyond, until=until)]
        naming = _naming(
            ledger, both, [*registered, *ledger.registrations("location", [beyond])], until
        )
    told = tell(replayed.steps, naming, basis.at)
    recorded, taken_back = {each.position: each for each in about}, retractions(about)
    steps = tuple(
        ReplayedStep(
            recorded[step.entry.position],
            step,
            words,
            step.entry.statement.id in taken_back,
        )
        for step, words in zip(replayed.steps, told, strict=True)
    )
    return Replayed(place, basis, replayed, steps, naming.at(basis.at), answer)


def answer_from(ledger: Ledger, location: LocationId, basis: Basis) -> Answer:
    """The answer on that basis, folded from the entries of the ledger about the place."""
    folded = cache(partial(ledger.location, until=basis.position))
    told = folded(location).timeline(basis.perspective).at(basis.at)
    return _with_around(folded, Answer(location, basis, told))


def _with_around(folded: Callable[[LocationId], Location], answer: Answer) -> Answer:
    """The answer, with the places around taken into account."""
    basis = answer.basis

    def placed(location: LocationId) -> LocationRegistered:
        registered = folded(location).registered
        assert registered is not None, "a place lies within one that is registered"
        return registered

    def ask(location: LocationId) -> Answer:
        return Answer(location, basis, folded(location).timeline(basis.perspective).at(basis.at))

    if folded(answer.location).registered is None:
        return answer
    kinship = folded(answer.location).lineage(basis.perspective).at(basis.at)
    return with_around(answer, placed, ask, kinship.meet)


def _naming(
    ledger: Ledger, about: list[Recorded], registered: list[Recorded], until: int
) -> Naming:
    """The names in the replay: of registrations, as amended, and of later renamings."""
    named = (reference for each in about for reference in references_of(each.event))
    actors = {reference.slug for reference in named if reference.kind == "actor"}
    introduced = [*registered, *ledger.registrations("actor", sorted(actors))]
    amended = ledger.amendments("actor", sorted(actors), until=until)
    told = {each.position: each.entry for each in (*introduced, *amended, *about)}
    return Naming(told[position] for position in sorted(told))


def retractions(about: Iterable[Recorded]) -> set[EventId]:
    """The events that are taken back by the last of these entries about them."""
    kept = (each.event for each in about if isinstance(each.event, RecordKeeping))
    stands = {each.event: isinstance(each, EventReinstated) for each in kept}
    return {event for event, is_live in stands.items() if not is_live}
