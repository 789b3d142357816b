"""The sides of a row, and the side in control of the place after a transfer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from domain.events import ActorRegistered
from domain.values import ActorId
from infra.datasets.acled.actors import ActorBook, FoundActor
from infra.datasets.acled.codebook import InterCode, Transfer, inter_code
from infra.datasets.acled.columns import ACTOR_COLUMNS, AcledCells
from infra.datasets.acled.names import is_unidentified
from infra.datasets.rows import Remark, Unfit

_TAKERS = {
    Transfer.GOVERNMENT_REGAINS: {InterCode.STATE_FORCES},
    Transfer.NON_STATE_OVERTAKES: {
        *(InterCode.REBEL_GROUP, InterCode.POLITICAL_MILITIA, InterCode.IDENTITY_MILITIA),
        InterCode.EXTERNAL_OR_OTHER,
    },
}
"""The types of actors able to take the place, by the codebook."""


@dataclass(frozen=True, slots=True)
class RowSide:
    """A side of a row: the main actor first, then the associated actors."""

    name: str
    """The name of the main actor; empty where the side has none."""
    code: InterCode | None
    main: tuple[ActorId, ...]
    """The main actor; of "A and/or B" both."""
    actors: tuple[ActorId, ...]
    uncertain: frozenset[ActorId] = frozenset()
    """The actors whose part in the event the row leaves open."""
    identified: tuple[ActorId, ...] = ()
    """The main actors with a name: an "Unidentified Armed Group" has none."""

    @property
    def is_open(self) -> bool:
        """Whether the row leaves the main actor open."""
        return len(self.main) > 1 or not self.uncertain.isdisjoint(self.main)

    @property
    def one_identified(self) -> tuple[ActorId, ...]:
        """The main actor, where that is one actor with a name."""
        return () if self.is_open else self.identified


@dataclass(frozen=True, slots=True)
class RowSides:
    """The sides of a row with named actors."""

    sides: tuple[RowSide, ...]
    registers: tuple[ActorRegistered, ...] = ()
    doubts: tuple[Remark, ...] = ()
    left_open: tuple[str, ...] = ()
    """The names of several actors, as "A and/or B"."""

    @property
    def opposed(self) -> tuple[tuple[ActorId, ...], ...]:
        """The sides, each actor on one side alone: an army that fought itself is one side. A
        certain part on one side outweighs an uncertain part on another."""
        certain, seen = self._certain, set[ActorId]()
        apart = []
        for side in self.sides:
            elsewhere = seen | (certain & side.uncertain)
            apart.append(tuple(each for each in side.actors if each not in elsewhere))
            seen.update(apart[-1])
        return tuple(side for side in apart if side)

    @property
    def uncertain(self) -> tuple[ActorId, ...]:
        """The actors whose part in the event the row leaves open."""
        certain = self._certain
        return tuple(each for side in self.opposed for each in side if each not in certain)

    @property
    def _certain(self) -> set[ActorId]:
        return {each for side in self.sides for each in side.actors if each not in side.uncertain}

    def takers(self, transfer: Transfer) -> list[RowSide]:
        """The sides that may control the place afterwards.

        The order of actors means nothing in ACLED. The sub-event type names the type of the actor
        in control, and so the side, where one side alone is of such a type.
        """
        named = [side for side in self.sides if side.name]
        if transfer is Transfer.NON_VIOLENT:
            return [side for side in named if side.code is None or not side.code.is_crowd]
        return [side for side in named if side.code in _TAKERS[transfer]]

    def losers(self, taker: RowSide) -> tuple[ActorId, ...]:
        """The main actor of the other side, if armed, identified and one."""
        others = [side for side in self.sides if side is not taker and side.name]
        armed = [side for side in others if side.code is None or not side.code.is_crowd]
        lost = (each for side in armed for each in side.one_identified)
        return tuple(each for each in lost if each not in taker.actors)


def codes_of(cells: AcledCells) -> tuple[InterCode | None, InterCode | None]:
    """The types of the two main actors. Raises Unfit."""
    found = []
    for _, _, column in ACTOR_COLUMNS:
        try:
            found.append(inter_code(cells[column]))
        except ValueError as wrong:
            raise Unfit(cells.remark(column, str(wrong))) from None
    return found[0], found[1]


def sides_of(cells: AcledCells, book: ActorBook) -> RowSides:
    """The sides of a row. Raises Unfit."""
    sides: list[RowSide] = []
    found: list[FoundActor] = []
    doubts: list[Remark] = []
    left_open: list[str] = []
    for (main, associated, _), code in zip(ACTOR_COLUMNS, codes_of(cells), strict=True):
        name = " ".join(cells[main].split())
        of_main = [_found(book, main, name)] if name else []
        others = [_found(book, associated, each) for each in cells.several(associated)]
        for each in (*of_main, *others):
            found += each.actors
            doubts += each.doubts
            left_open += [each.name] if each.is_open else []
        if of_main or others:
            sides.append(_side(name, code, of_main, others))
    if not sides:
        raise Unfit(cells.remark("actor1", "nobody is named"))
    registers = {each.actor: each.registers for each in found if each.registers}
    return RowSides(tuple(sides), tuple(registers.values()), tuple(doubts), tuple(left_open))


class _Named(NamedTuple):
    """A name in a row, with its actors."""

    name: str
    actors: tuple[FoundActor, ...]
    is_open: bool
    doubts: tuple[Remark, ...]


def _side(name: str, code: InterCode | None, main: list[_Named], others: list[_Named]) -> RowSide:
    def ids(several: Iterable[_Named], *, is_open: bool) -> set[ActorId]:
        return {
            each.actor for named in several if named.is_open is is_open for each in named.actors
        }

    of_main = [each for named in main for each in named.actors]
    actors = dict.fromkeys(each.actor for named in (*main, *others) for each in named.actors)
    uncertain = ids((*main, *others), is_open=True) - ids((*main, *others), is_open=False)
    identified = (each.actor for each in of_main if not is_unidentified(each.name))
    return RowSide(
        name,
        code,
        tuple(dict.fromkeys(each.actor for each in of_main)),
        tuple(actors),
        frozenset(uncertain),
        tuple(dict.fromkeys(identified)),
    )


def _found(book: ActorBook, column: str, name: str) -> _Named:
    try:
        found = book.find(name)
    except Unfit as unfit:
        raise Unfit(Remark(column, name, unfit.why[0].why)) from None
    doubts = [Remark(column, each.name, each.doubt) for each in found.actors if each.doubt]
    if found.is_open:
        doubts.append(Remark(column, name, _LEFT_OPEN))
    return _Named(name, found.actors, found.is_open, tuple(doubts))


_LEFT_OPEN = (
    "the dataset leaves open which of them it was: each is named, as uncertain; a file of actors "
    "may give the name to one"
)
