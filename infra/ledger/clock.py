"""Do the recorded times of a ledger agree with the clock of this machine?

No entry counts as recorded before an earlier entry, so a single entry from a machine with a clock
70 years ahead would hold the recorded time of all later entries for 70 years. Such an entry is not
read, and nothing is recorded behind an entry from the future. No answer depends on the clock of the
reader: the clock decides only whether there is an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.occurred import Instant, instant_of, rfc3339
from domain.refusals import DomainError
from domain.texts import counted
from infra.findings import Finding, Findings, Wrong

TOLERANCE = timedelta(minutes=5)
"""The difference between clocks that is tolerated where no setting says otherwise."""
_BEGINNING = Instant(-(2**62))
_MICROSECOND = timedelta(microseconds=1)
_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60}
_NAMED = 10
"""The most entries with a raised time that are named."""
_WHAT_TO_DO = (
    "check the clock of this machine, and of the machine that recorded the entry. If this one is "
    "wrong, set it right; if the other one was, docs/audit.md says how to bring the ledger to its "
    "state before (export, and import with --anew-from {position}). A higher "
    "TENURE_CLOCK_TOLERANCE accepts the entry, and then recorded time stands still until {until}"
)


class ClockAhead(DomainError):
    """An entry with a recorded time in the future of this machine."""

    def __init__(self, position: int, recorded_at: Instant, now: Instant, tolerance: int) -> None:
        until = rfc3339(recorded_at)
        super().__init__(
            f"the entry at position {position} was recorded at {until} by its writer's clock, and "
            f"it is {rfc3339(now)} by the clock of this machine, more than {spoken(tolerance)} "
            f"before. Nothing is read from there on: {_advice(position, until)}"
        )
        self.position, self.recorded_at = position, recorded_at


class ClockBehind(DomainError):
    """A writer with a clock behind the last entry of the ledger."""

    def __init__(self, position: int, recorded_at: Instant, now: Instant, tolerance: int) -> None:
        until = rfc3339(recorded_at)
        super().__init__(
            f"nothing was recorded: it is {rfc3339(now)} by the clock of this machine, more than "
            f"{spoken(tolerance)} before the recorded time {until} of the ledger at position "
            f"{position}: {_advice(position, until)}"
        )


class LedgerClock:
    """The clock of this machine, and the latest recorded time met in a ledger."""

    def __init__(self, now: Callable[[], datetime], tolerance: timedelta | None) -> None:
        """Without a tolerance every recorded time is taken as it is."""
        self._now = now
        self.tolerance = None if tolerance is None else tolerance // _MICROSECOND
        self._horizon = self._latest = _BEGINNING
        self._latest_position = 0
        self._ahead = (_BEGINNING, 0)
        """The last entry refused: nothing is recorded behind it either."""

    @property
    def now(self) -> Instant:
        return instant_of(self._now())

    def check(self, position: int, recorded_at: Instant | None) -> None:
        """Raises ClockAhead for an entry from the future. The clock is looked at only for an entry
        that would be ahead of the time seen last."""
        if recorded_at is None or recorded_at <= self._latest:
            return
        if self.tolerance is not None and recorded_at > self._horizon:
            now = self.now
            self._horizon = Instant(now + self.tolerance)
            if recorded_at > self._horizon:
                self._ahead = (recorded_at, position)
                raise ClockAhead(position, recorded_at, now, self.tolerance)
        self._latest, self._latest_position = recorded_at, position

    def wrote(self, position: int, recorded_at: Instant) -> None:
        """Notes an entry of this machine's own."""
        if recorded_at > self._latest:
            self._latest, self._latest_position = recorded_at, position

    def check_writer(self, now: Instant, position: int, recorded_at: Instant | None) -> None:
        """Raises ClockBehind where the writer's time lies before the ledger's; `position` and
        `recorded_at` are of the last entry."""
        if self.tolerance is None:
            return
        latest, at = max((self._latest, self._latest_position), self._ahead)
        if recorded_at is not None and recorded_at > latest:
            latest, at = recorded_at, position
        if latest > now + self.tolerance:
            raise ClockBehind(at, latest, now, self.tolerance)


@dataclass(frozen=True, slots=True)
class RaisedTime:
    """An entry that counts as recorded later than its writer said."""

    position: int
    recorded_at: Instant
    counts_as: Instant

    def __str__(self) -> str:
        said, counted = rfc3339(self.recorded_at), rfc3339(self.counts_as)
        return f"position {self.position}: {said}, counts as {counted}"


@dataclass
class ClockCheck:
    """The entries whose recorded times don't agree with the entries before, or with this machine.

    Raising a time within the tolerance is normal between machines; further raising is a finding.
    """

    clock: LedgerClock
    findings: Findings = field(default_factory=Findings)
    raised: list[RaisedTime] = field(default_factory=list)
    """The first few of them."""
    count: int = 0
    _latest: Instant = _BEGINNING

    def take(self, position: int, recorded_at: Instant | None) -> None:
        """Takes in the next entry."""
        if recorded_at is None:
            return
        try:
            self.clock.check(position, recorded_at)
        except ClockAhead as ahead:
            self.findings.add(Finding(Wrong.CLOCK_AHEAD, str(ahead), position))
            return  # or else all entries behind would be findings too
        if recorded_at < self._latest:
            self._raise(RaisedTime(position, recorded_at, self._latest))
        self._latest = max(self._latest, recorded_at)

    def _raise(self, entry: RaisedTime) -> None:
        self.count += 1
        if self.count <= _NAMED:
            self.raised.append(entry)
        tolerance = self.clock.tolerance
        if tolerance is not None and entry.counts_as - entry.recorded_at > tolerance:
            message = f"{entry}, more than {spoken(tolerance)} later: a writer's clock was wrong"
            self.findings.add(Finding(Wrong.CLOCK_BEHIND, message, entry.position))


def spoken(tolerance: int) -> str:
    """As in "5 minutes"."""
    seconds = tolerance // 1_000_000
    fitting = (each for each in _UNITS.items() if seconds >= each[1] and seconds % each[1] == 0)
    unit, size = next(fitting, ("second", 1))
    count = seconds // size
    return counted(count, unit)


def _advice(position: int, until: str) -> str:
    return _WHAT_TO_DO.format(position=position, until=until)
