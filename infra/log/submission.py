"""A checkpoint on its way to a witness: C2SP tlog-witness.

* SubmissionRefused        a witness doesn't cosign; each class has the HTTP status of the protocol
  - MalformedSubmission    the body has another form, or an old size above the checkpoint's
  - NotSignedByLog         no known key of the log made a signature
  - UnwatchedLog           the witness doesn't watch a log of this name
  - OtherSize              the witness cosigned another size last
  - NotContinued           the checkpoint doesn't continue the cosigned tree
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from domain.refusals import Refusal
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES
from infra.log.signed_notes import LONGEST_NOTE, BadNote, SignedNote

MOST_HASHES = 63
"""The most hashes of a consistency proof."""
LONGEST_SUBMISSION = LONGEST_NOTE + 4_096  # bytes
SIZE_TYPE = "text/x.tlog.size"
"""The content type of an answer with the size that a witness cosigned last."""
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class SubmissionRefused(Refusal):
    """A witness doesn't cosign the checkpoint; the message says why."""

    status = 400


class MalformedSubmission(SubmissionRefused):
    """The body is no submission."""


class NotSignedByLog(SubmissionRefused):
    """No key that the witness knows for the log made a signature, or a signature is forged."""

    status = 403


class UnwatchedLog(SubmissionRefused):
    """The witness doesn't watch a log of this name."""

    status = 404

    def __init__(self, origin: str) -> None:
        super().__init__(f"this witness does not watch a log called {origin}")


class OtherSize(SubmissionRefused):
    """The witness cosigned another size last than the submission begins with."""

    status = 409

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness cosigned {size} leaves of this log last")
        self.size = size


class NotContinued(SubmissionRefused):
    """The checkpoint doesn't continue the tree that the witness cosigned last."""

    status = 422


@dataclass(frozen=True, slots=True)
class Submission:
    """A signed checkpoint, with the proof that its tree continues an older tree."""

    old: int
    """The number of leaves in the older tree."""
    proof: tuple[bytes, ...]
    note: SignedNote
    checkpoint: Checkpoint

    @staticmethod
    def of(note: SignedNote, old: int = 0, proof: tuple[bytes, ...] = ()) -> "Submission":
        """The submission of a note. Raises BadNote."""
        return Submission(old, proof, note, extensible_checkpoint(note.text))

    @staticmethod
    def parse(body: bytes) -> "Submission":
        """Raises MalformedSubmission."""
        try:
            head, separator, note = body.decode().partition("\n\n")
            if not separator:
                raise MalformedSubmission("there is no empty line above a checkpoint")
            old, *hashes = head.split("\n")
            submission = Submission.of(SignedNote.parse(note), _old(old), _proof(hashes))
        except (UnicodeDecodeError, BadNote) as bad:
            raise MalformedSubmission(str(bad)) from None
        if submission.old > submission.checkpoint.size:
            raise MalformedSubmission(
                f"a checkpoint of {submission.checkpoint.size} leaves can't continue "
                f"{submission.old}"
            )
        return submission

    @property
    def body(self) -> bytes:
        hashes = [b64encode(each).decode() for each in self.proof]
        return "\n".join([f"old {self.old}", *hashes, "", str(self.note)]).encode()


def extensible_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a text that may end in lines of extension, as other logs have them.

    Raises BadNote.
    """
    lines = text.split("\n")
    if "" in lines[:-1]:
        raise BadNote("a checkpoint has no empty lines")
    return Checkpoint.parse("\n".join([*lines[:3], ""]))


def _old(line: str) -> int:
    word, _, size = line.partition(" ")
    if word != "old" or not SIZE.fullmatch(size):
        raise MalformedSubmission(f"{line[:60]!r} is not 'old' and a number of leaves")
    return int(size)


def _proof(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_HASHES:
        raise MalformedSubmission(f"a proof has at most {MOST_HASHES} hashes")
    return tuple(map(_hash, lines))


def _hash(line: str) -> bytes:
    try:
        found = b64decode(line, validate=True)
    except ValueError:
        found = b""
    if len(found) != HASH_BYTES or b64encode(found).decode() != line:
        raise MalformedSubmission(f"{line[:60]!r} is not the base64 of a hash")
    return found
