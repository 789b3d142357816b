"""Verifies a log from any source in one pass over the leaves.

The tiles above the leaves and every signed root have to follow from the leaves. A log of which the
beginning was verified before is verified from there on.
"""

from collections.abc import Callable, Iterable, Iterator

from infra.findings import Findings
from infra.log.comparison import Pairing
from infra.log.leaf_check import LeafCheck, root_over
from infra.log.merkle import (
    HASH_BYTES,
    ProofFails,
    consistency_proof,
    perfect_root,
    verify_consistency,
)
from infra.log.right_edge import RightEdge
from infra.log.source import LogSource, SignedCheckpoint
from infra.log.tiles import HEIGHT, WIDTH, DamagedTile, Tile, subtrees

Progress = Callable[[int], None]


class LogVerifier:
    """Verifies the tree over checked leaves."""

    def __init__(
        self,
        source: LogSource,
        check: LeafCheck,
        findings: Findings,
        verified: RightEdge | None = None,
    ) -> None:
        """`verified` is the beginning of the log, if that was verified before."""
        self._source, self._check, self._findings = source, check, findings
        self._verified = verified or RightEdge()
        self.edge = RightEdge()
        """The verified log, for a later check; empty where a hash is lost."""

    def verify(
        self, pairings: Iterable[Pairing], signed: Iterator[SignedCheckpoint], progress: Progress
    ) -> None:
        """Reads all leaves behind the verified full tiles, with their entries, and checkpoints from
        the smallest on.

        Progress is told by every 256 leaves. Raises DamagedTile for a damaged log that grows
        meanwhile.
        """
        frontier, row, roots = self._verified.frontier(), list[bytes](), list[bytes]()
        due = next(signed, None)
        while due and due.checkpoint.size < frontier.size:
            self._check_early(due)
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
            upper = self._check_upper_tiles(roots)
            self.edge = RightEdge(frontier.size, (b"".join(row), *upper) if frontier.size else ())

    def _check_root(self, signed: SignedCheckpoint, root: bytes | None) -> None:
        size = self._source.size
        if signed.checkpoint.size <= size and not self._check.are_all_known:
            return
        if root is None and signed.checkpoint.size <= size:  # the log has grown meanwhile
            root = root_over(self._source, signed.checkpoint.size)
        signed.check_root(root, size, self._findings)

    def _check_early(self, signed: SignedCheckpoint) -> None:
        """Proves by the tiles that the verified log begins with an earlier checkpoint."""
        old, new = signed.checkpoint, self._verified
        try:
            proof = consistency_proof(old.size, new.size, subtrees(new.size, self._source.row))
            verify_consistency(old.size, old.root, new.size, new.root, proof)
        except DamagedTile as damaged:
            self._check.add_damaged(damaged.tile, "is cut off")
        except ProofFails:
            # The proof is of the server's tiles: they differ from what was verified, or signed.
            signed.check_root(b"", self._source.size, self._findings)
        else:
            signed.check_root(old.root, self._source.size, self._findings)

    def _check_upper_tiles(self, roots: list[bytes]) -> list[bytes]:
        """Holds the tiles above the leaves to the roots of full tiles below.

        Returns the hashes of the last tile of each level, if that is not full.
        """
        edge, level, first = list[bytes](), 1, self._verified.size >> HEIGHT
        while roots or first:
            start, known = first // WIDTH, self._verified.row(level)
            hashes = known + b"".join(roots)
            width = WIDTH * HASH_BYTES
            rows = [hashes[at : at + width] for at in range(0, len(hashes), width)]
            if roots:
                for number, row in enumerate(rows, start):
                    self._check_upper_tile(Tile(level, number, len(row) // HASH_BYTES), row)
            full = [row for row in rows if len(row) == width]
            edge.append(b"" if len(full) == len(rows) else rows[-1])
            level, first, roots = level + 1, start, [perfect_root(row) for row in full]
        return edge

    def _check_upper_tile(self, tile: Tile, row: bytes) -> None:
        hashes = self._source.row(tile)
        if len(hashes) < len(row):
            has = len(hashes) // HASH_BYTES
            self._check.add_damaged(tile, f"is cut off: it has {has} of {tile.width} hashes")
        elif hashes != row:
            self._check.add_damaged(tile, "has other hashes than follow from the tiles below it")
