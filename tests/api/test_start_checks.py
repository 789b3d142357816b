"""Answers: is a server that can't start told everything at once, each with what to do?"""

import os
import re
import socket
import time
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import psycopg
import pytest

from api.commands.start_checks import CannotStart, checked_start
from tests.command_line import CommandLine
from tests.hostile import answer, get
from tests.keys import token_of, write_keys, write_private
from tests.witnesses import free_port


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def problems(**environment: str) -> list[str]:
    with pytest.raises(CannotStart) as refused:
        checked_start(environment, "127.0.0.1", 0)
    return list(refused.value.lines)


def test_everything_wrong_is_told_at_once_and_nothing_is_made(cli: CommandLine) -> None:
    shared = write_private(cli.folder / "shared.json", "{}")
    shared.chmod(0o644)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        told = cli.run(
            *("serve", "--port", str(port)),
            TENURE_LEDGER="postgresql://ana:secret@127.0.0.1:1/tenure",
            TENURE_LEDGR="sqlite:///other.db",
            TENURE_VIEWS=str(cli.folder / "nowhere" / "views.db"),
            TENURE_QUESTION_COST="much",
            TENURE_KEYS=str(shared),
            TENURE_SIGNING_KEY=str(cli.folder / "none.key"),
            TENURE_WITNESSES=str(cli.folder / "none"),
            TENURE_JWT_ISSUER="https://issuer.example",
            TENURE_ACCESS_LOG=str(cli.folder),
            TENURE_DOCUMENTS=str(cli.folder / "none.json"),
        )
    told.refused(
        *("11 things keep the server from starting", f"port {port}: address already in use"),
        "TENURE_LEDGR: there is no such setting; did you mean TENURE_LEDGER?",
        "postgresql://ana:***@127.0.0.1:1/tenure cannot be reached",
        *("nowhere: there is no such folder; make it", "TENURE_QUESTION_COST=much: "),
        "none.json: no such file or directory",
        *(f"chmod 600 {shared}", "none.key can't be read", "TENURE_WITNESSES: the keys in"),
        "TENURE_JWT_KEYS, TENURE_JWT_ISSUER and TENURE_JWT_AUDIENCE are set together",
        code=2,
    )
    assert "secret" not in told.stderr
    assert [each.name for each in cli.folder.iterdir()] == ["shared.json"]


def test_a_check_of_good_settings_serves_and_makes_nothing(cli: CommandLine) -> None:
    write_keys(cli.folder / "keys.json", {"ana": ["read"]})
    log = str(cli.folder / "access.log")
    keys = str(cli.folder / "keys.json")
    done = cli.run("serve", "--check", "--port", "0", TENURE_KEYS=keys, TENURE_ACCESS_LOG=log)
    assert (done.code, done.stdout) == (0, "the server can start with these settings\n")
    assert [each.name for each in cli.folder.iterdir()] == ["keys.json"]


def test_documents_are_checked_before_anything_is_made(cli: CommandLine) -> None:
    cli.write("documents.json", '{"1": "{ noSuchField }", "2": "{ ledger { position } }"}')
    documents = str(cli.folder / "documents.json")
    for more in ((), ("--check",)):
        told = cli.run("serve", "--port", "0", *more, TENURE_DOCUMENTS=documents)
        told.refused("documents.json, 1: Cannot query field 'noSuchField'", code=2)
    assert [each.name for each in cli.folder.iterdir()] == ["documents.json"]


@pytest.mark.parametrize("workers", [1, 2])
def test_documents_are_read_and_checked_once(cli: CommandLine, workers: int) -> None:
    """The manifest is a pipe, which gives its content to one reader alone."""
    pipe = cli.folder / "documents.json"
    os.mkfifo(pipe)
    given = Thread(target=pipe.write_text, args=['{"head": "{ ledger { position } }"}'])
    given.start()
    port = free_port()
    command = ["serve", "--port", str(port), "--workers", str(workers)]
    with cli.start(*command, TENURE_DOCUMENTS=str(pipe)) as server:
        try:
            assert server.stderr is not None
            first_line = next(line for line in server.stderr if "serving GraphQL" in line)
            for _ in range(4 * workers):  # whichever worker answers
                url = f"http://127.0.0.1:{port}/graphql"
                answer = httpx2.get(url, params={"documentId": "head"}, timeout=20)
                assert answer.json() == {"data": {"ledger": {"position": 0}}}
        finally:
            given.join(20)
            server.terminate()
            server.communicate(timeout=20)
    assert str(port) in first_line


def test_serving_is_said_once_every_worker_answers(cli: CommandLine) -> None:
    port = free_port()
    with cli.start("serve", "--port", str(port), "--workers", "2") as server:
        try:
            assert server.stderr is not None
            while "serving GraphQL" not in next(server.stderr):
                pass
            # Workers take seconds to start, and a connection waits for the first that has.
            began = time.perf_counter()
            assert answer(port, get("/healthz"))[0] == "200"
            waited = time.perf_counter() - began
        finally:
            server.terminate()
            server.communicate(timeout=20)
    assert waited < 1.0


def test_what_may_pass_by_itself_has_another_exit_code(cli: CommandLine) -> None:
    """So that a supervisor tries again while its database starts, and leaves wrong settings be."""
    unreachable = "umadb://127.0.0.1:1"
    cli.run("serve", "--check", TENURE_LEDGER=unreachable).refused("cannot be reached", code=1)
    cli.run("serve", "--check", TENURE_LEDGER="mysql://x").refused("names no ledger", code=2)
    wrong = {"TENURE_LEDGER": unreachable, "TENURE_READ": "all"}
    cli.run("serve", "--check", **wrong).refused("cannot be reached", "TENURE_READ=all", code=2)


def test_what_kubernetes_sets_for_a_service_called_tenure_is_no_setting(tmp_path: Path) -> None:
    ledger = {"TENURE_LEDGER": "memory:", "TENURE_VIEWS": str(tmp_path / "views.db")}
    links = (
        *("TENURE_SERVICE_HOST", "TENURE_SERVICE_PORT", "TENURE_SERVICE_PORT_HTTP", "TENURE_PORT"),
        *("TENURE_PORT_8000_TCP", "TENURE_PORT_8000_TCP_PROTO", "TENURE_PORT_8000_TCP_ADDR"),
        "TENURE_PORT_8000_TCP_PORT",
        "TENURE_NODE_SERVICE_HOST",
    )
    given = dict.fromkeys(links, "10.0.0.1")
    assert checked_start(ledger | given, "127.0.0.1", 0).settings.ledger == "memory:"
    assert problems(**ledger, TENURE_PORTS="1") == [
        "TENURE_PORTS: there is no such setting; unset it"
    ]


def test_a_value_is_told_in_part_and_as_it_is(tmp_path: Path) -> None:
    ledger = {"TENURE_LEDGER": "memory:", "TENURE_VIEWS": str(tmp_path / "views.db")}
    (told,) = problems(**ledger, TENURE_QUESTION_PROCESSES="9" * 6_000)
    assert re.fullmatch(r"TENURE_QUESTION_PROCESSES=9{200}: .{1,200}", told)
    for value in ("nan", "inf", "-1", "0"):
        (told,) = problems(**ledger, TENURE_QUESTION_COST=value)
        assert told.startswith(f"TENURE_QUESTION_COST={value}: input should be")
    (told,) = problems(**ledger, TENURE_STOPPING="2h")
    assert "TENURE_STOPPING=2h: " in told


def test_a_token_in_the_place_of_a_digest_is_not_repeated(tmp_path: Path) -> None:
    ledger = {"TENURE_LEDGER": "memory:", "TENURE_VIEWS": str(tmp_path / "views.db")}
    keys = write_private(
        tmp_path / "keys.json", f'{{"{token_of("a-secret")}": {{"subject": "a", "scopes": []}}}}'
    )
    (told,) = problems(**ledger, TENURE_KEYS=str(keys))
    assert token_of("a-secret") not in told


def test_a_ledger_is_reached_and_nothing_is_made_in_it(ledger_url: str, tmp_path: Path) -> None:
    given = {"TENURE_LEDGER": ledger_url, "TENURE_VIEWS": str(tmp_path / "views.db")}
    before = tables(ledger_url)
    assert checked_start(given, "127.0.0.1", 0).settings.ledger == ledger_url
    assert tables(ledger_url) == before
    assert not (tmp_path / "views.db").exists()


def tables(url: str) -> list[Any]:
    """The tables of a ledger in PostgreSQL."""
    if not url.startswith("postgresql:"):
        return []
    with psycopg.connect(url) as db:
        return db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
