"""Answers: do graphql-ws and graphql-sse get every result once, whatever befalls the server?"""

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from domain import events
from infra.ledger.codec import identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.command_line import KIDAL, CommandLine
from tests.domain.builders import event
from tests.keys import token_of, write_keys
from tests.node_js import NODE
from tests.pages import examples

EVENTS = """subscription ($after: Int) {
  eventRecorded(after: $after) { position __typename } }"""
CHANGES = """subscription ($after: Int, $skip: Int! = 0) {
  controlChanged(after: $after, skip: $skip) {
    position control { status location { slug } holders { slug } } } }"""
PATIENCE = 120.0
PLACES = [f"town-{each}" for each in range(5)]


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path)
    assert made.run("record", made.write("kidal.yaml", KIDAL)).code == 0
    towns = "".join(
        f"- {{type: LocationRegistered, location: {each}, name: {each}, kind: town}}\n"
        for each in PLACES
    )
    assert made.run("record", made.write("towns.yaml", towns)).code == 0
    return made


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


@contextmanager
def serve(line: CommandLine, port: int, **environment: str) -> "Iterator[subprocess.Popen[str]]":
    """A server in a process of its own, ready; killed afterwards, if it is still there."""
    with line.start("serve", "--port", str(port), **environment) as process:
        assert process.stderr is not None
        while "serving GraphQL" not in (told := process.stderr.readline()):
            assert told
        draining = threading.Thread(target=process.stderr.read, daemon=True)
        draining.start()
        try:
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE)
            draining.join(PATIENCE)


class Recording:
    """Records in this process, beside the server: captures, and a merger now and then."""

    def __init__(self, ledger: Ledger, rounds: int) -> None:
        self._ledger, self._rounds = ledger, rounds
        self._thread = threading.Thread(target=self._record)

    def _record(self) -> None:
        for each in range(self._rounds):
            place, day = (
                PLACES[each % len(PLACES)],
                f"2023-{each // 28 % 10 + 1:02}-{each % 28 + 1:02}",
            )
            by = "fama" if each % 2 else "csp"
            said: dict[str, Any] = {"occurred": day, "report": "press-1", "summary": f"{each}"}
            self._tell(event(events.TownSeized, location=place, by=by, **said))
            if each % 7 == 6:
                self._tell(self._merger(each // 7))
            time.sleep(0.03)

    def _merger(self, number: int) -> events.Event:
        """A merger, its retraction, its reinstatement, and so on: each changes several answers."""
        merged = event(events.ActorMerged, merged=("csp",), into="wagner", occurred="2023-10-01",
                       report="press-1")  # fmt: skip
        if number == 0:
            return merged
        kind = events.EventRetracted if number % 2 else events.EventReinstated
        said = {"event": identify(merged).id, "reason": f"word {number}", "report": "press-1"}
        return event(kind, **said)

    def _tell(self, said: events.Event) -> None:
        self._ledger.record([identify(said)], by="another process")

    def __enter__(self) -> "Recording":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(PATIENCE)


@contextmanager
def client(folder: Path, **asked: Any) -> "Iterator[subprocess.Popen[str]]":
    command = [NODE, "subscribe.mjs", json.dumps(asked)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def everything(process: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """All that the client was told, once it has ended by itself."""
    told, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complaints
    return [json.loads(each) for each in told.splitlines()]


def asked_once(clients: Path, url: str, query: str, field: str, last: int) -> list[Any]:
    """What a client is told that is never interrupted."""
    with client(clients, url=url, over="ws", query=query, field=field, after=0, last=last) as made:
        return everything(made)


CLIENTS = [
    *(("ws", EVENTS, "eventRecorded"), ("sse", EVENTS, "eventRecorded")),
    *(("sse-id", EVENTS, "eventRecorded"), ("ws", CHANGES, "controlChanged")),
    *(("sse", CHANGES, "controlChanged"), ("sse-id", CHANGES, "controlChanged")),
]


def test_nothing_is_skipped_or_told_twice_though_the_server_is_killed(
    clients: Path, line: CommandLine
) -> None:
    port, rounds = free_port(), 60
    url = f"http://127.0.0.1:{port}/graphql"
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(line.environment["TENURE_LEDGER"]))
        last = ledger.head + rounds + rounds // 7 + 1
        made = [
            stack.enter_context(
                client(clients, url=url, over=over, query=query, field=field, after=0, last=last)
            )
            for over, query, field in CLIENTS
        ]
        with Recording(ledger, rounds):
            for _ in range(2):
                with serve(line, port) as server:
                    time.sleep(1)
                    server.send_signal(signal.SIGKILL)
        with serve(line, port):
            # The last entry changes an answer, so that every client knows when it has all.
            final = {"location": PLACES[0], "by": "wagner", "occurred": "2023-11-13"}
            said = event(events.TownSeized, **final, report="press-1")
            ledger.record([identify(said)], by="another process")
            assert ledger.head == last
            found = [everything(each) for each in made]
            whole = asked_once(clients, url, CHANGES, "controlChanged", last)
    assert [each["position"] for each in found[0]] == [*range(1, last + 1)]
    assert found[1] == found[2] == found[0]
    told = [(each["position"], each["control"]["location"]["slug"]) for each in whole]
    assert told == sorted(set(told))
    assert len(told) > len({position for position, _ in told}), "one entry changed several answers"
    assert found[3] == found[4] == found[5] == whole


def test_a_rebuild_beside_a_subscription_changes_nothing(clients: Path, line: CommandLine) -> None:
    port, rounds = free_port(), 150
    url = f"http://127.0.0.1:{port}/graphql"
    with open_ledger(line.environment["TENURE_LEDGER"]) as ledger, serve(line, port):
        last = ledger.head + rounds + rounds // 7
        asked = {"url": url, "query": EVENTS, "field": "eventRecorded", "after": 0, "last": last}
        with (
            client(clients, over="ws", **asked) as one,
            client(clients, over="sse", **asked) as two,
        ):
            with Recording(ledger, rounds):
                assert line.process("rebuild").code == 0
                views = Path(line.environment["TENURE_VIEWS"])
                for each in (views, *views.parent.glob(f"{views.name}-*")):
                    each.unlink()  # the server builds the views anew
                assert line.process("rebuild").code == 0
            for made in (one, two):
                found = [told["position"] for told in everything(made)]
                assert found == [*range(1, last + 1)]


@pytest.mark.parametrize("over", ["ws", "sse"])
def test_a_server_with_subscriptions_stops_in_time_and_clients_come_again(
    clients: Path, line: CommandLine, over: str
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/graphql"
    asked = {"url": url, "over": over, "query": EVENTS, "field": "eventRecorded"}
    with open_ledger(line.environment["TENURE_LEDGER"]) as ledger:
        last = ledger.head + 1
        with client(clients, **asked, after=last - 2, last=last) as made:
            with serve(line, port) as server:
                assert made.stdout
                first = json.loads(made.stdout.readline())
                assert first["position"] == last - 1
                server.send_signal(signal.SIGTERM)
                assert server.wait(8) in (0, -signal.SIGTERM)
            with serve(line, port):
                said = event(events.TownSeized, location="kidal", by="csp", report="press-1",
                             occurred="2023-11-13")  # fmt: skip
                ledger.record([identify(said)], by="another process")
                assert [each["position"] for each in everything(made)] == [last]


@pytest.mark.parametrize("example", examples("js"))
def test_the_examples_of_the_page_work(clients: Path, tmp_path: Path, example: str) -> None:
    line, port = CommandLine(tmp_path), free_port()
    assert line.run("demo", "--no-serve").code == 0
    script = clients / f"example-{port}.mjs"
    shown = example.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    script.write_text(shown.replace("TOKEN", token_of("reader")))
    keys = str(write_keys(tmp_path / "keys.json", {"reader": ["read"]}))
    try:
        with serve(line, port, TENURE_KEYS=keys, TENURE_READ="keys"):
            command = [NODE, script.name]
            with subprocess.Popen(
                command, cwd=clients, stdout=subprocess.PIPE, text=True
            ) as process:
                assert process.stdout
                told = [process.stdout.readline() for _ in range(4)]
                process.kill()
    finally:
        script.unlink()
    positions = [int(each.split()[0]) for each in told]
    assert positions == sorted(positions)
    assert positions[0] in (181, 58), "the next event, or the first change"
