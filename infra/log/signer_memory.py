"""What was signed last, remembered outside the log: beside the key, and in the ledger's database.

A log and its ledger can be rewritten together. The signer therefore keeps each checkpoint in both
memories before the signature leaves, and signs nothing that contradicts either. UmaDB has no place
for the ledger's memory.

* MemoryMissing  a memory that the signer had is gone
* WouldFork      the log contradicts a signed checkpoint
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from domain.refusals import Refusal
from infra.ledger.ledger import Ledger
from infra.log.checkpoints import Checkpoint
from infra.log.file import Log
from infra.log.key_files import Keys
from infra.log.key_state import BadState, first_state
from infra.log.signed_notes import BadNote, SignedNote

IN_LEDGER = "the ledger's database"


class Remembered(NamedTuple):
    """A checkpoint in a memory."""

    checkpoint: Checkpoint
    note: SignedNote
    place: str
    """The memory, in words."""


class Memories(NamedTuple):
    """Both memories, as they were read."""

    beside_key: Remembered | None
    in_ledger: tuple[Remembered, ...]
    """The ledger may remember the checkpoints of other keys too."""

    @property
    def all(self) -> list[Remembered]:
        """Every remembered checkpoint."""
        return [*([self.beside_key] if self.beside_key else []), *self.in_ledger]


class MemoryMissing(Refusal):
    """A memory of the signer is gone, so the last signed checkpoint may be unknown."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{missing_words(place)}; nothing is signed. Put it back from a copy, or, where there "
            "is none, acknowledge the loss: 'tenure remember' takes the last checkpoint from what "
            "is left"
        )


class WouldFork(Refusal):
    """The log contradicts a signed checkpoint."""

    def __init__(self, signed: Checkpoint, size: int, place: str | None = None) -> None:
        signed_as = f"{signed.origin} ({place} remembers it)" if place else signed.origin
        super().__init__(
            f"a checkpoint of {signed.size:,} leaves was signed as {signed_as}, and the log, which "
            f"has {size:,}, doesn't begin with them; nothing more is signed. "
            "Entries were rewritten or taken away since, or this is another ledger or an older "
            "copy: 'tenure verify' says which entries. Put back the ledger that was signed; a "
            "ledger that is lost goes on under a new key with a new name"
        )


def missing_words(place: str) -> str:
    """The loss of a memory, in words."""
    if place == IN_LEDGER:
        return f"{IN_LEDGER} doesn't hold the last checkpoint any more that the key signed"
    return f"there is no {place}, where the key's last checkpoint stands from the start"


class SignerMemory:
    """Both memories of a node's signer."""

    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        self._ledger, self._keys = ledger, keys

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Inside the block nobody else signs with the key. Raises KeyBusy and BadState."""
        if state := self._keys.state:
            with state.locked():
                yield
        else:
            yield

    def read(self) -> Memories:
        """Raises BadState."""
        return Memories(self.beside_key(), tuple(self.in_ledger()))

    def beside_key(self) -> Remembered | None:
        """The key's memory. Raises BadState."""
        signer, state = self._keys.signer, self._keys.state
        note = state.read(signer) if signer and state else None
        return Remembered(Checkpoint.parse(note.text), note, str(state)) if note else None

    def in_ledger(self) -> list[Remembered]:
        """The ledger's memory. Raises BadState."""
        return [self._in_ledger(text) for text in self._ledger.kept_checkpoints()]

    def missing(self, log: Log | None, held: Memories | None = None) -> list[str]:
        """The places of the memories that are gone: the key's state always has to stand, the
        ledger's memory once the key has signed an entry. Raises BadState."""
        signer, state = self._keys.signer, self._keys.state
        if signer is None:
            return []
        beside, in_ledger = held or self.read()
        gone = [str(state)] if state and beside is None else []
        signed = log.signed_by(signer.verifier) if log else None
        has_signed = signed is not None or (beside is not None and beside.checkpoint.size > 0)
        names = {each.checkpoint.origin for each in in_ledger}
        if has_signed and self._ledger.keeps_checkpoints and signer.name not in names:
            gone.append(IN_LEDGER)
        return gone

    def admits(self, log: Log) -> bool:
        """Holds a log to all memories; returns whether the log reaches as far as they do.

        A log behind them has to reach further before its next signature, as long as the ledger goes
        on. Raises MemoryMissing, WouldFork and BadState.
        """
        held = self.read()
        for place in self.missing(log, held):
            raise MemoryMissing(place)
        size, is_behind = log.size, False
        for each in held.all:
            signed = each.checkpoint
            if signed.size > size:
                is_behind = True
                last = log.last
                if self._ledger.head <= (last.position if last else 0):
                    raise WouldFork(signed, size, each.place)
            elif log.root(signed.size) != signed.root:
                raise WouldFork(signed, size, each.place)
        return not is_behind

    def refuse_unwritable(self) -> None:
        """Writes the key's state as it stands, to see that the next one can be. Raises BadState."""
        if (state := self._keys.state) and (beside := self.beside_key()):
            state.write(beside.note)

    def keep(self, note: SignedNote) -> None:
        """Keeps a signed checkpoint in both memories. Raises BadState."""
        signed, held = Checkpoint.parse(note.text), self.read()
        # The ledger's first: while it remembers nothing, the key's state is that of a new key.
        if signed.size and note not in [each.note for each in held.in_ledger]:
            self._ledger.keep_checkpoint(signed.origin, str(note))
        if (state := self._keys.state) and (
            held.beside_key is None or held.beside_key.note != note
        ):
            state.write(note)

    def restore(self, log: Log, kept: Sequence[SignedNote]) -> Remembered:
        """Writes the missing memories from what is left: the other memory, the log, and checkpoints
        kept elsewhere. Raises BadState, BadNote, Forged, and WouldFork where they differ."""
        signer = self._keys.signer
        assert signer
        known = [each for each in self.read().all if each.checkpoint.origin == signer.name]
        if newest := log.signed_by(signer.verifier):
            known.append(Remembered(newest, log.note(newest), "the log"))
        for note in kept:
            given = Checkpoint.parse(note.text)
            if given.origin != signer.name or not note.verified([signer.verifier]):
                raise BadNote(f"a checkpoint that was given is not signed by {signer.name}")
            known.append(Remembered(given, note, "a checkpoint"))
        first = first_state(signer)
        known.append(Remembered(Checkpoint.parse(first.text), first, "nothing"))
        last = max(known, key=lambda each: each.checkpoint.size)
        size = log.size
        for each in known:
            signed = each.checkpoint
            is_another = signed.size == last.checkpoint.size and signed != last.checkpoint
            if is_another or (signed.size <= size and log.root(signed.size) != signed.root):
                raise WouldFork(signed, size, each.place)
        self.keep(SignedNote(last.checkpoint.text, (signer.sign(last.checkpoint.text),)))
        return last

    def _in_ledger(self, text: str) -> Remembered:
        try:
            note = SignedNote.parse(text)
            checkpoint = Checkpoint.parse(note.text)
        except BadNote as bad:
            raise BadState(f"{IN_LEDGER} holds no signed checkpoint where one was: {bad}") from None
        signer = self._keys.signer
        if signer and note.checked([signer.verifier])[1]:
            raise BadState(f"{IN_LEDGER} holds a checkpoint that the key didn't sign as it stands")
        return Remembered(checkpoint, note, IN_LEDGER)
