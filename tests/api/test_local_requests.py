"""Answers: without keys, can a proxy or a page in a browser pass for this machine?"""

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from starlette.requests import HTTPConnection

from api.http.auth.gate import NoReaders
from api.http.auth.local_requests import why_not_local
from tests.api.server import Server, server_at
from tests.command_line import CommandLine
from tests.keys import write_keys

QUESTION = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A node without keys."""
    with server_at(tmp_path_factory.mktemp("node"), ledger="memory:") as server:
        yield server


def status(server: Server, *headers: tuple[str, str]) -> int:
    given = [(name.encode(), value.encode()) for name, value in headers]
    return server.http.post("/graphql", json=QUESTION, headers=given).status_code


@pytest.mark.parametrize(
    "header",
    [
        *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
        *("X-FORWARDED-ANYTHING", "X-Real-IP", "CF-Connecting-IP"),
    ],
)
def test_what_came_through_a_proxy_is_refused(open_server: Server, header: str) -> None:
    answer = open_server.http.post("/graphql", json=QUESTION, headers={header: "127.0.0.1"})
    assert answer.status_code == 403
    assert "proxy" in answer.json()["detail"]
    assert "set TENURE_KEYS" in answer.json()["detail"]
    assert open_server.http.get("/healthz", headers={header: ""}).status_code == 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *(("localhost", 200), ("LOCALHOST:8000", 200), ("127.0.0.1:8000", 200), ("[::1]", 200)),
        *(("[::1]:8000", 200), ("127.0.0.2", 200), ("evil.example", 421), ("", 421)),
        *(("127.0.0.1.evil.example", 421), ("localhost.evil.example:80", 421), ("0.0.0.0", 421)),
        *(("localhost:80@evil.example", 421), ("::1", 421), ("localhost:", 200)),
        *(("evil.example:127.0.0.1", 421), ("[evil.example]", 421), ("localhost:x", 421)),
    ],
)
def test_a_name_that_a_page_can_point_at_this_machine_is_refused(
    open_server: Server, host: str, expected: int
) -> None:
    assert status(open_server, ("Host", host)) == expected


def test_a_second_host_is_refused_with_keys_and_without(open_server: Server) -> None:
    assert status(open_server, ("Host", "127.0.0.1"), ("Host", "evil.example")) == 400
    assert status(open_server, ("Host", "127.0.0.1"), ("Host", "127.0.0.1")) == 400


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:3000"}, 403),
        ({"Origin": "http://127.0.0.1"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_what_a_page_of_another_site_asks_is_refused(
    open_server: Server, headers: dict[str, str], expected: int
) -> None:
    assert status(open_server, *headers.items()) == expected


def test_a_link_from_another_site_can_be_followed(open_server: Server) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = open_server.http.get("/graphql", params=QUESTION, headers=followed)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("peer", "version", "is_local"),
    [
        (("127.0.0.1", 5), "1.1", True),
        (("::1", 5), "2", True),
        (("192.0.2.1", 5), "1.1", False),
        (("::ffff:192.0.2.1", 5), "1.1", False),
        (("127.0.0.1", 5), "1.0", False),
        (None, "1.1", True),
    ],
)
def test_another_machine_or_a_plain_nginx_is_not_this_machine(
    peer: tuple[str, int] | None, version: str, is_local: bool
) -> None:
    headers = [(b"host", b"127.0.0.1")]
    scope = {"type": "http", "method": "GET", "headers": headers, "http_version": version}
    assert (why_not_local(HTTPConnection(scope | {"client": peer})) is None) == is_local


def test_readers_with_tokens_alone_need_tokens(tmp_path: Path) -> None:
    with pytest.raises(NoReaders, match="TENURE_KEYS"), server_at(tmp_path, read="keys"):
        pass


def test_no_header_names_the_address_of_a_client(tmp_path: Path) -> None:
    """A refused token is logged with the address of the connection."""
    keys = write_keys(tmp_path / "keys.json", {"ana": ["read"]})
    cli = CommandLine(tmp_path)
    with cli.start("serve", "--port", "0", TENURE_KEYS=str(keys)) as process:
        assert process.stderr
        line = ""
        while "serving GraphQL on" not in line:
            line = process.stderr.readline()
            assert line
        try:
            address = line.split()[3].removesuffix(";")
            forged = {"X-Forwarded-For": "192.0.2.7", "Authorization": "Bearer unknown"}
            with pytest.raises(HTTPError, match="401"):
                urlopen(Request(f"{address}?query=x", headers=forged), timeout=10)
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=60)
    assert "of 127.0.0.1: it is not known" in told
    assert "192.0.2.7" not in told
