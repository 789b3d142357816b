"""A command that is killed in the middle leaves a sound ledger, and can be run again."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from time import monotonic, sleep

import httpx2
import pytest

from api.node import open_node
from domain.values import EventId
from infra.ledger.ledger import open_ledger
from infra.log.check import check_log
from infra.log.signed_notes import SignedNote
from tests.claims_by_hand import UKRAINE
from tests.command_line import KIDAL, ROOT, CommandLine

STATEMENTS = 4_000
KILLS = int(os.environ.get("KILLS", "0"))
"""How many kills of each kind; 0 takes a few."""


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def ids(cli: CommandLine) -> list[EventId]:
    """Every entry of the ledger, which is sound: no gaps, no repeats, no damage."""
    with closing(sqlite3.connect(cli.folder / "ledger.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with open_node(cli.settings) as node:
        entries = list(node.ledger.read())
    assert [each.position for each in entries] == list(range(1, len(entries) + 1))
    times = [each.recorded_at for each in entries]
    assert times == sorted(times)
    found = [each.statement.id for each in entries]
    assert len(set(found)) == len(found)
    return found


def views_are_right(cli: CommandLine) -> None:
    """Catching up with what was recorded, in bits, ends where building at once ends."""
    with open_node(cli.settings) as node:
        node.projector.catch_up()
        assert node.projector.rebuild().differing == ()


def killed(cli: CommandLine, *args: str, after: float) -> str:
    """Starts the command and kills it; returns what it had said by then."""
    with cli.start(*args) as process:
        sleep(after)
        process.kill()
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode in {0, -9}, stderr
    return stdout


def statements(number: int, *, of: str = "x") -> str:
    """A long file; each statement is another one."""
    return "".join(
        "- {type: TownSeized, location: kidal, by: csp, report: press-1, credibility: 2, "
        f"occurred: 2023-11-14T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z, summary: {of} {n}}}\n"
        for n in range(number)
    )


def moments(seed: int, number: int, latest: float) -> list[float]:
    """Some moments at random, the same ones in each run."""
    random = Random(seed)
    return [0.15 + random.random() * latest for _ in range(KILLS or number)]


def test_a_file_is_recorded_whole_or_not_at_all(cli: CommandLine, tmp_path: Path) -> None:
    path = cli.write("long.yaml", KIDAL + statements(STATEMENTS))
    undisturbed = CommandLine(tmp_path / "undisturbed")
    undisturbed.folder.mkdir()
    assert undisturbed.process("record", path).code == 0
    whole = ids(undisturbed)
    for after in moments(1, 6, latest=0.8):
        killed(cli, "record", path, after=after)
        assert ids(cli) in ([], whole)
    assert cli.process("record", path).code == 0
    assert ids(cli) == whole


def test_what_was_acknowledged_is_there(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    files = [cli.write(f"{n}.yaml", statements(3, of=f"file {n}")) for n in range(200)]
    seen = 0
    for after in moments(2, 4, latest=0.5):
        said = killed(cli, "record", *files, after=0.25 + after)
        acknowledged = said.count(" recorded, ")
        entries = len(ids(cli)) - 13
        assert entries % 3 == 0
        assert entries >= 3 * acknowledged
        assert entries >= seen
        seen = entries
    assert cli.process("record", *files).code == 0
    assert len(ids(cli)) == 13 + 3 * 200
    views_are_right(cli)


@pytest.mark.skipif(not UKRAINE.exists(), reason="../shared/data/claims is not here")
def test_an_import_goes_on_where_it_was_killed(cli: CommandLine, tmp_path: Path) -> None:
    head, *rows = UKRAINE.read_text(encoding="utf-8").splitlines(keepends=True)
    path = cli.write("table.csv", "".join([head, *rows[:1_800]]))
    undisturbed = CommandLine(tmp_path / "undisturbed")
    undisturbed.folder.mkdir()
    assert undisturbed.process("import", "claims-csv", path).code == 0
    whole = ids(undisturbed)
    for after in moments(3, 6, latest=0.8):
        killed(cli, "import", "claims-csv", path, after=after)
        found = ids(cli)
        assert found == whole[: len(found)]
        if found:
            killed(cli, "who", "ua-kherson", "--on", "2022-05-01", after=after)
    assert cli.process("import", "claims-csv", path).code == 0
    assert ids(cli) == whole
    views_are_right(cli)


def test_views_that_were_killed_while_they_caught_up_or_were_rebuilt(cli: CommandLine) -> None:
    path = cli.write("long.yaml", KIDAL + statements(500))
    assert cli.run("record", path).code == 0
    for after in moments(4, 3, latest=0.8):
        killed(cli, "who", "kidal", "--on", "2023-11-20", after=after)
        killed(cli, "rebuild", after=after)
    views_are_right(cli)


def test_a_backup_that_was_killed_leaves_the_ledger_and_no_half_backup(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("long.yaml", KIDAL + statements(1_000))).code == 0
    whole, backup = ids(cli), cli.folder / "backup.db"
    for after in moments(5, 3, latest=0.8):
        killed(cli, "backup", str(backup), "--force", after=after)
        assert ids(cli) == whole
        if backup.exists():
            assert ids_of_backup(cli, backup) == whole
    assert cli.process("backup", backup, "--force").code == 0
    assert ids_of_backup(cli, backup) == whole
    assert not (cli.folder / "backup.db.part").exists()


def ids_of_backup(cli: CommandLine, backup: Path) -> list[EventId]:
    with open_ledger(f"sqlite:///{backup}") as ledger:
        return [each.statement.id for each in ledger.read()]


def test_a_restoring_that_was_killed_leaves_a_whole_ledger_or_none(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("long.yaml", KIDAL + statements(1_000))).code == 0
    whole, backup = ids(cli), cli.folder / "backup.db"
    assert cli.run("backup", backup).code == 0
    for after in moments(6, 2, latest=0.8):
        for each in cli.folder.glob("ledger.db*"):
            each.unlink()
        killed(cli, "restore", str(backup), after=after)
        if (cli.folder / "ledger.db").exists():
            assert ids(cli) == whole
    assert cli.process("verify", "--no-views").code == 0 or not (cli.folder / "ledger.db").exists()


def test_a_verification_that_was_killed_changes_nothing(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("long.yaml", KIDAL + statements(40))).code == 0
    assert cli.run("rebuild").code == 0
    assert cli.run("rebuild", "--log").code == 0
    whole = ids(cli)
    for after in moments(7, 2, latest=1.5):
        killed(cli, "verify", after=after)
        assert ids(cli) == whole
    assert cli.process("verify", "--samples", "5").code == 0


def test_what_a_killed_server_acknowledged_is_there(cli: CommandLine) -> None:
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    acknowledged: set[str] = set()
    for number, after in enumerate(moments(8, 2, latest=0.6)):
        with free_port() as port, cli.start("serve", "--port", str(port)) as server:
            try:
                wait_until_ready(port)
                acknowledged |= recorded_until(port, f"run-{number}", until=monotonic() + after)
            finally:
                server.kill()
                server.communicate(timeout=60)
        with open_ledger(cli.environment["TENURE_LEDGER"]) as ledger:
            found = {getattr(each.event, "source", None) for each in ledger.read()}
        assert acknowledged <= found
    assert acknowledged
    assert cli.process("verify", "--no-views").code == 0
    views_are_right(cli)


def recorded_until(port: int, name: str, until: float) -> set[str]:
    """The sources that the server said it had recorded."""
    done: set[str] = set()
    query = 'mutation ($s: ID!) { registerSource(input: {source: $s, name: "S", reliability: B})'
    for number in range(10_000):
        if monotonic() > until:
            break
        source = f"{name}-{number}"
        said = {"query": f"{query} {{ __typename }} }}", "variables": {"s": source}}
        answer = httpx2.post(f"http://127.0.0.1:{port}/graphql", json=said, timeout=30).json()
        assert answer == {"data": {"registerSource": {"__typename": "Recorded"}}}
        done.add(source)
    return done


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    yield port


def wait_until_ready(port: int) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline:
        with suppress(httpx2.HTTPError):
            if httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                return
        sleep(0.05)
    raise AssertionError("the server did not become ready")


FOLLOWING = """
import sys
from pathlib import Path
from api.node import open_node
from infra.settings import Settings

ledger, views, key = sys.argv[1:]
print("begun", flush=True)
with open_node(Settings(ledger=ledger, views=Path(views), signing_key=Path(key))) as node:
    until = 0
    while until < node.ledger.head:
        until += 25
        node.log.catch_up(until)
        print(node.log.checkpoint(), end="\\0", flush=True)
"""


def test_a_log_holds_every_checkpoint_that_was_shown_before_it_was_killed(cli: CommandLine) -> None:
    path = cli.write("long.yaml", KIDAL + statements(STATEMENTS))
    assert cli.process("record", path).code == 0
    assert cli.process("keygen", cli.folder / "log.key").code == 0
    shown: list[SignedNote] = []
    for after in moments(2, 6, latest=1.2):
        shown += [SignedNote.parse(note) for note in killed_while_following(cli, after)]
        with open_node(cli.settings) as node:
            assert check_log(node.ledger, node.log.log, seen=shown) == []
    assert shown
    settings = cli.settings.model_copy(update={"signing_key": cli.folder / "log.key"})
    with open_node(settings) as node:
        assert node.log.catch_up() == node.ledger.head
        signer = node.log.keys.signer
        assert signer
        assert check_log(node.ledger, node.log.log, [signer.verifier], seen=shown) == []


def killed_while_following(cli: CommandLine, after: float) -> list[str]:
    """The checkpoints that were shown by then, the last one only if it was shown whole."""
    ledger, views = cli.environment["TENURE_LEDGER"], cli.environment["TENURE_VIEWS"]
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOWING, ledger, views, str(cli.folder / "log.key")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        sleep(after)
        process.kill()
        told = process.stdout.read()
    assert process.returncode in {0, -9}
    return told.split("\0")[:-1]
