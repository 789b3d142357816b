"""Holds a ledger to its log, and the log to signed checkpoints.

The ledger's entry, the kept leaf and the hash in the tile are held to each other, and the tree to
checkpoints kept by the log and elsewhere.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Protocol

from infra.findings import Finding, Findings, Wrong
from infra.ledger.dcb import SequencedEvent
from infra.log.checkpoints import Checkpoint
from infra.log.comparison import Change, HashedEntry, compare
from infra.log.file import Log
from infra.log.leaf_check import LeafCheck, SourceWords
from infra.log.merkle import leaf_hash
from infra.log.signed_notes import SignedNote, VerifierKey
from infra.log.signer_memory import Remembered
from infra.log.source import SignedCheckpoint
from infra.log.tiles import leaf_of
from infra.log.verifier import LogVerifier, Progress

_CHANGES = {
    Change.ALTERED: (
        Wrong.ENTRY_ALTERED,
        "the entry at position {at} is not what the log took in as leaf {leaf}",
    ),
    Change.REMOVED: (
        Wrong.ENTRY_REMOVED,
        "the ledger no longer holds what the log took in from position {taken} as leaf {leaf}",
    ),
    Change.ENDED: (
        Wrong.ENTRY_REMOVED,
        "the ledger ends before position {taken}, of leaf {leaf} of the log and {more} after it",
    ),
    Change.INSERTED: (
        Wrong.ENTRY_INSERTED,
        "the entry at position {at} stands among those that the log took in, and is none of them",
    ),
    Change.MOVED: (
        Wrong.ENTRY_MOVED,
        "the entry that the log took in from position {taken} as leaf {leaf} is at position {at}",
    ),
    Change.SWAPPED: (
        Wrong.ENTRIES_SWAPPED,
        "the entries at positions {at} and {other.position} stand in each other's place",
    ),
}


class StoredEntries(Protocol):
    """A ledger, or a check that reads a ledger along the way."""

    def stored(self) -> Iterator[SequencedEvent]:
        """The entries as they are stored."""


def check_log(
    ledger: StoredEntries,
    log: Log,
    keys: Sequence[VerifierKey] = (),
    *,
    seen: Sequence[SignedNote] = (),
    remembered: Sequence[Remembered] = (),
    progress: Progress = lambda leaves: None,
) -> list[Finding]:
    """The findings about a ledger and its log.

    `keys` are those of the log and its witnesses, `seen` signed checkpoints kept elsewhere, and
    `remembered` those in the signer's memories. Progress is told by every 256 leaves. Raises
    BadNote where `seen` holds no checkpoint.
    """
    findings = Findings()
    for what in log.shape_faults():
        findings.add(Finding(Wrong.LEAF_ALTERED, f"the log's own file was altered: {what}"))
    if findings:
        return findings
    elsewhere = [*_seen(log, seen), *_in_memory(remembered)]
    elsewhere.sort(key=lambda each: each.checkpoint.size)
    signed = merge(_kept(log), elsewhere, key=lambda each: each.checkpoint.size)
    check = LeafCheck(log, findings, SourceWords(_CHANGES), signed_root=log.signed_root)
    pairings = compare(check.leaves(), _hashed(ledger))
    LogVerifier(log, check, findings).verify(
        pairings, _with_signatures(signed, keys, findings), progress
    )
    return findings


def _with_signatures(
    signed: Iterator[SignedCheckpoint], keys: Sequence[VerifierKey], findings: Findings
) -> Iterator[SignedCheckpoint]:
    """The same checkpoints; a missing signature by the log's key is a finding."""
    names = {key.name for key in keys}
    for each in signed:
        origin, before = each.checkpoint.origin, len(findings)
        made = each.check_signatures(keys, findings)
        if origin in names:
            if len(findings) == before and origin not in {signature.name for signature in made}:
                message = f"{each} has no signature by its key"
                findings.add(each.finding(Wrong.SIGNATURE_FORGED, message))
        elif keys and len(findings) == before:
            message = f"there is {each}, by a key that is not known here"
            findings.add(each.finding(Wrong.UNSIGNED, message))
        yield each


def _hashed(ledger: StoredEntries) -> Iterator[HashedEntry]:
    for stored in ledger.stored():
        digest = leaf_hash(leaf_of(stored.event.data))
        yield HashedEntry(stored.position, digest, stored.position)


def _kept(log: Log) -> Iterator[SignedCheckpoint]:
    for checkpoint in log.checkpoints():
        yield SignedCheckpoint(checkpoint, log.note(checkpoint))


def _seen(log: Log, notes: Sequence[SignedNote]) -> list[SignedCheckpoint]:
    parsed = [(Checkpoint.parse(note.text), note) for note in notes]
    return [
        SignedCheckpoint(
            each, note, is_seen=True, is_withheld=log.checkpoint(each.origin, each.size) is None
        )
        for each, note in parsed
    ]


def _in_memory(remembered: Sequence[Remembered]) -> list[SignedCheckpoint]:
    return [SignedCheckpoint(each.checkpoint, each.note, memory=each.place) for each in remembered]
