"""Are the entries of a bundle the leaves of its tree, and do its tiles follow from each other?

What an entry hashes to stands in a tile, and what a full tile comes to stands in the tile above, so
that of an entry, its tile and the one above, the one that was altered can be told from the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from infra.bundle.entries import Held
from infra.bundle.files import BundleFolder
from infra.bundle.layout import ENTRIES, tile_path
from infra.findings import MOST_FINDINGS, Finding, Findings, Wrong
from infra.log.comparison import Change, Entry, compare
from infra.log.comparison import Held as Leaf
from infra.log.merkle import HASH_BYTES, perfect_root, root
from infra.log.tiles import HEIGHT, WIDTH, DamagedTile, Tile, subtrees

_BEHIND = 1_024
"""Of how many lines the positions are kept: more than is looked ahead."""


class _Altered(NamedTuple):
    """A line whose entry is not the leaf that the tile has."""

    line: int
    leaf: int
    position: int
    hash: bytes


class LeafRows:
    """The hashes of leaves, read from one tile after the other."""

    def __init__(self, folder: BundleFolder) -> None:
        self._folder, self._size = folder, folder.checkpoint.size
        self._number, self._row = -1, b""

    def tile_of(self, leaf: int) -> Tile:
        return self._folder.tile_at(0, leaf // WIDTH)

    def hash_of(self, leaf: int) -> bytes:
        """What the tile has for that leaf; nothing where it has none."""
        if leaf >= self._size:
            return b""
        number, offset = divmod(leaf, WIDTH)
        if number != self._number:
            self._number, self._row = number, self._folder.row(self.tile_of(leaf))
        found = self._row[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]
        return found if len(found) == HASH_BYTES else b""


class EntriesCheck:
    """Holds the entries to the leaves, as they are read."""

    def __init__(self, folder: BundleFolder, findings: Findings) -> None:
        self._folder, self._findings = folder, findings
        self._rows = LeafRows(folder)
        self._count = 0
        self._altered: list[_Altered] = []
        self._positions: dict[int, int] = {}
        """Those of the last lines that were read."""

    def side_by_side(self, held: Iterable[Held], leaves: int) -> None:
        """Where every leaf should have its entry, and all of them are in their tiles: so that what
        was put in or taken out is told from what was altered."""
        lines = (Entry(each.leaf, each.hash) for each in self._read(held))
        in_tiles = (
            Leaf(number, number, digest, digest)
            for number in range(leaves)
            if (digest := self._rows.hash_of(number))
        )
        number = 0
        removed: dict[bytes, int] = {}
        for leaf, entry, difference in compare(in_tiles, lines):
            number += entry is not None
            if difference is Change.ALTERED and leaf and entry:
                self._keep(number, leaf.number, entry.hash)
            elif difference is Change.ENDED and leaf:
                message = f"there is no entry for leaf {leaf.number} and {leaves - 1 - leaf.number}"
                self._add(Wrong.ENTRY_REMOVED, f"{message} behind it", leaf=leaf.number)
            elif difference is Change.REMOVED and leaf:
                if not self._findings.is_full:
                    removed[leaf.kept] = leaf.number
            elif difference is Change.MOVED and leaf and entry:
                message = f"{ENTRIES}:{number}: the entry of leaf {leaf.number} is said to be leaf"
                at = self._positions[number]
                self._add(
                    Wrong.ENTRY_MOVED,
                    f"{message} {entry.position}",
                    at,
                    line=number,
                    leaf=leaf.number,
                )
            elif difference is not None and entry:
                self._added(number, entry, removed.pop(entry.hash, None))
        for missing in removed.values():
            self._add(Wrong.ENTRY_REMOVED, f"there is no entry for leaf {missing}", leaf=missing)
        for _ in lines:
            pass
        for line in range(number + 1, self._count + 1):
            self._beyond(line)

    def each_alone(self, held: Iterable[Held]) -> None:
        """Where entries are left out, or tiles are damaged."""
        for each in self._read(held):
            digest = self._rows.hash_of(each.leaf)
            if each.leaf >= self._folder.checkpoint.size:
                self._beyond(each.number)
            elif digest and digest != each.hash:
                self._keep(each.number, each.leaf, each.hash)

    def settle(self) -> None:
        """Says of all that differs whether the entry was altered, or the tile."""
        by_hash = {each.hash: each for each in self._altered}
        for number, these in groupby(self._altered, key=lambda each: each.leaf // WIDTH):
            tile, altered = self._folder.tile_at(0, number), list(these)
            if self._is_altered(tile, altered):
                leaf = altered[0].leaf
                message = (
                    f"{tile_path(tile)} has another hash for leaf {leaf} than its entry, and that "
                    "of the entry leads to the tree"
                )
                self._add(Wrong.TILE_DAMAGED, message, leaf=leaf, tile=tile.path)
                continue
            for each in altered:
                there = by_hash.get(self._rows.hash_of(each.leaf))
                if there and self._rows.hash_of(there.leaf) == each.hash:
                    self._swapped(each, there)
                else:
                    self._is_another(each, tile)

    def _swapped(self, one: "_Altered", other: "_Altered") -> None:
        if one.leaf < other.leaf:
            message = (
                f"{ENTRIES}:{one.line}: the entries of leaves {one.leaf} and {other.leaf} (line "
                f"{other.line}) stand in each other's place"
            )
            self._add(Wrong.ENTRIES_SWAPPED, message, one.position, line=one.line, leaf=one.leaf)

    def _is_another(self, entry: "_Altered", tile: Tile) -> None:
        line, leaf, position, _ = entry
        message = (
            f"{ENTRIES}:{line}: the entry at position {position} is not what leaf {leaf} was made "
            f"from, by {tile_path(tile)}"
        )
        self._add(Wrong.ENTRY_ALTERED, message, position, line=line, leaf=leaf, tile=tile.path)

    def _read(self, held: Iterable[Held]) -> Iterator[Held]:
        for each in held:
            for finding in each.wrong:
                self._findings.add(finding)
            self._count += 1
            self._positions[each.number] = each.position
            self._positions.pop(each.number - _BEHIND, None)
            yield each

    def _keep(self, line: int, leaf: int, digest: bytes) -> None:
        if len(self._altered) < MOST_FINDINGS:
            self._altered.append(_Altered(line, leaf, self._positions[line], digest))

    def _added(self, line: int, entry: Entry, removed: int | None) -> None:
        if removed is None:
            message = f"{ENTRIES}:{line}: the entry is none of those that the tree was made from"
            at = self._positions[line]
            self._add(Wrong.ENTRY_INSERTED, message, at, line=line, leaf=entry.position)
        else:
            message = f"{ENTRIES}:{line}: the entry of leaf {removed} stands in another place"
            self._add(Wrong.ENTRY_MOVED, message, self._positions[line], line=line, leaf=removed)

    def _beyond(self, line: int) -> None:
        message = f"{ENTRIES}:{line}: an entry stands behind the last leaf"
        at = self._positions.get(line)
        self._add(Wrong.ENTRY_INSERTED, message, at, line=line, leaf=line - 1)

    def _is_altered(self, tile: Tile, entries: Sequence["_Altered"]) -> bool:
        """Whether the tree has the hashes of these entries instead of those in the tile."""
        row = bytearray(self._folder.row(tile))
        for each in entries:
            at = each.leaf % WIDTH * HASH_BYTES
            row[at : at + HASH_BYTES] = each.hash
        return _leads_to_the_tree(self._folder, tile, bytes(row))

    def _add(
        self,
        wrong: Wrong,
        message: str,
        position: int | None = None,
        *,
        leaf: int | None,
        line: int | None = None,
        tile: str | None = None,
    ) -> None:
        file = ENTRIES if line else None
        self._findings.add(Finding(wrong, message, position, leaf, tile, None, file, line))


def check_upper_tiles(
    folder: BundleFolder, findings: Findings, progress: Callable[[int], None]
) -> None:
    """Holds each tile above the leaves to the full tiles below it. None may be damaged."""
    size, level = folder.checkpoint.size, 0
    blamed = {each.tile for each in findings if each.wrong is Wrong.TILE_DAMAGED}
    while full := size >> HEIGHT * (level + 1):
        for number in range(-(-full // WIDTH)):
            tile = folder.tile_at(level + 1, number)
            row = folder.tile(tile)
            for offset in range(tile.width):
                below = Tile(level, number * WIDTH + offset)
                at = offset * HASH_BYTES
                follows = perfect_root(folder.tile(below)) == row[at : at + HASH_BYTES]
                if not follows and below.path not in blamed:
                    message = f"{tile_path(tile)} has another hash than follows from {below.path}"
                    findings.add(Finding(Wrong.TILE_DAMAGED, message, tile=tile.path))
                if level == 0:
                    progress(WIDTH)
        level += 1


def root_of_tiles(folder: BundleFolder, size: int) -> bytes:
    """The root over so many leaves. Raises DamagedTile."""
    return root(size, subtrees(size, folder.tile))


def _leads_to_the_tree(folder: BundleFolder, tile: Tile, row: bytes) -> bool:
    size = folder.checkpoint.size
    if len(row) != tile.width * HASH_BYTES:
        return False
    try:
        if tile.width == WIDTH and size > WIDTH:
            above, offset = divmod(tile.number, WIDTH)
            upper = folder.tile(folder.tile_at(1, above))
            return upper[offset * HASH_BYTES : (offset + 1) * HASH_BYTES] == perfect_root(row)
        read = folder.tile
        swapped = root(size, subtrees(size, lambda each: row if each == tile else read(each)))
        return swapped == folder.checkpoint.root
    except DamagedTile:
        return False
