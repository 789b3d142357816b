"""A backup is one state of a ledger, and a ledger is made of it again, whole or not at all."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.node import open_node
from domain.events import SourceRegistered
from infra.ledger.codec import identify
from infra.ledger.ledger import open_ledger
from infra.settings import Settings
from tests.command_line import KIDAL, CommandLine
from tests.domain.builders import event

WHO = ["who", "kidal", "--on", "2023-11-14"]
LATER = """\
- {type: TownSeized, location: kidal, by: csp, occurred: 2023-11-16, report: csp-1, credibility: 4}
"""


def again(kidal: CommandLine) -> CommandLine:
    """Another folder, in which there is no ledger yet."""
    folder = kidal.folder / "again"
    folder.mkdir()
    return CommandLine(folder)


def entries(url: str) -> list[tuple[int, bytes]]:
    with open_ledger(url) as ledger:
        return [(each.position, each.event.data) for each in ledger.stored()]


def test_a_ledger_comes_back_to_the_byte_with_views_that_follow(kidal: CommandLine) -> None:
    backup = kidal.folder / "backup.db"
    done = kidal.run("backup", backup)
    assert done.stdout == f"{backup}: up to position 13, {backup.stat().st_size:,} bytes\n"
    other = again(kidal)
    assert other.run("restore", backup).stdout == f"{backup}: restored up to position 13\n"
    assert entries(other.environment["TENURE_LEDGER"]) == entries(
        kidal.environment["TENURE_LEDGER"]
    )
    assert other.run(*WHO).stdout == kidal.run(*WHO).stdout
    assert other.run("verify").code == 0
    assert other.run("record", other.write("later.yaml", LATER)).code == 0
    assert sorted(each.name for each in other.folder.iterdir()) == [
        "later.yaml",
        "ledger.db",
        "views.db",
    ]


def test_a_ledger_of_any_engine_is_backed_up_and_restored(ledger_url: str, tmp_path: Path) -> None:
    if ledger_url == "memory:":
        pytest.skip("a ledger in memory ends with each command")
    cli = CommandLine(tmp_path)
    given = {"TENURE_LEDGER": ledger_url}
    assert cli.run("record", cli.write("kidal.yaml", KIDAL), **given).code == 0
    assert cli.run("backup", tmp_path / "backup.db", **given).code == 0
    cli.run("restore", tmp_path / "backup.db", **given).refused("up to position 13")
    assert entries(f"sqlite:///{tmp_path}/backup.db") == entries(ledger_url)


@pytest.mark.parametrize("engine", ["postgresql_url", "umadb_url"])
def test_a_backup_is_restored_into_another_engine(
    engine: str, kidal: CommandLine, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(engine)
    assert kidal.run("backup", kidal.folder / "backup.db").code == 0
    views = str(kidal.folder / "other-views.db")
    done = kidal.run("restore", kidal.folder / "backup.db", TENURE_LEDGER=url, TENURE_VIEWS=views)
    assert done.code == 0, done.stderr
    assert entries(url) == entries(kidal.environment["TENURE_LEDGER"])


def test_what_exists_is_replaced_only_by_force_and_only_a_ledger(kidal: CommandLine) -> None:
    backup, letter = kidal.folder / "backup.db", kidal.folder / "letter.txt"
    letter.write_text("Dear friend")
    kidal.run("backup", letter, "--force").refused("something else than a ledger")
    assert letter.read_text() == "Dear friend"
    assert kidal.run("backup", backup).code == 0
    before = backup.read_bytes()
    assert kidal.run("record", kidal.write("later.yaml", LATER)).code == 0
    kidal.run("backup", backup).refused("exists; --force replaces it")
    assert backup.read_bytes() == before
    assert kidal.run("backup", backup, "--force").stdout.startswith(f"{backup}: up to position 14")
    kidal.run("backup", kidal.folder / "ledger.db", "--force").refused("is the ledger itself")
    kidal.run("backup", kidal.folder).refused("is a directory")
    kidal.run("backup", kidal.folder / "none" / "b.db").refused("there is no directory")
    assert not list(kidal.folder.glob("*.part*"))


def test_views_of_a_later_state_are_built_anew(kidal: CommandLine) -> None:
    backup = kidal.folder / "backup.db"
    assert kidal.run("backup", backup).code == 0
    expected = kidal.run(*WHO).stdout
    assert kidal.run("record", kidal.write("later.yaml", LATER)).code == 0
    assert kidal.run(*WHO).code == 0
    (kidal.folder / "ledger.db").unlink()
    done = kidal.run("restore", backup)
    assert (done.code, "were of another state: built anew" in done.stderr) == (0, True)
    assert kidal.run(*WHO).stdout == expected
    assert kidal.run("verify").code == 0


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        ("UPDATE event SET data = replace(data, 'fama', 'fomo') WHERE position = 12", "another id"),
        ("UPDATE settled SET position = 99", "settled up to"),
        ("PRAGMA application_id = 7", "it is not a ledger"),
        ("PRAGMA user_version = 9", "upgrade tenure"),
    ],
)
def test_a_backup_that_was_altered_is_not_restored(
    alter: str, words: str, kidal: CommandLine
) -> None:
    backup = kidal.folder / "backup.db"
    assert kidal.run("backup", backup).code == 0
    with closing(sqlite3.connect(backup, isolation_level=None)) as db:
        db.execute(alter)
    other = again(kidal)
    other.run("restore", backup).refused(words)
    assert list(other.folder.iterdir()) == []


@pytest.mark.parametrize("left", [0, 50, 5_000, 20_000])
def test_a_truncated_backup_is_not_restored(left: int, kidal: CommandLine) -> None:
    backup = kidal.folder / "backup.db"
    assert kidal.run("backup", backup).code == 0
    backup.write_bytes(backup.read_bytes()[:left])
    other = again(kidal)
    other.run("restore", backup).refused("backup.db")
    assert list(other.folder.iterdir()) == []


def test_an_old_write_ahead_log_in_the_place_of_the_ledger_is_told(kidal: CommandLine) -> None:
    backup = kidal.folder / "backup.db"
    assert kidal.run("backup", backup).code == 0
    other = again(kidal)
    other.write("ledger.db-wal", b"x" * 100)
    other.run("restore", backup).refused("ledger.db-wal lies there")


def test_a_backup_made_while_others_record_is_one_state(kidal: CommandLine) -> None:
    with recording(kidal.settings):
        for number in range(5):
            assert kidal.run("backup", kidal.folder / f"{number}.db").code == 0
    whole = entries(kidal.environment["TENURE_LEDGER"])
    for number in range(5):
        found = entries(f"sqlite:///{kidal.folder}/{number}.db")
        assert found == whole[: len(found)]
        with closing(sqlite3.connect(kidal.folder / f"{number}.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@contextmanager
def recording(settings: Settings) -> Iterator[None]:
    """Somebody else records all the while."""
    ends = threading.Event()

    def record() -> None:
        with open_ledger(settings.ledger) as ledger:
            for number in range(10_000):
                if ends.is_set():
                    return
                told = event(SourceRegistered, source=f"s-{number}", name="S", reliability="B")
                ledger.record([identify(told)], by="another")

    thread = threading.Thread(target=record)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def test_a_missing_ledger_has_no_backup(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    cli.run("backup", tmp_path / "backup.db").refused("there is no ledger yet")
    assert list(tmp_path.iterdir()) == []


def test_a_restored_ledger_behind_its_log_is_told(kidal: CommandLine) -> None:
    backup = kidal.folder / "backup.db"
    assert kidal.run("backup", backup).code == 0
    assert kidal.run("record", kidal.write("later.yaml", LATER)).code == 0
    assert kidal.run("rebuild", "--log").code == 0
    (kidal.folder / "ledger.db").unlink()
    assert kidal.run("restore", backup).code == 0
    done = kidal.run("verify")
    assert done.code == 1
    assert "entry removed" in done.stderr
    with open_node(kidal.settings) as node:
        assert node.ledger.head == 13
