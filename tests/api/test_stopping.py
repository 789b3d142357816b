"""Answers: does a server that is told to end answer what it has begun, and end in time?"""

import json
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, RemoteDisconnected
from itertools import count
from os import kill
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.test_serving import until
from tests.command_line import CommandLine

ONE = 'control(location: "kidal", at: "2023-11-20") { status explanation }'
_numbers = count()
PATIENCE = 60.0


def dear_question() -> str:
    """Fifty of one question are dear, and go to a helper; no two are alike, so that none is one
    whose answer is kept."""
    asked = " ".join(f"a{number}: {ONE}" for number in range(50))
    return f"{{ {asked} }} # {next(_numbers)}"


@dataclass
class Serving:
    """A `tenure serve` of its own process, whose helpers can be made to wait."""

    process: "subprocess.Popen[str]"
    port: int
    threads: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def get(self, path: str, body: Any = None) -> tuple[int, Any]:
        http = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            if body is None:
                http.request("GET", path)
            else:
                http.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = http.getresponse()
            text = answer.read().decode()
            is_json = "json" in (answer.getheader("content-type") or "")
            return answer.status, json.loads(text) if is_json else text
        finally:
            http.close()

    def ask(self, query: str) -> "Future[tuple[int, Any]]":
        return self.threads.submit(self.get, "/graphql", {"query": query})

    def is_refusing(self) -> bool:
        try:
            self.get("/healthz")
        except (ConnectionRefusedError, ConnectionResetError, RemoteDisconnected):
            return True
        return False

    def helpers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [
            int(pid)
            for each in children.parent.parent.glob("*/children")
            for pid in each.read_text().split()
        ]
        return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def busy(self) -> float:
        _, text = self.get("/metrics")
        return next(
            each.samples[0].value
            for each in text_string_to_metric_families(text)
            if each.name == "tenure_busy_helpers"
        )

    def begin_a_dear_question(self) -> "Future[tuple[int, Any]]":
        """A question that its helper does not answer before `go_on`."""
        assert self.get("/graphql", {"query": dear_question()})[0] == 200
        until(lambda: len(self.helpers()) > 0, within=PATIENCE)
        for each in self.helpers():
            kill(each, signal.SIGSTOP)
        asked = self.ask(dear_question())
        until(lambda: self.busy() >= 1, within=PATIENCE)
        return asked

    def go_on(self) -> None:
        for each in self.helpers():
            kill(each, signal.SIGCONT)


@contextmanager
def serving(line: CommandLine, **settings: str) -> Iterator[Serving]:
    with line.start("serve", "--port", "0", **settings) as process:
        try:
            assert process.stderr
            while "serving GraphQL on" not in (told := process.stderr.readline()):
                assert told
            address = told.split()[3].removesuffix("/graphql;")
            server = Serving(process, int(address.rpartition(":")[2]))
            until(lambda: server.get("/readyz")[0] == 200, within=PATIENCE)
            yield server
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def ended(server: Serving) -> tuple[int, str]:
    """The exit code and the last words of the server."""
    _, told = server.process.communicate(timeout=PATIENCE)
    return server.process.returncode, told


def test_a_server_drains_answers_what_it_has_begun_and_ends_with_0(kidal: CommandLine) -> None:
    with serving(kidal, TENURE_DRAINING="4s", TENURE_STOPPING="50s") as server:
        asked = server.begin_a_dear_question()
        for each in (server.process.pid, *server.helpers()):  # as when a whole group is told to end
            kill(each, signal.SIGTERM)
        until(lambda: server.get("/readyz")[0] == 503)
        _, told = server.get("/readyz")
        assert [each["code"] for each in told["reasons"]] == ["Draining"]
        cheap = {"query": "{ ledger { position } }"}
        assert server.get("/graphql", cheap)[0] == 200, "others have not looked yet"
        until(server.is_refusing, within=PATIENCE)
        assert not asked.done()
        server.go_on()
        status, answer = asked.result(PATIENCE)
        code, said = ended(server)
    assert (status, len(answer["data"])) == (200, 50)
    assert {each["status"] for each in answer["data"].values()} == {"HELD"}
    assert (code, "Traceback" in said) == (0, False), said
    assert said.splitlines()[-1] == "stopped"
    assert not [*kidal.folder.glob("*-wal")], "every file is closed"


def test_what_takes_longer_than_allowed_is_cut_off(kidal: CommandLine) -> None:
    with serving(kidal, TENURE_STOPPING="1s") as server:
        asked = server.begin_a_dear_question()
        helpers = server.helpers()
        server.process.send_signal(signal.SIGTERM)
        code, said = ended(server)
        status, answer = asked.result(PATIENCE)
    assert (status, "the server is ending" in answer) == (503, True)
    assert (code, "Traceback" in said) == (0, False), said
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in helpers))


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_a_server_at_once(kidal: CommandLine, second: signal.Signals) -> None:
    with serving(kidal, TENURE_DRAINING="1h", TENURE_STOPPING="1h") as server:
        asked = server.begin_a_dear_question()
        helpers = server.helpers()
        server.process.send_signal(signal.SIGTERM)
        until(lambda: server.get("/readyz")[0] == 503)
        server.process.send_signal(second)
        code, said = ended(server)
        assert asked.exception(PATIENCE) is not None
    assert (code, "stopped at once, by a second signal" in said) == (1, True), said
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in helpers))


def test_ctrl_c_does_not_wait_for_others_to_look(kidal: CommandLine) -> None:
    with serving(kidal, TENURE_DRAINING="1h") as server:
        server.process.send_signal(signal.SIGINT)
        code, said = ended(server)
    assert (code, said.splitlines()[-1]) == (0, "stopped")


def test_a_client_that_hangs_up_is_counted_and_is_no_error(kidal: CommandLine) -> None:
    with serving(kidal) as server:
        asked = server.begin_a_dear_question()
        http = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json"}
        http.request("POST", "/graphql", json.dumps({"query": dear_question()}), headers)
        until(lambda: server.busy() == 2, within=PATIENCE)
        http.close()
        server.go_on()
        assert asked.result(PATIENCE)[0] == 200
        until(lambda: server.busy() == 0, within=PATIENCE)
        _, text = server.get("/metrics")
        server.process.send_signal(signal.SIGTERM)
        code, said = ended(server)
    assert 'status="499"' in text
    assert (code, "rror" in said) == (0, False), said
