"""How many died by a row of GED: low, best and high, where these agree with each other.

`best` is the sum of the deaths by side, by the codebook. `low` and `high` are coded apart, and in
some rows of the official files a bound lies on the wrong side of `best`. Then the sum counts, and
the bound is left out.
"""

from typing import NamedTuple

from domain.values import Estimate
from infra.datasets.rows import Remark, Unfit, made
from infra.datasets.ucdp.cells import Cells, whole

BY_SIDE = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
DEATHS = ("low", "best", "high", *BY_SIDE)
"""The columns that decide the estimate."""


class Deaths(NamedTuple):
    """The estimate of a row, and what had to be left out of it."""

    estimate: Estimate | None
    words: tuple[str, ...] = ()
    doubts: tuple[Remark, ...] = ()


def deaths_of(cells: Cells) -> Deaths:
    """The deaths of a row. Raises Unfit where its numbers can't be explained."""
    low, best, high = (whole(cells, name) for name in ("low", "best", "high"))
    given = [each for each in (low, best, high) if each is not None]
    if not given:
        return Deaths(None)
    if given == sorted(given):
        return Deaths(_estimate(cells, low, best, high), doubts=_other_sum(cells, best))
    if best is None or best != _sum(cells):
        why = f"low {low}, best {best} and high {high} are out of order, and best is not the sum "
        raise Unfit(Remark("best", cells["best"], f"{why}of the deaths by side, {_sum(cells)}"))
    wrong = [
        name
        for name, bound, is_wrong in (
            ("low", low, low is not None and low > best),
            ("high", high, high is not None and high < best),
        )
        if is_wrong
    ]
    kept = {"low": low, "high": high} | dict.fromkeys(wrong)
    words = (
        f"UCDP gives low {low}, best {best}, high {high}; best is the sum of the deaths by side."
    )
    why = f"it contradicts best, {best}, the sum of the deaths by side, and is left out"
    doubts = tuple(Remark(name, cells[name], why) for name in wrong)
    return Deaths(_estimate(cells, kept["low"], best, kept["high"]), (words,), doubts)


def _estimate(cells: Cells, low: int | None, best: int | None, high: int | None) -> Estimate:
    fields = {"low": low, "best": best, "high": high}
    return made(Estimate, fields, {name: name for name in fields}, cells)


def _sum(cells: Cells) -> int:
    return sum(whole(cells, name) or 0 for name in BY_SIDE)


def _other_sum(cells: Cells, best: int | None) -> tuple[Remark, ...]:
    told = [whole(cells, name) for name in BY_SIDE]
    if best is None or None in told or best == _sum(cells):
        return ()
    return (Remark("best", cells["best"], f"the deaths by side make {_sum(cells)}"),)
