"""The options of every import of a table that people keep: its form, and the order of its dates."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

from infra.intake.table_dates import DayOrder
from infra.intake.table_rows import TableForm
from infra.intake.table_text import ENCODINGS

F = TypeVar("F", bound=Callable[..., Any])

_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


class TableOptions(NamedTuple):
    """The form of a table, as far as a user says."""

    form: TableForm
    order: DayOrder | None

    @staticmethod
    def taken_from(given: dict[str, Any]) -> "TableOptions":
        """Takes these options out of the options of a command."""
        delimiter = given.pop("delimiter")
        form = TableForm(given.pop("encoding"), _NAMES.get(delimiter), given.pop("sheet"))
        return TableOptions(form, given.pop("order"))


def table_options(command: F) -> F:
    """--sheet, --encoding, --delimiter, --dayfirst and --monthfirst."""
    for option in (
        click.option(
            "--monthfirst",
            "order",
            flag_value=DayOrder.MONTH_FIRST,
            help="Read 03/04/2023 as 4 March.",
        ),
        click.option(
            "--dayfirst",
            "order",
            flag_value=DayOrder.DAY_FIRST,
            type=DayOrder,
            help="Read 03/04/2023 as 3 April, where no date of the file decides it.",
        ),
        click.option(
            "--delimiter",
            type=click.Choice([*_NAMES]),
            help="What parts the cells of a text.  [default: found]",
        ),
        click.option(
            "--encoding",
            type=click.Choice(ENCODINGS, case_sensitive=False),
            metavar="NAME",
            help="The encoding of a text, as cp1251.  [default: found, if it is UTF-8, UTF-16, or "
            "a Western one]",
        ),
        click.option("--sheet", metavar="NAME", help="The sheet of a workbook with several."),
    ):
        command = option(command)
    return command
