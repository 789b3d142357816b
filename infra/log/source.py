"""A log to be verified, behind one narrow protocol.

The log beside a ledger is a source, and so are a bundle's folder, a served log, and a folder of
tiles.
"""

from collections.abc import Iterator, Mapping, Sequence
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
    key_id: bytes
    """With the name, the key."""


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
    memory: str | None = None
    """The signer's memory that holds the checkpoint, in words."""

    def __str__(self) -> str:
        size, origin = self.checkpoint.size, self.checkpoint.origin
        return self.file or f"a checkpoint of {size} leaves that was signed as {origin}"

    def finding(self, wrong: Wrong, message: str) -> Finding:
        return Finding(wrong, message, size=self.checkpoint.size, file=self.file)

    def check_signatures(
        self, keys: Sequence[VerifierKey], findings: Findings
    ) -> list[VerifiedSignature]:
        """The genuine signatures of these keys. A forged signature is a finding, and so is that of
        a log's key under the checkpoint of another log."""
        types = {(key.name, key.id): key.type for key in keys}
        made, forged = self.note.checked(keys)
        where, origin = f"{self.file}:" if self.file else f"on {self},", self.checkpoint.origin
        for forgery in forged:
            findings.add(self.finding(Wrong.SIGNATURE_FORGED, f"{where} {forgery}"))
        genuine = []
        for each in made:
            is_witness = types[each.name, each.key_id] is KeyType.COSIGNATURE
            if is_witness or each.name == origin:
                seen_at = each.witnessed_at if is_witness else None
                signed = VerifiedSignature(each.name, self.checkpoint.size, seen_at, each.key_id)
                genuine.append(signed)
            else:
                message = f"{where} the key {each.name} has signed as the log {origin}"
                findings.add(self.finding(Wrong.OTHER_LOG, f"{message}, which is not its own"))
        return genuine

    def check_root(self, root: bytes | None, size: int, findings: Findings) -> None:
        """Holds the signed root to the root over as many of the log's `size` leaves."""
        if self.memory and root != self.checkpoint.root:
            findings.add(self._not_remembered(root is None, size))
        elif root is None:
            message = f"there is {self}, and the log has {size}"
            findings.add(self.finding(Wrong.LOG_ROLLED_BACK, message))
        elif root != self.checkpoint.root:
            findings.add(self._another_root())
        elif self.is_withheld:
            message = f"somebody has seen {self}, and the log doesn't have it"
            findings.add(self.finding(Wrong.CHECKPOINT_WITHHELD, message))

    def _not_remembered(self, is_ahead: bool, size: int) -> Finding:
        if is_ahead:
            return self.finding(
                Wrong.MEMORY_AHEAD,
                f"{self.memory} remembers {self}, and the log has {size:,}: entries were taken "
                "away with their leaves, or the node was stopped while it signed, and 'tenure "
                "serve' goes on from there",
            )
        message = f"{self.memory} remembers {self}, and its root is another"
        return self.finding(
            Wrong.MEMORY_DIFFERS, f"{message}: the log was rewritten since, or is another"
        )

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


def unsigned_by(
    keys: Sequence[VerifierKey], signed: Sequence[VerifiedSignature], newest: SignedCheckpoint
) -> Iterator[Finding]:
    """A finding for each key without a signature.

    A log's key signs every checkpoint; a witness may be behind, and have signed an earlier one.
    """
    made = {(each.name, each.key_id) for each in signed}
    newly = {(each.name, each.key_id) for each in signed if each.size == newest.checkpoint.size}
    for key in keys:
        if (key.name, key.id) not in (made if key.type is KeyType.COSIGNATURE else newly):
            message = f"the key {key.name} has not signed the {newest.file}"
            size = newest.checkpoint.size
            yield newest.finding(Wrong.UNSIGNED, f"{message} of {size:,} leaves")
