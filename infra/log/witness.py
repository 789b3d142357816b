"""A witness: cosigns every checkpoint in continuation of earlier cosigned checkpoints.

The order of the checks and the status of each refusal are those of C2SP tlog-witness.
"""

import logging
from collections.abc import Callable
from hashlib import sha256

from infra.log.merkle import EMPTY_ROOT, ProofFails, verify_consistency
from infra.log.signed_notes import KeyType, Signature, SignedNote, SignerKey
from infra.log.submission import (
    NotContinued,
    NotSignedByLog,
    OtherSize,
    Submission,
    UnwatchedLog,
)
from infra.log.witness_files import WatchedLogs
from infra.log.witness_memory import Cosigned, MemoryStep, WitnessMemory

log = logging.getLogger(__name__)


class Cosigner:
    """The key, the watched logs and the memory of a witness."""

    def __init__(
        self, key: SignerKey, logs: WatchedLogs, memory: WitnessMemory, now: Callable[[], int]
    ) -> None:
        """`now` tells the second since 1970."""
        assert key.type is KeyType.COSIGNATURE
        self.key, self.logs = key, logs
        self._memory, self._now = memory, now
        self._origins = {sha256(each.encode()).hexdigest(): each for each in logs}

    def cosign(self, submission: Submission) -> Signature:
        """The cosignature, after it is remembered. Raises SubmissionRefused."""
        made = self._signatures_of_the_log(submission)
        fork: NotContinued | None = None
        with self._memory.step() as memory:
            last = memory.last(submission.checkpoint.origin)
            if last and _are_two_histories(last, submission):
                # Committed, and then refused: the proof of the fork has to stay.
                fork = _keep_fork(memory, last, submission, made)
            else:
                _check_continues(last, submission)
                cosignature = self.key.cosign(submission.note.text, at=self._now())
                note = SignedNote(submission.note.text, (*made, cosignature))
                memory.remember(submission.checkpoint, note)
        if fork:
            raise fork
        return cosignature

    def checkpoint(self, origin_hash: str) -> str | None:
        """The last cosigned checkpoint, by the SHA-256 of the log's name."""
        origin = self._origins.get(origin_hash)
        found = self._memory.last(origin) if origin else None
        return found.note if found else None

    def _signatures_of_the_log(self, submission: Submission) -> tuple[Signature, ...]:
        keys = self.logs.get(submission.checkpoint.origin)
        if keys is None:
            raise UnwatchedLog(submission.checkpoint.origin)
        made, forged = submission.note.checked(keys)
        if forged:
            raise NotSignedByLog(str(forged[0]))
        if not made:
            names = ", ".join(str(key) for key in keys)
            raise NotSignedByLog(f"none of the log's keys has signed this: {names}")
        return tuple(dict.fromkeys(made))


def _are_two_histories(last: Cosigned, submission: Submission) -> bool:
    new = submission.checkpoint
    return submission.old == new.size == last.checkpoint.size and new.root != last.checkpoint.root


def _keep_fork(
    memory: MemoryStep, last: Cosigned, submission: Submission, made: tuple[Signature, ...]
) -> NotContinued:
    new = submission.checkpoint
    memory.keep_fork(new, SignedNote(submission.note.text, made), last.note)
    message = (
        f"there are two histories of {new.origin}: two different checkpoints of {new.size} leaves "
        "are signed"
    )
    log.error("%s; both are kept", message)
    return NotContinued(message)


def _check_continues(last: Cosigned | None, submission: Submission) -> None:
    """Raises OtherSize and NotContinued."""
    new, size = submission.checkpoint, last.checkpoint.size if last else 0
    if submission.old != size:
        raise OtherSize(size)
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise NotContinued("that is not the root of an empty log")
    old_root = last.checkpoint.root if last else EMPTY_ROOT
    try:
        verify_consistency(size, old_root, new.size, new.root, submission.proof)
    except ProofFails as fails:
        raise NotContinued(f"{new.size} leaves are not shown to continue {size}: {fails}") from None
