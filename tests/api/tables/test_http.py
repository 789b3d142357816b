"""GET /export/...: the same tables over HTTP, priced, cached, and for those who may read."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.http.app import create_app
from tests.command_line import CommandLine
from tests.keys import token_of, write_keys

CLOSED = "/export/control.csv?on=2024-03-20&position=150"
OPEN = "/export/control.csv?on=2024-03-20"


@pytest.fixture(scope="module")
def http(mali: CommandLine) -> Iterator[TestClient]:
    with TestClient(create_app(mali.settings), base_url="http://127.0.0.1") as client:
        yield client


def refused(answer: Response, status: int, code: str) -> str:
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer.headers["cache-control"] == "no-store"
    return str(told["message"])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("control.csv?on=2023-11-20&not-according-to=csp-spokesman&position=150",
         ["control", "--on", "2023-11-20", "--not-according-to", "csp-spokesman",
          "--position", "150"]),
        ("timelines.geojson?within=kidal&all-knowledge=true",
         ["timelines", "--within", "kidal", "--all-knowledge", "--format", "geojson"]),
        ("events.csv?from=2023-11-01&to=2023-11-30&min-reliability=b&zone=Africa/Bamako",
         ["events", "--from", "2023-11-01", "--to", "2023-11-30", "--min-reliability", "b",
          "--zone", "Africa/Bamako"]),
    ],
)  # fmt: skip
def test_the_server_gives_the_bytes_of_the_command(
    http: TestClient, mali: CommandLine, path: str, words: list[str]
) -> None:
    answer = http.get(f"/export/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.text == mali.run("export-table", *words).stdout
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_parquet_is_served(http: TestClient) -> None:
    answer = http.get("/export/events.parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(BytesIO(answer.content)).num_rows > 50


def test_a_closed_basis_is_kept_for_ever_and_an_open_one_asked_for_anew(http: TestClient) -> None:
    closed, still_open = http.get(CLOSED), http.get(OPEN)
    assert closed.headers["cache-control"] == "public, immutable, max-age=31536000"
    assert still_open.headers["cache-control"] == "no-cache"
    for answer in (closed, still_open):
        again = http.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
    assert closed.headers["etag"] != still_open.headers["etag"]


def test_the_dictionary_is_linked_and_has_the_token(http: TestClient) -> None:
    answer = http.get(OPEN)
    path = answer.headers["link"].partition(">")[0].removeprefix("<")
    told = http.get(path).json()
    token = told["tenure"]["token"]
    assert set(pd.read_csv(StringIO(answer.text)).token) == {token}
    again = http.get(f"/export/control.csv?token={token}")
    assert again.text == answer.text
    assert "immutable" in again.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing.csv", 404, "UnknownTable"),
        ("control.xlsx?on=2024-03-20", 404, "UnknownTable"),
        ("control", 404, "UnknownTable"),
        ("control.csv", 400, "BadTableQuestion"),
        ("control.csv?on=2024-03-20&on=2024-03-21", 400, "BadTableQuestion"),
        ("control.csv?on=2024-03-20&at=2024-03-20", 400, "BadTableQuestion"),
        ("events.csv?position=-1", 400, "BadTableQuestion"),
        ("events.csv?position=٣", 400, "BadTableQuestion"),
        ("events.csv?position=99999999999999999999999", 400, "BadTableQuestion"),
        ("events.csv?min-reliability=Z", 400, "BadTableQuestion"),
        ("events.csv?recorded-by=perhaps", 400, "BadTableQuestion"),
        ("events.csv?zone=Mars/Base", 400, "UnknownZone"),
        ("events.csv?within=kidall", 400, "UnknownReference"),
        ("events.csv?position=9999", 400, "NotRecordedYet"),
        ("control.csv?on=tomorrow", 400, "NotATime"),
        ("control.csv?on=2124-01-01", 400, "InTheFuture"),
        ("events.csv?token=eyJ", 400, "BadToken"),
        ("events.csv?" + "&".join(["according-to=x"] * 201), 400, "MalformedRequest"),
    ],
)
def test_a_bad_question_is_refused_in_words(
    http: TestClient, path: str, status: int, code: str
) -> None:
    message = refused(http.get(f"/export/{path}"), status, code)
    assert message.isprintable()


def test_other_methods_are_not_allowed(http: TestClient) -> None:
    assert http.post(OPEN).status_code == 405
    head = http.head(CLOSED)
    assert head.status_code == 200
    assert int(head.headers["content-length"]) > 1_000


def test_a_dear_table_is_refused_with_what_makes_it_cheaper(mali: CommandLine) -> None:
    settings = mali.settings.model_copy(update={"question_cost": 6.0})
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answer = http.get("/export/events.csv")
        assert "Narrow it by within, from, to" in refused(answer, 400, "TooMuch")
        told = answer.json()
        assert (told["limit"], told["narrowing"]) == (6, ["within", "from", "to"])
        assert told["cost"] > 6
        narrow = http.get("/export/events.csv?from=2023-11-14&to=2023-11-14&within=kidal")
        assert narrow.status_code == 200
        token = narrow.text.splitlines()[1].rpartition(",")[2]
        assert http.get(f"/export/events.csv?token={token}").status_code == 200
        assert http.get("/export/events.dictionary.json").status_code == 200


def test_tables_do_not_stop_the_server(http: TestClient) -> None:
    """While several tables are made, a question is answered at once."""
    with ThreadPoolExecutor(3) as threads:
        asked = [
            threads.submit(http.get, "/export/control.geojson?on=2024-03-20&explain=true")
            for _ in range(3)
        ]
        begun = time.monotonic()
        assert http.get("/healthz").status_code == 200
        taken = time.monotonic() - begun
        assert all(each.result().status_code == 200 for each in asked)
    assert taken < 1.0


def test_who_recorded_is_for_auditors_and_for_no_shared_cache(
    mali: CommandLine, tmp_path: Any
) -> None:
    scopes = {"reader": ["read"], "auditor": ["audit"]}
    keys = write_keys(tmp_path / "keys.json", scopes)
    settings = mali.settings.model_copy(update={"keys": keys, "read": "anybody"})
    reader, auditor = ({"Authorization": f"Bearer {token_of(each)}"} for each in scopes)
    path = "/export/events.csv?recorded-by=true&position=100"
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as http:
        answer = http.get(path, headers=auditor)
        assert set(pd.read_csv(StringIO(answer.text)).recorded_by) == {"local"}
        assert answer.headers["cache-control"] == "private, immutable, max-age=31536000"
        assert "Authorization" in answer.headers["vary"]
        token = answer.text.splitlines()[1].rpartition(",")[2]
        for headers, status in (({}, 401), (reader, 403)):
            assert http.get(path, headers=headers).status_code == status
            hidden = http.get(f"/export/events.csv?token={token}", headers=headers)
            assert hidden.status_code == status
            told = http.get(f"/export/events.dictionary.json?token={token}", headers=headers)
            assert told.status_code == status
        plain = http.get("/export/events.csv?position=100", headers=reader)
        assert pd.read_csv(StringIO(plain.text)).recorded_by.isna().all()
        assert json.loads(http.get("/export/events.dictionary.json").text)["fields"]
