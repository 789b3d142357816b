"""The releases of UCDP's datasets: numbers, and times of publication.

A final release of 2024 is 24.1; a candidate release is 24.0.3, of March 2024, or 24.01.24.06, of
January to June 2024 (UCDP GED Codebook 24.1; UCDP Candidate Codebook 1.3).
"""

import re
from dataclasses import dataclass

from domain.occurred import Occurred
from domain.refusals import NotUnderstood

_FINAL = re.compile(r"(1[7-9]|[2-9]\d)\.([1-9]\d?)")
_EARLY = re.compile(r"[1-5]\.\d{1,2}")
"""Final releases up to 2016, whose numbers say no year."""
_MONTH = re.compile(r"(\d{2})\.0\.(1[0-2]|[1-9])")
_MONTHS = re.compile(r"(\d{2})\.(0[1-9]|1[0-2])\.(\d{2})\.(0[1-9]|1[0-2])")
_IN_A_NAME = re.compile(r"v(\d{1,2}(?:_\d{1,2}){1,3})(?!\d)", re.IGNORECASE)
_IN_A_SHORT_NAME = re.compile(r"(?:ged|actor)-?(\d{2})([1-9])(?!\d)", re.IGNORECASE)


class NotARelease(NotUnderstood):
    """The text is not the number of a release."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is not the number of a release, or it does not say the year; write 24.1 for "
            "a final one, 24.0.3 for the candidates of a month, 24.01.24.06 for those of several "
            "months, and 5.0 or another before 17.1 with the date of its publication"
        )


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a dataset."""

    number: str
    published: Occurred
    """The time of publication, as exactly as known."""

    @classmethod
    def parse(cls, number: str, published: Occurred | None = None) -> "Release":
        """A release by its number, which says the year at least. Raises NotARelease."""
        if published and _EARLY.fullmatch(number):
            return cls(number, published)
        if known := _came_out(number):
            return cls(number, published or Occurred.parse(known))
        raise NotARelease(number)

    @property
    def is_candidate(self) -> bool:
        return is_candidate(self.number)

    @property
    def slug(self) -> str:
        """The number as a part of an id."""
        return self.number.replace(".", "-")


def is_candidate(number: str) -> bool:
    """Whether the number is that of a candidate release, to be replaced by a final one."""
    return not (_FINAL.fullmatch(number) or _EARLY.fullmatch(number))


def release_in_name(name: str) -> str | None:
    """The number in the name of a file, as GEDEvent_v24_1.csv or ucdp-actor-221.csv."""
    if found := _IN_A_NAME.search(name):
        number = found[1].replace("_", ".")
        return number if _came_out(number) else None
    short = _IN_A_SHORT_NAME.search(name)
    return f"{short[1]}.{short[2]}" if short else None


def _came_out(number: str) -> str | None:
    """The year of a final release; of candidates the month after the last, up to the year's end."""
    if final := _FINAL.fullmatch(number):
        return _year(final[1])
    if of_month := _MONTH.fullmatch(number):
        return _month_after(int(of_month[1]), int(of_month[2]))
    if of_months := _MONTHS.fullmatch(number):
        return _month_after(int(of_months[3]), int(of_months[4]))
    return None


def _year(digits: str) -> str:
    return f"{2000 + int(digits):04}"


def _month_after(year: int, month: int) -> str:
    ahead = year * 12 + month  # the months before are counted from 0
    return f"{2000 + ahead // 12:04}-{ahead % 12 + 1:02}"
