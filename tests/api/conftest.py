"""A server for each test that asks for one, a ledger on the command line, and clients from npm."""

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.server import Server, describe_the_world, server_at
from tests.command_line import KIDAL, CommandLine
from tests.node_js import run_npm

REPOSITORY = Path(__file__).parents[2]
CLIENTS = REPOSITORY / "tests" / "clients"
CACHE = REPOSITORY / ".cache" / "clients"


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """A server that has not been told anything, with its ledger in memory."""
    with server_at(tmp_path, ledger="memory:") as server:
        yield server


@pytest.fixture
def server(empty_server: Server) -> Server:
    """A server that knows whom and what the tests speak of."""
    describe_the_world(empty_server)
    return empty_server


@pytest.fixture
def kidal(tmp_path: Path) -> CommandLine:
    """A ledger that knows of Kidal and its views, on the command line."""
    line = CommandLine(tmp_path)
    assert line.run("record", line.write("kidal.yaml", KIDAL)).code == 0
    assert line.run("rebuild").code == 0
    return line


@pytest.fixture(scope="session")
def clients() -> Path:
    """The npm packages and our scripts for them, installed once from the committed lock file."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of this run may be installing them
        _install()
    return CACHE


def _install() -> None:
    for each in (*CLIENTS.glob("*.json"), *CLIENTS.glob("*.mjs"), CLIENTS / ".npmrc"):
        shutil.copy(each, CACHE / each.name)
    wanted = (CLIENTS / "package-lock.json").read_bytes()
    installed = CACHE / "installed-lock.json"
    if not installed.exists() or installed.read_bytes() != wanted:
        done = run_npm("ci", "--ignore-scripts", folder=CACHE)
        assert done.returncode == 0, done.stderr
        installed.write_bytes(wanted)
