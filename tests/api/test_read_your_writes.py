"""Does a client read what it has seen or written, whichever node answers?"""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from api.graphql.messages import Busy
from api.http.positions import NoPosition, NotReached, Positions
from domain.refusals import Unavailable
from tests.api.server import Server, describe_the_world, input_of, server_at
from tests.api.sockets import socket_to
from tests.api.test_serving import until
from tests.api.test_subscription_pages import served
from tests.keys import token_of, write_keys

HEAD = "{ ledger { position } }"
AT_LEAST = "query ($p: Int!) @atLeast(position: $p) { ledger { position } }"
REPORT = {"report": "late", "source": "rfi", "published": "2024-01-01", "title": "Late"}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two nodes on one ledger, each with its own views."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    (tmp_path / "other").mkdir()
    with server_at(tmp_path, ledger=url) as one, server_at(tmp_path / "other", ledger=url) as two:
        describe_the_world(one)
        yield one, two


def test_what_one_node_recorded_the_other_answers_with_the_header(
    two: tuple[Server, Server],
) -> None:
    one, other = two
    for number in range(20):
        what = f"$input: {input_of('fileReport')}!"
        query = f"mutation ({what}) {{ fileReport(input: $input) {{ __typename }} }}"
        given = REPORT | {"report": f"late-{number}"}
        told = one.post(query, input=given).headers["Tenure-Position"]
        answer = other.http.post(
            "/graphql", json={"query": HEAD}, headers={"Tenure-Position": told}
        )
        assert answer.json()["data"]["ledger"]["position"] >= int(told)
        assert int(answer.headers["Tenure-Position"]) >= int(told)
        assert other.ask(AT_LEAST, p=int(told))["ledger"]["position"] >= int(told)


def test_a_reply_tells_the_position_it_was_answered_from(server: Server) -> None:
    head = server.head
    assert server.post(HEAD).headers["Tenure-Position"] == str(head)
    pinned = server.post(
        '{ control(location: "kidal", at: "2024-01-01", position: 12) { status } }'
    )
    assert pinned.headers["Tenure-Position"] == "12"
    assert "Tenure-Position" not in server.post("{ __typename }").headers


def test_a_table_waits_and_tells_too(tmp_path: Path) -> None:
    with server_at(tmp_path) as server:
        describe_the_world(server)
        head, late = server.head, server.head + 5
        answer = server.http.get("/export/events.csv", headers={"Tenure-Position": str(head)})
        assert (answer.status_code, answer.headers["Tenure-Position"]) == (200, str(head))
        refused = server.http.get("/export/events.csv", headers={"Tenure-Position": str(late)})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.json()["code"] == "PositionNotReached"


def test_a_position_that_is_not_reached_is_answered_after_the_patience(server: Server) -> None:
    late = server.head + 1
    began = time.monotonic()
    asked = server.http.post(
        "/graphql", json={"query": HEAD}, headers={"Tenure-Position": str(late)}
    )
    assert (asked.status_code, asked.headers["Retry-After"]) == (503, "1")
    assert time.monotonic() - began >= 1.9
    told = server.post(AT_LEAST, p=late)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "1")
    for answer in (asked, told):
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "PositionNotReached"
        assert str(late) in error["message"]


@pytest.mark.parametrize(
    "given", ["", "-1", "x", "1.0", "1e3", "٣", "1, 2", "9" * 16, "9" * 5_000, "+1", "0x10"]
)
def test_what_is_no_position_is_refused_at_once(server: Server, given: str) -> None:
    headers = {b"Tenure-Position": given.encode()}
    answer = server.http.post("/graphql", json={"query": HEAD}, headers=headers)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "MalformedRequest"
    assert len(error["message"]) < 200


def test_two_headers_are_refused(server: Server) -> None:
    headers = [("Tenure-Position", "1"), ("Tenure-Position", "2")]
    answer = server.http.post("/graphql", json={"query": HEAD}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("given", ["x", None, 1.5, True, 2**40, [1], {"a": 1}])
def test_a_variable_of_another_type_is_refused_as_ever(server: Server, given: Any) -> None:
    answer = server.post(AT_LEAST, p=given)
    assert answer.status_code == 200
    assert "$p" in answer.json()["errors"][0]["message"]


def test_the_directive_refuses_a_negative_position(server: Server) -> None:
    answer = server.post("query @atLeast(position: -1) { ledger { position } }")
    assert answer.status_code == 400


def test_the_directive_takes_the_default_of_its_variable(server: Server) -> None:
    query = f"query ($p: Int! = {server.head + 1}) @atLeast(position: $p) {{ __typename }}"
    assert server.post(query).status_code == 503
    assert server.post(query, p=1).status_code == 200


def test_of_several_operations_the_chosen_one_waits(server: Server) -> None:
    query = (
        f"query Early {{ __typename }} "
        f"query Late @atLeast(position: {server.head + 1}) {{ __typename }}"
    )
    asked = {"query": query, "operationName": "Early"}
    assert server.http.post("/graphql", json=asked).status_code == 200
    asked["operationName"] = "Late"
    assert server.http.post("/graphql", json=asked).status_code == 503


def test_a_mutation_takes_no_directive(server: Server) -> None:
    query = "mutation @atLeast(position: 1) { __typename }"
    assert "may not be used on mutation" in server.post(query).json()["errors"][0]["message"]


def test_probes_do_not_wait(server: Server) -> None:
    until(lambda: server.http.get("/readyz").status_code == 200)
    for path in ("/healthz", "/readyz"):
        answer = server.http.get(path, headers={"Tenure-Position": "999999"})
        assert answer.status_code == 200


def test_a_web_socket_with_the_header_reads_what_another_node_recorded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    (tmp_path / "other").mkdir()
    with server_at(tmp_path, ledger=url) as one, served(tmp_path / "other", ledger=url) as two:
        describe_the_world(one)
        for number in range(10):
            one.later_report(f"2024-01-{number + 1:02}")
            with socket_to(two[1], **{"Tenure-Position": str(one.head)}) as made:
                made.init()
                made.subscribe(HEAD)
                assert made.results(1, "ledger")[0]["position"] >= one.head


def test_the_handshake_of_a_web_socket_is_refused_like_a_request(tmp_path: Path) -> None:
    with served(tmp_path) as (server, address):
        describe_the_world(server)
        for given, status, code, patience in (
            (str(server.head), 0, "", 0.0),
            (str(server.head + 1), 503, "PositionNotReached", 1.9),
            ("x", 400, "MalformedRequest", 0.0),
        ):
            began = time.monotonic()
            assert refused_at(address, **{"Tenure-Position": given}) == (status, code)
            assert time.monotonic() - began >= patience
        until(lambda: server.http.get("/readyz").status_code == 200)


def test_nobody_waits_before_a_token_is_known(tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"reader": ["read"]})
    with served(tmp_path, ledger="memory:", keys=keys, read="keys") as (_, address):
        late = {"Tenure-Position": "999"}
        began = time.monotonic()
        assert refused_at(address, **late) == (401, "Unauthorized")
        assert time.monotonic() - began < 1.5
        token = {"Authorization": f"Bearer {token_of('reader')}"}
        assert refused_at(address, **late, **token) == (503, "PositionNotReached")
        with socket_to(address, **token, **{"Tenure-Position": "0"}) as made:
            made.init()


def refused_at(address: str, **headers: str) -> tuple[int, str]:
    """Status and code of a refused handshake; (0, "") of a WebSocket that began."""
    try:
        with socket_to(address, **headers) as made:
            made.init()
    except InvalidStatus as refused:
        told = refused.response
        assert ("Retry-After" in told.headers) == (told.status_code == 503)
        assert ("WWW-Authenticate" in told.headers) == (told.status_code == 401)
        (error,) = json.loads(told.body or b"")["errors"]
        return told.status_code, error["extensions"]["code"]
    return 0, ""


def test_those_who_wait_are_woken_by_one_look() -> None:
    asyncio.run(_woken())


async def _woken() -> None:
    looks, at = 0, 0

    def reached() -> int:
        nonlocal looks
        looks += 1
        return at

    positions = Positions(reached, lambda: 1_000)
    waiting = [asyncio.create_task(positions.reach(number)) for number in range(1, 101)]
    await asyncio.sleep(0)
    asked = looks
    await asyncio.sleep(0.2)
    assert looks - asked < 40, "one look serves all hundred"
    at = 100
    await asyncio.gather(*waiting)


def test_a_crowd_for_positions_behind_the_ledger_leaves_room_for_others() -> None:
    asyncio.run(_crowd())


async def _crowd() -> None:
    at = 0
    positions = Positions(lambda: at, lambda: 10)
    crowd = [asyncio.create_task(positions.reach(10**9)) for _ in range(100)]
    await asyncio.sleep(0)
    refused = [each for each in crowd if each.done() and isinstance(each.exception(), Busy)]
    assert len(refused) == 100 - 32
    honest = asyncio.create_task(positions.reach(5))
    await asyncio.sleep(0.01)
    at = 10
    await honest
    ends = await asyncio.gather(*crowd, return_exceptions=True)
    assert {type(each) for each in ends} == {Busy, NotReached}


def test_views_out_of_use_are_waited_for_and_told() -> None:
    def gone() -> int:
        raise Unavailable("gone")

    with pytest.raises(NotReached, match="can't be read now"):
        asyncio.run(Positions(gone).reach(1))
    with pytest.raises(NoPosition):
        asyncio.run(Positions(gone).reach(10**15))
