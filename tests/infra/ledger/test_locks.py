"""Do SQLite's locks outlast what else a process does with the file of a ledger or of views?"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from infra.ledger.sqlite.header import _open, file_fault, header_of, lacks_wal
from infra.ledger.sqlite.identity import beside, identity_of
from infra.views.file import ViewFile
from tests.api.server import describe_the_world, server_at

VISIT = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("SELECT count(*) FROM sqlite_master").fetchall()
db.close()
"""


def outlasts_a_visit(path: Path) -> bool:
    """Whether the write-ahead log stays where another process reads the file, and closes it."""
    before = identity_of(beside(path, "-wal"))
    subprocess.run([sys.executable, "-c", VISIT, str(path)], check=True)
    return before is not None and before == identity_of(beside(path, "-wal"))


@pytest.mark.parametrize("look", [header_of, file_fault, lacks_wal])
def test_a_look_at_a_file_leaves_the_locks_on_it(
    tmp_path: Path, look: Callable[[Path], object]
) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE noted (number INTEGER)")
        look(path)
        assert outlasts_a_visit(path)


def test_views_keep_their_write_ahead_log_while_they_are_open(tmp_path: Path) -> None:
    path = tmp_path / "views.db"
    with closing(ViewFile(path)) as views:
        views.prepare([])
        assert views.fault() is None
        assert outlasts_a_visit(path)


def test_a_server_keeps_its_write_ahead_logs(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        for _ in range(3):
            server.http.get("/readyz")
            server.control("kidal", "2023-11-20")
            assert outlasts_a_visit(tmp_path / "ledger.db")
            assert outlasts_a_visit(tmp_path / "views.db")


def test_a_deleted_file_is_let_go(tmp_path: Path) -> None:
    deleted, other = tmp_path / "deleted.db", tmp_path / "other.db"
    for path in (deleted, other):
        path.write_bytes(b"SQLite format 3\0" + bytes(84))
    assert header_of(deleted)
    before = identity_of(deleted)
    deleted.unlink()
    assert header_of(other)
    assert identity_of(other) in _open
    assert before not in _open
