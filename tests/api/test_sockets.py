"""Answers: is graphql-transport-ws spoken as its protocol says, to whoever breaks it too?"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from api.graphql.subscription_places import SubscriptionLimits
from api.http.app import create_app
from api.http.connections import ConnectionLimits
from infra.settings import Settings
from tests.api.server import Server, describe_the_world, server_at
from tests.api.serving import serving
from tests.api.sockets import PATIENCE, PROTOCOL, Socket, events_of, socket_to

FEW = SubscriptionLimits(of_one_connection=3, sockets=4, of_one_subject=5)
QUICK = SubscriptionLimits(init_seconds=0.5, sockets_before_init=2)
EVENTS = "subscription { eventRecorded(after: 0) { position __typename } }"
LATER = "subscription { eventRecorded { position } }"
ASKED = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows the world, asked in this process."""
    folder = tmp_path_factory.mktemp("told")
    with server_at(folder) as server:
        describe_the_world(server)
        yield server


@pytest.fixture(scope="module")
def address(told: Server) -> Iterator[str]:
    with serving(told.http.app, lifespan="off") as url:
        yield url


@pytest.fixture
def begun(address: str) -> Iterator[Socket]:
    with socket_to(address) as made:
        made.init()
        yield made


# ---- What a client does as it should ---------------------------------------------------------


def test_the_past_is_told_first_and_then_what_comes(begun: Socket, told: Server) -> None:
    head = told.head
    begun.subscribe(EVENTS)
    found = begun.results(head, "eventRecorded")
    assert [each["position"] for each in found] == [*range(1, head + 1)]
    begun.tell("ping")
    assert begun.hear() == {"type": "pong"}
    told.later_report("2024-01-01")
    assert begun.results(1, "eventRecorded")[0]["__typename"] == "ReportFiled"


def test_questions_and_mutations_are_answered_as_over_http(begun: Socket, told: Server) -> None:
    question = 'query ($at: Moment!) { control(location: "kidal", at: $at) { status } }'
    begun.subscribe(question, "q", at="2023-11-20")
    answer = told.post(question, at="2023-11-20").json()
    assert begun.hear() == {"id": "q", "type": "next", "payload": answer}
    assert begun.hear() == {"id": "q", "type": "complete"}
    command = """mutation { registerSource(input: {source: "x", name: "X", reliability: B}) {
        __typename } }"""
    begun.subscribe(command, "m")
    assert begun.hear()["payload"]["data"] == {"registerSource": {"__typename": "Recorded"}}
    assert begun.hear()["type"] == "complete"
    begun.tell("subscribe", id="d", payload={"documentId": "situation"})
    assert begun.hear()["type"] == "error"  # it lacks its variables


def test_an_operation_that_is_refused_leaves_the_others(begun: Socket) -> None:
    begun.subscribe(LATER, "1")
    for query, code in (
        ("{ nope }", None),
        ("{", None),
        ("subscription { eventRecorded(after: -1) { position } }", "BadStart"),
        ("subscription { eventRecorded(filter: {retracted: true}) { position } }", "BadStart"),
        ("subscription { controlChanged(skip: 1) { position } }", "BadStart"),
        ("subscription { eventRecorded(after: 2000000000) { position } }", "NotRecordedYet"),
        ('subscription { controlChanged(within: "kidall") { position } }', "UnknownReference"),
        ("x" * 30_000, "TooMuch"),
    ):
        begun.subscribe(query, "2")
        error = begun.hear()
        assert (error["id"], error["type"]) == ("2", "error"), error
        assert error["payload"][0].get("extensions", {}).get("code") == code
    begun.tell("subscribe", id="3", payload={"documentId": "nothing"})
    assert begun.hear()["payload"][0]["extensions"]["code"] == "UnknownDocument"


@pytest.mark.parametrize("given", ["x", 1.5, 2**70, [], {"a": "\x00"}, "9" * 5_000, True])
def test_a_variable_of_another_type_is_refused_without_a_word_to_the_log(
    begun: Socket, given: object, caplog: pytest.LogCaptureFixture
) -> None:
    begun.subscribe("subscription ($a: Int) { eventRecorded(after: $a) { position } }", a=given)
    error = begun.hear()
    assert error["type"] == "error"
    assert "Variable '$a'" in error["payload"][0]["message"]
    assert caplog.text == ""


def test_a_completed_subscription_says_no_more_and_its_id_is_free(
    begun: Socket, told: Server
) -> None:
    begun.subscribe(LATER)
    begun.tell("complete", id="1")
    begun.tell("complete", id="1")
    told.later_report("2024-01-02")
    begun.subscribe("{ __typename }")
    assert [begun.hear()["type"] for _ in range(2)] == ["next", "complete"]


# ---- What breaks the protocol ----------------------------------------------------------------

Breach = Callable[[Socket], object]
BREACHES: list[tuple[int, Breach]] = [
    (4400, lambda s: s.connection.send(b"\x00binary")),
    (4400, lambda s: s.connection.send("no json")),
    (4400, lambda s: s.connection.send("[" * 50_000)),
    (4400, lambda s: s.connection.send("[]")),
    (4400, lambda s: s.connection.send('{"type": 1}')),
    (4400, lambda s: s.tell("start")),
    (4400, lambda s: s.tell("next", id="1", payload={})),
    (4400, lambda s: s.tell("subscribe", payload=ASKED)),
    (4400, lambda s: s.tell("subscribe", id="", payload=ASKED)),
    (4400, lambda s: s.tell("subscribe", id=1, payload=ASKED)),
    (4400, lambda s: s.tell("subscribe", id="x" * 101, payload=ASKED)),
    (4400, lambda s: s.tell("subscribe", id="1")),
    (4400, lambda s: s.tell("subscribe", id="1", payload={"query": 1})),
    (4400, lambda s: s.tell("subscribe", id="1", payload={"query": "{a}", "variables": []})),
    (4400, lambda s: s.tell("complete")),
    (4429, lambda s: s.tell("connection_init")),
    (1009, lambda s: s.connection.send("x" * 300_000)),
    (1009, lambda s: s.connection.send(["x"] * 1_000)),  # and an empty one that ends it
]


@pytest.mark.parametrize(("code", "breach"), BREACHES)
def test_a_breach_of_the_protocol_is_closed_with_its_code(
    begun: Socket, code: int, breach: Breach, caplog: pytest.LogCaptureFixture
) -> None:
    with suppress(ConnectionClosed):  # before the last part was sent
        breach(begun)
    assert begun.close_code() == code
    assert "Traceback" not in caplog.text


def test_two_operations_of_one_id_end_the_connection(begun: Socket) -> None:
    begun.subscribe(LATER)
    begun.subscribe(LATER)
    assert begun.close_code() == 4409


def test_nothing_is_answered_before_the_client_has_introduced_itself(address: str) -> None:
    with socket_to(address) as silent:
        silent.subscribe("{ __typename }")
        assert silent.close_code() == 4401
    with socket_to(address) as odd:
        odd.tell("connection_init", payload=[])
        assert odd.close_code() == 4400


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",)])
def test_no_other_protocol_is_spoken(address: str, protocols: tuple[str, ...]) -> None:
    where = address.replace("http", "ws", 1) + "/graphql"
    with connect(where, subprotocols=protocols or None) as other:  # type: ignore[arg-type]
        assert Socket(other).close_code() == 4406


def test_our_protocol_is_found_among_others(address: str) -> None:
    with socket_to(address, "graphql-ws", PROTOCOL) as made:
        assert made.connection.subprotocol == PROTOCOL


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[str]:
    settings = Settings(ledger="memory:", views=tmp_path / "views.db")
    app = create_app(settings, subscription_limits=QUICK)
    with serving(app, limits=ConnectionLimits(head_seconds=0.3, unread_seconds=0.5)) as url:
        yield url


def test_a_silent_client_is_closed_and_one_that_begins_may_be_silent(quick: str) -> None:
    with socket_to(quick) as silent, socket_to(quick) as begun:
        begun.init()
        assert silent.close_code() == 4408
        begun.tell("ping")  # the connection's own time-outs are not for WebSockets
        assert begun.hear() == {"type": "pong"}


def test_of_too_many_that_do_not_begin_the_oldest_gives_way(quick: str) -> None:
    with socket_to(quick) as first, socket_to(quick) as second, socket_to(quick) as third:
        assert first.close_code() == 4408
        second.init()
        third.init()


def raw(address: str, head: bytes) -> bytes:
    """All that is answered to these bytes."""
    where = urlsplit(address)
    with closing(socket.create_connection((where.hostname, where.port), timeout=PATIENCE)) as sent:
        sent.sendall(head)
        told = b""
        while part := sent.recv(1 << 16):
            told += part
    return told


HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Version: 13\r\n"
)
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (b"", b"400"),
        (KEY + b"X: " + b"x" * 9_000 + b"\r\n", b"400"),
        (KEY + b"".join(b"X%d: x\r\n" % each for each in range(200)), b"400"),
        (KEY + b"X: \xff\xfe\r\n", b"101"),
        (KEY + b"Sec-WebSocket-Version: 99\r\n", b"4"),
        (KEY + b"X: " + b"x" * 70_000 + b"\r\n", b"431"),
        (KEY + b"Host: other\r\n", b"400"),
        (KEY + b"Origin: https://evil.example\r\n", b"403"),
        (KEY + b"Sec-Fetch-Mode: navigate\r\nSec-Fetch-Site: cross-site\r\n", b"403"),
        (KEY + b"X-Forwarded-For: 192.0.2.1\r\n", b"403"),
    ],
)
def test_a_handshake_is_answered_whatever_it_says(
    quick: str, more: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    told = raw(quick, HANDSHAKE + more + b"\r\n")
    assert told.startswith(b"HTTP/1.1 " + status), told[:200]
    assert "Traceback" not in caplog.text
    assert "Exception" not in caplog.text
    assert "completing handshake" not in caplog.text, "a refusal is no error of ours"


# ---- Limits ----------------------------------------------------------------------------------


@pytest.fixture
def few(tmp_path: Path) -> Iterator[str]:
    settings = Settings(ledger="memory:", views=tmp_path / "views.db")
    with serving(create_app(settings, subscription_limits=FEW)) as url:
        yield url


def test_a_connection_has_so_many_operations_at_most(few: str) -> None:
    with socket_to(few) as made:
        made.init()
        for name in "abcd":
            made.subscribe(LATER, name)
        refused = made.hear()
        assert (refused["id"], refused["type"]) == ("d", "error")
        assert refused["payload"][0]["extensions"]["code"] == "TooMuch"
        made.tell("complete", id="a")
        made.subscribe("{ __typename }", "e")
        assert made.hear()["type"] == "next"


def test_all_connections_of_a_subject_have_so_many_subscriptions_at_most(few: str) -> None:
    with socket_to(few) as one, socket_to(few) as other, events_of(few, LATER):
        for made, names in ((one, "abc"), (other, "abc")):
            made.init()
            for name in names:
                made.subscribe(LATER, name)
        refused = [other.hear() for _ in range(2)]
        assert {each["payload"][0]["extensions"]["code"] for each in refused} == {"Busy"}
        other.tell("ping")
        assert other.hear() == {"type": "pong"}


def test_there_are_so_many_sockets_at_most(few: str) -> None:
    made = [socket_to(few) for _ in range(4)]
    for each in made:
        each.__enter__()
    with pytest.raises(InvalidStatus) as refused, socket_to(few):
        pass
    assert refused.value.response.status_code == 503
    for each in made:
        each.__exit__(None, None, None)
    deadline = time.monotonic() + PATIENCE
    while True:  # the places are free again
        try:
            with socket_to(few) as another:
                another.init()
                return
        except InvalidStatus:
            assert time.monotonic() < deadline


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """A short frame of a client."""
    mask = b"\x00" * 4
    size = (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else b"\xfe" + len(payload).to_bytes(2, "big")
    )
    return bytes([0x80 | opcode]) + size + mask + payload


@contextmanager
def flooding(address: str, part: bytes) -> Iterator[list[OSError]]:
    """Meanwhile a client sends a part again and again, and reads nothing; gives what stopped it."""
    where, stopped, is_over = urlsplit(address), list[OSError](), threading.Event()

    def flood() -> None:
        try:
            while not is_over.is_set():
                sent.sendall(part)
        except OSError as error:
            stopped.append(error)

    with closing(socket.create_connection((where.hostname, where.port), timeout=1)) as sent:
        sent.sendall(HANDSHAKE + KEY + b"\r\n")
        assert sent.recv(1_000).startswith(b"HTTP/1.1 101")
        sent.sendall(frame(b'{"type":"connection_init"}'))
        thread = threading.Thread(target=flood)
        thread.start()
        try:
            yield stopped
        finally:
            is_over.set()
            thread.join()


FLOODS = {
    "pings of the protocol": frame(b'{"type":"ping"}'),
    "empty frames": frame(b""),
    "operations": frame(json.dumps({"type": "subscribe", "id": "1", "payload": ASKED}).encode())
    + frame(b'{"type":"complete","id":"1"}'),
    "pings of WebSocket": frame(b"x" * 100, 9),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_messages_keeps_nobody_else_waiting(
    quick: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with flooding(quick, FLOODS[name] * 2_000), socket_to(quick) as good:
        good.init()
        for _ in range(20):
            good.subscribe("{ __typename }")
            assert [good.hear()["type"] for _ in range(2)] == ["next", "complete"]
    assert "Traceback" not in caplog.text


def test_a_client_that_reads_no_pongs_is_not_read_either_and_is_cut_off(quick: str) -> None:
    with flooding(quick, FLOODS["pings of WebSocket"] * 2_000) as stopped:
        deadline = time.monotonic() + PATIENCE
        while not stopped and time.monotonic() < deadline:
            time.sleep(0.05)
        assert stopped
