"""The sides of a row, and the side in control of the place after a transfer."""

from dataclasses import dataclass
from itertools import chain

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
    actors: tuple[ActorId, ...]

    @property
    def is_unidentified(self) -> bool:
        return is_unidentified(self.name)


@dataclass(frozen=True, slots=True)
class RowSides:
    """The sides of a row with named actors."""

    sides: tuple[RowSide, ...]
    registers: tuple[ActorRegistered, ...] = ()
    doubts: tuple[Remark, ...] = ()

    @property
    def opposed(self) -> tuple[tuple[ActorId, ...], ...]:
        """The sides, each actor on one side alone: an army that fought itself is one side."""
        seen: set[ActorId] = set()
        apart = []
        for side in self.sides:
            apart.append(tuple(each for each in side.actors if each not in seen))
            seen.update(side.actors)
        return tuple(side for side in apart if side)

    def taker(self, transfer: Transfer) -> RowSide | None:
        """The side in control of the place afterwards; None where the row leaves that open.

        The order of actors means nothing in ACLED. The sub-event type names the type of the actor
        in control, and so the side, where one side alone is of such a type.
        """
        named = [side for side in self.sides if side.name]
        if transfer is Transfer.NON_VIOLENT:
            fit = [side for side in named if side.code is None or not side.code.is_crowd]
        else:
            fit = [side for side in named if side.code in _TAKERS[transfer]]
        return fit[0] if len(fit) == 1 else None

    def losers(self, taker: RowSide) -> tuple[ActorId, ...]:
        """The main actor of the other side, if armed and identified."""
        others = [side for side in self.sides if side is not taker and side.name]
        armed = [side for side in others if side.code is None or not side.code.is_crowd]
        return tuple(
            side.actors[0]
            for side in armed
            if side.actors[0] not in taker.actors and not side.is_unidentified
        )


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
    sides, registers, doubts = [], dict[ActorId, ActorRegistered](), list[Remark]()
    for (main, associated, _), code in zip(ACTOR_COLUMNS, codes_of(cells), strict=True):
        name = " ".join(cells[main].split())
        named = [name] if name else []
        actors = []
        for column, each in chain(
            ((main, each) for each in named),
            ((associated, each) for each in cells.several(associated)),
        ):
            found = _found(book, column, each)
            actors.append(found.actor)
            if found.registers:
                registers[found.actor] = found.registers
            if found.doubt:
                doubts.append(Remark(column, each, found.doubt))
        if actors:
            sides.append(RowSide(name, code, tuple(dict.fromkeys(actors))))
    if not sides:
        raise Unfit(cells.remark("actor1", "nobody is named"))
    return RowSides(tuple(sides), tuple(registers.values()), tuple(doubts))


def _found(book: ActorBook, column: str, name: str) -> FoundActor:
    try:
        return book.find(name)
    except Unfit as unfit:
        raise Unfit(Remark(column, name, unfit.why[0].why)) from None
