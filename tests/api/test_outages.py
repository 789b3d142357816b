"""Storage out of use is told as that: by `/readyz` at once, and to each request with 503."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest

from api.graphql.limits import Limits
from api.http import readiness
from api.http.app import create_app
from api.http.question_process import answering
from api.node import open_node
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.settings import Settings
from infra.views.file import put_in_place
from infra.views.outages import ViewsUnavailable
from tests.api.server import Server, describe_the_world
from tests.api.serving import serving
from tests.engines import serving_postgresql, serving_umadb

AT_ONCE = 0.1  # seconds in which /readyz answers, on a machine that is not busy
HANGING = 3.0  # seconds by which whoever waits for a lock would still not have answered
SOON = 10.0
CONTROL = '{ control(location: "kidal", at: "2023-11-14") { status } }'
WRITERS = 40


@contextmanager
def node(folder: Path, ledger: str = "") -> Iterator[Server]:
    """A real server that knows the world of the tests, and is ready."""
    settings = settings_in(folder, ledger)
    with serving(create_app(settings)) as address, closing(httpx2.Client(base_url=address)) as http:
        http.timeout = 30
        server = Server(http)  # type: ignore[arg-type]
        if server.head == 0:
            describe_the_world(server)
        until(lambda: readyz(server)[0] == 200)
        yield server


def settings_in(folder: Path, ledger: str = "") -> Settings:
    url = ledger or f"sqlite:///{folder / 'ledger.db'}"
    return Settings(ledger=url, views=folder / "views.db")


def readyz(server: Server) -> tuple[int, list[str]]:
    """The status and the codes of the reasons, which come at once."""
    began = time.monotonic()
    answer = server.http.get("/readyz")
    assert time.monotonic() - began < HANGING
    told = answer.json()
    assert told["ready"] is (answer.status_code == 200)
    assert bool(told["reasons"]) is (answer.status_code == 503)
    return answer.status_code, [each["code"] for each in told["reasons"]]


def hindered(server: Server, *codes: str) -> bool:
    status, told = readyz(server)
    return status == 503 and set(codes) <= set(told)


def told(server: Server, query: str, **variables: Any) -> tuple[int, str]:
    """The status, and the code of the only error."""
    answer = server.post(query, **variables)
    (error,) = answer.json()["errors"]
    assert "/" not in error["message"], "no path of this machine is shown"
    return answer.status_code, error["extensions"]["code"]


REGISTER = """mutation ($source: ID!) { registerSource(input:
    {source: $source, name: "S", reliability: B}) { __typename } }"""


def until(true: Callable[[], bool], *, within: float = SOON) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# ---- the ledger --------------------------------------------------------------------------------

HOLDING = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(sys.argv[2])
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def locked(path: Path, how: str = "BEGIN EXCLUSIVE") -> Iterator[None]:
    """Another process keeps the lock."""
    command = [sys.executable, "-c", HOLDING, str(path), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.kill()


def test_a_locked_ledger_makes_a_node_unready_and_refuses_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.app.PATIENCE", 0.5)
    with node(tmp_path) as server:
        with locked(tmp_path / "ledger.db"):
            until(lambda: hindered(server, "LedgerLocked"))
            assert told(server, REGISTER, source="late") == (503, "LedgerUnavailable")
            assert server.ask(CONTROL)
        until(lambda: readyz(server)[0] == 200)
        assert server.ask(REGISTER, source="late")


def test_the_turn_of_another_writer_is_no_lock(tmp_path: Path) -> None:
    with node(tmp_path) as server, closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        db.execute("BEGIN IMMEDIATE")
        assert readyz(server) == (200, [])
        db.rollback()


def test_forty_waiting_writers_starve_neither_readiness_nor_readers(tmp_path: Path) -> None:
    with node(tmp_path) as server:
        address = str(server.http.base_url)

        def record(number: int) -> int:
            said = {"query": REGISTER, "variables": {"source": f"writer-{number}"}}
            return httpx2.post(f"{address}/graphql", json=said, timeout=60).status_code

        with ThreadPoolExecutor(WRITERS) as officers:
            with locked(tmp_path / "ledger.db"):
                waiting = [officers.submit(record, number) for number in range(WRITERS)]
                took = []
                for _ in range(20):
                    began = time.monotonic()
                    readyz(server)
                    assert server.ask(CONTROL)
                    took.append(time.monotonic() - began)
                    time.sleep(0.05)
                assert median(took) < 3 * AT_ONCE
            assert {each.result() for each in waiting} <= {200, 503}
        until(lambda: readyz(server)[0] == 200)


@pytest.mark.parametrize("how", ["Gone", "Replaced"])
def test_nothing_is_recorded_in_a_ledger_that_is_not_at_its_path(how: str, tmp_path: Path) -> None:
    with node(tmp_path) as server:
        head = server.head
        path, aside = tmp_path / "ledger.db", tmp_path / "aside.db"
        path.rename(aside)
        if how == "Replaced":
            path.write_bytes(aside.read_bytes())
        assert told(server, REGISTER, source="lost") == (503, "LedgerUnavailable")
        until(lambda: hindered(server, f"Ledger{how}"))
        aside.replace(path)
        until(lambda: readyz(server)[0] == 200)
        assert server.ask(REGISTER, source="kept")
        assert server.head == head + 1


def test_nothing_is_recorded_beside_a_deleted_write_ahead_log(tmp_path: Path) -> None:
    with node(tmp_path) as server:
        head = server.head
        (tmp_path / "ledger.db-wal").unlink()
        assert told(server, REGISTER, source="lost") == (503, "LedgerUnavailable")
        until(lambda: hindered(server, "LedgerReplaced"))
    with node(tmp_path) as again:
        assert again.head == head, "closing moved into the file what was in the log"
        assert again.ask(REGISTER, source="kept")


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with node(tmp_path) as server:
        monkeypatch.setattr(readiness, "FREE", 2**62)
        until(lambda: hindered(server, "LedgerDiskFull", "ViewsDiskFull"))


@contextmanager
def small_disk(folder: Path, size: str = "16m") -> Iterator[Path]:
    """A disk of its own; skips where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_write_to_a_full_disk_is_an_outage_and_nothing_is_lost(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, node(tmp_path, f"sqlite:///{disk}/l.db") as server:
        assert server.ask(REGISTER, source="before")
        fill(disk / "filler")
        codes = set()
        for number in range(200):
            answer = server.post(REGISTER, source=f"n-{number}").json()
            if "errors" in answer:
                codes.add(answer["errors"][0]["extensions"]["code"])
        assert codes == {"LedgerUnavailable"}
        assert hindered(server, "LedgerDiskFull")
        (disk / "filler").unlink()
        assert server.ask(REGISTER, source="after")


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)) == 4096:
            pass


def test_a_postgresql_server_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.app.PATIENCE", 1.0)
    with ExitStack() as engine:
        folder = Path(engine.enter_context(TemporaryDirectory(prefix="tenure-pg-")))
        url = engine.enter_context(serving_postgresql(folder)).format("postgres")
        is_told_gone(url, engine)


def test_a_umadb_server_that_is_gone() -> None:
    with ExitStack() as engine:
        is_told_gone(engine.enter_context(serving_umadb()), engine)


def is_told_gone(url: str, engine: ExitStack) -> None:
    with TemporaryDirectory() as folder, node(Path(folder), url) as server:
        engine.close()
        until(lambda: hindered(server, "LedgerNoAnswer"))
        assert told(server, REGISTER, source="late") == (503, "LedgerUnavailable")
        assert server.ask(CONTROL)


def test_a_hanging_ledger_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "SILENCE", 0.3)
    with node(tmp_path) as server:
        with monkeypatch.context() as patched:
            patched.setattr(SqliteRecorder, "probe", lambda self: time.sleep(1.0))
            until(lambda: hindered(server, "LedgerNoAnswer"))
        until(lambda: readyz(server)[0] == 200)


# ---- the views ---------------------------------------------------------------------------------


def test_views_that_are_gone_are_built_again_and_told_in_one_line_each(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with node(tmp_path) as server:
        before, head = server.ask(CONTROL), server.head
        for suffix in ("", "-wal", "-shm"):
            (tmp_path / f"views.db{suffix}").unlink(missing_ok=True)
        told(server, CONTROL)
        until(lambda: "the views were built again, up to position" in caplog.text)
        until(lambda: readyz(server)[0] == 200)
        assert server.ask(CONTROL) == before
        server.seized("fama", on="2023-11-14")
        assert server.holders("kidal", "2023-11-14") == ["fama"]
    path = str(tmp_path / "views.db")
    of_the_follower = [each for each in caplog.records if each.name == "api.http.follower"]
    assert [each.getMessage() for each in of_the_follower] == [
        f"{path}: the file of the views was deleted or moved; they are built again",
        f"{path}: the views were built again, up to position {head}",
    ]
    assert not any(each.exc_info for each in caplog.records)


def test_views_put_back_from_earlier_are_followed_at_once(tmp_path: Path) -> None:
    views, kept = tmp_path / "views.db", tmp_path / "kept.db"
    with node(tmp_path) as server:
        with closing(sqlite3.connect(views)) as db:
            db.execute("VACUUM INTO ?", (str(kept),))
        server.seized("fama", on="2023-11-14")
        put_in_place(kept, views)
        until(lambda: server.holders("kidal", "2023-11-14") == ["fama"])
        assert readyz(server)[0] == 200


def test_no_helper_answers_from_new_and_empty_views(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with open_node(settings):
        pass
    settings.views.unlink()
    with pytest.raises(ViewsUnavailable), answering(settings, Limits()):
        pass
    assert not settings.views.exists()


def test_views_that_are_gone_may_come_back_with_a_rebuild(tmp_path: Path) -> None:
    with node(tmp_path) as server:
        for suffix in ("", "-wal", "-shm"):
            (tmp_path / f"views.db{suffix}").unlink(missing_ok=True)
        with open_node(settings_in(tmp_path)) as another:
            another.projector.rebuild()
        until(lambda: readyz(server)[0] == 200)
        assert server.ask(CONTROL)
        server.seized("fama", on="2023-11-14")
        assert server.holders("kidal", "2023-11-14") == ["fama"]


@pytest.mark.parametrize("left", [0, 100, 8192])
def test_truncated_views_are_told_and_nothing_crashes(left: int, tmp_path: Path) -> None:
    with node(tmp_path) as server:
        with closing(sqlite3.connect(tmp_path / "views.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        os.truncate(tmp_path / "views.db", left)
        until(lambda: readyz(server)[0] == 503)
        assert all(code.startswith("Views") for code in readyz(server)[1])
        answer = server.post(CONTROL)  # from what is in memory, or not at all
        assert answer.status_code in {200, 503}


def test_flipped_bytes_of_the_views_are_told(tmp_path: Path) -> None:
    with node(tmp_path) as server:
        with closing(sqlite3.connect(tmp_path / "views.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with (tmp_path / "views.db").open("r+b") as file:
            size = file.seek(0, 2)
            for page in range(4096, size, 4096):
                file.seek(page)
                file.write(b"\xff" * 16)
        until(lambda: hindered(server, "ViewsDamaged"))


def test_what_is_recorded_while_the_views_cannot_follow_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.app.PATIENCE", 0.3)
    with node(tmp_path) as server:
        head = server.head
        with locked(tmp_path / "views.db"):
            answer = server.post(REGISTER, source="ahead")
        (error,) = answer.json()["errors"]
        assert answer.status_code == 200
        extensions = error["extensions"]
        assert extensions.pop("eventId")
        assert extensions == {
            "code": "RecordedAhead",
            "recorded": True,
            "position": head + 1,
            "duplicate": False,
        }
        assert f"recorded at position {head + 1}, but the views could not" in error["message"]
        until(lambda: server.head == head + 1)
        until(lambda: readyz(server)[0] == 200)


def test_a_lost_table_of_the_views_is_an_outage_and_no_internal_error(tmp_path: Path) -> None:
    with node(tmp_path) as server:
        with closing(sqlite3.connect(tmp_path / "views.db")) as db:
            db.execute("DROP TABLE control_period")
        assert told(server, CONTROL) == (503, "ViewsUnavailable")
