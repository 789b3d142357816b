"""Answers: does a thread see one state of the views in a snapshot, whatever happens meanwhile?"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.values import ActorId
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
