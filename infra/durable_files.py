"""Files replaced whole or not at all: after a power cut the old content is there, or the new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def replace_durably(path: Path, content: bytes, *, mode: int, is_alone: bool = False) -> None:
    """Puts the content into the place of a file, with the mode of a new file.

    Raises OSError; with `is_alone` FileExistsError, while another process replaces the file too.
    """
    new = replacement_of(path)
    flags = os.O_EXCL if is_alone else os.O_TRUNC
    made = os.open(new, os.O_WRONLY | os.O_CREAT | flags, mode)
    try:
        with os.fdopen(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(made)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync(path.parent)


@contextmanager
def new_file(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` at the end of the block, unless the block fails.

    Raises OSError; FileExistsError while another process writes the file too.
    """
    new = replacement_of(path)
    made = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(made, "wb") as file:
            yield file
            file.flush()
            os.fsync(made)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def replacement_of(path: Path) -> Path:
    """The file beside, until the content is whole."""
    return path.with_name(f"{path.name}.new")


def sync(path: Path) -> None:
    """Returns once a file, or the names in a folder, are on the disk. Raises OSError."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
