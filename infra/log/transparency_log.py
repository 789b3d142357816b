"""The transparency log of a ledger, and its proofs.

The log follows the ledger: every entry is a leaf, in the order of the ledger, with the stored
bytes. Leaves never change. A node with a key signs a checkpoint after every step; a node without a
key keeps the same log and signs nothing.

* LedgerDiffers  the ledger no longer holds the last leaf's entry
* NotCanonical   an entry has another form than canonical JSON
* LogMissing     a log was signed, and is gone
* NotOurs        a cosigned checkpoint is unknown to this log

What the signer remembers outside the log, and refuses by it, is in infra.log.signer_memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from domain.refusals import NotUnderstood, Refusal
from infra.ledger.codec import is_canonical
from infra.ledger.dcb import SequencedEvent
from infra.ledger.ledger import Ledger
from infra.log.checkpoints import Checkpoint
from infra.log.file import GrowingLog, Leaf, Log, LogFile
from infra.log.key_files import Keys
from infra.log.merkle import consistency_proof, inclusion_proof, root_by_inclusion
from infra.log.signed_notes import SignedNote
from infra.log.signer_memory import Remembered, SignerMemory, WouldFork
from infra.log.tiles import leaf_of, subtrees
from infra.log.timestamps import Timestamp

BATCH = 5_000
"""The most leaves in one transaction."""


class LedgerDiffers(Refusal):
    """The ledger no longer holds the last leaf's entry."""

    def __init__(self, leaf: Leaf) -> None:
        super().__init__(
            f"the ledger doesn't hold at position {leaf.position} what the log took in as leaf "
            f"{leaf.number}: it was altered since, or it is another ledger than the log's"
        )


class NotCanonical(Refusal):
    """An entry has another form than canonical JSON, in which bytes alone tell the meaning."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"the entry at position {position} is not canonical JSON (RFC 8785), as all that "
            "Tenure writes is; the log doesn't take it in"
        )


class LogMissing(Refusal):
    """The log of a ledger was signed, and is gone."""

    def __init__(self, path: Path, remembered: Remembered) -> None:
        signed = remembered.checkpoint
        super().__init__(
            f"the log {path} is missing or empty, and {remembered.place} remembers a checkpoint of "
            f"{signed.size:,} leaves that was signed as {signed.origin}. Put the log back from a "
            "copy: it holds what was signed and cosigned. Where there is none, 'tenure rebuild "
            "--log' builds it from the ledger, and refuses a ledger that doesn't begin with what "
            "was signed"
        )


class NotOurs(Refusal):
    """A cosigned checkpoint is unknown to this log, or bears no witness's signature."""


class NoSuchTree(NotUnderstood):
    """The log has no tree of that size, or the tree no such leaf."""

    def __init__(self, size: int, least: int, most: int) -> None:
        super().__init__(
            f"the size of a tree is asked for from {least:,} to {most:,} leaves, not {size:,}"
        )


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that a leaf is in the tree of a size."""

    number: int
    """The number of the leaf, from 0 on."""
    size: int
    hashes: Sequence[bytes]
    leaf_hash: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that a tree begins with an earlier tree."""

    old: int
    new: int
    hashes: Sequence[bytes]
    old_root: bytes
    new_root: bytes


class TransparencyLog:
    """The log of a ledger, with the keys that sign and witness."""

    def __init__(self, ledger: Ledger, file: LogFile, keys: Keys) -> None:
        self._ledger = ledger
        self.file = file
        self.keys = keys
        self.memory = SignerMemory(ledger, keys)

    @property
    def log(self) -> Log:
        """The kept log. Raises NotALogFile."""
        return self.file.log

    def prepare(self) -> None:
        """Opens the file, and reads the keys and the signer's memories, for early refusals.

        Raises NotALogFile, BadKey, BadState, KeyBusy, LogMissing, MemoryMissing and WouldFork.
        """
        log, signer, _ = self.log, self.keys.signer, self.keys.witnesses
        is_behind = False
        with self.memory.locked():
            last = max(self.memory.read().all, key=lambda each: each.checkpoint.size, default=None)
            if log.size == 0 and self._ledger.head and last and last.checkpoint.size:
                raise LogMissing(self.file.path, last)
            if signer:
                is_behind = not self.memory.admits(log)
                self.memory.refuse_unwritable()
        if is_behind:  # stopped while it signed, or entries were replaced: the next leaves tell
            self.catch_up()

    @property
    def is_new(self) -> bool:
        """Whether the key signs for the first time, and the ledger has entries already."""
        signer = self.keys.signer
        return bool(signer and self._ledger.head and not self.log.signed_by(signer.verifier))

    def catch_up(
        self, until: int | None = None, progress: Callable[[int], None] | None = None
    ) -> int:
        """Takes in the ledger to its head, or to a position; returns the number of leaves.

        Raises LedgerDiffers, NotCanonical, WouldFork, MemoryMissing, BadState and KeyBusy.
        """
        is_signed = False
        while True:
            with self.memory.locked(), self.file.growing() as log:
                leaves = self._next_leaves(log, until)
                log.append(leaves)
                if leaves or not is_signed:
                    self._sign(log)
                is_signed, size = True, log.size
            if not leaves:
                return size
            if progress:
                progress(len(leaves))

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Takes in the whole ledger anew, in one transaction; returns the number of leaves.

        The ledger has to begin with all signed checkpoints of the log, which are kept, and of the
        memories. Raises NotCanonical, MemoryMissing, BadState, KeyBusy, and WouldFork otherwise;
        the log then stays as before.
        """
        with self.memory.locked(), self.file.growing() as log:
            log.clear()
            while leaves := self._next_leaves(log, None):
                log.append(leaves)
                if progress:
                    progress(len(leaves))
            size = log.size
            for signed in log.checkpoints():
                if signed.size > size or log.root(signed.size) != signed.root:
                    raise WouldFork(signed, size)
            self.memory.admits(log)
            self._sign(log)
            return size

    def remember(self, kept: Sequence[SignedNote]) -> tuple[list[str], Remembered]:
        """Writes the signer's missing memories from what is left of them, of the log, and of
        checkpoints kept elsewhere; returns the memories that were missing, and the checkpoint.

        Raises WouldFork where these differ, BadState, BadNote, Forged and KeyBusy.
        """
        with self.memory.locked():
            return self.memory.missing(self.log), self.memory.restore(self.log, kept)

    def inclusion(self, position: int, size: int | None = None) -> Inclusion | None:
        """The proof that the entry at a position is in the tree of a size.

        None for an entry behind the last leaf. Raises NoSuchTree.
        """
        log = self.log
        number, most = log.number_at(position), log.size
        if number is None:
            return None
        size = most if size is None else size
        if not number < size <= most:
            raise NoSuchTree(size, number + 1, most)
        subtree = subtrees(size, log.tile)
        leaf, proof = subtree(0, number), inclusion_proof(number, size, subtree)
        root = root_by_inclusion(leaf, number, size, proof)
        return Inclusion(number, size, proof, leaf, root)

    def consistency(self, old: int, new: int) -> Consistency:
        """The proof that the tree of `new` leaves begins with the tree of `old` ones.

        Raises NoSuchTree.
        """
        log = self.log
        most = log.size
        if not 0 <= new <= most:
            raise NoSuchTree(new, 0, most)
        if not 0 <= old <= new:
            raise NoSuchTree(old, 0, new)
        proof = consistency_proof(old, new, subtrees(new, log.tile))
        return Consistency(old, new, proof, log.root(old), log.root(new))

    def checkpoint(self, size: int | None = None) -> SignedNote | None:
        """The newest signed checkpoint, or that of a size; None on a node that doesn't sign."""
        return self._note(lambda origin: self.log.checkpoint(origin, size))

    def cosigned(self) -> SignedNote | None:
        """The newest checkpoint with a cosignature."""
        return self._note(self.log.cosigned)

    def _note(self, find: Callable[[str], Checkpoint | None]) -> SignedNote | None:
        signer = self.keys.signer
        found = find(signer.name) if signer else None
        return self.log.note(found) if found else None

    def add_cosignatures(self, note: SignedNote) -> list[str]:
        """Keeps the cosignatures under a checkpoint of this log; returns the names of the
        witnesses.

        Raises NotOurs, BadNote, and Forged for a false cosignature.
        """
        cosigned = Checkpoint.parse(note.text)
        with self.file.growing() as log:
            if log.checkpoint(cosigned.origin, cosigned.size) != cosigned:
                raise NotOurs(
                    f"this log has signed no checkpoint of {cosigned.size} leaves with that root "
                    f"under the name {cosigned.origin}"
                )
            signatures = note.verified(self.keys.witnesses)
            if not signatures:
                raise NotOurs(
                    "no witness that TENURE_WITNESSES names has signed this; it is signed by "
                    + ", ".join(each.name for each in note.signatures)
                )
            log.keep(cosigned, signatures, of_witnesses=True)
        return [each.name for each in signatures]

    def timestamps(self, most: int | None = None) -> Iterator[Timestamp]:
        """The timestamps of this log's checkpoints up to a size, from the smallest on."""
        name = self.keys.signer and self.keys.signer.name
        for each in self.log.timestamps():
            if each.checkpoint.origin == name and (most is None or each.checkpoint.size <= most):
                yield each

    def add_timestamp(self, timestamp: Timestamp) -> None:
        """Keeps a genuine timestamp of a checkpoint of this log. Raises NotOurs."""
        stamped = timestamp.checkpoint
        with self.file.growing() as log:
            if log.checkpoint(stamped.origin, stamped.size) != stamped:
                raise NotOurs(f"this log has signed no such checkpoint of {stamped.size} leaves")
            log.keep_timestamp(timestamp)

    def _next_leaves(self, log: Log, until: int | None) -> list[Leaf]:
        last = log.last
        # The last entry that the log has is read once more: it shows whether this is the ledger
        # that the log follows.
        after, limit = (last.position - 1, BATCH + 1) if last else (0, BATCH)
        page = self._ledger.stored(after, limit)
        if last:
            there = next(page, None)
            if there is None or not is_leaf_for(last, there):
                raise LedgerDiffers(last)
        wanted = takewhile(lambda each: until is None or each.position <= until, page)
        return [_leaf(number, each) for number, each in enumerate(wanted, log.size)]

    def _sign(self, log: GrowingLog) -> None:
        signer = self.keys.signer
        if signer is None:
            return
        size, signed = log.size, log.checkpoint(signer.name)
        if signed and (signed.size > size or log.root(signed.size) != signed.root):
            raise WouldFork(signed, size)
        if not self.memory.admits(log):
            return
        checkpoint = Checkpoint(signer.name, size, log.root(size))
        signature = signer.sign(checkpoint.text)
        # Before the signature is in the log or leaves: what is forgotten could be signed otherwise.
        self.memory.keep(SignedNote(checkpoint.text, (signature,)))
        # The same key makes the same signature; a new one under the same name adds its own.
        if signed != checkpoint or signature not in log.note(signed).signatures:
            log.keep(checkpoint, [signature], of_witnesses=False)


def is_leaf_for(leaf: Leaf, entry: SequencedEvent) -> bool:
    """Whether the leaf was made from that entry of the ledger."""
    return leaf.position == entry.position and leaf.data == leaf_of(entry.event.data)


def _leaf(number: int, entry: SequencedEvent) -> Leaf:
    if not is_canonical(entry.event.data):
        raise NotCanonical(entry.position)
    return Leaf(number, entry.position, leaf_of(entry.event.data))
