"""A ledger on a read-only medium is asked, replayed, verified, exported, and not recorded in."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.command_line import CommandLine

QUESTIONS = [
    ["who", "kidal", "--on", "2023-11-14"],
    ["situation", "--on", "2023-11-14"],
    ["replay", "kidal", "--on", "2023-11-14"],
    ["verify"],
]
LATER = """\
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11-16, report: csp-1, credibility: 4}
"""


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as a read-only medium; skips where nothing can be mounted."""
    steps = [
        ["mount", "--bind", str(folder), str(folder)],
        ["mount", "-o", "remount,ro,bind", str(folder)],
    ]
    if os.geteuid() != 0:
        pytest.skip("only root mounts")
    for step in steps:
        if subprocess.run(step, capture_output=True, check=False).returncode:
            pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def medium(kidal: CommandLine, tmp_path: Path) -> CommandLine:
    """The ledger and its views, in a folder of their own."""
    folder = tmp_path / "medium"
    folder.mkdir()
    for name in ("ledger.db", "views.db"):
        shutil.copy(kidal.folder / name, folder / name)
    return CommandLine(folder)


def is_answered(medium: CommandLine, tmp_path: Path) -> None:
    expected = [medium.run(*line).stdout for line in QUESTIONS]
    with read_only(medium.folder):
        names = sorted(each.name for each in medium.folder.iterdir())
        for line, before in zip(QUESTIONS, expected, strict=True):
            done = medium.run(*line)
            assert (done.code, done.stdout) == (0, before), done.stderr
        elsewhere = str(tmp_path / "elsewhere.db")
        assert medium.run(*QUESTIONS[0], TENURE_VIEWS=elsewhere).stdout == expected[0]
        bundle = tmp_path / "bundle"
        assert medium.run("export", bundle).code == 0
        assert medium.run("verify-export", bundle).code == 0
        assert medium.run("backup", tmp_path / "backup.db").code == 0
        later = tmp_path / "later.yaml"
        later.write_text(LATER)
        medium.run("record", later).refused("read-only")
        assert sorted(each.name for each in medium.folder.iterdir()) == names


def test_a_ledger_that_was_closed(medium: CommandLine, tmp_path: Path) -> None:
    is_answered(medium, tmp_path)


def test_a_ledger_in_wal_mode_without_a_wal(medium: CommandLine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(medium.folder / "ledger.db")) as db:
        db.execute("DROP TABLE leaves_wal_mode")  # as older versions left it
        db.execute("PRAGMA journal_mode = WAL").fetchall()
    is_answered(medium, tmp_path)


@pytest.mark.parametrize("is_shared", [True, False])
def test_what_lies_in_the_wal_is_read_too(
    is_shared: bool, medium: CommandLine, tmp_path: Path
) -> None:
    live = tmp_path / "live"
    medium.folder.rename(live)
    medium.folder.mkdir()
    line = CommandLine(live)
    with closing(sqlite3.connect(live / "ledger.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("SELECT count(*) FROM event").fetchone()  # so that the WAL stays
        assert line.run("record", line.write("later.yaml", LATER)).code == 0
        for each in live.glob("*.db*"):
            if is_shared or not each.name.endswith("-shm"):
                shutil.copy(each, medium.folder / each.name)
    assert (medium.folder / "ledger.db-wal").stat().st_size
    with read_only(medium.folder):
        names = sorted(each.name for each in medium.folder.iterdir())
        told = medium.run("replay", "kidal", "--on", "2023-11-16").stdout
        assert told == line.run("replay", "kidal", "--on", "2023-11-16").stdout
        assert "2023-11-16" in told
        assert sorted(each.name for each in medium.folder.iterdir()) == names


def test_nothing_can_be_signed_where_the_log_cannot_be_kept(
    medium: CommandLine, tmp_path: Path
) -> None:
    assert medium.run("keygen", tmp_path / "log.key").code == 0
    with read_only(medium.folder):
        done = medium.run("export", tmp_path / "x", TENURE_SIGNING_KEY=str(tmp_path / "log.key"))
        done.refused("has to be kept in the log")
