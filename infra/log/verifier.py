"""Verifies a log from any source in one pass over the leaves.

The tiles above the leaves and every signed root have to follow from the leaves.
"""

from collections.abc import Callable, Iterable, Iterator

from infra.findings import Findings
from infra.log.comparison import Pairing
from infra.log.leaf_check import LeafCheck, root_over
from infra.log.merkle import HASH_BYTES, Frontier, perfect_root
from infra.log.source import LogSource, SignedCheckpoint
from infra.log.tiles import WIDTH, Tile

Progress = Callable[[int], None]


class LogVerifier:
    """Verifies the tree over checked leaves."""

    def __init__(self, source: LogSource, check: LeafCheck, findings: Findings) -> None:
        self._source, self._check, self._findings = source, check, findings

    def verify(
        self, pairings: Iterable[Pairing], signed: Iterator[SignedCheckpoint], progress: Progress
    ) -> None:
        """Reads all leaves with their entries, and checkpoints from the smallest on.

        Progress is told by every 256 leaves. Raises DamagedTile for a damaged log that grows
        meanwhile.
        """
        frontier, row, roots = Frontier(), list[bytes](), list[bytes]()
        due = next(signed, None)
        for leaf in self._check.hashes(pairings):
            while due and due.checkpoint.size == frontier.size:
                self._check_root(due, frontier.root)
                due = next(signed, None)
            frontier.add(leaf)
            row.append(leaf)
            if len(row) == WIDTH:
                roots.append(perfect_root(b"".join(row)))
                row.clear()
                progress(WIDTH)
        for each in (*([due] if due else ()), *signed):
            is_whole = each.checkpoint.size == frontier.size
            self._check_root(each, frontier.root if is_whole else None)
        if self._check.are_all_known:
            self._check_upper_tiles(roots)

    def _check_root(self, signed: SignedCheckpoint, root: bytes | None) -> None:
        size = self._source.size
        if signed.checkpoint.size <= size and not self._check.are_all_known:
            return
        if root is None and signed.checkpoint.size <= size:  # the log has grown meanwhile
            root = root_over(self._source, signed.checkpoint.size)
        signed.check_root(root, size, self._findings)

    def _check_upper_tiles(self, roots: list[bytes]) -> None:
        """Holds the tiles above the leaves to the roots of full tiles below."""
        level = 1
        while roots:
            rows = [roots[at : at + WIDTH] for at in range(0, len(roots), WIDTH)]
            for number, row in enumerate(rows):
                self._check_upper_tile(Tile(level, number, len(row)), b"".join(row))
            full = [row for row in rows if len(row) == WIDTH]
            level, roots = level + 1, [perfect_root(b"".join(row)) for row in full]

    def _check_upper_tile(self, tile: Tile, row: bytes) -> None:
        hashes = self._source.row(tile)
        if len(hashes) < len(row):
            has = len(hashes) // HASH_BYTES
            self._check.add_damaged(tile, f"is cut off: it has {has} of {tile.width} hashes")
        elif hashes != row:
            self._check.add_damaged(tile, "has other hashes than follow from the tiles below it")
