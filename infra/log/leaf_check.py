"""Checks each leaf of a log: the kept leaf, the hash in its tile and the entry have to agree.

Two outvote the third; between two, the tree above decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from infra.findings import MOST_FINDINGS, Finding, Findings, Wrong
from infra.log.comparison import Change, HashedEntry, LoggedLeaf, Pairing
from infra.log.merkle import HASH_BYTES, perfect_root, root
from infra.log.source import LogSource
from infra.log.tiles import WIDTH, DamagedTile, Tile, subtrees, tile_at


class SourceWords(NamedTuple):
    """The words of a source for its findings."""

    changes: Mapping[Change, tuple[Wrong, str]]
    """For each change of an entry: the kind of finding, and the message with names for facts."""
    entries: str | None = None
    """The file of the entries."""
    tiles: str | None = None
    """The folder of the tiles, with a slash."""


_UNKNOWN = bytes(HASH_BYTES)
"""Stands for a hash that is lost everywhere."""


class LeafCheck:
    """Reads the leaves of a log, gives their hashes, and finds every difference."""

    def __init__(
        self,
        source: LogSource,
        findings: Findings,
        words: SourceWords,
        *,
        signed_root: bytes | None = None,
        paired: int | None = None,
    ) -> None:
        """`signed_root` covers all leaves; the first `paired` leaves, or all, should have an
        entry."""
        self._source, self.size = source, source.size
        self._findings, self._words = findings, words
        self._signed_root = signed_root
        self._damaged: set[Tile] = set()
        self._paired = self.size if paired is None else paired
        self._altered: list[Pairing] = []
        self._removed: dict[bytes, Pairing] = {}
        self._lost = -1
        self.are_all_known = True
        """Whether no hash is lost everywhere."""

    def leaves(self, first: int = 0) -> Iterator[LoggedLeaf]:
        """Every leaf of the log, in order; or from the first leaf of a tile on."""
        position = first
        for start in range(first, self.size, WIDTH):
            tile = tile_at(self.size, 0, start // WIDTH)
            row, kept = self._source.row(tile), self._source.kept_leaves(start, start + tile.width)
            if len(row) > tile.width * HASH_BYTES:
                self.add_damaged(tile, f"is longer than its {tile.width} hashes")
            for number in range(start, start + tile.width):
                at = (number - start) * HASH_BYTES
                in_tile = row[at : at + HASH_BYTES] if len(row) >= at + HASH_BYTES else b""
                if kept is None:
                    yield LoggedLeaf(number, number, None, None, in_tile)
                    continue
                digest, known = kept.get(number, (b"", None))
                position = position + 1 if known is None else known
                yield LoggedLeaf(number, position, position, digest, in_tile)

    def hashes(self, pairings: Iterable[Pairing]) -> Iterator[bytes]:
        """The hash of every leaf; the pairings are all leaves in order, with their entries."""
        row: list[Pairing] = []
        for pairing in pairings:
            if pairing.change:
                self._note_change(pairing)
            if pairing.leaf:
                row.append(pairing)
            if len(row) == WIDTH:
                yield from self._settled(row)
                row = []
        yield from self._settled(row)
        self._report_changes()

    def add_damaged(self, tile: Tile, words: str, leaf: LoggedLeaf | None = None) -> None:
        """Adds a finding about a tile, at most one for each tile."""
        if tile not in self._damaged:
            self._damaged.add(tile)
            position, number = (leaf.position, leaf.number) if leaf else (None, None)
            file = f"{self._words.tiles}{tile.path}" if self._words.tiles else None
            message = f"{file or f'tile {tile.path}'} {words}"
            finding = Finding(Wrong.TILE_DAMAGED, message, position, number, tile.path, file=file)
            self._findings.add(finding)

    # ---- Leaves and tiles --------------------------------------------------------------------

    def _settled(self, row: list[Pairing]) -> list[bytes]:
        doubtful = [each for each in row if _is_doubtful(each)]
        found = [each.leaf.in_tile for each in row if each.leaf]
        if doubtful:
            tile = self._tile_of(doubtful[0])
            is_damaged = self._is_damaged(tile, doubtful)
            for each in doubtful:
                assert each.leaf
                found[each.leaf.number % WIDTH] = self._settle(each, tile, is_damaged)
        return found

    def _tile_of(self, pairing: Pairing) -> Tile:
        assert pairing.leaf
        return tile_at(self.size, 0, pairing.leaf.number // WIDTH)

    def _is_damaged(self, tile: Tile, doubtful: list[Pairing]) -> bool:
        """Whether the tree follows from the leaves or entries instead of the tile."""
        in_tile = self._source.row(tile)
        row = bytearray(in_tile)
        for each in doubtful:
            if each.leaf and (other := _other_hash(each)):
                at = each.leaf.number % WIDTH * HASH_BYTES
                row[at : at + HASH_BYTES] = other
        return row != in_tile and self._leads_to_the_tree(tile, bytes(row))

    def _leads_to_the_tree(self, tile: Tile, row: bytes) -> bool:
        if len(row) != tile.width * HASH_BYTES:
            return False
        if tile.width == WIDTH and self.size > WIDTH:
            above, offset = divmod(tile.number, WIDTH)
            upper = self._source.row(tile_at(self.size, 1, above))
            return upper[offset * HASH_BYTES : (offset + 1) * HASH_BYTES] == perfect_root(row)
        try:
            return root_over(self._source, self.size, {tile: row}) == self._signed_root
        except DamagedTile:
            return False

    def _settle(self, pairing: Pairing, tile: Tile, is_damaged: bool) -> bytes:
        """The hash of a leaf in doubt; blames the leaf, the tile or the entry."""
        leaf, entry, change = pairing
        assert leaf
        other = _other_hash(pairing)
        if change is Change.ALTERED and (leaf.kept is not None or not is_damaged):
            self._note_altered(pairing)
        if not leaf.in_tile:
            self.add_damaged(tile, f"is cut off before leaf {leaf.number}", leaf)
            self.are_all_known &= bool(other)
            return other or _UNKNOWN
        if entry and leaf.kept and leaf.is_of(entry):
            is_damaged = entry.hash == leaf.kept
        if leaf.kept == b"":
            self._add_lost(leaf)
        elif is_damaged and other != leaf.in_tile:
            self.add_damaged(tile, f"has another hash for leaf {leaf.number} than the leaf", leaf)
            return other
        elif leaf.kept not in (None, leaf.in_tile):
            self._add_leaf(leaf, f"leaf {leaf.number} is not what tile {tile.path} was made from")
        return leaf.in_tile

    def _add_lost(self, leaf: LoggedLeaf) -> None:
        """Adds one finding for a run of missing leaves."""
        if leaf.number != self._lost + 1 or self._lost < 0:
            self._add_leaf(leaf, f"leaf {leaf.number} is missing")
        self._lost = leaf.number

    def _add_leaf(self, leaf: LoggedLeaf, message: str) -> None:
        self._findings.add(Finding(Wrong.LEAF_ALTERED, message, leaf.position, leaf.number))

    # ---- Entries -----------------------------------------------------------------------------

    def _note_change(self, pairing: Pairing) -> None:
        leaf, entry, change = pairing
        if change is Change.REMOVED and leaf:
            if len(self._removed) < MOST_FINDINGS:
                self._removed[leaf.kept or leaf.in_tile] = pairing
        elif change is Change.INSERTED and entry and entry.hash in self._removed:
            removed = self._removed.pop(entry.hash)
            self._add_change(Pairing(removed.leaf, entry, Change.MOVED))
        elif change is not Change.ALTERED:
            self._add_change(pairing)

    def _note_altered(self, pairing: Pairing) -> None:
        if len(self._altered) < MOST_FINDINGS:
            self._altered.append(pairing)

    def _report_changes(self) -> None:
        """Adds the findings that wait for the last entry: altered, swapped and removed entries."""
        by_hash = {each.entry.hash: each for each in self._altered if each.entry}
        for each in self._altered:
            there = by_hash.get(each.leaf.in_tile) if each.leaf else None
            if not (there and there.leaf and each.entry and there.leaf.is_of(each.entry)):
                self._add_change(each)
            elif each.leaf and each.leaf.number < there.leaf.number:
                self._add_change(each._replace(change=Change.SWAPPED), there.entry)
        for each in self._removed.values():
            self._add_change(each)

    def _add_change(self, pairing: Pairing, other: HashedEntry | None = None) -> None:
        leaf, entry, change = pairing
        assert change
        wrong, words = self._words.changes[change]
        number = leaf.number if leaf else entry and entry.leaf
        position = entry.position if entry else leaf and leaf.position
        tile = self._tile_of(pairing).path if leaf else None
        message = words.format(
            leaf=number,
            at=position,
            taken=leaf and leaf.position,
            more=self._paired - 1 - (number or 0),
            tile=tile,
            entry=entry,
            other=other,
        )
        finding = Finding(wrong, message, position, number)
        if entry and entry.line:
            file, line = self._words.entries, entry.line
            message = f"{file}:{line}: {message}"
            finding = replace(finding, message=message, file=file, line=line, tile=tile)
        self._findings.add(finding)


def root_over(source: LogSource, size: int, replaced: Mapping[Tile, bytes] | None = None) -> bytes:
    """The root over the first leaves by the tiles, with some rows replaced. Raises DamagedTile."""
    rows = replaced or {}
    read = source.row
    return root(size, subtrees(size, lambda tile: rows[tile] if tile in rows else read(tile)))


def _is_doubtful(pairing: Pairing) -> bool:
    leaf = pairing.leaf
    assert leaf
    is_agreed = leaf.kept is None or leaf.kept == leaf.in_tile
    return not (is_agreed and leaf.in_tile) or pairing.change is Change.ALTERED


def _other_hash(pairing: Pairing) -> bytes:
    """The hash of a leaf by the leaf or the entry, not by the tile."""
    leaf, entry = pairing.leaf, pairing.entry
    return (leaf and leaf.kept) or (entry.hash if entry else b"")
