"""Does the log go as far as its signer remembers, and are the signer's memories there?"""

from infra.findings import Finding, Wrong
from infra.ledger.ledger import Ledger
from infra.log.checkpoints import Checkpoint
from infra.log.file import Log
from infra.log.key_files import Keys
from infra.log.key_state import BadState
from infra.log.signer_memory import Remembered, SignerMemory, missing_words

_BEGIN = (
    "the log of this ledger has not been begun, so the key {name} has signed nothing of it; "
    "'tenure serve' with TENURE_SIGNING_KEY begins the log. If there was one, it was taken away "
    "with all that remembers it: --checkpoint FILE compares the ledger with one kept elsewhere"
)


class MemoryCheck:
    """The memories of a node's signer, read once, while nobody signs."""

    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        """Raises BadKey and KeyBusy."""
        self._ledger, self._signer = ledger, keys.signer
        self._memory = SignerMemory(ledger, keys)
        self._bad: list[Finding] = []
        self.remembered: list[Remembered] = []
        """The readable checkpoints of both memories."""
        with self._memory.locked():
            self._read()
            self.head = ledger.head

    def comparable(self, log: Log) -> list[Remembered]:
        """The checkpoints to hold a log to. A log that is behind its ledger may be behind what the
        nodes of other keys have signed."""
        last = log.last
        goes_on = self.head > (last.position if last else 0)
        return [
            each
            for each in self.remembered
            if not goes_on or each.checkpoint.size <= log.size or self._is_own(each)
        ]

    def ahead(self, log: Log) -> list[Remembered]:
        """The checkpoints of more leaves than the log has, while the ledger goes on."""
        last = log.last
        if self.head <= (last.position if last else 0):
            return []
        return [each for each in self.remembered if each.checkpoint.size > log.size]

    def differing(self, ahead: list[Remembered], whole: Log) -> list[Finding]:
        """The findings about these checkpoints beside a log made of the whole ledger."""
        return [
            Finding(
                Wrong.MEMORY_DIFFERS,
                f"{each.place} remembers a checkpoint of {each.checkpoint.size:,} leaves that was "
                f"signed as {each.checkpoint.origin}, and the ledger doesn't begin with them",
                size=each.checkpoint.size,
            )
            for each in ahead
            if not _begins_with(whole, each.checkpoint)
        ]

    def findings(self, log: Log | None) -> list[Finding]:
        """The findings about the memories beside a kept log, or beside none."""
        return [*self._bad, *self._missing(log), *self._no_log(log)]

    def _read(self) -> None:
        for read in (self._beside_key, self._memory.in_ledger):
            try:
                self.remembered += read()
            except BadState as bad:
                self._bad.append(Finding(Wrong.MEMORY_DIFFERS, str(bad)))

    def _beside_key(self) -> list[Remembered]:
        beside = self._memory.beside_key()
        return [beside] if beside else []

    def _missing(self, log: Log | None) -> list[Finding]:
        if self._bad:
            return []
        return [
            Finding(Wrong.MEMORY_MISSING, f"{missing_words(place)}; see 'tenure remember --help'")
            for place in self._memory.missing(log)
        ]

    def _no_log(self, log: Log | None) -> list[Finding]:
        if (log and log.size) or not self.head:
            return []
        last = max(self.remembered, key=lambda each: each.checkpoint.size, default=None)
        if last and last.checkpoint.size:
            message = (
                f"the log is missing or empty, and {last.place} remembers a checkpoint of "
                f"{last.checkpoint.size:,} leaves that was signed as {last.checkpoint.origin}: put "
                "the log back from a copy, or see 'tenure rebuild --help'"
            )
            return [Finding(Wrong.LOG_MISSING, message, size=last.checkpoint.size)]
        if self._signer:
            return [Finding(Wrong.UNSIGNED, _BEGIN.format(name=self._signer.name))]
        return []

    def _is_own(self, each: Remembered) -> bool:
        return self._signer is not None and each.checkpoint.origin == self._signer.name


def _begins_with(log: Log, signed: Checkpoint) -> bool:
    return signed.size <= log.size and log.root(signed.size) == signed.root
