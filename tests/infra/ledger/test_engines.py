"""Which URLs open a ledger, and what is said about those that do not."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from infra.ledger.dcb import AppendCondition, AppendConflict, StoredEvent
from infra.ledger.engines import (
    DriverMissing,
    LedgerUnreachable,
    UnknownLedger,
    masked_url,
    open_recorder,
)
from infra.ledger.sqlite.file import NotALedger

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ledger.db",
        "mysql://root@localhost/ledger",
        "memory://",
        "sqlite:ledger.db",
        "sqlite://ledger.db",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql:ledger",
        "postgresql://localhost/ledger?unheard=of",
        "umadb://localhost",
        "umadb://localhost:port",
        "umadb://localhost:70000",
        "umadb://localhost:50051/ledger",
    ],
)
def test_a_url_of_another_form_is_answered_with_the_four_forms(url: str) -> None:
    with pytest.raises(
        UnknownLedger, match=r"memory:, sqlite:///path, postgresql://.* or umadb://"
    ):
        open_recorder(url).__enter__()


def test_an_absolute_and_a_relative_path_open_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_recorder("sqlite:///here.db") as recorder:
        recorder.append([StoredEvent("BaseCaptured", b"", [])])
    with open_recorder(f"sqlite:///{tmp_path}/here.db") as recorder:
        assert recorder.read().head == 1


def test_a_ledger_in_a_new_file_is_made_by_the_first_append(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with open_recorder(f"sqlite:///{path}") as recorder:
        assert (recorder.read().head, list(recorder.read())) == (None, [])
        assert list(tmp_path.iterdir()) == []
        assert recorder.append([StoredEvent("A", b"", ["a"])]) == 1
        assert recorder.read().head == 1
    assert path.exists()


def test_two_who_found_no_ledger_yet_record_into_one(tmp_path: Path) -> None:
    url, nobody_else = f"sqlite:///{tmp_path / 'new.db'}", AppendCondition(after=None)
    with open_recorder(url) as first, open_recorder(url) as second:
        assert second.read().head is None
        assert first.append([StoredEvent("A", b"", ["a"])], nobody_else) == 1
        with pytest.raises(AppendConflict):
            second.append([StoredEvent("B", b"", ["b"])], nobody_else)
        assert [each.event.type for each in second.read()] == ["A"]


def test_a_file_that_cannot_be_a_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotALedger, match="no directory"):
        open_recorder(f"sqlite:///{tmp_path}/missing/ledger.db").__enter__()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:s3cret@127.0.0.1:9/ledger",
        "postgresql://127.0.0.1:9/ledger?user=someone&password=s3cret",
        "umadb://127.0.0.1:9",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    began = time.monotonic()
    with pytest.raises(
        LedgerUnreachable, match=r"127\.0\.0\.1:9.* cannot be reached: .*refused"
    ) as refusal:
        open_recorder(url).__enter__()
    assert "s3cret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_unreachable() -> None:
    silent = "import socket, sys; s = socket.create_server(('127.0.0.1', 0));"
    silent += "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", silent]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        began = time.monotonic()
        with pytest.raises(LedgerUnreachable, match="timed out"):
            open_recorder(f"umadb://127.0.0.1:{port}").__enter__()
        assert time.monotonic() - began < 8


def test_a_missing_database_is_unreachable(postgresql_url: str) -> None:
    elsewhere = postgresql_url.replace("/ledger_", "/nowhere_")
    with pytest.raises(LedgerUnreachable, match=r'database "nowhere_.*" does not exist'):
        open_recorder(elsewhere).__enter__()


def test_a_database_without_permission_is_unreachable(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as db:
        db.execute("DROP ROLE IF EXISTS guest")
        db.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(LedgerUnreachable, match="permission denied"):
        open_recorder(postgresql_url.replace("//tenure@", "//guest@")).__enter__()


def test_an_error_in_the_block_is_not_taken_for_an_unreachable_ledger(ledger_url: str) -> None:
    with pytest.raises(OSError, match="mine"), open_recorder(ledger_url):
        raise OSError("mine")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:pw@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:p@w:@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("postgresql://host/db?password=pw&user=me", "postgresql://host/db?password=***&user=me"),
        ("umadb://host:50051", "umadb://host:50051"),
    ],
)
def test_a_password_is_masked(url: str, shown: str) -> None:
    assert masked_url(url) == shown


def test_a_ledger_in_a_file_needs_no_driver_of_a_server(tmp_path: Path) -> None:
    program = (
        "import sys; from infra.ledger.engines import open_recorder\n"
        "with open_recorder(sys.argv[1]) as recorder: recorder.read()\n"
        "print({'psycopg', 'umadb', 'grpc'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, f"sqlite:///{tmp_path}/ledger.db"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"


def test_importing_the_driver_of_umadb_leaves_ctrl_c_as_it_was() -> None:
    script = (
        "import signal; from infra.ledger.engines import import_driver; "
        "before = signal.getsignal(signal.SIGINT); import_driver('umadb://127.0.0.1:1'); "
        "import sys; assert 'umadb' in sys.modules; "
        "assert signal.getsignal(signal.SIGINT) is before"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, timeout=30)


@pytest.mark.parametrize(
    ("url", "driver"), [("umadb://h:1", "umadb"), ("postgresql://h", "psycopg")]
)
def test_a_driver_that_is_not_installed_is_named(
    url: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    refusal = pytest.raises(DriverMissing, match=r"install tenure\[(umadb|postgres)\]")
    with refusal, open_recorder(url):
        pass
