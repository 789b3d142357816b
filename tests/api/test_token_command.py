"""Answers: does `tenure token` make tokens that work, and keep nothing that could be stolen?"""

import json
import stat
from pathlib import Path

import pytest

from api.http.auth.keys_file import digest_of
from tests.api.server import server_at
from tests.command_line import CommandLine, Outcome
from tests.keys import token_of, write_keys, write_private


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def made(cli: CommandLine, *words: str) -> Outcome:
    return cli.run("token", *words, TENURE_KEYS=str(cli.folder / "keys.json"))


def test_a_new_token_lets_its_bearer_record(cli: CommandLine) -> None:
    done = made(cli, "ana", "--scope", "record", "--expires", "2031-12-31")
    token, path = done.stdout.strip(), cli.folder / "keys.json"
    assert len(token) == 43, "32 bytes"
    assert done.stderr == f"ana may record, until 2031-12-31; added to {path}\n"
    assert token not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = {"subject": "ana", "scopes": ["record"], "expires": "2031-12-31"}
    assert json.loads(path.read_text()) == {digest_of(token): key}
    with server_at(cli.folder, ledger="memory:", keys=path) as server:
        server.http.headers["authorization"] = f"Bearer {token}"
        server.tell("registerActor", actor="fama", name="FAMa", kind="STATE_FORCE")


def test_tokens_differ_and_the_keys_before_stay(cli: CommandLine) -> None:
    path = write_keys(cli.folder / "keys.json", {"bo": ["audit"]})
    asked = (["--scope", "read", "--scope", "audit"], ["--scope", "read"])
    tokens = [made(cli, "Ána", *scopes).stdout.strip() for scopes in asked]
    kept = json.loads(path.read_text())
    assert list(kept) == [digest_of(token_of("bo")), *map(digest_of, tokens)]
    assert kept[digest_of(tokens[0])] == {"subject": "Ána", "scopes": ["audit", "read"]}


def test_what_would_be_no_good_key_is_refused_and_nothing_is_written(cli: CommandLine) -> None:
    path = cli.folder / "keys.json"
    for words, said in (
        (["a\nb", "--scope", "read"], "a line break"),
        (["", "--scope", "read"], "subject: "),
        (["ana", "--scope", "read", "--expires", "soon"], "write a date"),
        (["ana", "--scope", "read", "--expires", "2020-01-31"], "would have expired"),
    ):
        made(cli, *words).refused(said)
        assert not path.exists()
    assert made(cli, "ana", "--scope", "admin").code == 2
    assert made(cli, "ana").code == 2
    cli.run("token", "ana", "--scope", "read").refused("TENURE_KEYS names no file")


def test_a_file_that_is_not_sound_or_private_is_left_as_it_is(cli: CommandLine) -> None:
    path = write_private(cli.folder / "keys.json", '{"secret-token": {}}')
    done = made(cli, "ana", "--scope", "read")
    done.refused("no digest of a token")
    assert "secret-token" not in done.stderr
    assert path.read_text() == '{"secret-token": {}}'
    write_private(path, "{}").chmod(0o644)
    made(cli, "ana", "--scope", "read").refused(f"chmod 600 {path}")
    path.chmod(0o600)
    write_private(cli.folder / "keys.json.new", "")
    made(cli, "ana", "--scope", "read").refused("keys.json.new is there")
    assert path.read_text() == "{}"


def test_a_link_to_the_keys_stays_a_link(cli: CommandLine) -> None:
    path = write_keys(cli.folder / "elsewhere.json", {"bo": ["audit"]})
    (cli.folder / "keys.json").symlink_to(path)
    assert made(cli, "ana", "--scope", "read").code == 0
    assert (cli.folder / "keys.json").is_symlink()
    assert len(json.loads(path.read_text())) == 2
