"""What can be found wrong with a ledger, its log, its index, or a bundle of them?"""

from dataclasses import dataclass
from enum import StrEnum

MOST_FINDINGS = 1_000
"""How many differences are named; a ledger that was rewritten has no fewer than it has entries."""


class Wrong(StrEnum):
    """What is found wrong."""

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
    OTHER_LOG = "another log"
    ID_DIFFERS = "id differs"
    LINE_MALFORMED = "line malformed"
    MANIFEST_DIFFERS = "manifest differs"
    FILE_ALTERED = "file altered"
    FILE_MISSING = "file missing"
    FILE_EXTRA = "file extra"
    INDEX_ALTERED = "index altered"
    UNREADABLE = "entry unreadable"
    LEFT_OUT = "entry left out"
    """It can be read, and rests on one that can't."""

    @property
    def is_of_reading(self) -> bool:
        """Whether the entry is what was recorded, and takes no part in any answer nevertheless."""
        return self in {Wrong.UNREADABLE, Wrong.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    wrong: Wrong
    message: str
    position: int | None = None
    """In the ledger."""
    leaf: int | None = None
    """In the log, from 0 on."""
    tile: str | None = None
    """By its path."""
    size: int | None = None
    """Of the tree that a checkpoint is of."""
    file: str | None = None
    """In a bundle, by its path."""
    line: int | None = None
    """In that file, from 1 on."""

    def __str__(self) -> str:
        return f"{self.wrong}: {self.message}"


class Findings(list[Finding]):
    """What is found, as far as it is named."""

    @property
    def is_full(self) -> bool:
        return len(self) >= MOST_FINDINGS

    def add(self, finding: Finding) -> None:
        """Keeps it, where not too many are kept already."""
        if not self.is_full:
            self.append(finding)
