"""The dates of an export: forms, the order of day and month, and windows by time_precision.

The order of day and month is decided once for a file, by a date that can be read in one order alone
(31/07/2020), or by an option.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?)?")
_NAMED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d{2})")
_NAMED_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?")
_EARLIEST_YEAR = 1900


class DateOrder(StrEnum):
    """The first part of a date in numbers."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(slots=True)
class DateEvidence:
    """The evidence of a file for the order of its dates."""

    in_numbers: int = 0
    """The number of dates in numbers alone."""
    day_first: tuple[str, int] | None = None
    """The first date that can be read day first alone, and its line."""
    month_first: tuple[str, int] | None = None

    def learn(self, text: str, line: int) -> None:
        if not (found := _NUMBERS.fullmatch(text)):
            return
        self.in_numbers += 1
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second and self.day_first is None:
            self.day_first = (text, line)
        if second > 12 >= first and self.month_first is None:
            self.month_first = (text, line)

    def order(self, told: DateOrder | None) -> DateOrder | None:
        """The order; None where the file shows none, or both."""
        if told or (self.day_first is None) is (self.month_first is None):
            return told
        return DateOrder.DAY_FIRST if self.day_first else DateOrder.MONTH_FIRST

    def in_words(self, told: DateOrder | None) -> str:
        """How the dates are read, and why; empty where there is nothing to say."""
        if not self.in_numbers:
            return ""
        if told:
            return f"Dates are read {told}, as the option says."
        if self.day_first and self.month_first:
            both = " and ".join(
                f"{text} on line {line:,}" for text, line in (self.day_first, self.month_first)
            )
            return (
                f"Dates are written in both orders: {both}. Those that can be read in either are "
                "refused; --dayfirst or --monthfirst decides."
            )
        if shown := self.day_first or self.month_first:
            text, line = shown
            return f"Dates are read {self.order(None)}: {text} on line {line:,} shows it."
        return (
            "No date of the file shows whether day or month comes first. Those that can be read in "
            "either order are refused; --dayfirst or --monthfirst decides."
        )


def read_date(text: str, year: int | None, order: DateOrder | None) -> date:
    """The day of a cell; `year` is that of the row, where it has one. Raises ValueError."""
    day = _day(text, year, order)
    if day.year < _EARLIEST_YEAR:
        raise ValueError(f"no event of this dataset is of the year {day.year:04}")
    if year is not None and day.year != year:
        raise ValueError(f"the column year has {year}, and the date {day.year}")
    return day


def _day(text: str, year: int | None, order: DateOrder | None) -> date:
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED.fullmatch(text):
        return date(_year(found[3], year), _month(found[2]), int(found[1]))
    if found := _NAMED_MONTH_FIRST.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMBERS.fullmatch(text):
        return _in_numbers(int(found[1]), int(found[3]), _year(found[4], year), order)
    raise ValueError("it is not a date; write 2020-07-31 or 31 July 2020")


def _in_numbers(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None:
        if first != second and first <= 12 and second <= 12:
            raise ValueError("it can be read in two orders, and the file does not decide it")
        order = DateOrder.DAY_FIRST if first > 12 else DateOrder.MONTH_FIRST
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    if month > 12:
        raise ValueError(f"dates of this file are read {order}, and no month is {month}")
    return date(year, month, day)


def _year(text: str, year: int | None) -> int:
    if len(text) == 4:
        return int(text)
    if year is None:
        raise ValueError("its year has two digits, and the row has no column year")
    if year % 100 != int(text):
        raise ValueError(f"the column year has {year}, and the date {text}")
    return year


def _month(name: str) -> int:
    short = name[:3].casefold()
    if short not in _MONTHS:
        raise ValueError(f"no month is called {name}")
    return _MONTHS.index(short) + 1


def window_of(day: date, time_precision: int) -> str:
    """The time in which the event happened: a day (1), a week around the day (2), its month (3).

    Of a week ACLED codes the middle, of a month the middle, the first or the last day.
    """
    if time_precision == 1:
        return day.isoformat()
    if time_precision == 2:
        week = timedelta(days=3)
        return f"{(day - week).isoformat()}/{(day + week).isoformat()}"
    return f"{day.year:04}-{day.month:02}"
