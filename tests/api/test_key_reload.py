"""Answers: are changed keys in force without a restart, and does a slip lock nobody out?"""

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from api.http.auth.failed_tokens import FailedTokens
from api.http.auth.keys_file import digest_of, read_keys
from api.http.auth.reloading import Reloading
from tests.command_line import CommandLine
from tests.keys import token_of, write_keys, write_private

QUESTION = "/graphql?query=%7B__typename%7D"


class Watch:
    """A clock that moves on by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_changed_file_is_read_again_after_a_second(tmp_path: Path) -> None:
    watch, reads = Watch(), list[Path]()

    def read(path: Path) -> str:
        reads.append(path)
        return path.read_text()

    path = write_private(tmp_path / "file", "one")
    held = Reloading(path, read, watch)
    write_private(path, "two")
    assert held.content == "one"
    watch.seconds = 1.0
    assert held.content == "two"
    for watch.seconds in (2, 3, 4):
        assert held.content == "two"
    assert len(reads) == 2, "an unchanged file is not read again"


def test_a_broken_file_leaves_the_keys_in_force_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch, path = Watch(), tmp_path / "keys.json"
    held = Reloading(write_keys(path, {"ana": ["read"]}), read_keys, watch)

    def open_to_all() -> None:
        write_keys(path, {"bo": ["audit"]}).chmod(0o644)

    breaks: list[Callable[[], object]] = [
        lambda: write_private(path, "{"),
        open_to_all,
        path.unlink,
    ]
    for number, break_it in enumerate(breaks, 1):
        break_it()
        for _ in range(3):
            watch.seconds += 1
            assert set(held.content) == {digest_of(token_of("ana"))}
        assert caplog.text.count("stays in force") == number
    write_private(path, "{}")
    watch.seconds += 1
    assert held.content == {}, "no key at all is a sound file"


def test_a_flood_of_refused_tokens_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    now = datetime(2024, 6, 1, tzinfo=UTC)
    failed = FailedTokens(lambda: now)
    for _ in range(1_000_000 // 100):
        failed.add("192.0.2.1", "x", "it is not known")
    assert len(caplog.records) == 31
    now += timedelta(seconds=60)
    failed.add("192.0.2.1", "x", "it is not known")
    assert "9,970 more tokens were refused meanwhile" in caplog.text
    assert len(caplog.records) == 33


def status(address: str, subject: str) -> int:
    given = {"Authorization": f"Bearer {token_of(subject)}"}
    try:
        with urlopen(Request(f"{address}{QUESTION}", headers=given), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code


def test_a_real_server_reads_changed_keys_and_outlives_a_hangup(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    keys = write_keys(tmp_path / "keys.json", {"ana": ["read"]})
    with cli.start("serve", "--port", "0", TENURE_KEYS=str(keys), TENURE_READ="keys") as process:
        assert process.stderr
        address = ""
        while not address:
            line = process.stderr.readline()
            assert line
            if "serving GraphQL on" in line:
                address = line.split()[3].removesuffix("/graphql;")
        try:
            assert (status(address, "ana"), status(address, "bohumil")) == (200, 401)
            write_keys(keys, {"bohumil": ["read"]})
            process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 10
            while status(address, "bohumil") != 200:
                assert time.monotonic() < deadline
            assert status(address, "ana") == 401
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=60)
    assert "keys.json was read again" in told
    assert digest_of(token_of("bohumil"))[:8] in told
    assert token_of("bohumil") not in told.replace(digest_of(token_of("bohumil"))[:8], "")
