"""Asks a witness for its cosignature: the client of C2SP tlog-witness.

* NotCosigned  the witness refused, or what came back is no cosignature
* WitnessAhead the witness cosigned more leaves than this log has
"""

from domain.refusals import Refusal
from infra.log.checkpoints import Checkpoint
from infra.log.http_exchange import HttpAnswer, HttpExchange
from infra.log.signed_notes import LONGEST_NOTE, BadNote, Signature, SignedNote, VerifierKey
from infra.log.submission import SIZE, SIZE_TYPE, Submission
from infra.log.transparency_log import TransparencyLog

_LONGEST_ANSWER = 15.0  # seconds
_ATTEMPTS = 3
"""The submissions in a row after a witness told another size each time."""


class NotCosigned(Refusal):
    """A witness gave no cosignature; the message says why."""


class WitnessAhead(NotCosigned):
    """The witness cosigned more leaves than this log has."""

    def __init__(self, size: int, ours: int) -> None:
        super().__init__(
            f"it has cosigned {size:,} leaves of this log, which has {ours:,} here: another node "
            "signs with the same key, or this log was rolled back"
        )


class WitnessClient:
    """A witness, as a log submits checkpoints; used by one thread."""

    def __init__(
        self, log: TransparencyLog, key: VerifierKey, url: str, *, seconds: float = _LONGEST_ANSWER
    ) -> None:
        """Raises BadAddress."""
        self.key, self._log = key, log
        self.size: int | None = None
        """The number of leaves that the witness cosigned last, as far as is known."""
        self._exchange = HttpExchange(url, user_agent="tenure serve", longest_answer=seconds)

    def close(self) -> None:
        self._exchange.close()

    def submit(self, note: SignedNote) -> Signature:
        """The cosignature of a checkpoint of this log. Raises NotCosigned and NoAnswer."""
        checkpoint = Checkpoint.parse(note.text)
        for _ in range(_ATTEMPTS):
            old = self.size or 0
            if old > checkpoint.size:
                raise WitnessAhead(old, checkpoint.size)
            answer = self._post(note, old, checkpoint.size)
            if answer.status == 200:
                made = self._cosignature(note, answer)
                self.size = checkpoint.size
                return made
            if answer.status != 409:
                why = answer.body.decode(errors="replace")[:200].strip()
                raise NotCosigned(f"it answers with status {answer.status}: {why!r}")
            self.size = _size_in(answer)
        raise NotCosigned(f"it told another size {_ATTEMPTS} times in a row, {self.size} last")

    def _post(self, note: SignedNote, old: int, size: int) -> HttpAnswer:
        proof = self._log.consistency(old, size).hashes
        submission = Submission.of(note, old, tuple(proof))
        return self._exchange.post(
            "add-checkpoint", submission.body, "text/plain; charset=utf-8", LONGEST_NOTE
        )

    def _cosignature(self, note: SignedNote, answer: HttpAnswer) -> Signature:
        """The signature by the witness's key; lines of unknown keys are passed over."""
        try:
            answered = SignedNote.parse(f"{note.text}\n{answer.body.decode()}")
        except (UnicodeDecodeError, BadNote) as bad:
            raise NotCosigned(f"its answer is no cosignature: {bad}") from None
        made, forged = answered.checked([self.key])
        if forged:
            raise NotCosigned(str(forged[0]))
        if not made:
            names = ", ".join(sorted({ascii(each.name) for each in answered.signatures}))
            raise NotCosigned(f"its answer is signed by {names}, not by the key given for it")
        if made[0].witnessed_at == 0:
            raise NotCosigned("its cosignature tells no time")
        return made[0]


def _size_in(answer: HttpAnswer) -> int:
    text = answer.body.decode(errors="replace").removesuffix("\n")
    if answer.type.partition(";")[0].strip() != SIZE_TYPE or not SIZE.fullmatch(text):
        raise NotCosigned(f"it answers with status 409, and tells no size: {text[:60]!r}")
    return int(text)
