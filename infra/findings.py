"""The findings of an audit: of a ledger, its log, its index, a bundle, or a served log."""

from dataclasses import dataclass
from enum import StrEnum

MOST_FINDINGS = 1_000
"""The number of findings that are kept; a rewritten ledger has one for each entry."""


class Wrong(StrEnum):
    """The kind of a finding."""

    ENTRY_ALTERED = "entry altered"
    ENTRIES_SWAPPED = "entries swapped"
    ENTRY_REMOVED = "entry removed"
    ENTRY_INSERTED = "entry inserted"
    ENTRY_MOVED = "entry moved"
    LEAF_ALTERED = "leaf altered"
    TILE_DAMAGED = "tile damaged"
    SIGNATURE_FORGED = "signature forged"
    HISTORY_FORKED = "history forked"
    LOG_ROLLED_BACK = "log rolled back"
    CHECKPOINT_WITHHELD = "checkpoint withheld"
    ROOT_DIFFERS = "root differs"
    UNSIGNED = "not signed"
    TOO_FEW_WITNESSES = "too few witnesses"
    TIMESTAMP_INVALID = "timestamp invalid"
    NOT_TIMESTAMPED = "not timestamped"
    OTHER_LOG = "another log"
    LOG_MISSING = "log missing"
    """The log was signed, and is gone."""
    MEMORY_MISSING = "memory missing"
    """What the signer remembers outside the log is gone: beside the key, or in the ledger."""
    MEMORY_AHEAD = "log behind its state"
    """The signer remembers a longer log."""
    MEMORY_DIFFERS = "state differs"
    """The signer remembers another log, or something that the key didn't sign."""
    ID_DIFFERS = "id differs"
    LINE_MALFORMED = "line malformed"
    MANIFEST_DIFFERS = "manifest differs"
    FILE_ALTERED = "file altered"
    FILE_MISSING = "file missing"
    FILE_EXTRA = "file extra"
    FILE_DAMAGED = "file damaged"
    WAL_MISSING = "write-ahead log missing"
    """The file of the ledger was closed by another program, or copied alone: entries may lack."""
    INDEX_ALTERED = "index altered"
    UNREADABLE = "entry unreadable"
    LEFT_OUT = "entry left out"
    """The entry can be read, and rests on an unreadable one."""
    CLOCK_AHEAD = "clock ahead"
    CLOCK_BEHIND = "clock behind"

    @property
    def is_of_reading(self) -> bool:
        """Whether the entry is as it was recorded, and counts in no answer nevertheless."""
        return self in {Wrong.UNREADABLE, Wrong.LEFT_OUT}

    @property
    def is_of_time(self) -> bool:
        """Whether the entry is as it was recorded, by a clock that was wrong."""
        return self in {Wrong.CLOCK_AHEAD, Wrong.CLOCK_BEHIND}


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference from what was recorded or signed, and its place."""

    wrong: Wrong
    message: str
    position: int | None = None
    """In the ledger."""
    leaf: int | None = None
    """In the log, from 0 on."""
    tile: str | None = None
    """The path of the tile."""
    size: int | None = None
    """The number of leaves in the tree of a checkpoint."""
    file: str | None = None
    """The path in a bundle or a served log."""
    line: int | None = None
    """The line in the file, from 1 on."""

    def __str__(self) -> str:
        return f"{self.wrong}: {self.message}"


class Findings(list[Finding]):
    """All findings, up to a limit."""

    @property
    def is_full(self) -> bool:
        return len(self) >= MOST_FINDINGS

    def add(self, *findings: Finding) -> None:
        """Keeps findings, up to the limit."""
        self += findings[: MOST_FINDINGS - len(self)]
