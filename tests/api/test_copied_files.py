"""A ledger copied without its write-ahead log, or laid beside an old one, is told as that."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from domain.events import SourceRegistered
from infra.ledger.codec import identify
from infra.ledger.ledger import open_ledger
from infra.ledger.sqlite.header import header_of
from tests.command_line import CommandLine
from tests.domain.builders import event

WHO = ["who", "kidal", "--on", "2023-11-14"]
LATER = """\
- {{type: TownSeized, location: kidal, by: csp, occurred: 2023-11-{day:02}, report: csp-1,
   credibility: 4}}
"""


def record(line: CommandLine, *days: int) -> None:
    text = "".join(LATER.format(day=day) for day in days)
    assert line.run("record", line.write("later.yaml", text)).code == 0


@contextmanager
def in_use(line: CommandLine) -> Iterator[None]:
    """Another process has the ledger open, so that its WAL stays."""
    with open_ledger(line.environment["TENURE_LEDGER"]) as ledger:
        told = event(SourceRegistered, source="another", name="Another", reliability="B")
        ledger.record([identify(told)], by="another")
        yield


def copied(line: CommandLine, name: str, *suffixes: str) -> CommandLine:
    folder = line.folder / name
    folder.mkdir()
    for suffix in suffixes:
        shutil.copy(line.folder / f"ledger.db{suffix}", folder / f"ledger.db{suffix}")
    return CommandLine(folder)


def test_a_ledger_that_was_closed_is_whole_in_one_file(kidal: CommandLine) -> None:
    record(kidal, 15)
    header = header_of(kidal.folder / "ledger.db")
    assert header is not None and not header.is_in_wal_mode
    assert not list(kidal.folder.glob("ledger.db-*"))
    assert kidal.run("verify", "--no-views").code == 0


def test_a_copy_without_the_wal_is_told_again_and_again(kidal: CommandLine) -> None:
    with in_use(kidal):
        copy = copied(kidal, "copy", "")
    for _ in range(2):
        done = copy.run("verify", "--no-views")
        assert done.code == 1
        assert "write-ahead log missing: the file was in use" in done.stderr
        assert "its write-ahead log (-wal) is not beside it" in done.stderr
        assert "IS NOT" not in done.stdout
        assert copy.run(*WHO).code == 0
    record(copy, 16)
    assert "-wal) is not beside it" in copy.run("verify", "--no-views").stderr
    assert copy.run("backup", copy.folder / "whole.db").code == 0
    again = CommandLine(copy.folder / "again")
    again.folder.mkdir()
    assert again.run("restore", copy.folder / "whole.db").code == 0
    assert again.run("verify", "--no-views").code == 0


def test_a_copy_with_the_wal_is_whole(kidal: CommandLine) -> None:
    with in_use(kidal):
        copy = copied(kidal, "copy", "", "-wal")
        other = copied(kidal, "other", "", "-wal", "-shm")
    for each in (copy, other):
        assert each.run("verify", "--no-views").code == 0
        with open_ledger(each.environment["TENURE_LEDGER"]) as ledger:
            assert ledger.head == 14


def test_what_a_killed_process_left_is_whole(kidal: CommandLine) -> None:
    with in_use(kidal):
        copy = copied(kidal, "copy", "", "-wal")
    assert copy.run(*WHO).code == 0
    done = copy.run("verify")
    assert done.code == 0, done.stderr


def test_a_ledger_of_an_older_version_is_not_suspected(kidal: CommandLine) -> None:
    with closing(sqlite3.connect(kidal.folder / "ledger.db", isolation_level=None)) as db:
        db.execute("DROP TABLE leaves_wal_mode")
        db.execute("PRAGMA journal_mode = WAL").fetchall()
    assert kidal.run("verify", "--no-views").code == 0
    record(kidal, 15)
    assert kidal.run("verify", "--no-views").code == 0


@pytest.mark.parametrize(
    "command", [WHO, ["verify", "--no-views"], ["record", "later.yaml"], ["backup", "b.db"]]
)
def test_an_old_wal_beside_a_restored_file_is_told_before_it_is_mixed_in(
    command: list[str], kidal: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = kidal.folder / "backup.db"
    with in_use(kidal):
        old = copied(kidal, "old", "", "-wal")
    record(kidal, *range(1, 13))
    assert kidal.run("backup", backup).code == 0
    shutil.copy(backup, old.folder / "ledger.db")
    before = {each.name: each.read_bytes() for each in old.folder.glob("ledger.db*")}
    monkeypatch.chdir(old.folder)
    old.write("later.yaml", LATER.format(day=13))
    old.run(*command).refused("ledger.db-wal, the write-ahead log of another state")
    assert {each.name: each.read_bytes() for each in old.folder.glob("ledger.db*")} == before
    (old.folder / "ledger.db-wal").unlink()
    assert old.run("verify", "--no-views").code == 0


def test_a_wal_of_a_smaller_file_is_told_too(kidal: CommandLine) -> None:
    with in_use(kidal):
        old = copied(kidal, "old", "", "-wal")
        record(kidal, *range(1, 13))
        long = "".join(
            LATER.format(day=day).replace("4}", f"4, summary: {'x' * 9_000}}}")
            for day in range(1, 13)
        )
        assert kidal.run("record", kidal.write("long.yaml", long)).code == 0
        with closing(sqlite3.connect(kidal.folder / "ledger.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        shutil.copy(kidal.folder / "ledger.db", old.folder / "ledger.db")
    old.run(*WHO).refused("the write-ahead log of another state")
