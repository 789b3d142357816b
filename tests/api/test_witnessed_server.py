"""A real server and two real witnesses, of which one is down for a while."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from infra.log.checkpoints import Checkpoint
from infra.log.signed_notes import SignedNote, VerifierKey
from tests.command_line import KIDAL, CommandLine
from tests.witnesses import free_port

PATIENCE = 60.0


class Party:
    """A folder with a key of its own, and a command that serves on a port of its own."""

    def __init__(self, folder: Path, name: str, *args: str) -> None:
        folder.mkdir()
        self.cli, self.port, self.args = CommandLine(folder), free_port(), args
        self.url = f"http://127.0.0.1:{self.port}"
        more = ["--witness"] if "witness" in args else []
        made = self.cli.run("keygen", folder / "own.key", "--name", name, *more)
        self.key = VerifierKey.parse(made.stdout)

    @contextmanager
    def running(self, *more: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
        args = [*self.args, "--port", str(self.port), *more]
        with self.cli.start(*args, **environment) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.communicate(timeout=20)

    def get(self, path: str) -> bytes:
        with urlopen(f"{self.url}/{path}", timeout=10) as answer:
            content: bytes = answer.read()
        return content

    def record(self, town: str) -> float:
        """Records a place over GraphQL; returns the seconds until it was acknowledged."""
        query = (
            f'mutation {{ registerLocation(input: {{location: "{town}", name: "{town}", '
            "kind: TOWN}) { __typename } }"
        )
        body = json.dumps({"query": query}).encode()
        headers = {"Content-Type": "application/json"}
        began = time.monotonic()
        with urlopen(Request(f"{self.url}/graphql", body, headers), timeout=30) as answer:
            told = json.load(answer)
        assert told == {"data": {"registerLocation": {"__typename": "Recorded"}}}
        return time.monotonic() - began

    def cosigned(self, *keys: VerifierKey) -> int:
        """The size of the checkpoint that is served with the cosignatures of all these keys."""
        with suppress(OSError):
            note = SignedNote.parse(self.get("tlog/cosigned").decode())
            if len(note.verified(keys)) == len(keys):
                return Checkpoint.parse(note.text).size
        return 0

    @property
    def witnesses(self) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = json.loads(self.get("readyz"))["witnesses"]
        except HTTPError as not_ready:
            not_ready.close()
            return []
        return found


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def witnesses(tmp_path: Path) -> list[Party]:
    args = ["witness", "memory.db", "--key", "own.key", "--logs", "logs.txt"]
    return [Party(tmp_path / name, f"{name}.example.org", *args) for name in ("w1", "w2")]


def test_a_witness_that_was_down_catches_up_and_recording_never_waits(
    tmp_path: Path, witnesses: list[Party]
) -> None:
    one, other = witnesses
    log = Party(tmp_path / "log", "example.com/mali", "serve")
    listed = log.cli.write("witnesses.txt", "".join(f"{w.key} {w.url}\n" for w in witnesses))
    settings = {"TENURE_SIGNING_KEY": "own.key", "TENURE_WITNESSES": listed}
    for each in witnesses:
        each.cli.write("logs.txt", f"{log.key}\n")
    assert log.cli.run("record", log.cli.write("kidal.yaml", KIDAL)).code == 0
    verify = ("verify-log", f"{log.url}/tlog", "--key", str(log.key))
    quorum = (*verify, "--witnesses", listed, "--quorum", "2")
    with ExitStack() as running:
        running.enter_context(one.running("--begin"))
        running.enter_context(log.running(**settings))
        until(lambda: log.cosigned(one.key) == 13)
        assert log.cosigned(other.key) == 0
        waits = [log.record(f"town-{number}") for number in range(10)]
        assert max(waits) < 5
        until(lambda: log.cosigned(one.key) == 23)
        states = {each["name"]: (each["size"], each["failing"]) for each in log.witnesses}
        assert states == {"w1.example.org": (23, False), "w2.example.org": (None, True)}
        refused = log.cli.run(*quorum)
        refused.refused("too few witnesses: 1 of the 2 asked for")
        assert not list(log.cli.folder.glob("views-seen-*"))

        running.enter_context(other.running("--begin"))
        until(lambda: log.cosigned(one.key, other.key) == 23)
        until(lambda: [each["lag"] for each in log.witnesses] == [0, 0])
        told = log.cli.run(*quorum)
        assert told.code == 0, told
        assert "Cosigned by 2 of 2 witnesses: w1.example.org, w2.example.org.\n" in told.stdout

        log.record("timbuktu")
        until(lambda: log.cosigned(one.key, other.key) == 24)
        again = log.cli.run(*quorum)
        assert again.code == 0, again
        assert "1 entry was added since" in again.stdout
        assert "LocationRegistered 1" in again.stdout
        assert log.cli.run(*verify).stdout.count("Nothing was added since") == 1
