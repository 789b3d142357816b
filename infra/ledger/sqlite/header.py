"""The header of a SQLite file and of its write-ahead log (WAL), read without SQLite.

SQLite applies whatever WAL lies beside a file, and can't tell a file that was copied without its
WAL. Tenure leaves WAL mode as the last process closes a ledger: so the mode in the header says
whether entries may lie in a WAL.
"""

import os
import stat
from collections import OrderedDict
from errno import EINVAL
from pathlib import Path
from struct import unpack
from threading import Lock
from typing import NamedTuple

from infra.ledger.sqlite.identity import FileIdentity, beside

_MAGIC = b"SQLite format 3\0"
_WAL_MAGIC = {0x377F0682, 0x377F0683}
_WAL_HEADER, _FRAME_HEADER = 32, 24  # bytes


class FileHeader(NamedTuple):
    """What the first 100 bytes of a SQLite file say."""

    page_size: int
    pages: int
    """How many pages the file has; 0 where an old SQLite left the number out."""
    is_in_wal_mode: bool
    application_id: int


_open: OrderedDict[FileIdentity, int] = OrderedDict()
"""The files that `start_of` has read, with their descriptors."""
_opening = Lock()
_MOST_OPEN = 64


def start_of(path: Path, size: int) -> bytes:
    """The first bytes of a regular file. Raises OSError."""
    # As a process closes a file, it loses every POSIX lock on that file, of SQLite's too: the next
    # process to close the database then takes itself for the last, and deletes a WAL in use.
    with _opening:
        return os.pread(_descriptor(path), size, 0)


def _descriptor(path: Path) -> int:
    there = path.stat()
    identity = FileIdentity(there.st_dev, there.st_ino)
    if identity not in _open:
        if not stat.S_ISREG(there.st_mode):
            raise OSError(EINVAL, "it is not a regular file")
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        opened = os.fstat(descriptor)
        identity = FileIdentity(opened.st_dev, opened.st_ino)
        for gone in [each for each, held in _open.items() if not os.fstat(held).st_nlink]:
            os.close(_open.pop(gone))  # nobody can open a deleted file, and its space is free now
        _open[identity] = descriptor
        while len(_open) > _MOST_OPEN:
            _, oldest = _open.popitem(last=False)
            os.close(oldest)
    _open.move_to_end(identity)
    return _open[identity]


def header_of(path: Path) -> FileHeader | None:
    """The header of a file; None of any other file, and of a file that can't be read."""
    try:
        start = start_of(path, 100)
    except OSError:
        return None
    if len(start) < 100 or not start.startswith(_MAGIC):
        return None
    (size,) = unpack(">H", start[16:18])
    changes, pages = unpack(">II", start[24:32])
    (application,) = unpack(">I", start[68:72])
    (valid_for,) = unpack(">I", start[92:96])
    return FileHeader(
        65536 if size == 1 else size,
        pages if changes == valid_for else 0,
        start[18] == 2,
        application,
    )


def has_content(path: Path) -> bool:
    """Whether there is a file of at least a byte."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def file_fault(path: Path) -> str | None:
    """The fault of a SQLite file that can be known from outside, in words."""
    header = header_of(path)
    if header is None:
        return None
    wal = beside(path, "-wal")
    last = _last_commit(wal)
    if last is None:
        return None if has_content(wal) else _truncation(path, header)
    if header_of(path) != header:  # somebody is at work with the file, and both are of one moment
        return None
    if not header.is_in_wal_mode or last.page_size != header.page_size or last.pages < header.pages:
        return (
            f"has beside it {wal.name}, the write-ahead log of another state of the file, which "
            "would be mixed into it: was the file restored, or copied, beside an old one? Move "
            f"{wal.name} away, and {path.name}-shm with it"
        )
    return None


def lacks_wal(path: Path) -> bool:
    """Whether the file is in WAL mode without a WAL: as in a copy of the file alone."""
    header = header_of(path)
    return header is not None and header.is_in_wal_mode and not beside(path, "-wal").exists()


def _truncation(path: Path, header: FileHeader) -> str | None:
    size, whole = path.stat().st_size, header.page_size * header.pages
    if size >= whole:
        return None
    return (
        f"is damaged; restore the ledger from a copy ('tenure restore'): it has {size:,} of its "
        f"{whole:,} bytes"
    )


class _Commit(NamedTuple):
    """The last commit in a WAL: the number of pages in the file from then on."""

    page_size: int
    pages: int


def _last_commit(wal: Path) -> _Commit | None:
    """The last commit of a WAL; None without one."""
    try:
        with wal.open("rb") as file:
            start = file.read(_WAL_HEADER).ljust(_WAL_HEADER, b"\0")
            magic, _, page_size, _, *salts, _, _ = unpack(">8I", start)
            if magic not in _WAL_MAGIC:
                return None
            found = None
            while len(frame := file.read(_FRAME_HEADER)) == _FRAME_HEADER:
                _, pages, *others, _, _ = unpack(">6I", frame)
                if others != salts:
                    break
                if pages:
                    found = _Commit(page_size, pages)
                file.seek(page_size, 1)
            return found
    except OSError:
        return None
