"""The identity of an open file: is the file behind a path still the one that was opened?

A deleted or replaced file stays open. What is written into it is acknowledged, and lost.
"""

import os
from pathlib import Path
from typing import NamedTuple


class FileIdentity(NamedTuple):
    """The device and inode of a file: the same as long as the file is."""

    device: int
    inode: int


def identity_of(path: Path) -> FileIdentity | None:
    """The identity of the file behind a path; None of a missing file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - each question asks, and Path.stat takes longer
    except (FileNotFoundError, NotADirectoryError):
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def beside(path: Path, suffix: str) -> Path:
    """SQLite's own file beside another: `-wal`, `-shm` or `-journal`."""
    return path.with_name(path.name + suffix)
