"""A log to be verified, behind one narrow protocol.

The log beside a ledger is a source, and so are a bundle's folder, a served log, and a folder of
tiles.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from infra.findings import Finding, Findings, Wrong
from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import KeyType, SignedNote, VerifierKey
from infra.log.tiles import Tile


class KeptLeaf(NamedTuple):
    """A kept leaf, with the position of its entry if known."""

    hash: bytes
    position: int | None = None


class LogSource(Protocol):
    """A log to be verified, wherever the tiles are."""

    @property
    def size(self) -> int:
        """The number of leaves."""

    def row(self, tile: Tile) -> bytes:
        """The hashes of a tile, as many as there are."""

    def kept_leaves(self, start: int, end: int) -> Mapping[int, KeptLeaf] | None:
        """The leaves from `start` to before `end`; None for a log of hashes alone."""


class VerifiedSignature(NamedTuple):
    """A genuine signature under a checkpoint."""

    name: str
    size: int
    """The number of leaves in the signed tree."""
    witnessed_at: int | None
    """The second since 1970 at which a witness saw the checkpoint; None for a log's own key."""


class SignedCheckpoint(NamedTuple):
    """A checkpoint with its signatures and its place."""

    checkpoint: Checkpoint
    note: SignedNote
    file: str | None = None
    """The file in a bundle or on a server; None elsewhere."""
    is_seen: bool = False
    """Whether somebody kept the checkpoint outside the log."""
    is_withheld: bool = False
    """Whether the log should have kept the checkpoint, and did not."""

    def __str__(self) -> str:
        size, origin = self.checkpoint.size, self.checkpoint.origin
        return self.file or f"a checkpoint of {size} leaves that was signed as {origin}"

    def finding(self, wrong: Wrong, message: str) -> Finding:
        return Finding(wrong, message, size=self.checkpoint.size, file=self.file)

    def check_signatures(
        self, keys: Sequence[VerifierKey], findings: Findings
    ) -> list[VerifiedSignature]:
        """The genuine signatures of these keys; every forged signature is a finding."""
        types = {(key.name, key.id): key.type for key in keys}
        made, forged = self.note.checked(keys)
        for each in forged:
            where = f"{self.file}:" if self.file else f"on {self},"
            findings.add(self.finding(Wrong.SIGNATURE_FORGED, f"{where} {each}"))
        return [
            VerifiedSignature(
                each.name,
                self.checkpoint.size,
                each.witnessed_at if types[each.name, each.key_id] is KeyType.COSIGNATURE else None,
            )
            for each in made
        ]

    def check_root(self, root: bytes | None, size: int, findings: Findings) -> None:
        """Holds the signed root to the root over as many of the log's `size` leaves."""
        if root is None:
            message = f"there is {self}, and the log has {size}"
            findings.add(self.finding(Wrong.LOG_ROLLED_BACK, message))
        elif root != self.checkpoint.root:
            findings.add(self._another_root())
        elif self.is_withheld:
            message = f"somebody has seen {self}, and the log doesn't have it"
            findings.add(self.finding(Wrong.CHECKPOINT_WITHHELD, message))

    def _another_root(self) -> Finding:
        if self.file:
            return self.finding(
                Wrong.ROOT_DIFFERS,
                f"the root over {self.checkpoint.size:,} leaves by the tiles is not the one in "
                f"{self.file}: what is here is not what was signed",
            )
        where = "somebody has seen" if self.is_seen else "the log has kept"
        message = f"{where} {self}, and its root is another: there are two histories of it"
        return self.finding(Wrong.HISTORY_FORKED, message)
