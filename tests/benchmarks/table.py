"""How figures are taken and shown: in turns, so that a busy minute touches all of them alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median

Run = Callable[[], float]
"""Does it once, and returns how much of its unit it did in a second, or how long it took."""


@dataclass(frozen=True)
class Measured:
    """The runs of one thing: its median, and how far they lie apart."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.runs)

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(min(self.runs))} to {_short(max(self.runs))})"


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, beside what, and how far it has to reach."""

    what: str
    unit: str
    measured: Measured
    against: str = ""
    baseline: Measured | None = None
    reach: str = ""
    """In words, as the design has it."""
    is_reached: Callable[[float], bool] | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured.median / self.baseline.median if self.baseline else None

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{_short(self.ratio)}x"
        return (
            self.what,
            f"{self.measured} {self.unit}",
            self.against,
            str(self.baseline or ""),
            ratio,
            self.reach,
            self._verdict(),
        )

    def _verdict(self) -> str:
        if self.is_reached is None or self.ratio is None:
            return ""
        return "reached" if self.is_reached(self.ratio) else "NOT REACHED"


HEADER = ("what", "measured: median (range)", "against", "baseline", "ratio", "reach", "")


def in_turns(runs: Mapping[str, Run], times: int) -> dict[str, Measured]:
    """Each of the runs once, then each of them again, and so on."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            found[name].append(run())
    return {name: Measured(tuple(each)) for name, each in found.items()}


def show(figures: Sequence[Figure]) -> str:
    """The figures as a table in plain text."""
    rows = [HEADER, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
