"""A verification goes on from a kept replay, with one part in a process of its own."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from api.audit.background_process import BackgroundFailed, BackgroundProcess
from api.audit.certificate import Certificate, ReplayPlan, verify
from api.audit.view_check import CannotGoOn
from api.node import Node
from domain import events
from infra.views.file import Progress
from tests.command_line import KIDAL, ROOT, CommandLine
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell

SAID = [event(events.TownSeized, by="csp", occurred=f"2014-05-{day}") for day in range(10, 20)]
TOLD: list[events.Event] = [*WORLD, *SAID]
MORE = event(events.TownSeized, by="fama", occurred="2023-11-14")


@pytest.fixture
def node(ledger_url: str, tmp_path: Path) -> Iterator[Node]:
    """A node on each engine in turn."""
    with node_at(tmp_path / "views.db", ledger=ledger_url) as node:
        tell(node, *TOLD)
        yield node


class Watched:
    """What was said of the progress; with `ends_at`, the work is broken off there."""

    def __init__(self, ends_at: str = "") -> None:
        self.seen: list[tuple[str, int]] = []
        self._ends_at = ends_at

    @contextmanager
    def __call__(self, label: str, length: int) -> Iterator[Progress]:
        self.seen.append((label, length))

        def advance(_more: int) -> None:
            if label == self._ends_at:
                raise KeyboardInterrupt

        yield advance

    @property
    def replayed(self) -> tuple[str, int]:
        return next(each for each in self.seen if each[0].startswith("Replaying"))


def certified(node: Node, folder: Path, watched: Watched) -> Certificate:
    return verify(
        node.ledger, node.views, samples=5, seed=1, bars=watched, plan=ReplayPlan(folder=folder)
    )


# ---- What was kept ---------------------------------------------------------------------------


def test_only_what_is_new_is_replayed(node: Node, tmp_path: Path) -> None:
    first, second = Watched(), Watched()
    assert certified(node, tmp_path, first).differences == []
    tell(node, MORE)
    again = certified(node, tmp_path, second)
    assert first.replayed == ("Replaying", len(TOLD))
    assert second.replayed == ("Replaying what is new", 1)
    assert again == verify(node.ledger, node.views, samples=5, seed=1, bars=Watched())


def test_a_row_that_was_altered_since_is_named(node: Node, tmp_path: Path) -> None:
    certified(node, tmp_path, Watched())
    with closing(sqlite3.connect(node.views.path, isolation_level=None)) as db:
        db.execute("UPDATE place SET name = 'Elsewhere' WHERE location = 'kidal'")
    (found,) = certified(node, tmp_path, Watched()).differences
    assert (found.table, found.key) == ("place", {"location": "kidal", "known_from": 6})


@pytest.mark.parametrize("broken_off", ["Replaying", "Comparing"])
def test_a_replay_that_was_broken_off_is_not_kept(
    node: Node, tmp_path: Path, broken_off: str
) -> None:
    with pytest.raises(KeyboardInterrupt):
        certified(node, tmp_path, Watched(broken_off))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".db", ".db-wal", ".db-shm"}
    assert not (tmp_path / "views-replay.db").exists()


def test_going_on_may_be_broken_off(node: Node, tmp_path: Path) -> None:
    again = Watched()
    certified(node, tmp_path, Watched())
    tell(node, MORE)
    with pytest.raises(KeyboardInterrupt):
        certified(node, tmp_path, Watched("Replaying what is new"))
    assert certified(node, tmp_path, again).differences == []
    assert again.replayed[0] == "Replaying what is new"


def test_views_that_do_not_reach_what_was_kept_are_refused(node: Node, tmp_path: Path) -> None:
    certified(node, tmp_path, Watched())
    with node_at(tmp_path / "behind.db", ledger="memory:") as other:
        tell(other, *TOLD[:-1])
        behind = Node(node.ledger, other.views, other.projector, other.answers, other.open_log)
        reached = f"has come to position {len(TOLD)}, and the views stand at {len(TOLD) - 1}; "
        with pytest.raises(CannotGoOn, match=reached):
            certified(behind, tmp_path, Watched())


def test_a_replay_of_another_version_is_not_made_anew_unasked(node: Node, tmp_path: Path) -> None:
    certified(node, tmp_path, Watched())
    with closing(sqlite3.connect(tmp_path / "views-replay.db", isolation_level=None)) as db:
        db.execute("UPDATE followed SET views = json_set(views, '$.entries', 4)")
    for _ in range(2):
        with pytest.raises(CannotGoOn, match="its view of entries is of another version"):
            certified(node, tmp_path, Watched())


def test_another_history_is_refused(node: Node, tmp_path: Path) -> None:
    certified(node, tmp_path, Watched())
    with node_at(tmp_path / "other.db", ledger="memory:") as other:
        tell(other, *TOLD[:-1])
        with pytest.raises(CannotGoOn, match=f"stands at entry .*, at position {len(TOLD)}, "):
            certified(other, tmp_path, Watched())


# ---- On the command line ---------------------------------------------------------------------


def test_an_entry_that_was_rewritten_with_all_that_follows_from_it_is_named(
    kidal: CommandLine,
) -> None:
    replay = kidal.folder / "audit" / "replay"
    assert kidal.run("verify", "--replay", replay).code == 0
    with closing(sqlite3.connect(kidal.folder / "ledger.db", isolation_level=None)) as db:
        who = "recorded_by"
        (data,) = db.execute("SELECT data FROM event WHERE position = 5").fetchone()
        assert f'"{who}":"'.encode() in data
        rewritten = data.replace(f'"{who}":"'.encode(), f'"{who}":"not-'.encode())
        db.execute("UPDATE event SET data = ? WHERE position = 5", (rewritten,))
    kidal.run("rebuild")
    assert kidal.run("verify").code == 0  # all is of one piece
    outcome = kidal.run("verify", "--replay", replay)
    assert outcome.code == 1
    assert outcome.stderr.startswith("record: entry at position=5: stored is recorded_by=not-")


def test_an_entry_that_was_taken_from_the_end_is_named(kidal: CommandLine) -> None:
    assert kidal.run("verify", "--replay", kidal.folder / "replay").code == 0
    shorter = CommandLine(kidal.folder / "shorter")
    shorter.folder.mkdir()
    lines = kidal.write("kidal.yaml", KIDAL.rpartition("- {type")[0])
    assert shorter.run("record", lines).code == 0
    assert shorter.run("rebuild").code == 0
    outcome = shorter.run("verify", "--replay", kidal.folder / "replay")
    assert (outcome.code, outcome.stdout[:4]) == (1, "")
    assert "there the ledger has another entry or none" in outcome.stderr


def test_a_replay_is_kept_in_a_folder(kidal: CommandLine) -> None:
    kidal.write("taken", "")
    outcome = kidal.run("verify", "--replay", kidal.folder / "taken")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert kidal.run("verify", "--replay", kidal.folder / "taken" / "below").code == 1
    views = kidal.settings.views.rename(kidal.folder / "views-replay.db")
    outcome = kidal.run("verify", "--replay", kidal.folder, TENURE_VIEWS=str(views))
    outcome.refused("--replay: the views themselves are kept in that folder")


# ---- In a process of its own -----------------------------------------------------------------


def test_views_are_replayed_in_two_processes(
    node: Node, tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ledger_url == "memory:":
        pytest.skip("another process can't see it")
    cli = CommandLine(tmp_path)
    alone = cli.run("verify", TENURE_LEDGER=ledger_url)
    monkeypatch.setattr("api.commands.verify._LONG", 0)
    process = partial(cli.run, "verify", "--replay", tmp_path / "replay", TENURE_LEDGER=ledger_url)
    assert process() == alone
    assert {path.name for path in (tmp_path / "replay").iterdir()} == {
        "control-replay.db",
        "views-replay.db",
    }
    assert process() == alone
    with closing(sqlite3.connect(cli.settings.views, isolation_level=None)) as db:
        db.execute("UPDATE control_period SET until = '' WHERE known_from = 13")
        db.execute("UPDATE place SET name = 'Elsewhere' WHERE location = 'kidal'")
    outcome = process()
    assert (outcome.code, outcome) == (1, cli.run("verify", TENURE_LEDGER=ledger_url))
    assert [line.partition(" at ")[0] for line in outcome.stderr.splitlines()] == [
        "record: place",
        "control: control_period",
    ]


def test_what_is_refused_in_the_background_is_told(
    kidal: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.verify._LONG", 0)
    (kidal.folder / "control-replay.db").write_text("No views of ours.")
    outcome = kidal.run("verify", "--replay", kidal.folder)
    assert outcome.code == 1
    assert "control-replay.db" in outcome.stderr


def _reckon(given: int, progress: Progress) -> int:
    progress(1)
    progress(given)
    return given * 2


def _refuse(_progress: Progress) -> None:
    raise Impossible("it can't be done")


class Impossible(Exception):
    """Its like can't be carried from one process to another: it is made of two things."""

    def __init__(self, what: str, *, why: str = "") -> None:
        super().__init__(f"{what}{why}")


def _vanish(_progress: Progress) -> None:
    os._exit(7)


def test_background_work_tells_its_progress_and_its_result() -> None:
    told: list[int] = []
    with BackgroundProcess(partial(_reckon, 41)) as process:
        assert process.result(told.append) == 82
    assert sum(told) == 42


def test_background_work_that_fails_says_so() -> None:
    with (
        BackgroundProcess(_refuse) as process,
        pytest.raises(BackgroundFailed, match="it can't be done"),
    ):
        process.result(lambda _: None)


def test_background_work_that_is_killed_says_so() -> None:
    with (
        BackgroundProcess(_vanish) as process,
        pytest.raises(BackgroundFailed, match="its process ended with 7"),
    ):
        process.result(lambda _: None)


def _linger(path: Path, progress: Progress) -> None:
    try:
        path.touch()
        while True:
            progress(1)
            time.sleep(0.01)
    finally:
        path.unlink()


def _wait(path: Path, *, there: bool) -> None:
    for _ in range(6_000):
        if path.exists() is there:
            return
        time.sleep(0.01)
    raise AssertionError(f"{path} is still as it was")


def test_background_work_that_is_not_waited_for_cleans_up(tmp_path: Path) -> None:
    with BackgroundProcess(partial(_linger, tmp_path / "made")):
        _wait(tmp_path / "made", there=True)
    assert not (tmp_path / "made").exists()


def test_background_work_ends_when_nobody_waits_any_more(tmp_path: Path) -> None:
    program = (
        "import sys; from functools import partial; from pathlib import Path;"
        "from api.audit.background_process import BackgroundProcess;"
        "from tests.api.test_verify_again import _linger;"
        "BackgroundProcess(partial(_linger, Path(sys.argv[1]))).result(lambda _: None)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "made")]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            _wait(tmp_path / "made", there=True)
        finally:
            process.kill()
    _wait(tmp_path / "made", there=False)
