"""A SQLite file of ours is told from others, also where several make it at once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from infra.ledger.sqlite.file import open_owned_file

OURS = 0x74656E75
AT_ONCE = 6


def set_up(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS thing (name TEXT)")


def test_all_that_make_a_file_at_once_find_it_their_own(tmp_path: Path) -> None:
    start = Barrier(AT_ONCE)

    def make(path: Path) -> int:
        start.wait()
        with closing(open_owned_file(path, OURS, set_up)) as db:
            owner: int = db.execute("PRAGMA application_id").fetchone()[0]
            return owner

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(60):
            path = tmp_path / f"{number}.db"
            assert list(threads.map(make, [path] * AT_ONCE)) == [OURS] * AT_ONCE


def test_a_file_of_another_kind_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as db:
        set_up(db)
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="another kind"):
        open_owned_file(path, OURS, set_up)
    assert path.read_bytes() == before
