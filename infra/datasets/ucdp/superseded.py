"""Candidate releases of GED, replaced by final releases.

A candidate missing from the final release of its year is taken back. A candidate release imported
after the final release does not win.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from domain.events import (
    ClashReported,
    Event,
    EventReinstated,
    EventRetracted,
    ReportFiled,
)
from domain.occurred import Instant, datetime_of
from domain.values import EventId, LocationId, ReportId, SourceId
from infra.datasets.places import FoundPlace, PlaceBook
from infra.datasets.rows import RowDeleted
from infra.datasets.standing import key_of, said_at_of
from infra.datasets.ucdp.releases import Release, is_candidate
from infra.ledger.codec import Recorded
from infra.ledger.reader import LedgerReader

_TITLE = re.compile(r"UCDP GED (\d[\d.]*\d)")
CountryYear = tuple[LocationId, int]


class CompleteFor(StrEnum):
    """For which part of the world the file of a final release is complete."""

    RELEASE = "release"
    """For all: the file is the whole release."""
    COUNTRIES = "countries"
    """For the countries and years with rows in the file."""
    EXCERPT = "excerpt"
    """For none."""


class _Candidate:
    """A row of a candidate release in the ledger."""

    __slots__ = ("country_year", "release", "standing")

    def __init__(self, release: str, country_year: CountryYear) -> None:
        self.release, self.country_year = release, country_year
        self.standing: set[EventId] = set()


class EarlierReleases:
    """The other releases in the ledger, for comparison with a file."""

    def __init__(
        self, ledger: LedgerReader, source: SourceId, release: Release, places: PlaceBook
    ) -> None:
        self._release, self._places = release, places
        self._said_at = said_at_of(release.published)
        self._reports: dict[ReportId, tuple[str, Instant]] = {}
        self._releases: dict[tuple[str, Instant], tuple[str, Instant]] = {}
        """Each once: the reports of a release share it."""
        self._candidates: dict[str, _Candidate] = {}
        self._of_event: dict[EventId, str] = {}
        self._covered: set[CountryYear] = set()
        """The countries and years with rows in a later final release in the ledger."""
        self._has: set[CountryYear] = set()
        """The countries and years with rows in the file."""
        for each in ledger.of_source(source):
            self._learn(each)
        self._is_compared = bool(self._candidates or self._covered)
        """Whether the ledger holds such releases at all."""

    def still_has(self, key: str) -> None:
        """The file has this row, whether or not it can be recorded."""
        self._candidates.pop(key, None)

    def covers(self, place: FoundPlace, year: int) -> bool:
        """Whether a later final release in the ledger speaks of this country and year."""
        if not self._is_compared:
            return False
        country_year = (self._places.country_of(place.location, place.registers), year)
        self._has.add(country_year)
        return country_year in self._covered

    def takes_back(self, extent: CompleteFor) -> bool:
        """Whether a candidate missing in the file is taken back."""
        return not self._release.is_candidate and extent is not CompleteFor.EXCERPT

    def vanished(
        self, extent: CompleteFor, said_at: Instant, registers: tuple[Event, ...], why: str
    ) -> Iterator[RowDeleted]:
        """The rows of candidate releases missing from the final release of the file."""
        if not self.takes_back(extent):
            return
        last = max((year for _, year in self._has), default=0)
        report = next(each.report for each in registers if isinstance(each, ReportFiled))
        for key, candidate in sorted(self._candidates.items()):
            is_whole = extent is CompleteFor.RELEASE and candidate.country_year[1] <= last
            if candidate.standing and (is_whole or candidate.country_year in self._has):
                reason = f"{why} The candidate release {candidate.release} had it."
                yield RowDeleted(0, key, said_at, report, reason, registers)

    def _learn(self, recorded: Recorded) -> None:
        match recorded.event:
            case ReportFiled(report=report, published=published, title=title):
                if found := _TITLE.match(title):
                    release = found[1], said_at_of(published)
                    self._reports[report] = self._releases.setdefault(release, release)
            case EventRetracted(event=id) if id in self._of_event:
                self._candidates[self._of_event[id]].standing.discard(id)
            case EventReinstated(event=id) if id in self._of_event:
                self._candidates[self._of_event[id]].standing.add(id)
            case ClashReported(report=report) as clash if report in self._reports:
                number, said_at = self._reports[report]
                year = datetime_of(clash.occurred.window.earliest).year
                country_year = (self._places.country_of(clash.location), year)
                if is_candidate(number):
                    self._learn_candidate(recorded, number, country_year)
                elif said_at > self._said_at:
                    self._covered.add(country_year)

    def _learn_candidate(self, recorded: Recorded, number: str, country_year: CountryYear) -> None:
        assert isinstance(recorded.event, ClashReported), "GED tells of clashes alone"
        if self._release.is_candidate or not (key := key_of(recorded.event)):
            return
        candidate = self._candidates.setdefault(key, _Candidate(number, country_year))
        candidate.standing.add(recorded.statement.id)
        self._of_event[recorded.statement.id] = key
