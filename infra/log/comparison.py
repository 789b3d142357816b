"""Which entries were altered, removed, inserted or moved since the log took them in?

Leaves and entries are read side by side, with a look-ahead, so that insertions and removals are
told from alterations, even with all later entries numbered anew.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

_LOOKAHEAD = 256
"""The number of leaves and entries within which both sides have to meet again."""


class Change(StrEnum):
    """The fate of an entry since the log took the entry in."""

    ALTERED = "entry altered"
    REMOVED = "entry removed"
    INSERTED = "entry inserted"
    MOVED = "entry moved"
    SWAPPED = "entries swapped"
    ENDED = "entries ended"
    BEYOND = "entry behind the last leaf"


class HashedEntry(NamedTuple):
    """An entry of a ledger or a bundle, as the hash of its leaf."""

    order: int
    """The number for the alignment with leaves: a position, or the number of a leaf."""
    hash: bytes
    position: int
    leaf: int | None = None
    """The number of the leaf, where the entry is stored with a number."""
    line: int | None = None
    """The line in the file of entries, from 1 on."""


class LoggedLeaf(NamedTuple):
    """A leaf, as kept by the log and as the hash in its tile."""

    number: int
    order: int
    """The number for the alignment with entries."""
    position: int | None
    """The position in the ledger; None where the log doesn't keep positions."""
    kept: bytes | None
    """The hash of the kept leaf, empty for a lost leaf; None where the log keeps hashes alone."""
    in_tile: bytes
    """The hash in the tile; empty where the tile is cut off."""

    def is_of(self, entry: HashedEntry) -> bool:
        """Whether the entry agrees with the leaf or its tile; either may be altered."""
        return entry.hash in (self.kept, self.in_tile) or not (self.kept or self.in_tile)


class Pairing(NamedTuple):
    """A leaf beside its entry; either may be missing."""

    leaf: LoggedLeaf | None
    entry: HashedEntry | None = None
    change: Change | None = None


def compare(
    log: Iterable[LoggedLeaf], entries: Iterable[HashedEntry], *, names_rest: bool = False
) -> Iterator[Pairing]:
    """Every leaf with its entry, and every entry without a leaf in between.

    Entries behind the last leaf are told with `names_rest` only: a log may be behind its ledger.
    Where the entries end early, only the first leaf without an entry counts as a change.
    """
    leaves, entries_left, shift = _Lookahead(log), _Lookahead(entries), 0
    is_shifting = has_ended = False
    while leaf := leaves.next:
        entry = entries_left.next
        if entry is None:
            yield Pairing(leaves.take(), None, None if has_ended else Change.ENDED)
            has_ended = True
        elif leaf.is_of(entry):
            moved = entry.order - leaf.order
            # The entries behind a gap or an insertion may have been numbered anew.
            is_moved = moved != shift and not is_shifting
            yield Pairing(leaves.take(), entries_left.take(), Change.MOVED if is_moved else None)
            shift, is_shifting = moved, False
        else:
            change = _change(leaves, entries_left, None if is_shifting else shift)
            is_shifting = is_shifting or change is not Change.ALTERED
            yield Pairing(
                None if change is Change.INSERTED else leaves.take(),
                None if change is Change.REMOVED else entries_left.take(),
                change,
            )
    while names_rest and entries_left.next:
        yield Pairing(None, entries_left.take(), Change.BEYOND)


def pair_by_number(log: Iterable[LoggedLeaf], entries: Iterator[HashedEntry]) -> Iterator[Pairing]:
    """Every leaf with the entry of its number, for entries with gaps.

    An entry out of order is passed over.
    """
    entry = next(entries, None)
    for leaf in log:
        while entry and entry.order < leaf.number:
            entry = next(entries, None)
        if entry is None or entry.order > leaf.number:
            yield Pairing(leaf)
        else:
            yield Pairing(leaf, entry, None if leaf.is_of(entry) else Change.ALTERED)
            entry = next(entries, None)
    while entry:
        yield Pairing(None, entry, Change.BEYOND)
        entry = next(entries, None)


def _change(
    leaves: "_Lookahead[LoggedLeaf]", entries: "_Lookahead[HashedEntry]", shift: int | None
) -> Change:
    """The change where the next leaf and the next entry differ.

    The numbers decide only where the shift between both sides is known.
    """
    leaf, entry = leaves.next, entries.next
    assert leaf and entry
    if shift is not None and entry.order - shift != leaf.order:
        is_gone = entry.order - shift > leaf.order
        return Change.REMOVED if is_gone else Change.INSERTED
    leaves_behind, entries_behind = leaves.behind(), entries.behind()
    if _agree(leaves_behind[:1], entries_behind[:1]):
        return Change.ALTERED
    removed = _first_true(each.is_of(entry) for each in leaves_behind)
    inserted = _first_true(leaf.is_of(each) for each in entries_behind)
    if removed == inserted:
        return Change.ALTERED
    return Change.REMOVED if removed < inserted else Change.INSERTED


def _agree(leaves: list[LoggedLeaf], entries: list[HashedEntry]) -> bool:
    return len(leaves) == len(entries) and all(
        leaf.is_of(entry) for leaf, entry in zip(leaves, entries, strict=True)
    )


def _first_true(found: Iterable[bool]) -> int:
    """The index of the first True; beyond the look-ahead where there is none."""
    return next((at for at, is_true in enumerate(found) if is_true), _LOOKAHEAD)


class _Lookahead(Generic[T]):
    """An iterator that shows its next items in advance."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._seen: deque[T] = deque()

    @property
    def next(self) -> T | None:
        if not self._seen:
            self._seen.extend(islice(self._items, 1))
        return self._seen[0] if self._seen else None

    def behind(self) -> list[T]:
        """The items behind the next one, as far as the look-ahead reaches."""
        self._seen.extend(islice(self._items, max(0, _LOOKAHEAD - len(self._seen))))
        return list(islice(self._seen, 1, None))

    def take(self) -> T:
        return self._seen.popleft()
