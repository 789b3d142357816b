"""The status of each place by a source, day by day, as far as recorded."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from domain.events import (
    ControlReported,
    EventReinstated,
    EventRetracted,
    LocatedEvent,
    ReportFiled,
)
from domain.values import EventId, LocationId, ReportId, SourceId
from infra.ledger.reader import LedgerReader


class Sightings:
    """The sightings of a source, and the days for which it has filed a report."""

    def __init__(self, ledger: LedgerReader, source: SourceId) -> None:
        self._said: dict[LocationId, dict[str, str]] = {}
        self._days: dict[LocationId, list[str]] = {}
        self._filed: list[str] = []
        self._expected: set[str] = set()
        published: dict[ReportId, str] = {}
        told: dict[EventId, tuple[LocatedEvent, str]] = {}
        taken_back: set[EventId] = set()
        for each in ledger.of_source(source):
            match each.event:
                case ReportFiled() as report:
                    published[report.report] = report.published.text[:10]
                case EventRetracted(event=event):
                    taken_back.add(event)
                case EventReinstated(event=event):
                    taken_back.discard(event)
                case LocatedEvent() as event if event.report in published:
                    told[each.statement.id] = event, published[event.report]
        for id, (event, day) in told.items():
            if id not in taken_back:
                holders = event.holders if isinstance(event, ControlReported) else ()
                self.learn(event.location, day, self.says(type(event).__name__, holders))
        self._filed = sorted({*published.values()})

    @staticmethod
    def says(event: str, holders: Iterable[str]) -> str:
        """The status of a sighting, for comparing days."""
        return " ".join((event, *sorted(holders)))

    def expect(self, days: Iterable[str]) -> None:
        """Tells the days about to be read."""
        self._expected = {*days}

    def file(self, day: str) -> None:
        """Tells that a day was read."""
        if day not in self._filed:
            insort(self._filed, day)

    def learn(self, place: LocationId, day: str, says: str) -> None:
        said, days = self._said.setdefault(place, {}), self._days.setdefault(place, [])
        if day not in said:
            insort(days, day)
        said[day] = says

    def on(self, place: LocationId, day: str) -> str:
        """The status recorded for the day; empty without a sighting."""
        return self._said.get(place, {}).get(day, "")

    def before(self, place: LocationId, day: str) -> str:
        """The last status recorded before the day."""
        days = self._days.get(place, [])
        number = bisect_left(days, day)
        return self._said[place][days[number - 1]] if number else ""

    def next_day(self, day: str) -> str | None:
        """The next day read in an earlier import, and not about to be read."""
        for later in self._filed[bisect_right(self._filed, day) :]:
            return None if later in self._expected else later
        return None
