"""Witnesses in tests, and a log whose every size is signed for them."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from infra.log.checkpoints import Checkpoint
from infra.log.merkle import HASH_BYTES, consistency_proof, perfect_root, root
from infra.log.signed_notes import SignedNote, SignerKey
from infra.log.submission import Submission
from infra.log.witness import Cosigner
from infra.log.witness_memory import WitnessMemory
from tests.logs import SIGNER, WITNESS

SEEN_AT = 1_700_000_000


class History:
    """A history of leaves under the name of the log; another seed makes another history."""

    def __init__(self, seed: str = "told", *, common: int = 0) -> None:
        """The first `common` leaves are those of the history "told"."""
        self._leaf = lambda number: sha256(
            f"{'told' if number < common else seed} {number}".encode()
        ).digest()

    def subtree(self, level: int, number: int) -> bytes:
        width = 1 << level
        leaves = range(number * width, (number + 1) * width)
        row = b"".join(map(self._leaf, leaves))
        assert len(row) == width * HASH_BYTES
        return perfect_root(row)

    def note(self, size: int, *extension: str, signer: SignerKey = SIGNER) -> SignedNote:
        """The signed checkpoint of so many leaves."""
        text = Checkpoint(SIGNER.name, size, root(size, self.subtree)).text
        text += "".join(f"{line}\n" for line in extension)
        return SignedNote(text, (signer.sign(text),))

    def submission(self, old: int, size: int, *extension: str) -> Submission:
        proof = consistency_proof(old, size, self.subtree)
        return Submission.of(self.note(size, *extension), old, tuple(proof))


@contextmanager
def cosigner_at(path: Path, key: SignerKey = WITNESS) -> Iterator[Cosigner]:
    """A witness of the log of the tests, with its memory in that file."""
    with closing(WitnessMemory(path, key.verifier, begins=True)) as memory:
        yield Cosigner(key, {SIGNER.name: [SIGNER.verifier]}, memory, lambda: SEEN_AT)


def free_port() -> int:
    """A port of loopback on which nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
