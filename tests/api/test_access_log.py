"""Answers: is there a line about each request, and is a full disk no trouble to anybody else?"""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.http.operations.access_log import AccessLog, EndedRequest, NoAccessLog
from tests.api.server import describe_the_world, server_at
from tests.api.serving import serving
from tests.api.sockets import socket_to
from tests.api.test_access import bearer
from tests.api.test_serving import until
from tests.command_line import CommandLine
from tests.keys import token_of, write_keys

CLOSED = '{ control(location: "kidal", at: "2023-11-20", position: 5) { status } }'
FULL = Path("/dev/full")


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of the log; each is whole."""
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def request(path: str = "/graphql") -> EndedRequest:
    return EndedRequest(
        datetime(2024, 6, 1, tzinfo=UTC),
        *("192.0.2.1", "ana", "POST", path, 200, 300, 1.25, "query", "", "", None, 5),
        *(False, False, "", None),
    )


def test_a_line_says_who_asked_what_and_how_it_was_answered(tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"ana": ["record"]})
    path = tmp_path / "access.log"
    with server_at(tmp_path, keys=keys, read="keys", access_log=str(path)) as server:
        server.http.headers |= bearer(token_of("ana"))
        describe_the_world(server)
        asked = {"query": f"query Kidal {CLOSED}", "operationName": "Kidal"}
        for _ in range(2):
            server.http.get("/graphql", params=asked)
        server.http.get("/graphql", params={"documentId": "places"})
        server.http.get("/graphql", headers=bearer("a-secret"))
    told = lines(path)
    recorded, first, again, places, refused = told
    assert (recorded["kind"], recorded["method"], recorded["subject"]) == (
        "mutation",
        "POST",
        "ana",
    )
    assert first | {"time": "", "ms": 0, "cost": 0} == {
        "time": "",
        "client": "testclient",
        "subject": "ana",
        "method": "GET",
        "path": "/graphql",
        "status": 200,
        "bytes": 41,
        "ms": 0,
        "kind": "query",
        "operation": "Kidal",
        "document": first["document"],
        "cost": 0,
        "position": 5,
        "closed": True,
    }
    assert (first["cost"] > 0, len(first["document"])) == (True, 16)
    assert (again["kept"], again["position"], again["closed"]) == (True, 5, True)
    assert (places["document"], places["status"]) == ("places", 200)
    assert (refused["status"], refused["subject"]) == (401, "nobody")
    text = path.read_text()
    assert token_of("ana") not in text.replace('"ana"', "")
    assert "a-secret" not in text
    assert "location" not in text, "the text of a document is not logged"


def test_each_operation_over_a_websocket_has_a_line_and_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    with server_at(tmp_path, access_log=str(path)) as server:
        describe_the_world(server)
        app = server.http.app
        with serving(app, lifespan="off") as address, socket_to(address) as socket:
            socket.init()
            socket.subscribe(f"query Kidal {CLOSED}", "q")
            assert [socket.hear()["type"] for _ in range(2)] == ["next", "complete"]
            socket.subscribe("{ nothing }", "wrong")
            assert socket.hear()["type"] == "error"
            socket.subscribe("subscription { eventRecorded(after: 0) { position } }", "s")
            socket.results(1, "eventRecorded")
            page = server.http.get("/metrics").text
            assert "tenure_open_subscriptions 1.0" in page
        until(lambda: "WEBSOCKET" in path.read_text() and "subscription" in path.read_text())
        assert "tenure_open_subscriptions 0.0" in server.http.get("/metrics").text
    told = [each for each in lines(path) if each["method"] == "WEBSOCKET"]
    query, wrong, subscription = told[:3]
    assert (query["kind"], query["status"], query["position"]) == ("query", 200, 5)
    assert (wrong["status"], wrong["refused"]) == (200, "InvalidDocument")
    assert (subscription["kind"], subscription["status"]) == ("subscription", 200)
    assert {each["subject"] for each in told} == {"local"}


def test_no_line_of_a_stranger_is_two_lines_or_moves_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    name = 'x"\n{"status":200}\x1b[2J\x7f\u202e' + "y" * 5_000
    with server_at(tmp_path, ledger="memory:", access_log=str(path)) as server:
        server.http.post("/graphql", json={"query": "{ __typename }", "operationName": name})
        server.http.get("/nowhere%0a%1b%5b2J" + "z" * 5_000)
    written = path.read_bytes()
    assert all(32 <= each < 127 for line in written.splitlines() for each in line)
    first, second = lines(path)
    assert first["operation"] == name[:100]
    assert len(second["path"]) == 200


def test_a_log_is_turned_over_by_renaming_its_file(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    log = AccessLog(str(path), pause=0.01)
    log.start()
    log.add(request("/first"))
    until(lambda: path.read_bytes().endswith(b"\n"))
    path.rename(tmp_path / "access.log.1")
    log.add(request("/second"))
    until(path.exists)
    log.close()
    assert [each["path"] for each in lines(tmp_path / "access.log.1")] == ["/first"]
    assert [each["path"] for each in lines(path)] == ["/second"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
def test_a_full_disk_loses_no_line_that_finds_room_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "access.log"
    path.symlink_to(FULL)
    with server_at(tmp_path, ledger="memory:", access_log=str(path)) as server:
        for _ in range(3):
            assert server.http.get("/healthz").status_code == 200
        until(lambda: "can't be written: no space left" in caplog.text)
        path.unlink()
        until(lambda: path.exists() and len(lines(path)) == 3)
        until(lambda: "the access log is written again" in caplog.text)


def test_a_line_that_was_cut_off_is_whole_in_the_next_file(tmp_path: Path) -> None:
    """A pipe takes a part of a batch; then a file comes to lie in its place."""
    path, log_lines = tmp_path / "access.log", 2_000
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = AccessLog(str(path), pause=0.01)
    for number in range(log_lines):
        log.add(request(f"/{number}"))
    log.start()
    begun = b""
    while len(begun) < 4_096:
        try:
            begun += os.read(reader, 4_096)
        except BlockingIOError:
            continue
    path.unlink()
    until(path.exists)
    log.close()
    while piece := os.read(reader, 65_536):
        begun += piece
    os.close(reader)
    whole = [json.loads(line)["path"] for line in begun.splitlines(keepends=True) if b"\n" in line]
    assert [*whole, *(each["path"] for each in lines(path))] == [f"/{n}" for n in range(log_lines)]


def test_lines_without_room_are_counted_and_left_out(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "access.log"), most=3)
    for number in range(5):
        log.add(request(f"/{number}"))
    assert log.lost == 2
    log.start()
    log.close()
    assert [each["path"] for each in lines(tmp_path / "access.log")] == ["/0", "/1", "/2"]


def test_a_log_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(NoAccessLog, match="no such file or directory"):
        AccessLog(str(tmp_path / "nowhere" / "access.log"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NoAccessLog):  # nobody reads it, and the server does not wait
        AccessLog(str(tmp_path / "pipe"))


def test_a_reader_of_stderr_that_goes_away_stops_no_server(kidal: CommandLine) -> None:
    with kidal.start("serve", "--port", "0", TENURE_ACCESS_LOG="-") as server:
        assert server.stderr
        address = ""
        while "serving GraphQL on" not in (line := server.stderr.readline()):
            assert line
        address = line.split()[3].removesuffix("/graphql;")
        asked = ["curl", "--silent", "--fail", f"{address}/healthz"]
        try:
            subprocess.run(asked, check=True, capture_output=True, timeout=30)
            told = json.loads(server.stderr.readline())
            server.stderr.close()
            for _ in range(3):
                subprocess.run(asked, check=True, capture_output=True, timeout=30)
        finally:
            server.terminate()
            server.wait(60)
    assert (told["path"], told["status"], told["client"]) == ("/healthz", 200, "127.0.0.1")
