"""Grades of the Admiralty code, and their order."""

from dataclasses import dataclass, field

from domain.values import Reliability

_RELIABILITIES = {letter: rank for rank, letter in enumerate("ABCFDE")}
_CREDIBILITIES = {number: rank for rank, number in enumerate((1, 2, 3, 6, 4, 5))}


@dataclass(frozen=True)
class Grade:
    """Reliability and credibility, by the Admiralty code. Not judged is not the worst: F stands
    between C and D, 6 between 3 and 4."""

    reliability: Reliability
    credibility: int
    ranks: tuple[int, int] = field(init=False, repr=False, compare=False)
    """The rank on each scale; 0 is the best."""

    def __post_init__(self) -> None:
        ranks = _RELIABILITIES[self.reliability], _CREDIBILITIES[self.credibility]
        self.__dict__["ranks"] = ranks

    def is_better_than(self, other: "Grade") -> bool:
        """Strictly better: at least as good on both scales, and better on either."""
        mine, theirs = self.ranks, other.ranks
        return mine != theirs and mine[0] <= theirs[0] and mine[1] <= theirs[1]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


def report_reliability(origin: Reliability, publisher: Reliability) -> Reliability:
    """The reliability of a report: of a copy, the worse of origin and publisher, in the order
    A B C F D E."""
    return max(origin, publisher, key=_RELIABILITIES.__getitem__)
