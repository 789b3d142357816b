"""A place on the map in 64 bits: a look, and the day of the last word about the place.

The low 32 bits are the look: three bits of status, then a bit each for certain, disputed and told,
two bits of siege, and 24 bits for the number of the set of holders. The high 32 bits are a signed
number of days since 1970-01-01, or `NEVER`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from domain.control.claims import ControlStatus
from domain.occurred import DAY, Instant
from domain.refusals import DomainError
from domain.values import ActorId
from projections.control.pieces import Shown

STATUSES = (
    ControlStatus.UNKNOWN,
    ControlStatus.HELD,
    ControlStatus.CONTESTED,
    ControlStatus.VACANT,
    ControlStatus.DISPUTED,
)
"""The statuses by number."""
CERTAIN, DISPUTED, TOLD = 1 << 3, 1 << 4, 1 << 5
SIEGE, HOLDERS = 6, 8
"""The first bits of the siege and of the set of holders."""
NEVER = -(2**31)
LOOK = 2**32 - 1
"""The bits of the look."""
MOST_SETS = 2**24


class Siege(IntEnum):
    """Whether a place is besieged."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


class TooManyHolders(DomainError):
    """The map has more sets of holders than a column can number."""

    def __init__(self) -> None:
        super().__init__(f"this map has more than {MOST_SETS:,} sets of holders; ask for a region")


@dataclass(slots=True)
class HolderSets:
    """The sets of holders by number, in the order of their coming; set 0 is empty."""

    sets: list[tuple[ActorId, ...]] = field(default_factory=lambda: [()])
    _numbers: dict[tuple[ActorId, ...], int] = field(default_factory=lambda: {(): 0})

    def number_of(self, holders: tuple[ActorId, ...]) -> int:
        """Raises TooManyHolders."""
        found = self._numbers.setdefault(holders, len(self.sets))
        if found == len(self.sets):
            if found >= MOST_SETS:
                del self._numbers[holders]
                raise TooManyHolders
            self.sets.append(holders)
        return found

    def copy(self) -> "HolderSets":
        return HolderSets(list(self.sets), dict(self._numbers))


class Look(NamedTuple):
    """What the look in a cell means."""

    status: ControlStatus
    holders: tuple[ActorId, ...]
    certain: bool
    disputed: bool
    told: bool
    siege: Siege

    @staticmethod
    def of(look: int, sets: Sequence[tuple[ActorId, ...]]) -> "Look":
        return Look(
            STATUSES[look & 7],
            sets[look >> HOLDERS],
            bool(look & CERTAIN),
            bool(look & DISPUTED),
            bool(look & TOLD),
            Siege(look >> SIEGE & 3),
        )


_NUMBERS = {status: number for number, status in enumerate(STATUSES)}


def cell_of(shown: Shown, siege: int, sets: HolderSets, *, is_held_alone: bool) -> int:
    """The cell of a place; `is_held_alone`: the place can be held, and is on every map. Raises
    TooManyHolders."""
    look = _NUMBERS[shown.status] | siege << SIEGE | sets.number_of(shown.holders) << HOLDERS
    if shown.certain:
        look |= CERTAIN
    if shown.disputed:
        look |= DISPUTED
    if shown.is_told or is_held_alone:
        look |= TOLD
    return look | (day_of(shown.heard) & LOOK) << 32


def day_of(latest: Instant | None) -> int:
    """The day of UTC of the last microsecond of a window, in days since 1970-01-01."""
    return NEVER if latest is None else (latest - 1) // DAY


def looks_in(cells: Iterable[int]) -> list[int]:
    return [cell & LOOK for cell in cells]
