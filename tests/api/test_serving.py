"""Answers: does a running server follow the ledger, say how far it is, and stop cleanly?"""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from api.http.app import create_app
from api.node import open_node
from domain.events import TownSeized
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from infra.settings import Settings
from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.domain.builders import event
from tests.nodes import WORLD

SOON = 2.0  # seconds within which what others record is answered
PATIENCE = 10.0  # seconds that anything else may take
VIEWS = {"record", "entries", "names", "control", "convoys", "humanitarian"}

ELSEWHERE = """
import sys
from domain.events import TownSeized
from infra.ledger.codec import identify
from infra.ledger.ledger import open_ledger

seized = TownSeized.model_validate({
    "location": "kidal", "occurred": "2023-11-14", "report": "rfi-1", "credibility": 2,
    "by": ["fama"],
})
with open_ledger(sys.argv[1]) as ledger:
    ledger.record([identify(seized)], by="another process")
"""


def test_the_process_is_alive_and_ready_once_the_views_have_caught_up(server: Server) -> None:
    assert server.http.get("/healthz").json() == {"status": "alive"}
    until(lambda: server.http.get("/readyz").status_code == 200)
    told = server.http.get("/readyz").json()
    assert (told["ready"], told["position"]) == (True, server.head)
    assert told["views"] == {name: {"position": server.head, "lag": 0} for name in VIEWS}


def test_a_server_is_not_ready_before_its_views_have_caught_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url, views = f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "views.db"
    record_the_world(url)
    settings = Settings(ledger=url, views=views)
    with open_node(settings):
        pass  # the tables are there, and empty
    app = create_app(settings)
    with closing(sqlite3.connect(views, isolation_level=None)) as db:
        db.execute("CREATE TRIGGER stop BEFORE INSERT ON entry BEGIN SELECT raise(FAIL, 'no'); END")
        with TestClient(app, base_url="http://127.0.0.1") as http:
            answer = http.get("/readyz")
            assert (answer.status_code, answer.json()["ready"]) == (503, False)
            assert answer.json()["position"] == len(WORLD)
            lags = {name: {"position": 0, "lag": len(WORLD)} for name in VIEWS}
            assert answer.json()["views"] == lags
            assert http.get("/healthz").status_code == 200
            db.execute("DROP TRIGGER stop")
            until(lambda: http.get("/readyz").status_code == 200)
            assert Server(http).head == len(WORLD)
    assert "the views can't follow the ledger" in caplog.text


def test_a_server_whose_ledger_cannot_be_read_is_not_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        until(lambda: server.http.get("/readyz").status_code == 200)
        rename(tmp_path / "ledger.db", "event", "lost")
        answer = server.http.get("/readyz")
        assert (answer.status_code, answer.json()["position"]) == (503, None)
        rename(tmp_path / "ledger.db", "lost", "event")
        until(lambda: server.http.get("/readyz").status_code == 200)
    assert "the ledger can't be read" in caplog.text


def test_what_others_record_is_answered_soon(ledger_url: str, tmp_path: Path) -> None:
    if ledger_url == "memory:":
        pytest.skip("nobody else can record into the memory of this process")
    record_the_world(ledger_url)
    with server_at(tmp_path, ledger=ledger_url) as server:
        until(lambda: server.http.get("/readyz").json()["ready"] is True)
        assert server.control("kidal", "2023-11-20")["status"] == "UNKNOWN"
        with open_ledger(ledger_url) as another:
            seize(another)
            until(lambda: server.holders("kidal", "2023-11-20") == ["fama"], within=SOON)
        until(lambda: server.http.get("/readyz").json()["position"] == len(WORLD) + 1)


def test_what_another_process_records_is_answered_soon(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        url = f"sqlite:///{tmp_path / 'ledger.db'}"
        surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, "-c", ELSEWHERE, url]
        subprocess.run(command, check=True, env=surroundings, timeout=30)
        until(lambda: server.holders("kidal", "2023-11-20") == ["fama"], within=SOON)
        (entry,) = server.ask("{ events(last: 1) { nodes { recordedBy } } }")["events"]["nodes"]
        assert entry == {"recordedBy": "another process"}


def test_two_servers_of_one_ledger_give_the_same_answer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    (tmp_path / "other").mkdir()
    with server_at(tmp_path) as server, server_at(tmp_path / "other", ledger=url) as other:
        describe_the_world(server)
        other.seized("fama", on="2023-11-14")
        until(lambda: server.head == other.head, within=SOON)
        here, there = (each.control("kidal", "2023-11-20") for each in (server, other))
        assert here == there


def test_many_at_once_record_and_ask_and_nothing_is_lost(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        head = server.head

        def record_a_month(month: int) -> None:
            for day in range(1, 6):
                told = server.seen("fama", on=f"2023-{month:02}-{day:02}")
                known = server.control("kidal", "2023-12-31", position=told["position"])
                assert known["basis"]["recordedAt"] == told["recordedAt"]

        with ThreadPoolExecutor(8) as officers:
            list(officers.map(record_a_month, range(1, 9)))
        assert server.head == head + 40
        assert server.control("kidal", "2023-12-31")["corroboration"] == 1


def test_a_real_server_serves_and_stops_without_leaving_anything(
    ledger_url: str, tmp_path: Path
) -> None:
    threads = set(threading.enumerate())
    app = create_app(Settings(ledger=ledger_url, views=tmp_path / "views.db"))
    with serving(app) as url, httpx2.Client(base_url=url) as http:
        until(lambda: http.get("/readyz").status_code == 200)
        query = {"query": "{ ledger { position rule recordedAt } }"}
        answer = http.post("/graphql", json=query).json()
        nothing = {"position": 0, "rule": "rule 3", "recordedAt": None}
        assert answer == {"data": {"ledger": nothing}}
    until(lambda: not {each for each in threading.enumerate() if each.is_alive()} - threads)
    assert not list(tmp_path.glob("*-wal")), "every connection is closed"


def test_a_server_that_cannot_open_its_views_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "views.db").write_text("These are no views.")
    with pytest.raises(Exception, match="can't hold the views"), server_at(tmp_path):
        pass


def record_the_world(url: str) -> None:
    with open_ledger(url, lambda: datetime(2024, 6, 1, tzinfo=UTC)) as ledger:
        ledger.record([identify(each) for each in WORLD], by="archivist")


def rename(path: Path, table: str, name: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"ALTER TABLE {table} RENAME TO {name}")


def seize(ledger: Ledger) -> None:
    ledger.record([identify(event(TownSeized, occurred="2023-11-14", by="fama"))], by="another")


def until(true: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Waits until it is true."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"this took longer than {within} s"
        time.sleep(0.01)
