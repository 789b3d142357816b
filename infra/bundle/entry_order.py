"""Do the entries of a bundle follow each other as its manifest and its clock have it?"""

from collections.abc import Callable, Iterator

from domain.occurred import Instant, parse_moment, rfc3339
from infra.bundle.clock import Clock
from infra.bundle.entries import Held
from infra.bundle.layout import CLOCK, ENTRIES, MANIFEST, Manifest
from infra.findings import Finding, Findings, Wrong


class Order:
    """Holds the numbers and times of the entries to each other, and to what the manifest says."""

    def __init__(self, manifest: Manifest, clock: Clock | None) -> None:
        self._manifest, self._clock = manifest, clock
        self._count, self._last = 0, 0
        self._latest = Instant(-(2**62))

    def read(
        self, held: Iterator[Held], findings: Findings, progress: Callable[[int], None]
    ) -> Iterator[Held]:
        """The same entries, as they pass by."""
        leaf = position = -1
        for each in held:
            if each.leaf <= leaf or each.position <= position or each.position <= each.leaf:
                message = (
                    f"{ENTRIES}:{each.number}: leaf {each.leaf} at position {each.position} comes "
                    f"behind leaf {leaf} at position {position}"
                )
                self._add(findings, Wrong.ENTRY_MOVED, message, each)
            leaf, position = max(leaf, each.leaf), max(position, each.position)
            self._count, self._last = self._count + 1, position
            if each.recorded_at is not None:
                self._latest = max(self._latest, each.recorded_at)
                if self._clock and not _is_timed(self._clock, position, each.recorded_at):
                    message = f"{ENTRIES}:{each.number}: its recorded time is not that of {CLOCK}"
                    self._add(findings, Wrong.MANIFEST_DIFFERS, message, each)
            progress(1)
            yield each

    def end(self, findings: Findings) -> None:
        """Once all are read."""
        manifest = self._manifest
        if self._count != manifest.entries:
            message = f"{MANIFEST}: it tells of {manifest.entries:,} entries; {self._count:,} are"
            self._differs(findings, f"{message} there")
        is_prefix = manifest.within is None
        if manifest.tree.size and manifest.head < manifest.tree.size:
            self._differs(findings, f"{MANIFEST}: head lies before the last leaf of the tree")
        if is_prefix and self._count and self._last != manifest.last:
            message = f"{MANIFEST}: the last entry should be at position {manifest.last}"
            self._differs(findings, f"{message}; it is at {self._last}")
        elif self._last > manifest.last:
            self._differs(findings, f"{MANIFEST}: an entry stands behind position {manifest.last}")
        if manifest.until and not self._is_in_time(manifest.until.moment):
            message = f"{MANIFEST}: entries were recorded after {manifest.until.moment}"
            self._differs(findings, message)

    def _is_in_time(self, moment: str) -> bool:
        try:
            asked = parse_moment(moment)
        except ValueError:
            return False
        return rfc3339(asked) == moment and self._latest <= asked

    def _add(self, findings: Findings, wrong: Wrong, message: str, held: Held) -> None:
        at = held.position
        findings.add(Finding(wrong, message, at, held.leaf, file=ENTRIES, line=held.number))

    def _differs(self, findings: Findings, message: str) -> None:
        findings.add(Finding(Wrong.MANIFEST_DIFFERS, message, file=MANIFEST))


def _is_timed(clock: Clock, position: int, recorded_at: Instant) -> bool:
    """Whether an entry that says so can stand there: later than it says, where a clock of one of
    the writers ran behind."""
    counts = clock.recorded_at(position)
    if counts is None or counts < recorded_at:
        return False
    return counts == recorded_at or not clock.is_tick(position)
