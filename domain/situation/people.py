"""How many people fled, and who needs aid, as far as sources say?"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from operator import attrgetter, itemgetter

from domain.grades import Grade
from domain.occurred import Instant, Window
from domain.situation.ties import Around
from domain.values import Estimate, EventId, LocationId, Sector

OVERLAPS = (
    "Reports overlap where their times do and one's place is the other's or lies within it. Of "
    "reports that overlap one counts: the better graded; of equals that of the wider place, then "
    "that of the longer time, then the later published. Low, best and high estimates are summed "
    "each by itself: a best estimate is neither the least nor the most. The best and the high sum "
    "are open where a report that counts gives none; the low sum is that of the reports that give "
    "one, since nobody can be fewer than none."
)
"""The rule behind the figure of displaced people, for readers."""


@dataclass(frozen=True, slots=True)
class Displaced:
    """A report of people who fled a place."""

    event: EventId
    position: int
    location: LocationId
    occurred: Window
    published: Instant
    grade: Grade
    people: Estimate


@dataclass(frozen=True, slots=True)
class Displacement:
    """The sum of the reports without overlaps."""

    people: Estimate | None
    """The sums of low, best and high, each None where open; None as a whole without reports."""
    counted: tuple[EventId, ...]
    left_out: tuple[tuple[EventId, EventId], ...]
    """Each report left out, and the first counted report that overlaps, by time."""
    still_open: tuple[EventId, ...]
    """Reports whose window contains the instant: not counted yet."""
    parts: tuple["Part", ...] = ()
    """Sums by the estimates given (low, best, high), where reports differ in these."""


@dataclass(frozen=True, slots=True)
class Part:
    """The sum of the reports with the same estimates given."""

    people: Estimate
    counted: tuple[EventId, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """A report of people in need of aid, or no longer in need."""

    event: EventId
    position: int
    location: LocationId
    sector: Sector | None
    occurred: Window
    published: Instant
    people: Estimate | None

    @property
    def is_met(self) -> bool:
        """Whether the report says that nobody is in need."""
        return self.people is not None and self.people.says_nobody

    @property
    def order(self) -> tuple[int, int, Instant, int]:
        return (self.occurred.latest, self.occurred.earliest, self.published, self.position)


@dataclass(frozen=True, slots=True)
class Need:
    """A need of aid, open at an instant."""

    location: LocationId
    sector: Sector | None
    people: Estimate | None
    """The number by the last word."""
    since: Window
    """The window of the first report since the need was last met."""
    events: tuple[EventId, ...]
    certain: bool
    """False for a need reported, or reported to be met, in windows that contain the instant."""


def displacement(reports: Iterable[Displaced], at: Instant, around: Around) -> Displacement:
    """The displacement by an instant of valid time; `reports` are live as known."""
    around = cache(around)
    begun = [report for report in reports if report.occurred.earliest <= at]
    over = [report for report in begun if report.occurred.is_over_at(at)]
    still_open = [report for report in begun if not report.occurred.is_over_at(at)]
    kept = _Kept(around)
    left_out = []
    for report in sorted(over, key=lambda it: _preference(it, len(around(it.location)))):
        if rival := kept.overlapping(report):
            left_out.append((report.event, rival.event))
        else:
            kept.keep(report)
    counted = sorted(kept.reports, key=attrgetter("position"))
    return Displacement(
        people=_sum([report.people for report in counted]),
        counted=tuple(report.event for report in counted),
        left_out=tuple(left_out),
        still_open=tuple(report.event for report in sorted(still_open, key=attrgetter("position"))),
        parts=_parts(counted),
    )


def open_needs(reports: Iterable[Needed], at: Instant) -> list[Need]:
    """The needs open at an instant (valid time), by place and sector: not met since their
    report."""
    by_subject: dict[tuple[LocationId, str], list[Needed]] = defaultdict(list)
    for report in reports:
        if report.occurred.earliest <= at:
            by_subject[report.location, report.sector or ""].append(report)
    subjects = (sorted(told, key=attrgetter("order")) for _, told in sorted(by_subject.items()))
    found = (_need(told, at) for told in subjects)
    return [need for need in found if need]


def _need(told: list[Needed], at: Instant) -> Need | None:
    over = [report for report in told if report.occurred.is_over_at(at)]
    still_open = [report for report in told if not report.occurred.is_over_at(at)]
    run = list(takewhile(lambda report: not report.is_met, reversed(over)))[::-1]
    turning = [report for report in still_open if report.is_met is bool(run)]
    rests_on = run or turning
    if not rests_on:
        return None
    first, last = rests_on[0], rests_on[-1]
    return Need(
        location=last.location,
        sector=last.sector,
        people=last.people,
        since=first.occurred,
        events=tuple(report.event for report in rests_on),
        certain=bool(run) and not turning,
    )


class _Kept:
    """The counted reports, and the time each takes: at each place, and inside."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.reports: list[Displaced] = []
        self._at: dict[LocationId, _Calendar] = defaultdict(_Calendar)
        self._inside: dict[LocationId, _Calendar] = defaultdict(_Calendar)

    def keep(self, report: Displaced) -> None:
        number = len(self.reports)
        self.reports.append(report)
        self._at[report.location].take(report.occurred, number)
        for place in (report.location, *self._around(report.location)):
            self._inside[place].take(report.occurred, number)

    def overlapping(self, report: Displaced) -> Displaced | None:
        """The first overlapping report by time; of several, the first kept."""
        place, window = report.location, report.occurred
        calendars = (self._inside[place], *(self._at[each] for each in self._around(place)))
        met = [first for calendar in calendars if (first := calendar.first_in(window))]
        return self.reports[min(met)[1]] if met else None


class _Calendar:
    """Stretches of time, each with the number of the first taker."""

    def __init__(self) -> None:
        self._taken: list[tuple[Instant, Instant, int]] = []
        self._runs: list[tuple[Instant, Instant]] = []
        """The same stretches without numbers, joined where they touch."""

    def first_in(self, window: Window) -> tuple[Instant, int] | None:
        """The begin of the first taken stretch in the window, and its number."""
        index = bisect_right(self._taken, window.earliest, key=itemgetter(1))
        if index == len(self._taken) or self._taken[index][0] >= window.latest:
            return None
        begin, _, number = self._taken[index]
        return begin, number

    def take(self, window: Window, number: int) -> None:
        """Takes the free parts of the window."""
        begin, end = window.earliest, window.latest
        first = bisect_left(self._runs, begin, key=itemgetter(1))
        last = bisect_right(self._runs, end, key=itemgetter(0))
        met = self._runs[first:last]
        edges = [begin, *(edge for run in met for edge in run), end]
        for free, until in zip(edges[::2], edges[1::2], strict=True):
            if free < until:
                insort(self._taken, (free, until, number))
        self._runs[first:last] = [(min(edges), max(edges))]


def _preference(report: Displaced, depth: int) -> tuple[int, int, int, int, int, int]:
    """The better graded first, and so on as OVERLAPS says."""
    window = report.occurred
    return (
        *report.grade.ranks,
        depth,
        window.earliest - window.latest,
        -report.published,
        -report.position,
    )


def _sum(people: list[Estimate]) -> Estimate | None:
    """Low, best and high, each summed alone. An estimate left open by any report leaves the sum
    open, except the low: nobody can be fewer than none."""
    if not people:
        return None
    lows = [each.low for each in people if each.low is not None]
    bests = [each.best for each in people]
    highs = [each.high for each in people]
    # Not validated: a sum may be open on all sides, and of more people than there are.
    return Estimate.model_construct(
        low=sum(lows) if lows else None, best=_total(bests), high=_total(highs)
    )


def _parts(counted: Iterable[Displaced]) -> tuple[Part, ...]:
    alike: dict[tuple[bool, ...], list[Displaced]] = defaultdict(list)
    for report in counted:
        people = report.people
        given = tuple(each is not None for each in (people.low, people.best, people.high))
        alike[given].append(report)
    if len(alike) < 2:
        return ()
    return tuple(
        Part(total, tuple(report.event for report in reports))
        for reports in alike.values()
        if (total := _sum([report.people for report in reports]))
    )


def _total(numbers: list[int | None]) -> int | None:
    return None if None in numbers else sum(filter(None, numbers))
