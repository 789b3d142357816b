"""Copies of views and log in a passing folder, for a place where nothing can be written."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.ledger.sqlite.access import reading_access

_PATIENCE = 10.0


@contextmanager
def writable_copy(views: Path, *others: Path) -> Iterator[Path]:
    """The views; where they, or the other files of the same folder, can't be written, a copy of
    all until the end of the block."""
    if all(map(_can_be_written, (views, *others))):
        yield views
        return
    with TemporaryDirectory(prefix="tenure-views-") as folder:
        for each in (views, *others):
            _copy(each, Path(folder, each.name))
        yield Path(folder, views.name)


def _can_be_written(path: Path) -> bool:
    folder = path.parent
    if not folder.is_dir() or path.is_dir():  # opening it says why it can't be used
        return True
    return os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _copy(path: Path, target: Path) -> None:
    """Copies a SQLite file. A damaged one is left out: it is built anew."""
    if not path.exists():
        return
    with suppress(sqlite3.Error, OSError):
        access = reading_access(path)
        with (
            closing(access),
            closing(access.connect(_PATIENCE)) as db,
            closing(sqlite3.connect(target)) as copy,
        ):
            db.backup(copy)
        return
    target.unlink(missing_ok=True)
