"""A witness as anybody runs it: over HTTP, as a process, and through every kill."""

import http.client
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

import pytest

from api.http.witness_app import create_witness_app
from infra.log.checkpoints import Checkpoint
from infra.log.http_exchange import HttpAnswer, HttpExchange, NoAnswer
from infra.log.signed_notes import LONGEST_NOTE, SignedNote, VerifierKey
from infra.log.submission import LONGEST_SUBMISSION, Submission
from tests.api.serving import serving
from tests.command_line import CommandLine
from tests.logs import SIGNER, WITNESS
from tests.witnesses import History, cosigner_at, free_port

TOLD = History()
ORIGIN_HASH = sha256(SIGNER.name.encode()).hexdigest()


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[HttpExchange]:
    """A connection to a witness on a real server."""
    with (
        cosigner_at(tmp_path / "witness.db") as cosigner,
        serving(create_witness_app(cosigner), lifespan="off") as url,
    ):
        exchange = HttpExchange(url, user_agent="test")
        yield exchange
        exchange.close()


def post(exchange: HttpExchange, submission: Submission | bytes) -> HttpAnswer:
    body = submission if isinstance(submission, bytes) else submission.body
    return exchange.post("add-checkpoint", body, "text/plain", LONGEST_NOTE)


def cosigned(note: SignedNote, answer: HttpAnswer, key: VerifierKey = WITNESS.verifier) -> bool:
    assert answer.status == 200, answer
    answered = SignedNote.parse(f"{note.text}\n{answer.body.decode()}")
    return bool(answered.verified([key]))


def test_a_checkpoint_is_cosigned_over_http(witness: HttpExchange) -> None:
    assert cosigned(TOLD.note(7), post(witness, TOLD.submission(0, 7)))
    assert cosigned(TOLD.note(7), post(witness, TOLD.submission(7, 7)))
    assert cosigned(TOLD.note(300), post(witness, TOLD.submission(7, 300)))


def test_another_size_is_told_in_the_type_of_the_protocol(witness: HttpExchange) -> None:
    post(witness, TOLD.submission(0, 7))
    assert post(witness, TOLD.submission(0, 9)) == (409, "text/x.tlog.size", b"7\n")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"old 0\n\nhello\n", 400),
        (b"x" * (LONGEST_SUBMISSION + 1), 413),
        (TOLD.submission(0, 7).body.replace(b"example.com/tenure\n7", b"example.org\n7"), 404),
        (TOLD.submission(0, 7).body.replace(b"\n7\n", b"\n8\n"), 403),
        (TOLD.submission(0, 7).body.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n"), 422),
    ],
)
def test_each_refusal_has_the_status_of_the_protocol(
    witness: HttpExchange, body: bytes, status: int
) -> None:
    assert post(witness, body).status == status
    assert cosigned(TOLD.note(7), post(witness, TOLD.submission(0, 7)))


def test_the_last_checkpoint_is_there_to_be_monitored(witness: HttpExchange) -> None:
    assert witness.get(f"{ORIGIN_HASH}/checkpoint", LONGEST_NOTE).status == 404
    post(witness, TOLD.submission(0, 7))
    shown = witness.get(f"{ORIGIN_HASH}/checkpoint", LONGEST_NOTE).body.decode()
    assert len(SignedNote.parse(shown).verified([SIGNER.verifier, WITNESS.verifier])) == 2


def test_an_endless_body_is_cut_off(witness: HttpExchange) -> None:
    at = urlsplit(witness.url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=10) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n")
        connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with suppress(ConnectionError):
            while sent < 50 and not answered(connection):
                connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                sent += 1
                time.sleep(0.01)
    assert sent < 50


def answered(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return bool(connection.recv(4_096, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(10)


# ---- As a command -----------------------------------------------------------------------------


@contextmanager
def running(cli: CommandLine, port: int, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """`tenure witness` as a process, answering; killed afterwards."""
    args = ["witness.db", "--key", "witness.key", "--logs", "logs.txt", "--port", str(port), *more]
    with cli.start("witness", *args) as process:
        try:
            wait_for(port, process)
            yield process
        finally:
            process.kill()
            process.communicate()


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(process.communicate())


@pytest.fixture
def key(cli: CommandLine) -> VerifierKey:
    """The key of a witness, and the log that it watches, in the folder."""
    cli.write("logs.txt", f"# watched\n{SIGNER.verifier}\n")
    made = cli.run("keygen", cli.folder / "witness.key", "--name", "w.example.org", "--witness")
    return VerifierKey.parse(made.stdout)


def test_a_witness_remembers_over_a_kill_and_refuses_another_history(
    cli: CommandLine, key: VerifierKey
) -> None:
    port = free_port()
    exchange = HttpExchange(f"http://127.0.0.1:{port}", user_agent="test")
    with running(cli, port, "--begin"):
        assert cosigned(TOLD.note(10), post(exchange, TOLD.submission(0, 10)), key)
    exchange.close()
    with running(cli, port):
        assert post(exchange, History("retold").submission(0, 11)).status == 409
        assert post(exchange, History("retold").submission(10, 10)).status == 422
        assert cosigned(TOLD.note(12), post(exchange, TOLD.submission(10, 12)), key)
    exchange.close()
    args = ("witness", cli.folder / "witness.db", "--key", cli.folder / "witness.key")
    forks = cli.run(*args, "--logs", cli.folder / "logs.txt", "--forks")
    assert forks.code == 0
    assert forks.stdout.count("example.com/tenure\n10\n") == 2


def test_killed_at_any_moment_a_witness_signs_one_history(
    cli: CommandLine, key: VerifierKey
) -> None:
    """Two histories are offered in turn; whichever size was cosigned, one root stands there."""
    port, chance = free_port(), random.Random(12)
    exchange = HttpExchange(f"http://127.0.0.1:{port}", user_agent="test", longest_answer=5)
    histories = [History(common=5), History("retold", common=5)]
    roots: dict[int, set[bytes]] = {}
    for attempt in range(4):
        with running(cli, port, *(["--begin"] if attempt == 0 else [])) as process:
            offer(exchange, histories[0], 1, key, roots)
            killer = Timer(chance.uniform(0.02, 0.3), process.kill)
            killer.start()
            with suppress(NoAnswer):
                while True:
                    offer(exchange, chance.choice(histories), chance.randint(0, 3), key, roots)
            killer.join()
            assert process.wait(5) == -signal.SIGKILL
        exchange.close()
    assert sum(map(len, roots.values())) > 8
    assert all(len(found) == 1 for found in roots.values())
    longest = next(each for each in histories if roots[max(roots)] == {root_of(each, max(roots))})
    assert all(found == {root_of(longest, size)} for size, found in roots.items())


def offer(
    exchange: HttpExchange,
    history: History,
    more: int,
    key: VerifierKey,
    roots: dict[int, set[bytes]],
) -> None:
    """Offers a history to the witness, from the size that it tells; notes what it cosigned."""
    told = post(exchange, history.submission(0, 0))
    old = int(told.body) if told.status == 409 else 0
    answer = post(exchange, history.submission(old, old + more))
    if answer.status == 200 and old + more:
        assert cosigned(history.note(old + more), answer, key)
        roots.setdefault(old + more, set()).add(root_of(history, old + more))


def root_of(history: History, size: int) -> bytes:
    return Checkpoint.parse(history.note(size).text).root


def test_a_witness_without_its_memory_or_with_a_key_of_a_log_does_not_begin(
    cli: CommandLine, key: VerifierKey
) -> None:
    logs = cli.folder / "logs.txt"
    args = ("witness", cli.folder / "witness.db", "--logs", logs, "--key")
    cli.run(*args, cli.folder / "witness.key").refused("would cosign a second history", "--begin")
    cli.run("keygen", cli.folder / "log.key", "--name", "example.com/mali")
    cli.run(*args, cli.folder / "log.key", "--begin").refused("is a log's")
    cli.run(*args, cli.folder / "nowhere", "--begin").refused("can't be read")
    assert not (cli.folder / "witness.db").exists()


def test_a_slow_body_is_not_awaited_for_ever(
    witness: HttpExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.witness_app._PATIENCE", 0.2)
    at = urlsplit(witness.url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=10)
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"old 0\n")
    assert connection.getresponse().status == 408
    connection.close()
