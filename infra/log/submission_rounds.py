"""Which checkpoint do the witnesses cosign now?

Checkpoints may come faster than witnesses answer. In a round all witnesses are asked about the
newest checkpoint at its start, so that the cosignatures come together; all are kept at once, so
that a reader finds either every cosignature or none. A failing or slow witness holds up nobody.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock

from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import Signature, SignedNote, VerifierKey
from infra.log.transparency_log import TransparencyLog

_LONGEST_ROUND = 10.0  # seconds


class SubmissionRounds:
    """The current checkpoint, and the witnesses with a cosignature; for a thread each."""

    def __init__(
        self,
        log: TransparencyLog,
        witnesses: Sequence[VerifierKey],
        *,
        longest: float = _LONGEST_ROUND,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._witnesses = log, witnesses
        self._longest, self._now = longest, now
        self._lock = Lock()
        self._note: SignedNote | None = None
        self._began = 0.0
        self._made: dict[VerifierKey, Signature] = {}
        """The cosignatures of the round, before they are kept."""
        self._done: set[VerifierKey] = set()
        self._failing: set[VerifierKey] = set()

    def next_for(self, witness: VerifierKey) -> SignedNote | None:
        """The checkpoint for a witness to cosign now, with the signatures of the log."""
        with self._lock:
            if self._note is None or self._is_over:
                self._begin()
            return None if witness in self._done else self._note

    def cosigned(self, witness: VerifierKey, note: SignedNote, made: Signature) -> None:
        """Takes a cosignature. Raises the refusals of TransparencyLog.add_cosignatures."""
        with self._lock:
            self._failing.discard(witness)
            if self._note is None or note.text != self._note.text:
                # The round is over; its checkpoint is cosigned all the same.
                self._log.add_cosignatures(SignedNote(note.text, (made,)))
                return
            self._made[witness] = made
            self._done.add(witness)
            if self._is_over:
                self._keep()

    def failed(self, witness: VerifierKey) -> None:
        """Goes on without a witness until its next cosignature."""
        with self._lock:
            self._failing.add(witness)

    def keep(self) -> None:
        """Keeps the cosignatures of an unfinished round."""
        with self._lock:
            self._keep()

    @property
    def _is_over(self) -> bool:
        awaited = set(self._witnesses) - self._done - self._failing
        return not awaited or self._now() - self._began >= self._longest

    def _begin(self) -> None:
        self._keep()
        newest = self._log.checkpoint()
        if newest is None or Checkpoint.parse(newest.text).size == 0:
            return
        if self._note is None or newest.text != self._note.text:
            own, _ = newest.checked(self._own_keys)
            self._note, self._began = SignedNote(newest.text, tuple(own)), self._now()
            names = {(each.name, each.key_id) for each in newest.signatures}
            self._done = {each for each in self._witnesses if (each.name, each.id) in names}

    def _keep(self) -> None:
        made, self._made = self._made, {}
        if self._note and made:
            self._log.add_cosignatures(SignedNote(self._note.text, tuple(made.values())))

    @property
    def _own_keys(self) -> list[VerifierKey]:
        signer = self._log.keys.signer
        return [signer.verifier] if signer else []
