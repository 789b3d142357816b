"""How many people fled, and who needs aid, as far as sources say?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from domain.claims import Grade
from domain.occurred import Instant, Window
from domain.ties import Around
from domain.values import Estimate, EventId, LocationId, Sector

OVERLAPS = (
    "Reports overlap where their times do and one's place is the other's or lies within it. Of "
    "reports that overlap one counts: the better graded; of equals that of the wider place, then "
    "that of the longer time, then the later published. The sum is of low, best and high "
    "estimates, and open where a report that counts leaves one open."
)
"""How the figure of displaced people comes about, for whoever reads it."""


@dataclass(frozen=True, slots=True)
class Displaced:
    """One report of people who fled a place."""

    event: EventId
    position: int
    location: LocationId
    occurred: Window
    published: Instant
    grade: Grade
    people: Estimate


@dataclass(frozen=True, slots=True)
class Displacement:
    """The sum of the reports that don't overlap."""

    people: Estimate | None
    """None where nobody reports anything."""
    counted: tuple[EventId, ...]
    left_out: tuple[tuple[EventId, EventId], ...]
    """Each report that is left out, and the one that counts in its stead."""
    still_open: tuple[EventId, ...]
    """Reports whose window contains the instant; they don't count yet."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One report of people in need of aid, or no longer in need."""

    event: EventId
    position: int
    location: LocationId
    sector: Sector | None
    occurred: Window
    published: Instant
    people: Estimate | None

    @property
    def is_met(self) -> bool:
        """Whether it says that nobody is in need."""
        return self.people is not None and self.people.says_nobody

    @property
    def order(self) -> tuple[int, int, Instant, int]:
        return (self.occurred.latest, self.occurred.earliest, self.published, self.position)


@dataclass(frozen=True, slots=True)
class Need:
    """A need of aid that is open at an instant."""

    location: LocationId
    sector: Sector | None
    people: Estimate | None
    """By the last word on it."""
    since: Window
    """When it was first reported, since it was last met."""
    events: tuple[EventId, ...]
    certain: bool
    """False where something is reported of it whose window contains the instant."""


def displacement(reports: Iterable[Displaced], at: Instant, around: Around) -> Displacement:
    """How many people fled by that instant of valid time; `reports` are those live as known."""
    begun = [report for report in reports if report.occurred.earliest <= at]
    over = [report for report in begun if report.occurred.is_over_at(at)]
    still_open = [report for report in begun if not report.occurred.is_over_at(at)]
    depth = {place: len(list(around(place))) for place in {report.location for report in over}}
    kept = _Kept(around)
    left_out = []
    for report in sorted(over, key=lambda report: _preference(report, depth[report.location])):
        if rival := kept.overlapping(report):
            left_out.append((report.event, rival.event))
        else:
            kept.keep(report)
    counted = sorted(kept.reports, key=lambda report: report.position)
    return Displacement(
        people=_sum([report.people for report in counted]),
        counted=tuple(report.event for report in counted),
        left_out=tuple(left_out),
        still_open=tuple(report.event for report in still_open),
    )


def open_needs(reports: Iterable[Needed], at: Instant) -> list[Need]:
    """The needs that are open at that instant of valid time, by place and sector.

    A need is open from the first report of it until one says that nobody is in need any more.
    """
    by_subject: dict[tuple[LocationId, str], list[Needed]] = defaultdict(list)
    for report in reports:
        if report.occurred.earliest <= at:
            by_subject[report.location, report.sector or ""].append(report)
    found = []
    for _, told in sorted(by_subject.items()):
        over = sorted(
            (each for each in told if each.occurred.is_over_at(at)), key=lambda each: each.order
        )
        run = list(takewhile(lambda each: not each.is_met, reversed(over)))[::-1]
        still_open = [each for each in told if not each.occurred.is_over_at(at)]
        certain = not still_open
        if not run and not over:
            run = [each for each in still_open if not each.is_met]
        if run:
            last = run[-1]
            events = tuple(each.event for each in run)
            found.append(
                Need(last.location, last.sector, last.people, run[0].occurred, events, certain)
            )
    return found


class _Kept:
    """The reports that count, found again by place: their own, and every place around it."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.reports: list[Displaced] = []
        self._at: dict[LocationId, list[int]] = defaultdict(list)
        self._within: dict[LocationId, list[int]] = defaultdict(list)

    def keep(self, report: Displaced) -> None:
        number = len(self.reports)
        self.reports.append(report)
        self._at[report.location].append(number)
        for place in (report.location, *self._around(report.location)):
            self._within[place].append(number)

    def overlapping(self, report: Displaced) -> Displaced | None:
        """The first that was kept and overlaps with it."""
        near = [*self._within.get(report.location, ())]
        for place in self._around(report.location):
            near += self._at.get(place, ())
        found = (it for it in near if self.reports[it].occurred.overlaps(report.occurred))
        first = min(found, default=None)
        return None if first is None else self.reports[first]


def _preference(report: Displaced, depth: int) -> tuple[bool, str, int, int, int, int, int]:
    """The better graded first, and so on as OVERLAPS says."""
    window = report.occurred
    return (
        not report.grade.judged,
        report.grade.reliability,
        report.grade.credibility,
        depth,
        window.earliest - window.latest,
        -report.published,
        -report.position,
    )


def _sum(people: list[Estimate]) -> Estimate | None:
    """Of a plain number low, best and high are the same; what else is not given is open."""
    if not people:
        return None
    lows = [_first(each.low, each.best, 0) for each in people]
    bests = [each.best for each in people]
    highs = [_highest(each) for each in people]
    return Estimate(low=sum(filter(None, lows)), best=_total(bests), high=_total(highs))


def _highest(people: Estimate) -> int | None:
    return people.best if people.high is None and people.low is None else people.high


def _first(*given: int | None) -> int | None:
    return next((each for each in given if each is not None), None)


def _total(numbers: list[int | None]) -> int | None:
    return None if None in numbers else sum(filter(None, numbers))
