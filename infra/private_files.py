"""Files with secrets, read only if the owner alone can read and replace the file."""

import os
import stat
from pathlib import Path

from domain.refusals import Refusal

_NOT_WAITING = getattr(os, "O_NONBLOCK", 0)
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class NotPrivate(Refusal):
    """A file with secrets open to others; the message says how to close the file."""


def read_private(path: Path, *, longest: int, group_may_read: bool = False) -> bytes:
    """The content of a file readable and replaceable by the owner alone.

    Root may let the group of this process read a file of root's: secrets are mounted into
    containers so. With `group_may_read` the owner may, whoever that is.
    Raises NotPrivate, and OSError where the file can't be read.
    """
    # The open of a pipe would wait for a writer.
    opened = os.open(path, os.O_RDONLY | _NOT_WAITING)
    try:
        state = os.fstat(opened)
        if not stat.S_ISREG(state.st_mode):
            raise NotPrivate(f"{path} is no regular file")
        if os.name == "posix":
            is_given = group_may_read or _is_given_by_root(state)
            _refuse_shared(path, state, stat.S_IRGRP if is_given else 0)
        with open(opened, "rb", closefd=False) as file:
            content = file.read(longest + 1)
    finally:
        os.close(opened)
    if len(content) > longest:
        raise NotPrivate(f"{path} is longer than {longest:,} bytes, and no file of keys is")
    return content


def _refuse_shared(path: Path, state: os.stat_result, allowed: int) -> None:
    if state.st_uid not in _trusted():
        raise NotPrivate(f"{path} belongs to another user: chown {os.geteuid()} {path}")
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~allowed:
        raise NotPrivate(f"others on this machine can read or change {path}: chmod 600 {path}")
    # A name can be a link: whoever writes to either folder chooses the file.
    for folder in dict.fromkeys((path.absolute().parent, path.resolve().parent)):
        _refuse_open_folder(path, folder)


def _refuse_open_folder(path: Path, folder: Path) -> None:
    state = folder.stat()
    if state.st_uid not in _trusted():
        raise NotPrivate(f"{folder} belongs to another user, who can put another file at {path}")
    # In a sticky folder, as /tmp, nobody can remove the files of others.
    if state.st_mode & _WRITABLE_BY_OTHERS and not state.st_mode & stat.S_ISVTX:
        raise NotPrivate(
            f"others on this machine can put another file at {path}: chmod go-w {folder}"
        )


def _is_given_by_root(state: os.stat_result) -> bool:
    groups = (os.getegid(), *os.getgroups())
    return state.st_uid == 0 != os.geteuid() and state.st_gid in groups


def _trusted() -> tuple[int, int]:
    """The owners of acceptable files: the user of this process, and root."""
    return os.geteuid(), 0
