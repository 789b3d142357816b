"""Do several processes of one node serve as one would, and outlive one of them?"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any

import httpx2
import pytest

from api.commands import supervisor
from api.commands.supervisor import KeptProcess, NeverReady, Supervisor
from api.http.follower_board import FollowerBoard
from api.http.following import FollowingElsewhere
from api.http.witness_threads import WitnessProgress
from tests.api import worker_tasks
from tests.command_line import KIDAL, CommandLine
from tests.witnesses import free_port

STARTING = 120.0
HEAD = {"query": "{ ledger { position } }"}


def register(town: str) -> dict[str, str]:
    given = f'location: "{town}", name: "{town}", kind: TOWN'
    told = "__typename ... on Recorded { position }"
    return {"query": f"mutation {{ registerLocation(input: {{{given}}}) {{ {told} }} }}"}


class Workers:
    """A running server with several workers; each request has a connection of its own."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port = process, port

    def post(self, body: dict[str, Any], **headers: str) -> httpx2.Response:
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20) as http:
            return http.post("/graphql", json=body, headers=headers)

    def ready(self) -> httpx2.Response | None:
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/readyz", timeout=20)
        except httpx2.TransportError:
            return None

    @property
    def is_ready(self) -> bool:
        answer = self.ready()
        return answer is not None and answer.status_code == 200


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split() if b"spawn_main" in command_of(int(each))]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@contextmanager
def serving_with(line: CommandLine, workers: int, **environment: str) -> Iterator[Workers]:
    port = free_port()
    args = ["serve", "--port", str(port), "--workers", str(workers)]
    with line.start(*args, **environment) as process:
        server = Workers(process, port)
        try:
            until(lambda: server.is_ready or process.poll() is not None, STARTING)
            assert process.poll() is None, process.stderr and process.stderr.read()
            yield server
        finally:
            children = children_of(process.pid) if process.poll() is None else []
            process.terminate()
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise
            until(lambda: not any(command_of(each) for each in children), 20)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "umadb"])
def test_every_worker_answers_alike_and_reads_what_another_wrote(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    line = CommandLine(tmp_path)
    given = {}
    if engine != "sqlite":
        given["TENURE_LEDGER"] = request.getfixturevalue(f"{engine}_url")
    with serving_with(line, 2, **given) as server, ThreadPoolExecutor(8) as clients:
        assert len(children_of(server.process.pid)) == 3

        def write_and_read(number: int) -> tuple[int, int]:
            told = server.post(register(f"town-{number}"))
            recorded = told.json()["data"]["registerLocation"]
            assert recorded["__typename"] == "Recorded"
            seen = told.headers["Tenure-Position"]
            assert int(seen) >= recorded["position"]
            answer = server.post(HEAD, **{"Tenure-Position": seen})
            assert int(answer.headers["Tenure-Position"]) >= int(seen)
            return recorded["position"], answer.json()["data"]["ledger"]["position"]

        pairs = list(clients.map(write_and_read, range(40)))
        assert all(read >= written for written, read in pairs)
        assert sorted(written for written, _ in pairs) == list(range(1, 41))
        until(lambda: server.is_ready, 20)
        told = {answer.text for _ in range(12) if (answer := server.ready())}
        assert len(told) == 1, "every worker says the same of the node"


def test_a_killed_worker_and_a_killed_follower_are_started_again(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    assert line.run("record", line.write("kidal.yaml", KIDAL)).code == 0
    with serving_with(line, 2) as server:
        follower, *workers = children_of(server.process.pid)
        os.kill(workers[0], signal.SIGKILL)
        until(lambda: workers[0] not in children_of(server.process.pid), 20)
        for _ in range(20):  # the other answers whoever comes
            assert server.post(HEAD).status_code == 200
        until(lambda: len(children_of(server.process.pid)) == 3, 20)
        os.kill(follower, signal.SIGKILL)
        told = server.post(register("gao"))
        assert told.json()["data"]["registerLocation"]["__typename"] == "Recorded"
        until(lambda: len(children_of(server.process.pid)) == 3, 20)
        until(lambda: server.is_ready, 30)
        with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}") as http:
            until(lambda: http.get("/readyz").json()["log"]["lag"] == 0, 20)
        server.process.send_signal(signal.SIGTERM)
        _, stderr = server.process.communicate(timeout=20)
        assert "worker 1 ended (killed by signal 9), and is started again at once" in stderr
        assert "the follower ended (killed by signal 9), and is started again at once" in stderr
        assert "stopped" in stderr
        assert server.process.returncode == 0


def test_a_follower_that_hangs_is_told_by_every_worker(tmp_path: Path) -> None:
    with serving_with(CommandLine(tmp_path), 2) as server:
        follower, *_ = children_of(server.process.pid)
        os.kill(follower, signal.SIGSTOP)
        try:
            until(lambda: not server.is_ready, 20)
            for _ in range(6):
                answer = server.ready()
                assert answer is not None
                assert [each["code"] for each in answer.json()["reasons"]] == ["ViewsNoAnswer"]
        finally:
            os.kill(follower, signal.SIGCONT)
        until(lambda: server.is_ready, 20)


def test_without_its_parent_no_process_goes_on(tmp_path: Path) -> None:
    with serving_with(CommandLine(tmp_path), 2) as server:
        children = children_of(server.process.pid)
        server.process.kill()
        until(lambda: not any(command_of(each) for each in children), 20)


def test_a_second_signal_ends_every_process_at_once_and_the_exit_code_says_so(
    tmp_path: Path,
) -> None:
    with serving_with(CommandLine(tmp_path), 2, TENURE_DRAINING="1h") as server:
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not server.is_ready, 20)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 1
        assert server.process.stderr is not None
        assert "stopped\n" not in server.process.stderr.read()


def test_hangup_has_every_worker_read_its_keys_again(tmp_path: Path) -> None:
    line, keys = CommandLine(tmp_path), str(tmp_path / "keys.json")
    token = line.run("token", "ana", "--scope", "record", TENURE_KEYS=keys).stdout.strip()
    with serving_with(line, 2, TENURE_KEYS=keys, TENURE_READ="keys") as server:
        given = {"Authorization": f"Bearer {token}"}
        assert server.post(HEAD, **given).status_code == 200
        Path(keys).write_text("{}")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: {server.post(HEAD, **given).status_code for _ in range(8)} == {401}, 20)
        assert len(children_of(server.process.pid)) == 3, "and none has ended"


def test_a_ledger_in_memory_has_one_process(tmp_path: Path) -> None:
    told = CommandLine(tmp_path).run("serve", "--workers", "2", TENURE_LEDGER="memory:")
    told.refused("a ledger in memory is in one process alone", code=2)


@pytest.mark.parametrize("number", ["0", "65", "x", "-1"])
def test_the_number_of_workers_has_bounds(tmp_path: Path, number: str) -> None:
    assert CommandLine(tmp_path).run("serve", "--workers", number).code == 2


def test_a_process_that_never_gets_ready_ends_all(tmp_path: Path) -> None:
    other = KeptProcess("the other", partial(worker_tasks.waits, tmp_path / "marks"))
    processes = [other, KeptProcess("worker 1", worker_tasks.ends_at_once)]
    with pytest.raises(NeverReady, match=r"worker 1 ended before it was ready \(exit code 7\)"):
        Supervisor(processes[0], processes[1:], passes_hangup=False, patience=10).run()
    assert other.sentinel is None


def test_a_process_killed_before_it_was_ready_is_started_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "_FIRST_WAIT", 0.1)
    kept = KeptProcess("worker 1", worker_tasks.is_killed_at_once)
    with pytest.raises(NeverReady):
        Supervisor(kept, [], passes_hangup=False, patience=10).run()
    assert capsys.readouterr().err.count("killed by signal 9") == 2


def test_a_process_that_keeps_ending_is_put_off_longer_and_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "_FIRST_WAIT", 0.1)
    marks = tmp_path / "marks"
    kept = KeptProcess("worker 1", partial(worker_tasks.ends_once_ready, marks))
    running = Supervisor(kept, [], passes_hangup=False, patience=10)
    stop_once(running, lambda: marks.exists() and len(marks.read_text()) == 4)
    running.run()
    said = [each for each in capsys.readouterr().err.splitlines() if "ended (" in each]
    waits = [each.rpartition("started again ")[2] for each in said[:3]]
    assert waits == ["at once", "in 0.1 s", "in 0.2 s"]
    assert running.ended_in_order


def test_that_all_processes_are_ready_is_told_once_and_not_before(tmp_path: Path) -> None:
    marks, told = tmp_path / "marks", list[list[bool]]()
    ready = partial(worker_tasks.waits, marks)
    kept = [
        KeptProcess("the follower", ready),
        KeptProcess("worker 1", ready),
        KeptProcess("worker 2", partial(worker_tasks.waits_until, tmp_path / "go", marks)),
    ]
    running = Supervisor(
        *(kept[0], kept[1:]),
        passes_hangup=False,
        patience=10,
        once_ready=lambda: told.append([each.is_ready for each in kept]),
    )
    stop_once(running, lambda: bool(told))
    Timer(1.0, (tmp_path / "go").touch).start()
    running.run()
    assert told == [[True, True, True]]


@pytest.mark.parametrize("is_ready", [True, False])
def test_a_process_that_could_work_and_ends_at_once_has_not_ended_in_order(
    tmp_path: Path, is_ready: bool
) -> None:
    marks = tmp_path / "marks"
    kept = KeptProcess("worker 1", partial(worker_tasks.ends_at_the_signal, marks, is_ready))
    running = Supervisor(kept, [], passes_hangup=False, patience=10)
    stop_once(running, marks.exists)
    running.run()
    assert running.ended_in_order != is_ready


def test_a_process_deaf_to_its_end_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = KeptProcess("worker 1", partial(worker_tasks.is_deaf, tmp_path / "marks"))
    running = Supervisor(kept, [], passes_hangup=False, patience=0.3)
    stop_once(running, (tmp_path / "marks").exists)
    running.run()
    assert "worker 1 had not ended in time; killed" in capsys.readouterr().err
    assert not running.ended_in_order


def test_the_board_tells_what_was_written_last_and_when_it_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board = FollowerBoard()
    following = FollowingElsewhere(board, counting=None)  # type: ignore[arg-type]
    assert code_of(following) == "ViewsBehind", "nothing was told yet"
    board.write(True, "", "", WitnessProgress("w", 12, is_failing=False))
    assert code_of(following) is None
    assert following.witnesses == [WitnessProgress("w", 12, is_failing=False)]
    board.write(False, "LedgerLocked", "a reason")
    assert code_of(following) == "LedgerLocked"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    assert code_of(following) == "ViewsNoAnswer"


def code_of(following: FollowingElsewhere) -> str | None:
    return following.hindrance.code if following.hindrance else None


def test_a_torn_page_of_the_board_is_no_page() -> None:
    board = FollowerBoard()
    board.write(True, "", "")
    board._memory[12:14] = b"\0\0"
    assert board.read() is None
    board.write(True, "", "x" * 1_000_000, *[WitnessProgress("w" * 100, 1, False)] * 2_000)
    told = board.read()
    assert told is not None and told.caught_up


def stop_once(running: Supervisor, true: Callable[[], bool]) -> None:
    """Sends SIGTERM to this process, which the supervisor listens to, once it is true."""

    def wait() -> None:
        until(true, 60)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def until(true: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"this took longer than {within} s"
        time.sleep(0.05)
