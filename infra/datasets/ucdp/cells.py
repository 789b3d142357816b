"""The cells of UCDP's tables: numbers that went through pandas, dates, and what is not coded."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from domain.texts import in_one_line, without_hidden
from infra.datasets.rows import Remark, Unfit

Cells = Mapping[str, str]
"""The cells of a row by the names of the columns, in lower case."""

_WHOLE = re.compile(r"(-?\d+)(?:\.0*)?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_NOT_CODED = -1


def text(cells: Cells, column: str) -> str:
    """The text in one line, without invisible characters; empty where nothing is said."""
    return one_line(cells.get(column, ""))


def one_line(given: str) -> str:
    """A text in one line, without invisible characters."""
    return in_one_line(without_hidden(given))


def whole(cells: Cells, column: str) -> int | None:
    """A whole number, also as `118.0`; None where it is empty or not coded (-1). Raises Unfit."""
    given = cells.get(column, "")
    number, why = _number(given)
    if why:
        raise Unfit(Remark(column, given.strip(), why))
    return number


@lru_cache(maxsize=10_000)  # most numbers of a row are small, and each is read several times
def _number(given: str) -> tuple[int | None, str]:
    """A whole number, or the reason why it is none."""
    given = given.strip()
    if not given:
        return None, ""
    found = _WHOLE.fullmatch(given)
    if not found or len(found[1]) > 12:
        return None, "it is no whole number"
    number = int(found[1])
    if number < _NOT_CODED:
        return None, "it is below 0, and only -1, not coded, may be"
    return None if number == _NOT_CODED else number, ""


def code(cells: Cells, column: str, meanings: Mapping[int, str]) -> int:
    """A code of the codebook. Raises Unfit."""
    number = whole(cells, column)
    if number not in meanings or number is None:
        told = ", ".join(f"{each} ({meaning})" for each, meaning in meanings.items())
        raise Unfit(Remark(column, cells.get(column, ""), f"the codes are {told}"))
    return number


def id_of(cells: Cells, column: str) -> str:
    """An id: `300380.0` is 300380. Raises Unfit."""
    number = whole(cells, column)
    if number is None:
        raise Unfit(Remark(column, cells.get(column, ""), "an id is needed here"))
    return str(number)


def degrees(cells: Cells, column: str, most: int) -> float:
    """A latitude or longitude, to six decimals. Raises Unfit."""
    given = cells.get(column, "").strip()
    try:
        number = float(given)
    except ValueError:
        raise Unfit(Remark(column, given, "it is no number of degrees")) from None
    if not -most <= number <= most:
        raise Unfit(Remark(column, given, f"degrees lie between -{most} and {most} here"))
    return round(number, 6) + 0.0


def day(cells: Cells, column: str) -> date:
    """A day, also with the midnight that UCDP's files have behind it. Raises Unfit."""
    given = cells.get(column, "").strip()
    try:
        return _day(given)
    except ValueError:
        why = "it is not a day as UCDP writes it, 2013-01-03 or 2013-01-03 00:00:00.000"
        raise Unfit(Remark(column, given, why)) from None


@lru_cache(maxsize=10_000)
def _day(given: str) -> date:
    """Raises ValueError."""
    found = _DAY.fullmatch(given)
    if found is None:
        raise ValueError
    return date.fromisoformat(found[1])
