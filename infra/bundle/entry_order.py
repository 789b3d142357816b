"""Do the entries of a bundle follow each other as manifest and clock say?"""

from collections.abc import Callable, Iterator

from domain.control.verdict import RULE, RULES
from domain.occurred import Instant, parse_moment, rfc3339
from infra.bundle.clock import Clock
from infra.bundle.entries import CheckedLine
from infra.bundle.layout import CLOCK, ENTRIES, MANIFEST, Manifest
from infra.findings import Finding, Findings, Wrong
from infra.log.comparison import HashedEntry


class EntryOrder:
    """Holds the numbers and times of the entries to each other, and to the manifest."""

    def __init__(self, manifest: Manifest, clock: Clock | None, findings: Findings) -> None:
        self._manifest, self._clock, self._findings = manifest, clock, findings
        self._count, self._last, self._last_leaf = 0, 0, -1
        self._is_region_there = False
        self._latest = Instant(-(2**62))

    def read(
        self, lines: Iterator[CheckedLine], progress: Callable[[int], None]
    ) -> Iterator[HashedEntry]:
        """The entries of the lines, each checked on the way."""
        leaf = position = -1
        for line in lines:
            entry = line.entry
            self._findings.add(*line.findings)
            if entry.order <= leaf or entry.position <= max(position, entry.order):
                message = (
                    f"leaf {entry.order} at position {entry.position} comes behind leaf {leaf} at "
                    f"position {position}"
                )
                self._add(Wrong.ENTRY_MOVED, message, entry)
            leaf, position = max(leaf, entry.order), max(position, entry.position)
            self._count, self._last, self._last_leaf = self._count + 1, position, leaf
            if line.registers is not None and line.registers == self._manifest.within:
                self._is_region_there = True
            if line.recorded_at is not None:
                self._latest = max(self._latest, line.recorded_at)
                if self._clock and not _is_timed(self._clock, position, line.recorded_at):
                    message = f"its recorded time is not that of {CLOCK}"
                    self._add(Wrong.MANIFEST_DIFFERS, message, entry)
            progress(1)
            yield entry

    def check_manifest(self) -> None:
        """Holds the manifest to all entries read."""
        manifest = self._manifest
        if self._count != manifest.entries:
            message = f"{MANIFEST}: it tells of {manifest.entries:,} entries; {self._count:,} are"
            self._differs(f"{message} there")
        is_prefix = manifest.within is None
        self._check_head()
        if manifest.rule not in RULES:
            message = f"{MANIFEST}: this version knows no {manifest.rule}; it answers by {RULE}"
            self._differs(message)
        if not is_prefix and not self._is_region_there:
            message = f"{MANIFEST}: within: no entry here registers the place {manifest.within!r}"
            self._differs(message)
        if is_prefix and self._count and self._last != manifest.last:
            message = f"{MANIFEST}: the last entry should be at position {manifest.last}"
            self._differs(f"{message}; it is at {self._last}")
        elif self._last > manifest.last:
            self._differs(f"{MANIFEST}: an entry stands behind position {manifest.last}")
        if manifest.until and not self._is_in_time(manifest.until.moment):
            message = f"{MANIFEST}: entries were recorded after {manifest.until.moment}"
            self._differs(message)

    def _check_head(self) -> None:
        """Holds the head to the last entry: each leaf behind it takes a position or more."""
        manifest = self._manifest
        behind = max(0, manifest.tree.size - 1 - self._last_leaf)
        if manifest.head < self._last + behind or manifest.head < manifest.tree.size:
            self._differs(f"{MANIFEST}: head lies before the last leaf of the tree")
        elif manifest.head > self._last and not behind:
            self._differs(f"{MANIFEST}: head lies behind the last leaf of the tree")
        if manifest.last > manifest.head:
            self._differs(f"{MANIFEST}: until lies behind the head")

    def _is_in_time(self, moment: str) -> bool:
        try:
            asked = parse_moment(moment)
        except ValueError:
            return False
        return rfc3339(asked) == moment and self._latest <= asked

    def _add(self, wrong: Wrong, message: str, entry: HashedEntry) -> None:
        at, line = entry.position, entry.line
        message = f"{ENTRIES}:{line}: {message}"
        self._findings.add(Finding(wrong, message, at, entry.leaf, file=ENTRIES, line=line))

    def _differs(self, message: str) -> None:
        self._findings.add(Finding(Wrong.MANIFEST_DIFFERS, message, file=MANIFEST))


def _is_timed(clock: Clock, position: int, recorded_at: Instant) -> bool:
    """Whether the clock admits the recorded time of the entry at a position. The clock may be later
    than the entry where the clock of a writer ran behind."""
    counts = clock.recorded_at(position)
    if counts is None or counts < recorded_at:
        return False
    return counts == recorded_at or not clock.is_tick(position)
