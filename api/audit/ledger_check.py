"""Was the ledger rewritten? It is held to its log, to kept checkpoints, and to its own index."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.findings import Finding, Wrong
from infra.ledger.codec import NewerEntry
from infra.ledger.index_check import IndexCheck
from infra.ledger.ledger import Ledger
from infra.log.check import check_log
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.signed_notes import Note
from infra.log.transparency_log import TransparencyLog
from infra.views.file import Progress

Watch = Callable[[str, int], AbstractContextManager[Progress]]
"""Opens a progress bar: what is being done, and how much of it there is."""


@dataclass(frozen=True, slots=True)
class LogChecked:
    """What the ledger was held to."""

    size: int
    """The number of leaves in the log."""
    position: int
    """That of its last leaf in the ledger, which may go on behind it."""
    root: bytes | None
    """None where something is wrong."""
    is_kept: bool
    """Whether this node keeps the log; else it was made of the ledger for the occasion."""
    checkpoints: int
    """How many signed checkpoints there were, in the log and from elsewhere."""
    keys: tuple[str, ...]
    """Whose signatures were checked."""


@dataclass(frozen=True, slots=True)
class LedgerChecked:
    """What came of it."""

    head: int
    """The last position of the ledger."""
    log: LogChecked | None
    """None where there is no log, and nobody brought a checkpoint."""
    findings: tuple[Finding, ...]

    @property
    def is_only_unsigned(self) -> bool:
        """Whether nothing was found altered, but not everything is signed by a known key."""
        return all(each.wrong is Wrong.UNSIGNED for each in self.findings)


def check_ledger(
    ledger: Ledger, path: Path, keys: Keys, *, seen: Sequence[Note], watch: Watch
) -> LedgerChecked:
    """Holds the ledger to the log at that path, and to checkpoints that somebody has seen.

    Raises BadKey, BadNote, NotALogFile, and NewerEntry where nothing else is wrong.
    """
    head = ledger.head
    checked, findings = None, list[Finding]()
    with watch("Checking the index", 1) as advance:
        index = IndexCheck(ledger, until=head)
        advance(1)
    is_kept = path.exists()
    if is_kept or seen:
        with _log(ledger, path, keys, is_kept=is_kept, watch=watch, head=head) as log:
            checked, findings = _held_to(log, index, seen, is_kept=is_kept, watch=watch)
    with watch("Checking the entries", head - index.reached) as advance:
        try:
            findings += index.finish(advance)
        except NewerEntry:
            if not findings:
                raise
    return LedgerChecked(head, checked, tuple(findings))


@contextmanager
def _log(
    ledger: Ledger, path: Path, keys: Keys, *, is_kept: bool, watch: Watch, head: int
) -> Iterator[TransparencyLog]:
    if is_kept:
        with closing(LogFile(path)) as file:
            yield TransparencyLog(ledger, file, keys)
        return
    with (
        TemporaryDirectory(dir=path.parent, prefix=f"{path.stem}-") as folder,
        closing(LogFile(Path(folder, path.name))) as file,
    ):
        log = TransparencyLog(ledger, file, Keys())
        with watch("Hashing", head) as advance:
            log.catch_up(head, advance)
        yield TransparencyLog(ledger, file, keys)


def _held_to(
    log: TransparencyLog, index: IndexCheck, seen: Sequence[Note], *, is_kept: bool, watch: Watch
) -> tuple[LogChecked, list[Finding]]:
    signer = log.keys.signer
    keys = [*([signer.verifier] if signer else []), *log.keys.witnesses]
    size = log.log.size
    with watch("Checking entries and log", size) as advance:
        findings = check_log(index, log.log, keys, seen=seen, progress=advance)
    if is_kept and signer and (unsigned := _unsigned(log, signer.name, size)):
        findings.append(unsigned)
    if not is_kept:
        findings = [each for each in findings if each.wrong is not Wrong.CHECKPOINT_WITHHELD]
    signed = sum(1 for _ in log.log.checkpoints()) + len(seen)
    root = None if findings else log.log.root(size)
    last = log.log.last
    at = last.position if last else 0
    return LogChecked(size, at, root, is_kept, signed, tuple(key.name for key in keys)), findings


def _unsigned(log: TransparencyLog, name: str, size: int) -> Finding | None:
    """What of the log the node's own key has not signed. A node signs after every step, so either
    the key is new here, or somebody has taken checkpoints away: the log alone can't tell which."""
    newest = log.log.checkpoint(name)
    if newest and newest.size >= size:
        return None
    if newest:
        message = (
            f"the key {name} has signed the first {newest.size:,} of the {size:,} leaves of this "
            "log. If the rest came in while no node with that key ran, 'tenure serve' signs it; if "
            "not, newer checkpoints were taken away"
        )
    else:
        message = (
            f"the key {name} has not signed any of the {size:,} leaves of this log yet: 'tenure "
            "serve' with TENURE_SIGNING_KEY signs them. If it had signed before, its checkpoints "
            "were taken away"
        )
    kept = "--checkpoint FILE compares the ledger with one that was kept elsewhere"
    return Finding(Wrong.UNSIGNED, f"{message}; {kept}", size=size)
