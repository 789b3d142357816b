"""The right edge of a tree: all that is needed to go on with a verified log.

The edge holds the hashes of the last, partial tile of every level. They fix the root, and with more
leaves every later root.
"""

from collections.abc import Iterator
from typing import NamedTuple

from infra.log.merkle import HASH_BYTES, Frontier, perfect_root
from infra.log.tiles import HEIGHT, WIDTH


class RightEdge(NamedTuple):
    """The hashes of the partial tiles of a tree, level by level."""

    size: int = 0
    """The number of leaves in the tree."""
    rows: tuple[bytes, ...] = ()
    """For each level the hashes of the last tile, if that is not full."""

    @property
    def is_sound(self) -> bool:
        """Whether each row has the length that follows from the size."""
        return [len(row) for row in self.rows] == [
            (self.size >> HEIGHT * level) % WIDTH * HASH_BYTES
            for level in range(_levels(self.size))
        ]

    @property
    def full(self) -> int:
        """The number of leaves in full tiles."""
        return self.size // WIDTH * WIDTH

    @property
    def root(self) -> bytes:
        return self._frontier(self.size, 0).root

    def frontier(self) -> Frontier:
        """The tree over the leaves in full tiles, as it grows."""
        return self._frontier(self.full, 1)

    def row(self, level: int) -> bytes:
        return self.rows[level] if level < len(self.rows) else b""

    def _frontier(self, size: int, lowest: int) -> Frontier:
        rows = reversed(self.rows[lowest:])
        return Frontier(size, [each for row in rows for each in _perfect_roots(row)])


def _levels(size: int) -> int:
    return -(-size.bit_length() // HEIGHT)


def _perfect_roots(row: bytes) -> Iterator[bytes]:
    """The roots of the largest perfect trees over a row, from the left."""
    count, at = len(row) // HASH_BYTES, 0
    for height in reversed(range(HEIGHT)):
        if count >> height & 1:
            end = at + (HASH_BYTES << height)
            yield perfect_root(row[at:end])
            at = end
