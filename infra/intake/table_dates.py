"""Dates as people and Excel write them, in the forms of a situation file.

Whether 03/04/2023 is of April or of March is decided once for a file: by a date of the file that
can be read in one way only, else by the user.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from domain.occurred import NotATime
from infra.intake.problems import BadInput
from infra.spelling import plain
from infra.visible_text import quoted


class DayOrder(StrEnum):
    """The order of day and month in dates of numbers."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class DateCell(NamedTuple):
    """A cell of a column of times."""

    line: int
    text: str


class DateForms:
    """The forms of the dates of one file."""

    def __init__(self, order: DayOrder | None = None) -> None:
        self.order = order
        self.has_serials = False
        """Whether some times of the file are the serial numbers of Excel."""
        self._first: dict[DayOrder, DateCell] = {}
        """The first date that can be read in this order only."""
        self._open: DateCell | None = None
        """The first date that can be read in both."""

    def learn(self, cells: Iterable[DateCell]) -> None:
        """Takes in the times of a file."""
        for cell in cells:
            for end in _ends(cell.text):
                self.has_serials = self.has_serials or _serial(end) is not None
                if found := _OF_NUMBERS.match(end):
                    self._take_in(cell, int(found[1]), int(found[3]))

    def decide(self, file: Path) -> list[str]:
        """Decides on the order, and tells what was decided. Raises BadInput."""
        notes = []
        if self.order is None and self._first.keys() == {*DayOrder}:
            day, month = self._first[DayOrder.DAY_FIRST], self._first[DayOrder.MONTH_FIRST]
            raise BadInput.at(
                file,
                month.line,
                f"{quoted(month.text)} has its month first, and {quoted(day.text)} on line "
                f"{day.line:,} its day; say --dayfirst or --monthfirst, and the others are refused",
            )
        if self.order is None:
            self.order = next(iter(self._first), None)
            if self.order and self._open:
                decisive = self._first[self.order]
                notes.append(
                    f"Dates such as {quoted(self._open.text)} are read {self.order}, since "
                    f"{quoted(decisive.text)} on line {decisive.line:,} is."
                )
        if self.order is None and self._open:
            raise BadInput.at(
                file,
                self._open.line,
                f"no date of the file says whether {quoted(self._open.text)} has its day first, "
                "or its month; say --dayfirst or --monthfirst",
            )
        if self.has_serials:
            notes.append("Times such as 45244 are read as Excel's count of days from 1900.")
        return notes

    def text_of(self, cell: str) -> str:
        """The time in a form that an event takes; a cell of another form stays as it is. Raises
        NotATime."""
        text = " ".join(cell.split())
        return "/".join(self._end(end) for end in _ends(text))

    def _take_in(self, cell: DateCell, first: int, second: int) -> None:
        if first > 12 >= second:
            self._first.setdefault(DayOrder.DAY_FIRST, cell)
        elif second > 12 >= first:
            self._first.setdefault(DayOrder.MONTH_FIRST, cell)
        elif first != second:
            self._open = self._open or cell

    def _end(self, text: str) -> str:
        if (moment := _serial(text)) is not None:
            return _moment_text(moment)
        for form, read in _FORMS:
            if found := form.fullmatch(text):
                day, clock = read(found), found["clock"]
                break
        else:
            found = _OF_NUMBERS.fullmatch(text)
            if not found:
                return text
            day, clock = self._of_numbers(found), found["clock"]
        return _with_clock(day, clock) if day else text

    def _of_numbers(self, found: re.Match[str]) -> str:
        day, month = found[1], found[3]
        if self.order is DayOrder.MONTH_FIRST:
            day, month = month, day
        if int(month) > 12 and int(day) <= 12:
            raise NotATime(found[0], f": dates of this file are read {self.order}")
        return _day(_year(found[4]), month, day)


_MONTHS = (
    "january jan janvier janv januar enero ene janeiro",
    "february feb fevrier fev fevr februar febrero fevereiro",
    "march mar mars marz maerz marzo marco",
    "april apr avril avr abril abr",
    "may mai mayo maio",
    "june jun juin juni junio junho",
    "july jul juillet juil juli julio julho",
    "august aug aout agosto ago",
    "september sep sept septembre septiembre setembro set",
    "october oct octobre okt oktober octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec decembre dez dezember dic diciembre dezembro",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_CLOCK = (
    r"(?P<clock>[ T]+\d{1,2}:\d{2}(?::\d{2}(?:[.]\d+)?)?\s?(?:[AaPp][Mm])?\s?"
    r"(?:UTC|GMT|Z|[+-]\d{2}:?\d{2})?)?"
)
_NAME = r"([^\W\d_]{3,12})[.]?"
_ORDINAL = r"(?:st|nd|rd|th|er|[.])?"
_OF = "(?:de )?"
_OF_NUMBERS = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}")
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (
        re.compile(rf"(\d{{4}})[./-](\d{{1,2}})[./-](\d{{1,2}}){_CLOCK}"),
        lambda found: _day(found[1], found[2], found[3]),
    ),
    (
        re.compile(rf"((?:19|20)\d\d)(\d\d)(\d\d){_CLOCK}"),
        lambda found: _day(found[1], found[2], found[3]),
    ),
    (
        re.compile(rf"(\d{{1,2}}){_ORDINAL}[ -]?{_OF}{_NAME}[ ,-]*{_OF}(\d{{4}}|\d\d){_CLOCK}"),
        lambda found: _named(_year(found[3]), found[2], found[1]),
    ),
    (
        re.compile(rf"{_NAME}[ -]?(\d{{1,2}}){_ORDINAL}[ ,-]+(\d{{4}}){_CLOCK}"),
        lambda found: _named(found[3], found[1], found[2]),
    ),
    (
        re.compile(rf"{_NAME}[ ,-]*{_OF}(\d{{4}})(?P<clock>)"),
        lambda found: _named(found[2], found[1], None),
    ),
    (
        re.compile(r"(\d{1,2})[./-](\d{4})(?P<clock>)"),
        lambda found: f"{found[2]}-{found[1]:0>2}",
    ),
)
"""The forms whose order is plain."""
_BETWEEN_ENDS = (re.compile(r"\s*[\u2013\u2014]\s*|\s+(?:to|until|-)\s+"), re.compile(r"\s*/\s*"))
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a local time; zones come later


def _ends(text: str) -> list[str]:
    """The one or two ends of a time; a date with slashes has one."""
    whole = [text]
    if _OF_NUMBERS.fullmatch(text) or any(form.fullmatch(text) for form, _ in _FORMS):
        return whole
    for between in _BETWEEN_ENDS:
        ends = between.split(text)
        if len(ends) == 2 and all(ends):
            return ends
    return whole


def _serial(text: str) -> datetime | None:
    """The time of a serial number of Excel, to the second."""
    if not _SERIAL.fullmatch(text):
        return None
    seconds = round(float(text.replace(",", ".")) * 86_400)
    return _FIRST_DAY + timedelta(seconds=seconds)


def _moment_text(moment: datetime) -> str:
    return _with_clock(moment.date().isoformat(), f" {moment:%H:%M:%S}")


def _named(year: str, month: str, day: str | None) -> str | None:
    number = _MONTH_OF.get(plain(month))
    if number is None:
        return None
    return _day(year, str(number), day) if day else f"{year}-{number:02}"


def _day(year: str, month: str, day: str) -> str:
    return f"{year}-{month:0>2}-{day:0>2}"


def _year(text: str) -> str:
    """The year; of two digits, one from 1969 to 2068, as POSIX has it."""
    if len(text) == 4:
        return text
    return f"20{text}" if int(text) < 69 else f"19{text}"


def _with_clock(day: str, clock: str | None) -> str:
    """The day with its time; 2023-11-14 00:00:00 is how programs write a day."""
    found = _TIME.fullmatch(clock.strip(" T")) if clock else None
    if not found or not clock:
        return day
    hour, minute, second, half, zone = found.groups()
    hours = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    time = f"{hours:02}:{minute}:{second or '00'}"
    if zone is None:
        is_day = clock.startswith(" ") and re.fullmatch("00:00:00(?:[.]0+)?", time)
        return day if is_day else f"{day}T{time}"
    if zone in {"UTC", "GMT", "Z"}:
        return f"{day}T{time}Z"
    return f"{day}T{time}{zone[:3]}:{zone[-2:]}"


_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2}(?:[.]\d+)?))?\s?([AaPp][Mm])?\s?(UTC|GMT|Z|[+-]\d{2}:?\d{2})?"
)


def day_of(text: str, year: int) -> date | None:
    """The day of a date without a year, "14.11" or "14 November", in a year; None of another."""
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[.]?", text):
        day, month = int(found[1]), int(found[2])
    elif found := re.fullmatch(rf"(\d{{1,2}}){_ORDINAL} {_NAME}", text):
        day, month = int(found[1]), _MONTH_OF.get(plain(found[2]), 0)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
