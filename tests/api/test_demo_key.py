"""Does the demo sign its log, with a key of its own that nobody else can read?"""

import signal
import socket
import stat
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from infra.log.checkpoints import Checkpoint
from infra.log.key_files import write_signer_key
from infra.log.signed_notes import SignedNote, VerifierKey
from tests.command_line import CommandLine
from tests.logs import SIGNER

SECONDS = 60.0


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        found: int = free.getsockname()[1]
        return found


@contextmanager
def demo(cli: CommandLine, port: int, **environment: str) -> Iterator[SignedNote]:
    """The newest checkpoint of the demo, served."""
    with cli.start("demo", "--port", str(port), **environment) as server:
        try:
            yield SignedNote.parse(fetched(f"http://127.0.0.1:{port}/tlog/checkpoint"))
        finally:
            server.send_signal(signal.SIGINT)
            told, _ = server.communicate(timeout=SECONDS)
            (cli.folder / "told").write_text(told)


def fetched(url: str) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(url, timeout=10) as answer:
            found: str = answer.read().decode()
            return found
        time.sleep(0.1)
    raise TimeoutError(url)


def told_key(cli: CommandLine) -> VerifierKey:
    """The only verifier key that the demo printed."""
    lines = (cli.folder / "told").read_text().splitlines()
    (line,) = (line for line in lines if line.count("+") >= 2 and line.startswith("  tenure/"))
    return VerifierKey.parse(line)


def test_the_demo_signs_all_of_its_log_and_prints_the_verifier_key(
    cli: CommandLine, port: int
) -> None:
    with demo(cli, port) as note:
        pass
    key = told_key(cli)
    assert note.verified([key])
    assert Checkpoint.parse(note.text).size == cli.head
    with demo(cli, port) as again:
        pass
    assert told_key(cli) == key, "the next start uses the key again"
    assert again == note


def test_the_key_lies_in_a_folder_for_its_owner_that_git_leaves_out(
    cli: CommandLine, port: int
) -> None:
    (cli.folder / ".git").mkdir()
    cli.folder.chmod(0o775)
    with demo(cli, port):
        pass
    folder = cli.folder / "ledger-demo-key"
    assert modes(folder, folder / "log.key", folder / "log.key.state") == [0o700, 0o600, 0o600]
    assert (folder / ".gitignore").read_text() == "*\n"


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


def test_a_new_ledger_gets_a_new_key_since_the_old_one_signed_another(
    cli: CommandLine, port: int
) -> None:
    with demo(cli, port):
        pass
    old = told_key(cli)
    for path in cli.folder.glob("*.db*"):
        path.unlink()
    with demo(cli, port) as note:
        pass
    key = told_key(cli)
    assert key.name != old.name
    assert note.verified([key])
    assert (cli.folder / "ledger-demo-key" / "log.key.old").is_file()


def test_a_key_of_the_settings_is_used_instead(cli: CommandLine, port: int) -> None:
    write_signer_key(cli.folder / "own.key", SIGNER)
    with demo(cli, port, TENURE_SIGNING_KEY=str(cli.folder / "own.key")) as note:
        pass
    assert note.verified([SIGNER.verifier])
    assert not (cli.folder / "ledger-demo-key").exists()


def test_a_demo_that_is_not_served_makes_no_key(cli: CommandLine) -> None:
    assert cli.run("demo", "--no-serve").code == 0
    assert not (cli.folder / "ledger-demo-key").exists()
