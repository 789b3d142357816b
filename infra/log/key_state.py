"""The state of a signing key: the last checkpoint that the key signed, in a file beside the key.

`keygen` writes the first state, the signed checkpoint of an empty log. A key without a state has
lost it, so deleting the file is never the same as a fresh start.

* KeyBusy   another process signs with the key for too long
* BadState  the state can't be read or written, or is of another key
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from time import monotonic, sleep

from domain.refusals import Refusal
from infra.durable_files import replace_durably
from infra.log.checkpoints import Checkpoint
from infra.log.merkle import EMPTY_ROOT
from infra.log.signed_notes import LONGEST_NOTE, BadNote, SignedNote, SignerKey

_PATIENCE, _POLL = 60.0, 0.01
"""The most seconds to wait for another process with the same key, and between two looks."""


class KeyBusy(Refusal):
    """Another process signs with the key, and doesn't end."""

    def __init__(self, key: Path) -> None:
        super().__init__(
            f"another process has been signing with the key {key} for {_PATIENCE:.0f} seconds; "
            "a key is for a single node"
        )


class BadState(Refusal):
    """The state of a key can't be read or written, or is none of this key's."""


class KeyState:
    """The file with the last checkpoint that a key signed."""

    def __init__(self, key: Path) -> None:
        # A link to the key is the same key, and has the same state.
        self._key = key.resolve()
        self.path = self._key.with_name(f"{self._key.name}.state")

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Inside the block no other thread or process signs with the key. Raises KeyBusy."""
        try:
            opened = os.open(self._key, os.O_RDONLY)
        except OSError as refused:
            raise BadState(f"{self._key} can't be read: {refused.strerror}") from None
        try:
            _lock(opened, self._key)
            yield
        finally:
            os.close(opened)

    def read(self, signer: SignerKey) -> SignedNote | None:
        """The checkpoint that the key signed last; None where the file is missing.

        Raises BadState.
        """
        try:
            with self.path.open("rb") as file:
                text = file.read(LONGEST_NOTE + 1).decode()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as unreadable:
            raise BadState(f"{self} can't be read: {_why(unreadable)}") from None
        try:
            note = SignedNote.parse(text)
            origin = Checkpoint.parse(note.text).origin
        except BadNote as bad:
            raise BadState(f"{self} is no state of a key: {bad}; {_PUT_BACK}") from None
        made, _ = note.checked([signer.verifier])
        if origin != signer.name or not made:
            raise BadState(
                f"{self} is of the log {origin}, and not signed by the key {signer.name} beside "
                f"it; {_PUT_BACK}"
            )
        return note

    def write(self, note: SignedNote) -> None:
        """Replaces the state whole or not at all, durably. Raises BadState."""
        try:
            replace_durably(self.path, str(note).encode(), mode=0o600)
        except OSError as refused:
            raise BadState(
                f"{self} can't be written: {refused.strerror}; before a node signs, it keeps there "
                "what it is about to sign, so the folder of the key has to be writable for it"
            ) from None


def first_state(signer: SignerKey) -> SignedNote:
    """The state of a key that has signed nothing: the checkpoint of an empty log."""
    text = Checkpoint(signer.name, 0, EMPTY_ROOT).text
    return SignedNote(text, (signer.sign(text),))


_PUT_BACK = "put the key's own state back, or move this file away and see 'tenure remember --help'"


def _lock(opened: int, key: Path) -> None:
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            flock(opened, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                raise KeyBusy(key) from None
            sleep(_POLL)
        except OSError as refused:
            raise BadState(f"{key} can't be locked: {refused.strerror}") from None
        else:
            return


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
