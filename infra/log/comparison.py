"""Where do a ledger and its log part?

Both are read side by side, some way ahead, so that an entry that was put in or taken out is told
from one that was altered, whether or not those behind it were numbered anew.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from infra.findings import Wrong

T = TypeVar("T")

_FURTHEST = 256
"""How far ahead is looked for where the two meet again."""


class Change(StrEnum):
    """What became of an entry since the log took it in."""

    ALTERED = "entry altered"
    REMOVED = "entry removed"
    INSERTED = "entry inserted"
    MOVED = "entry moved"
    ENDED = "ledger ended"


WORDS = {
    Change.ALTERED: (
        Wrong.ENTRY_ALTERED,
        "the entry at position {at} is not what the log took in as leaf {leaf}",
    ),
    Change.REMOVED: (
        Wrong.ENTRY_REMOVED,
        "the ledger no longer holds what the log took in from position {taken} as leaf {leaf}",
    ),
    Change.ENDED: (
        Wrong.ENTRY_REMOVED,
        "the ledger ends before position {taken}, of leaf {leaf} of the log and {more} after it",
    ),
    Change.INSERTED: (
        Wrong.ENTRY_INSERTED,
        "the entry at position {at} stands among those that the log took in, and is none of them",
    ),
    Change.MOVED: (
        Wrong.ENTRY_MOVED,
        "the entry that the log took in from position {taken} as leaf {leaf} is at position {at}",
    ),
}
"""What became of an entry, as a finding and in words."""


class Entry(NamedTuple):
    """What the ledger holds at a position, as the hash of the leaf that it makes."""

    position: int
    hash: bytes


class Held(NamedTuple):
    """What the log holds as a leaf."""

    number: int
    position: int
    kept: bytes
    """The hash of the leaf that was kept."""
    in_tile: bytes
    """The hash in the tile; empty where the tile is cut off before it."""

    def is_of(self, entry: Entry) -> bool:
        # Of the three, one may have been altered.
        return entry.hash in (self.kept, self.in_tile)


class Step(NamedTuple):
    """A leaf beside its entry; one of them is missing where the other stands alone."""

    held: Held | None
    entry: Entry | None
    difference: Change | None = None


def compare(log: Iterable[Held], ledger: Iterable[Entry]) -> Iterator[Step]:
    """Every leaf of the log with its entry, and every entry between them that has no leaf.

    What the ledger holds after the last leaf is no difference: the log has not taken it in yet.
    Where the ledger ends early, only the first leaf that has no entry differs.
    """
    leaves, entries, shift = _Ahead(log), _Ahead(ledger), 0
    is_shifting = has_ended = False
    while held := leaves.next:
        entry = entries.next
        if entry is None:
            yield Step(leaves.take(), None, None if has_ended else Change.ENDED)
            has_ended = True
        elif held.is_of(entry):
            moved = entry.position - held.position
            # Those behind a gap or an insertion may have been numbered anew.
            is_moved = moved != shift and not is_shifting
            yield Step(leaves.take(), entries.take(), Change.MOVED if is_moved else None)
            shift, is_shifting = moved, False
        elif (
            difference := _difference(leaves, entries, None if is_shifting else shift)
        ) is Change.ALTERED:
            yield Step(leaves.take(), entries.take(), difference)
        else:
            is_removed, is_shifting = difference is Change.REMOVED, True
            yield (
                Step(leaves.take(), None, difference)
                if is_removed
                else Step(None, entries.take(), difference)
            )


def _difference(leaves: "_Ahead[Held]", entries: "_Ahead[Entry]", shift: int | None) -> Change:
    """What became of the next leaf, which is not of the next entry.

    Positions tell only where it is known by how much they are shifted.
    """
    held, entry = leaves.next, entries.next
    assert held and entry
    if shift is not None and entry.position - shift != held.position:
        is_gone = entry.position - shift > held.position
        return Change.REMOVED if is_gone else Change.INSERTED
    leaves_behind, entries_behind = leaves.behind(), entries.behind()
    if _agree(leaves_behind[:1], entries_behind[:1]):
        return Change.ALTERED
    removed = _first(each.is_of(entry) for each in leaves_behind)
    inserted = _first(held.is_of(each) for each in entries_behind)
    if removed == inserted:
        return Change.ALTERED
    return Change.REMOVED if removed < inserted else Change.INSERTED


def _agree(leaves: list[Held], entries: list[Entry]) -> bool:
    return len(leaves) == len(entries) and all(
        held.is_of(entry) for held, entry in zip(leaves, entries, strict=True)
    )


def _first(found: Iterable[bool]) -> int:
    """Where the first one is that is true; beyond all where none is."""
    return next((at for at, is_true in enumerate(found) if is_true), _FURTHEST)


class _Ahead(Generic[T]):
    """An iterator that can be looked into before anything is taken from it."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._seen: deque[T] = deque()

    @property
    def next(self) -> T | None:
        if not self._seen:
            self._seen.extend(islice(self._items, 1))
        return self._seen[0] if self._seen else None

    def behind(self) -> list[T]:
        """Those that follow the next one, as far as is looked."""
        self._seen.extend(islice(self._items, max(0, _FURTHEST - len(self._seen))))
        return list(islice(self._seen, 1, None))

    def take(self) -> T:
        return self._seen.popleft()
