"""Lists on a page: a line for each item, in columns."""

from collections.abc import Iterable, Iterator, Sequence

from api.commands.print.terminal import hanging
from domain.texts import escaped

_WIDEST = 34
"""The most characters to which a column is filled up; a longer cell takes more."""


def in_columns(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the rows; all columns but the last are filled up to the same width."""
    shown = [[escaped(cell) for cell in row] for row in rows]
    widths = [
        min(_WIDEST, max(map(len, column)))
        for column in zip(*(row[:-1] for row in shown), strict=True)
    ]
    for *cells, last in shown:
        filled = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        yield from hanging(["  ".join([*filled, last]).rstrip()])
