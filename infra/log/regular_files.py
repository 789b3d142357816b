"""Regular files alone, read up to a length: links lead elsewhere, pipes never end."""

import stat
from errno import EFBIG, ENOENT
from pathlib import Path
from typing import BinaryIO

from domain.refusals import Refusal


class UnreadableLog(Refusal):
    """A file of a log can't be read; the message says which and why."""


def size_of(path: Path) -> int | None:
    """The bytes of a regular file; None for links and other things."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def open_regular(path: Path) -> BinaryIO:
    """Raises OSError, also for anything but a regular file."""
    if size_of(path) is None:
        raise FileNotFoundError(ENOENT, "there is no file of that name")
    return path.open("rb")


def read_regular(path: Path, longest: int) -> bytes:
    """The content of a regular file. Raises FileNotFoundError and UnreadableLog."""
    try:
        with open_regular(path) as file:
            content = file.read(longest + 1)
    except FileNotFoundError:
        raise
    except OSError as refused:
        raise UnreadableLog(f"{path} can't be read: {refused.strerror or refused}") from None
    if len(content) > longest:
        raise UnreadableLog(f"{path} is longer than {longest:,} bytes")
    return content


def small_text(path: Path) -> str:
    """The text of a file of keys or of one checkpoint, which may be a link or a pipe.

    Raises OSError, also for a long file, and UnicodeDecodeError.
    """
    with path.open("rb") as file:
        content = file.read(_LONGEST_SMALL + 1)
    if len(content) > _LONGEST_SMALL:
        raise OSError(EFBIG, f"it is longer than {_LONGEST_SMALL:,} bytes")
    return content.decode("utf-8")


_LONGEST_SMALL = 1_000_000
