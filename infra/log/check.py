"""Does the ledger still say what its log says, and does the log say what was signed?

Three things are held to each other, leaf by leaf: the entry in the ledger, the leaf that the log
kept, and the hash in its tile. Where one of them was altered, the other two agree. Over the leaves
stand the roots that were signed: those that the log has kept, and those that somebody has seen.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from typing import NamedTuple, Protocol

from infra.findings import Finding, Findings, Wrong
from infra.ledger.dcb import SequencedEvent
from infra.log.checkpoints import Checkpoint
from infra.log.comparison import WORDS, Change, Entry, Held, compare
from infra.log.file import Log
from infra.log.merkle import HASH_BYTES, Frontier, leaf_hash, perfect_root
from infra.log.signed_notes import Forged, Note, VerifierKey
from infra.log.tiles import WIDTH, Tile, leaf_of

_LOST = bytes(HASH_BYTES)
"""In place of a hash that neither the leaf nor the tile has any more: it leads to no root that was
signed."""


class _Signed(NamedTuple):
    """A signed checkpoint, and whether the log itself has kept it."""

    checkpoint: Checkpoint
    note: Note
    is_kept: bool


class Stored(Protocol):
    """A ledger, or what reads along."""

    def stored(self) -> Iterator[SequencedEvent]:
        """Its entries, as they are stored."""


def check_log(
    ledger: Stored,
    log: Log,
    keys: Sequence[VerifierKey] = (),
    *,
    seen: Sequence[Note] = (),
    progress: Callable[[int], None] = lambda leaves: None,
) -> list[Finding]:
    """What is wrong with the ledger or its log; nothing where all is well.

    `keys` are those whose signatures are checked, the log's own and its witnesses'. `seen` are
    signed checkpoints that somebody has kept elsewhere. Progress is told by every 256 leaves.
    Raises BadNote where one of those that were seen is no checkpoint.
    """
    check = _Check(log, keys)
    if check.is_misshapen():
        return check.findings
    frontier, tile, roots = Frontier(), list[bytes](), list[bytes]()
    signed = merge(_kept(log), _seen(seen), key=lambda each: each.checkpoint.size)
    due = next(signed, None)
    for leaf in check.leaves(ledger):
        while due and due.checkpoint.size == frontier.size:
            check.signed(due, frontier.root)
            due = next(signed, None)
        frontier.add(leaf)
        tile.append(leaf)
        if len(tile) == WIDTH:
            roots.append(perfect_root(b"".join(tile)))
            tile.clear()
            progress(WIDTH)
    for each in (*([due] if due else ()), *signed):
        check.signed(each, frontier.root if each.checkpoint.size == frontier.size else None)
    check.upper_tiles(roots)
    return check.findings


class _Check:
    """What has been found so far."""

    def __init__(self, log: Log, keys: Sequence[VerifierKey]) -> None:
        self._log, self._keys = log, keys
        self._names = {key.name for key in keys}
        self._altered: list[tuple[Held, Entry]] = []
        self._cut_off: set[int] = set()
        self._findings = Findings()

    def is_misshapen(self) -> bool:
        """Whether its file holds what no log ever does, so that there is nothing to follow."""
        for what in self._log.misshapen():
            self._add(Wrong.LEAF_ALTERED, f"the log's own file was altered: {what}")
        return bool(self._findings)

    def leaves(self, ledger: Stored) -> Iterator[bytes]:
        """The hash of every leaf, as two of the three that hold it say."""
        for held, entry, difference in compare(_held(self._log), _entries(ledger)):
            if difference:
                self._differs(difference, held, entry)
            if held:
                agreed = self._agreed(held, entry)
                yield agreed if len(agreed) == HASH_BYTES else _LOST

    def signed(self, signed: _Signed, root: bytes | None) -> None:
        """Holds what was signed to the root over as many leaves, if the log has so many."""
        checkpoint, size = signed.checkpoint, signed.checkpoint.size
        what = f"a checkpoint of {size} leaves that was signed as {checkpoint.origin}"
        self._signatures(signed, what)
        now = self._log.size
        if root is None and size <= now:  # it has grown since it was read
            root = self._log.root(size)
        if root is None:
            self._add(Wrong.LOG_ROLLED_BACK, f"there is {what}, and the log has {now}", size=size)
        elif root != checkpoint.root:
            where = "the log has kept" if signed.is_kept else "somebody has seen"
            message = f"{where} {what}, and its root is another: there are two histories of it"
            self._add(Wrong.HISTORY_FORKED, message, size=size)
        elif self._log.checkpoint(checkpoint.origin, size) is None:
            message = f"somebody has seen {what}, and the log doesn't have it"
            self._add(Wrong.CHECKPOINT_WITHHELD, message, size=size)

    def upper_tiles(self, roots: list[bytes]) -> None:
        """Holds the tiles above the leaves to the roots of the full tiles below them."""
        level = 1
        while roots:
            rows = [roots[at : at + WIDTH] for at in range(0, len(roots), WIDTH)]
            for number, row in enumerate(rows):
                self._tile(Tile(level, number, len(row)), row)
            full = [row for row in rows if len(row) == WIDTH]
            level, roots = level + 1, [perfect_root(b"".join(row)) for row in full]

    @property
    def findings(self) -> list[Finding]:
        """All of them, with two entries that stand in each other's place as one finding."""
        swapped = self._swapped()
        apart = {position for pair in swapped for position in pair}
        others = [each for each in self._findings if each.position not in apart]
        pairs = [
            Finding(
                Wrong.ENTRIES_SWAPPED,
                f"the entries at positions {first} and {second} stand in each other's place",
                position=first,
                leaf=self._log.number_at(first),
            )
            for first, second in swapped
        ]
        return [*pairs, *others]

    def _differs(self, difference: Change, held: Held | None, entry: Entry | None) -> None:
        at = entry.position if entry else held.position if held else None
        leaf = held.number if held else None
        if difference is Change.ALTERED and held and entry and not self._findings.is_full:
            self._altered.append((held, entry))
        wrong, words = WORDS[difference]
        taken = held.position if held else None
        more = self._log.size - leaf - 1 if leaf is not None else 0
        self._add(wrong, words.format(at=at, leaf=leaf, taken=taken, more=more), at, leaf)

    def _agreed(self, held: Held, entry: Entry | None) -> bytes:
        if held.kept == held.in_tile:
            return held.kept
        number = held.number
        if entry and entry.hash == held.in_tile:
            message = f"leaf {number} was altered in the log's own file; ledger and tile agree"
            self._add(Wrong.LEAF_ALTERED, message, held.position, number)
            return held.in_tile
        tile = Tile(0, number // WIDTH, min(WIDTH, self._log.size - number // WIDTH * WIDTH))
        if held.in_tile:
            message = f"tile {tile.path} has another hash for leaf {number} than the leaf"
            self._add(Wrong.TILE_DAMAGED, message, held.position, number, tile=tile.path)
        elif tile.number not in self._cut_off:
            self._cut_off.add(tile.number)
            message = f"tile {tile.path} is cut off before leaf {number}"
            self._add(Wrong.TILE_DAMAGED, message, held.position, number, tile=tile.path)
        return held.kept

    def _tile(self, tile: Tile, row: Sequence[bytes]) -> None:
        hashes = self._log.row(tile)
        if len(hashes) < len(row) * HASH_BYTES:
            has = len(hashes) // HASH_BYTES
            message = f"tile {tile.path} is cut off: it has {has} of {len(row)} hashes"
            self._add(Wrong.TILE_DAMAGED, message, tile=tile.path)
        elif hashes != b"".join(row):
            message = f"tile {tile.path} has other hashes than follow from the tiles below it"
            self._add(Wrong.TILE_DAMAGED, message, tile=tile.path)

    def _signatures(self, signed: _Signed, what: str) -> None:
        if signed.checkpoint.origin not in self._names:
            if self._keys:
                message = f"there is {what}, by a key that is not known here"
                self._add(Wrong.UNSIGNED, message, size=signed.checkpoint.size)
            return
        try:
            made = signed.note.verified(self._keys)
        except Forged as forged:
            message, size = f"on {what}, {forged}", signed.checkpoint.size
            self._add(Wrong.SIGNATURE_FORGED, message, size=size)
            return
        if not any(each.name == signed.checkpoint.origin for each in made):
            message = f"{what} has no signature by its key"
            self._add(Wrong.SIGNATURE_FORGED, message, size=signed.checkpoint.size)

    def _swapped(self) -> list[tuple[int, int]]:
        by_hash = {entry.hash: (held, entry) for held, entry in self._altered}
        found = []
        for held, entry in self._altered:
            there = by_hash.get(held.kept)
            if there and there[0].is_of(entry) and entry.position < there[1].position:
                found.append((entry.position, there[1].position))
        return found

    def _add(
        self,
        wrong: Wrong,
        message: str,
        position: int | None = None,
        leaf: int | None = None,
        *,
        tile: str | None = None,
        size: int | None = None,
    ) -> None:
        self._findings.add(Finding(wrong, message, position, leaf, tile, size))


def _held(log: Log) -> Iterator[Held]:
    size, position = log.size, 0
    for start in range(0, size, WIDTH):
        end = min(size, start + WIDTH)
        row = log.row(Tile(0, start // WIDTH, end - start))
        leaves = {leaf.number: leaf for leaf in log.leaves(start, end)}
        for number in range(start, end):
            at = (number - start) * HASH_BYTES
            in_tile, leaf = row[at : at + HASH_BYTES], leaves.get(number)
            position = leaf.position if leaf else position + 1
            yield Held(number, position, leaf_hash(leaf.data) if leaf else b"", in_tile)


def _entries(ledger: Stored) -> Iterator[Entry]:
    for stored in ledger.stored():
        yield Entry(stored.position, leaf_hash(leaf_of(stored.event.data)))


def _kept(log: Log) -> Iterator[_Signed]:
    for checkpoint in log.checkpoints():
        yield _Signed(checkpoint, log.note(checkpoint), is_kept=True)


def _seen(notes: Iterable[Note]) -> list[_Signed]:
    seen = [_Signed(Checkpoint.parse(note.text), note, is_kept=False) for note in notes]
    return sorted(seen, key=lambda each: each.checkpoint.size)
