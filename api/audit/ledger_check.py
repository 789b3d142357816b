"""Was the ledger rewritten? Held to its log, to kept checkpoints, and to its own index."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from api.audit.memory_check import MemoryCheck
from infra.findings import Finding, Wrong
from infra.ledger.clock import RaisedTime
from infra.ledger.codec import NewerEntry
from infra.ledger.index_check import IndexCheck
from infra.ledger.ledger import Ledger
from infra.ledger.outages import LedgerUnavailable, Outage
from infra.log.check import check_log
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.signed_notes import SignedNote
from infra.log.transparency_log import TransparencyLog
from infra.views.file import Progress

ProgressBars = Callable[[str, int], AbstractContextManager[Progress]]
"""Opens a progress bar with a label and a length."""


@dataclass(frozen=True, slots=True)
class LogCertificate:
    """The log beside the ledger, and the checks made with the log."""

    size: int
    """The number of leaves in the log."""
    position: int
    """The position of the last leaf's entry; the ledger may go on."""
    root: bytes | None
    """None where something is wrong."""
    is_kept: bool
    """Whether this node keeps the log; else the log was made from the ledger for the check."""
    checkpoints: int
    """How many signed checkpoints there were, in the log and from elsewhere."""
    keys: tuple[str, ...]
    """The names of keys with checked signatures."""


@dataclass(frozen=True, slots=True)
class LedgerCertificate:
    """The result of the check."""

    head: int
    """The last position of the ledger."""
    log: LogCertificate | None
    """None where there is no log, and nobody brought a checkpoint."""
    findings: tuple[Finding, ...]
    raised: int = 0
    """How many entries count as recorded later than their writers said."""
    first_raised: tuple[RaisedTime, ...] = ()
    """The first few of them."""

    @property
    def is_altered(self) -> bool:
        """Whether something is not as it was recorded."""
        return any(
            not (each.wrong.is_of_reading or each.wrong.is_of_time) for each in self.findings
        )

    @property
    def is_only_unsigned(self) -> bool:
        """Whether nothing was found altered, but not everything is signed by a known key."""
        return all(each.wrong is Wrong.UNSIGNED for each in self.findings)

    @property
    def has_index_alone(self) -> bool:
        """Whether no log is kept, and nothing was found in the index of the ledger."""
        kinds = {Wrong.UNSIGNED, Wrong.WAL_MISSING}
        return not self.log and all(each.wrong in kinds for each in self.findings)

    @property
    def is_only_unproven(self) -> bool:
        """Whether nothing was found altered, but something is missing of what proves that."""
        unproven = {Wrong.UNSIGNED, Wrong.LOG_MISSING, Wrong.MEMORY_MISSING, Wrong.WAL_MISSING}
        if self.log and self.log.position < self.head:  # the ledger holds what the log has not
            unproven.add(Wrong.MEMORY_AHEAD)
        return all(each.wrong in unproven for each in self.findings)


def check_ledger(
    ledger: Ledger, path: Path, keys: Keys, *, seen: Sequence[SignedNote], bars: ProgressBars
) -> LedgerCertificate:
    """Holds the ledger to the log at a path, and to checkpoints kept elsewhere.

    Raises BadKey, BadNote, NotALogFile, KeyBusy, and NewerEntry where nothing else is wrong.
    """
    head = ledger.head
    with bars("Checking the file", 1) as advance:
        damage = ledger.file_faults()
        advance(1)
    try:
        certificate = _check_entries(ledger, path, keys, head, seen, bars)
    except LedgerUnavailable as out:
        if out.outage is not Outage.DAMAGED:
            raise
        damage = damage or [Finding(Wrong.FILE_DAMAGED, str(out))]
        return LedgerCertificate(head, None, tuple(damage))
    return replace(certificate, findings=(*damage, *certificate.findings))


def _check_entries(
    ledger: Ledger,
    path: Path,
    keys: Keys,
    head: int,
    seen: Sequence[SignedNote],
    bars: ProgressBars,
) -> LedgerCertificate:
    checked, findings = None, list[Finding]()
    with bars("Checking the index", 1) as advance:
        index = IndexCheck(ledger, until=head)
        advance(1)
    is_kept = _is_begun(path) or (head == 0 and path.exists())
    # The memories are read first: a node may sign on meanwhile.
    memory = MemoryCheck(ledger, keys)
    if is_kept or seen or any(each.checkpoint.size for each in memory.remembered):
        with _log(ledger, path, keys, is_kept=is_kept, bars=bars, head=head) as log:
            checked, findings = _check_with_log(
                log, index, seen, memory, is_kept=is_kept, bars=bars
            )
            ahead = memory.ahead(log.log)
        if ahead:
            with _log(ledger, path, keys, is_kept=False, bars=bars, head=head) as whole:
                findings += memory.differing(ahead, whole.log)
    else:
        findings = memory.findings(None)
    with bars("Checking the entries", head - index.reached) as advance:
        try:
            findings += index.finish(advance)
        except NewerEntry:
            if not findings:
                raise
    times = index.clock
    findings += times.findings
    raised = tuple(times.raised)
    return LedgerCertificate(head, checked, tuple(findings), times.count, raised)


def _is_begun(path: Path) -> bool:
    """Whether there is a log at the path that holds anything."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with closing(LogFile(path)) as file:
        return file.log.size > 0 or file.log.has_signatures


@contextmanager
def _log(
    ledger: Ledger, path: Path, keys: Keys, *, is_kept: bool, bars: ProgressBars, head: int
) -> Iterator[TransparencyLog]:
    if is_kept:
        with closing(LogFile(path)) as file:
            yield TransparencyLog(ledger, file, keys)
        return
    with (
        TemporaryDirectory(dir=_writable(path.parent), prefix=f"{path.stem}-") as folder,
        closing(LogFile(Path(folder, path.name))) as file,
    ):
        log = TransparencyLog(ledger, file, Keys())
        with bars("Hashing", head) as advance:
            log.catch_up(head, advance)
        yield TransparencyLog(ledger, file, keys)


def _writable(folder: Path) -> Path | None:
    """The folder; None, for the system's own of passing files, where nothing can be written."""
    return folder if os.access(folder, os.W_OK) else None


def _check_with_log(
    log: TransparencyLog,
    index: IndexCheck,
    seen: Sequence[SignedNote],
    memory: MemoryCheck,
    *,
    is_kept: bool,
    bars: ProgressBars,
) -> tuple[LogCertificate, list[Finding]]:
    signer = log.keys.signer
    keys = [*([signer.verifier] if signer else []), *log.keys.witnesses]
    size = log.log.size
    with bars("Checking entries and log", size) as advance:
        findings = check_log(
            index,
            log.log,
            keys,
            seen=seen,
            remembered=memory.comparable(log.log),
            progress=advance,
        )
    findings += memory.findings(log.log if is_kept else None)
    if is_kept and size and signer and (unsigned := _unsigned(log, signer.name, size)):
        findings.append(unsigned)
    if not is_kept:
        findings = [each for each in findings if each.wrong is not Wrong.CHECKPOINT_WITHHELD]
    remembered = {each.checkpoint for each in memory.remembered if each.checkpoint.size}
    signed = sum(1 for _ in log.log.checkpoints()) + len(seen)
    signed += sum(log.log.checkpoint(each.origin, each.size) is None for each in remembered)
    root = None if findings else log.log.root(size)
    last = log.log.last
    at = last.position if last else 0
    return LogCertificate(
        size, at, root, is_kept, signed, tuple(key.name for key in keys)
    ), findings


def _unsigned(log: TransparencyLog, name: str, size: int) -> Finding | None:
    """A finding about leaves without a signature by the node's key.

    A node signs after every step, so the key is new, or checkpoints were taken away: the log alone
    can't tell.
    """
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
