"""Answers: which files of keys are accepted, and until when does a key hold?"""

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.http.auth.keys_file import BadKeys, digest_of, expiry, read_keys
from tests.api.server import server_at
from tests.keys import token_of, write_keys, write_private

TOKEN = "correct-horse-battery-staple"
KEY = {"subject": "ana", "scopes": ["record"]}


def refused(tmp_path: Path, content: str) -> str:
    path = write_private(tmp_path / "keys.json", content)
    with pytest.raises(BadKeys) as told:
        read_keys(path)
    return str(told.value).removeprefix(f"the keys in {path} can't be used: ")


def test_a_token_in_place_of_its_digest_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for name in (TOKEN, digest_of(TOKEN).upper(), digest_of(TOKEN)[:-1], f"{digest_of(TOKEN)}\n"):
        message = refused(tmp_path, json.dumps({digest_of("other"): KEY, name: KEY}))
        assert message.startswith("key 2: its name is no digest of a token")
        assert name not in message
        assert TOKEN not in message


@pytest.mark.parametrize("nothing", [b"", b"\n"])
def test_the_digest_of_an_empty_token_is_refused(tmp_path: Path, nothing: bytes) -> None:
    message = refused(tmp_path, json.dumps({sha256(nothing).hexdigest(): KEY}))
    assert "digest of an empty token" in message


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    one = f'"{digest_of(TOKEN)}": {json.dumps(KEY)}'
    assert "stands twice" in refused(tmp_path, f"{{{one}, {one}}}")
    inner = '{"subject": "ana", "scopes": ["read"], "scopes": ["audit"]}'
    assert "stands twice" in refused(tmp_path, f'{{"{digest_of(TOKEN)}": {inner}}}')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scopes": ["admin"]}, "no scope 'admin' any more"),
        ({"scopes": ["Record"]}, "Input should be 'read', 'record' or 'audit'"),
        ({"scopes": "record"}, "scopes: Input should be a valid"),
        ({"subject": "ana\nbo"}, "a line break"),
        ({"subject": "\u202eana"}, "a control of the direction of writing"),
        ({"subject": "ana\u200b"}, "invisible"),
        ({"subject": "a\x1b[2Jna"}, "control"),
        ({"subject": " \u2003"}, "subject: "),
        ({"subject": "x" * 201}, "at most 200"),
        ({"expires": "soon"}, "write a date, as 2027-01-31"),
        ({"expires": "2027-02-30"}, "write a date"),
        ({"expires": "2027-01-31T10:00:00"}, "write a date"),
        ({"expires": 1_800_000_000}, "write a date"),
        ({"expires": "9999-12-31"}, "write a date"),
        ({TOKEN: 1}, "key 1: Extra inputs"),
    ],
)
def test_a_key_with_a_fault_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    message = refused(tmp_path, json.dumps({digest_of(TOKEN): KEY | change}))
    assert said in message
    assert TOKEN not in message


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": ' * 100_000, "\xff", "null"])
def test_what_is_no_json_object_is_refused(tmp_path: Path, content: str) -> None:
    assert refused(tmp_path, content)


def test_a_date_of_expiry_counts_to_its_end_in_utc() -> None:
    assert expiry("2027-01-31") == datetime(2027, 2, 1, tzinfo=UTC)
    assert expiry("2027-01-31T23:30:00-01:00") == datetime(2027, 2, 1, 0, 30, tzinfo=UTC)


def test_an_expired_key_is_turned_away_with_the_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = write_keys(tmp_path / "keys.json", {"ana": ["record"]}, expires="2024-01-31")
    with server_at(tmp_path, ledger="memory:", keys=keys) as server:
        server.http.headers["authorization"] = f"Bearer {token_of('ana')}"
        answer = server.post("{ __typename }")
    assert answer.status_code == 401
    assert "it expired at 2024-02-01T00:00:00Z" in answer.json()["detail"]
    assert "it expired at 2024-02-01T00:00:00Z" in caplog.text
    assert digest_of(token_of("ana"))[:8] in caplog.text
    assert token_of("ana") not in caplog.text.replace(str(tmp_path), "")


def test_a_refused_token_is_logged_by_its_digest_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = write_keys(tmp_path / "keys.json", {"ana": ["record"]})
    with server_at(tmp_path, ledger="memory:", keys=keys) as server:
        for _ in range(100):
            server.http.get("/graphql", headers={"authorization": f"Bearer {TOKEN}"})
    lines = [each for each in caplog.text.splitlines() if "refused" in each]
    assert len(lines) == 31, "a flood is counted, not written"
    assert f"{digest_of(TOKEN)[:8]}... of testclient: it is not known" in lines[0]
    assert re.search(r" \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ refused the token ", lines[0])
    assert TOKEN not in caplog.text
