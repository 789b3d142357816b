"""Backups of a ledger: complete SQLite files, whatever the engine; and ledgers from backups.

A backup is made under another name, and appears when complete and on the disk.

* BackupRefused   the place is taken, or no backup belongs there
* BadBackup       the file is no whole ledger: nothing is restored
* LedgerNotEmpty  there is a ledger already
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from domain.refusals import Refusal
from infra.durable_files import sync
from infra.ledger.codec import NewerEntry, UnreadableEntry, decode, id_of
from infra.ledger.dcb import KeepsAFile, SequencedEvent, restore
from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.sqlite.file import (
    APPLICATION_ID,
    NotALedger,
    is_blank,
    is_missing,
    refuse_network,
)
from infra.ledger.sqlite.header import file_fault, has_content, header_of
from infra.ledger.sqlite.identity import beside
from infra.ledger.sqlite.recorder import SqliteRecorder

Progress = Callable[[int], None]
_PAGE = 5_000
_PERCENT = 100


class BackupRefused(Refusal):
    """No backup can be written there; the message says why."""


class BadBackup(Refusal):
    """The file is no whole ledger."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not restored: {why}")


class LedgerNotEmpty(Refusal):
    """There is a ledger in the place of the new one."""

    def __init__(self, what: str, head: int) -> None:
        super().__init__(
            f"the ledger {what} holds entries up to position {head:,}, and nothing is restored "
            "over them; TENURE_LEDGER names the new ledger"
        )


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup, or a ledger made from one."""

    position: int
    """The last position."""
    size: int
    """Bytes of the file."""
    unreadable: int = 0
    """The number of unreadable entries, kept as stored."""


def back_up(
    ledger: Ledger, source: Path | None, target: Path, *, force: bool, progress: Progress
) -> BackedUp:
    """Writes a backup of a ledger, one state of it, whoever records meanwhile.

    `source` is the file of a ledger in SQLite. Progress counts to 100. Raises BackupRefused.
    """
    _refuse_target(source, target, force=force)
    with _appearing_at(target, force=force) as part:
        recorder = ledger.recorder
        try:
            if isinstance(recorder, KeepsAFile):
                recorder.copy_to(part, _in_percent(progress))
            else:
                _copy_entries(ledger, part, progress)
        except sqlite3.Error as failed:
            raise BackupRefused(f"{target} can't be written: {failed}") from failed
        with closing(SqliteRecorder(part, reads_only=True)) as copy:
            head = Ledger(copy).head
    return BackedUp(head, target.stat().st_size)


def restore_backup(source: Path, url: str, target: Path | None, progress: Progress) -> BackedUp:
    """Makes a ledger of a backup, once the whole backup was checked.

    `target` is the file of a ledger in SQLite, which appears complete; a ledger elsewhere is filled
    in steps. Raises BadBackup and LedgerNotEmpty.
    """
    _refuse_source(source)
    if target is None:
        return _fill(source, url, progress)
    refuse_network(target)
    is_new = is_missing(target) or is_blank(target)
    if is_missing(target) and has_content(wal := beside(target, "-wal")):
        why = f"{wal} lies there, the write-ahead log of a ledger that is gone; move it away first"
        raise BackupRefused(f"{target}: {why}")
    if not is_new:
        _refuse_entries(url, str(target))
    with _appearing_at(target, force=not is_missing(target)) as part:
        with _opened(source) as recorder:
            recorder.copy_to(part, _in_percent(lambda _: None))
        with _opened(part, said_of=source) as copy:
            unreadable = _check(Ledger(copy), source, progress)
            head = Ledger(copy).head
    return BackedUp(head, target.stat().st_size, unreadable)


def _fill(source: Path, url: str, progress: Progress) -> BackedUp:
    with ExitStack() as stack:
        backup = Ledger(stack.enter_context(_opened(source)))
        ledger = stack.enter_context(open_ledger(url))
        if ledger.head:
            raise LedgerNotEmpty("of TENURE_LEDGER", ledger.head)
        unreadable, after = _check(backup, source, progress), 0
        for page in _pages(backup):
            restore(ledger.recorder, page, after=after)
            after = page[-1].position
    return BackedUp(after, source.stat().st_size, unreadable)


def _check(ledger: Ledger, source: Path, progress: Progress) -> int:
    """Reads every entry; returns how many can't be read. Raises BadBackup."""
    damage = [each.message for each in ledger.file_faults()]
    for fault in (*damage, *ledger.index_faults()):
        raise BadBackup(source, fault)
    unreadable, head, told = 0, ledger.head or 1, 0
    for each in ledger.stored():
        try:
            unreadable += not _is_readable(each)
        except ValueError as wrong:
            raise BadBackup(source, str(wrong)) from None
        if each.position * _PERCENT // head > told:
            progress(each.position * _PERCENT // head - told)
            told = each.position * _PERCENT // head
    return unreadable


def _is_readable(each: SequencedEvent) -> bool:
    """Whether the entry can be read. Raises ValueError for an entry under a false id."""
    try:
        entry = decode(each.position, each.event.data)
    except NewerEntry:
        return True
    except UnreadableEntry:
        return False
    if entry.statement.id != id_of(each.event.data):
        raise ValueError(
            f"the entry at position {each.position} has another id than its content gives"
        )
    return True


def _copy_entries(ledger: Ledger, part: Path, progress: Progress) -> None:
    head, after = ledger.head, 0
    with closing(SqliteRecorder(part)) as copy:
        for page in _pages(ledger, head):
            copy.restore(page, after=after)
            progress(page[-1].position * _PERCENT // head - after * _PERCENT // head)
            after = page[-1].position


def _pages(ledger: Ledger, head: int | None = None) -> Iterator[list[SequencedEvent]]:
    entries = (each for each in ledger.stored() if head is None or each.position <= head)
    while page := list(islice(entries, _PAGE)):
        yield page


@contextmanager
def _opened(path: Path, *, said_of: Path | None = None) -> Iterator[SqliteRecorder]:
    try:
        recorder = SqliteRecorder(path, reads_only=True)
    except NotALedger as other:
        raise BadBackup(said_of or path, str(other)) from other
    with closing(recorder):
        yield recorder


def _refuse_source(source: Path) -> None:
    if not source.is_file():
        raise BadBackup(source, "there is no such file")
    if fault := file_fault(source):
        raise BadBackup(source, f"it {fault}")
    header = header_of(source)
    if header is None or header.application_id != APPLICATION_ID:
        raise BadBackup(source, "it is not a ledger")


def _refuse_entries(url: str, what: str) -> None:
    with open_ledger(url) as ledger:
        if ledger.head:
            raise LedgerNotEmpty(what, ledger.head)


def _refuse_target(source: Path | None, target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise BackupRefused(f"{target} is a directory; name a file in it")
    if not target.parent.is_dir():
        raise BackupRefused(f"there is no directory {target.parent}; create it first")
    if not target.exists():
        return
    if source and source.exists() and target.samefile(source):
        raise BackupRefused(f"{target} is the ledger itself; name another file")
    if not force:
        raise BackupRefused(f"{target} exists; --force replaces it")
    header = header_of(target)
    if header is None or header.application_id != APPLICATION_ID:
        raise BackupRefused(f"{target} is something else than a ledger; it is not replaced")


@contextmanager
def _appearing_at(target: Path, *, force: bool) -> Iterator[Path]:
    """A new file, that is put in its place once it is complete and on the disk."""
    part = target.with_name(f"{target.name}.part")
    _delete(part)
    try:
        yield part
        sync(part)
        if force:
            part.replace(target)
        else:
            _put_where_nothing_is(part, target)
        sync(target.parent)
    finally:
        _delete(part)


def _put_where_nothing_is(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise BackupRefused(f"{target} was made meanwhile; --force replaces it") from None
    except OSError:  # a file system without hard links
        part.replace(target)


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        beside(path, suffix).unlink(missing_ok=True)


def _in_percent(progress: Progress) -> Callable[[int, int], None]:
    told = 0

    def tell(left: int, whole: int) -> None:
        nonlocal told
        done = _PERCENT - left * _PERCENT // max(whole, 1)
        progress(done - told)
        told = done

    return tell
