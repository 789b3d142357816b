"""Answers: does a thread see one state of the views in a snapshot, whatever happens meanwhile?"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.values import ActorId
from infra.views.kept_rows import KeptRows
from infra.views.outages import ViewsUnavailable
from tests.nodes import WORLD, node_at, tell

WAGNER = ActorId("wagner")


def test_in_a_snapshot_the_views_stand_still(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD[:-1])
        before = node.views.position
        with node.views.snapshot():
            tell(node, WORLD[-1])
            assert node.views.position == before
            assert node.answers.actors.many([WAGNER], known=before + 1) == {}
        assert node.views.position == before + 1
        assert node.answers.actors.many([WAGNER], known=before + 1)


def test_a_file_deleted_in_a_snapshot_is_missed_after_it(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD)
        with node.views.snapshot():
            (tmp_path / "views.db").unlink()
            assert node.answers.place("kidal").name == "Kidal"
        with pytest.raises(ViewsUnavailable):
            node.views.position  # noqa: B018
        with pytest.raises(ViewsUnavailable), node.views.snapshot():
            pass


def test_an_error_in_a_snapshot_ends_it(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError), node.views.snapshot():
                node.views.reader.execute("SELECT no_column FROM followed")
        assert not node.views.reader.in_transaction


def test_a_snapshot_within_another_sees_its_state(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD[:-1])
        before = node.views.position
        with node.views.snapshot():
            tell(node, WORLD[-1])
            with node.views.snapshot():
                assert node.views.position == before
            assert node.views.position == before
        assert node.views.position == before + 1


def test_other_threads_see_the_views_move_on(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node, ThreadPoolExecutor(1) as beside:
        tell(node, *WORLD[:-1])
        with node.views.snapshot():
            tell(node, WORLD[-1])
            moved = beside.submit(lambda: node.views.position).result()
            assert moved == node.views.position + 1


class Turn:
    """What is to be called at the end of a turn of an event loop."""

    def __init__(self) -> None:
        self._waiting = list[Callable[[], None]]()

    def later(self, call: Callable[[], None]) -> None:
        self._waiting.append(call)

    def end(self) -> None:
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()


def test_the_snapshots_of_one_turn_see_one_state(tmp_path: Path) -> None:
    """And those of the next turn what was recorded meanwhile."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD[:-1])
        turn, before = Turn(), node.views.position
        for _ in range(3):
            with node.views.snapshot(turn.later):
                assert node.views.position == before
                assert node.answers.actors.get(WAGNER) is None
            tell(node, WORLD[-1]) if node.ledger.head == before else None
        turn.end()
        with node.views.snapshot(turn.later):
            assert node.views.position == before + 1
            assert node.answers.actors.get(WAGNER)


def test_whatever_is_read_between_the_snapshots_of_a_turn_is_of_now(tmp_path: Path) -> None:
    """And so is the next snapshot."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD[:-1])
        turn, before = Turn(), node.views.position
        with node.views.snapshot(turn.later):
            pass
        tell(node, WORLD[-1])
        assert node.views.position == node.views.state.position == before + 1
        assert node.answers.actors.get(WAGNER)
        with node.views.snapshot(turn.later):
            assert node.views.position == before + 1
        turn.end()
        assert not node.views.reader.in_transaction


def test_a_turn_without_an_end_does_not_hold_the_views_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of an event loop that was closed."""
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD[:-1])
        before = node.views.position
        with node.views.snapshot(lambda _: None):
            pass
        tell(node, WORLD[-1])
        monkeypatch.setattr("infra.views.file._LONGEST_ASIDE", 0.0)
        with node.views.snapshot(lambda _: None):
            assert node.views.position == before + 1


def test_an_error_in_a_snapshot_of_a_turn_ends_it(tmp_path: Path) -> None:
    with node_at(tmp_path / "views.db") as node:
        turn = Turn()
        tell(node, *WORLD[:-1])
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError), node.views.snapshot(turn.later):
                node.views.reader.execute("SELECT no_column FROM followed")
        assert not node.views.reader.in_transaction
        tell(node, WORLD[-1])
        with node.views.snapshot(turn.later):
            assert node.answers.actors.get(WAGNER)


def test_rows_are_kept_while_the_views_stay_as_they_are(tmp_path: Path) -> None:
    """In snapshots: outside of them every row is read. They are not more than a number."""
    with node_at(tmp_path / "views.db") as node:
        read = list[str]()

        def reading(key: str) -> int:
            read.append(key)
            return node.views.position

        rows = KeptRows(node.views, reading, most=2)
        for entry in WORLD[:3]:
            tell(node, entry)
            with node.views.snapshot():
                asked = [rows.get(key) for key in ("a", "b", "a", "b")]
            assert asked == [node.views.position] * 4
            assert [rows.get("a"), rows.get("a")] == [node.views.position] * 2
        assert read == ["a", "b", "a", "a"] * 3
        with node.views.snapshot():
            for key in ("a", "b", "c", "d", "a"):
                rows.get(key)
        assert read[12:] == ["c", "d", "a"]
