"""Do several nodes of one ledger give the same bytes, and go on when one of them is gone?"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from api.node import Node
from tests.api.server import Server, describe_the_world, server_at
from tests.command_line import CommandLine
from tests.witnesses import free_port

STARTING = 120.0
ON = 'at: "2023-11-20", position: POSITION'
ANSWER = "status holders { name } explanation basis { token } evidence { id position recordedAt }"
QUESTIONS = [
    f'{{ control(location: "kidal", {ON}) {{ {ANSWER} }} }}',
    f"{{ controlMap({ON}) {{ location {{ slug name }} status holders {{ slug }} }} }}",
    '{ controlTimeline(location: "kidal", position: POSITION) { from to control { status } } }',
    f'{{ revisions(location: "kidal", {ON}) {{ position recordedAt control {{ status }} }} }}',
    "{ events(first: 50) { nodes { id position recordedAt } } }",
    '{ actor(id: "fama") { name } }',
]
"""Questions of several kinds; of those with a position, the answer is the same for ever."""
TABLES = ["control.csv?on=2023-11-20&position=POSITION", "events.geojson?position=POSITION"]
KEPT = ("etag", "cache-control", "content-type", "tenure-position", "content-length")
"""The headers that are the same on every node."""


def test_two_nodes_on_postgresql_and_one_on_a_replica_give_the_same_bytes(
    postgresql_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        nodes = [stack.enter_context(node_in(tmp_path / "a", postgresql_url))]
        describe_the_world(nodes[0])
        replica = request.getfixturevalue("replica_url")
        nodes.append(stack.enter_context(node_in(tmp_path / "b", postgresql_url)))
        stack_replica = node_in(tmp_path / "c", postgresql_url, ledger_replica=replica)
        nodes.append(stack.enter_context(stack_replica))
        speak_in_turn(nodes)
        assert_same_bytes(nodes)


def test_two_nodes_on_umadb_give_the_same_bytes(umadb_url: str, tmp_path: Path) -> None:
    with (
        node_in(tmp_path / "a", umadb_url) as one,
        node_in(tmp_path / "b", umadb_url) as two,
    ):
        describe_the_world(one)
        speak_in_turn([one, two])
        assert_same_bytes([one, two])


def test_a_node_on_a_replica_reads_what_it_wrote(
    postgresql_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with node_in(tmp_path / "a", postgresql_url) as primary:
        describe_the_world(primary)
        replica = request.getfixturevalue("replica_url")
        with node_in(tmp_path / "b", postgresql_url, ledger_replica=replica) as node:
            until(lambda: node.head == primary.head)
            assert node.refused("registerActor", actor="fama", name="Other", kind="COALITION")
            for day in range(1, 15):
                told = node.seen("fama", on=f"2023-11-{day:02}")
                assert node.head >= told["position"]
            both = [each.http.get("/readyz").json()["position"] for each in (primary, node)]
            assert both == [node.head, node.head]


def test_a_node_that_is_killed_and_built_again_disturbs_no_other(
    umadb_url: str, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    lines = [CommandLine(tmp_path / "one"), CommandLine(tmp_path / "two")]
    with running(lines[0], umadb_url) as (one, _), ExitStack() as other:
        two, process = other.enter_context(running(lines[1], umadb_url))
        failures: list[object] = []
        asked, stopping = [0], threading.Event()

        def ask_again_and_again() -> None:
            with httpx2.Client(base_url=one, timeout=20) as http:
                while not stopping.is_set():
                    asked[0] += 1
                    town = {"query": register(f"town-{asked[0]}")}
                    told = http.post("/graphql", json=town)
                    seen = {"Tenure-Position": told.headers.get("Tenure-Position", "none")}
                    again = http.post("/graphql", json={"query": POSITION}, headers=seen)
                    if (told.status_code, again.status_code) != (200, 200):
                        failures.append((told.text, again.text))

        client = threading.Thread(target=ask_again_and_again)
        client.start()
        try:
            until(lambda: asked[0] > 20)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            for each in (tmp_path / "two").glob("views.db*"):
                each.unlink()
            with running(lines[1], umadb_url) as (again, _):
                told = asked[0]
                until(lambda: asked[0] > told + 20)
                stopping.set()
                client.join()
                head = httpx2.post(f"{one}/graphql", json={"query": POSITION})
                seen = {"Tenure-Position": head.headers["Tenure-Position"]}
                there = httpx2.post(f"{again}/graphql", json={"query": POSITION}, headers=seen)
                assert there.json() == head.json()
        finally:
            stopping.set()
            client.join()
        assert failures == []
        assert two != one


POSITION = "{ ledger { position } }"


def register(town: str) -> str:
    given = f'location: "{town}", name: "{town}", kind: TOWN'
    return f"mutation {{ registerLocation(input: {{{given}}}) {{ __typename }} }}"


def speak_in_turn(nodes: list[Server]) -> None:
    """Each node records some events; all know all of them afterwards."""
    for day in range(1, 13):
        who = ("fama", "csp", "wagner")[day % 3]
        nodes[day % len(nodes)].seen(who, on=f"2023-11-{day:02}")
    head = max(each.head for each in nodes)
    for each in nodes:
        until(lambda each=each: each.head == head)  # type: ignore[misc]


def assert_same_bytes(nodes: list[Server]) -> None:
    head = nodes[0].head
    for position in (17, head - 3, head):
        for question in QUESTIONS:
            asked = question.replace("POSITION", str(position))
            answers = [told(each.get(asked)) for each in nodes]
            assert answers == answers[:1] * len(nodes), asked
            assert answers[0][0] == 200, answers[0]
        for table in TABLES:
            path = f"/export/{table.replace('POSITION', str(position))}"
            answers = [told(each.http.get(path)) for each in nodes]
            assert answers == answers[:1] * len(nodes), path
            assert answers[0][0] == 200, answers[0]
    digests = [digests_of(each) for each in nodes]
    assert digests == digests[:1] * len(nodes)


def told(answer: httpx2.Response) -> tuple[int, dict[str, str | None], bytes]:
    return answer.status_code, {name: answer.headers.get(name) for name in KEPT}, answer.content


def digests_of(server: Server) -> dict[str, str]:
    node: Node = server.http.app.state.node  # type: ignore[attr-defined]
    return {each.name: node.views.digest(each) for each in node.answers.projections}


@contextmanager
def node_in(directory: Path, ledger: str, **settings: str) -> Iterator[Server]:
    directory.mkdir()
    with server_at(directory, ledger=ledger, **settings) as server:
        yield server


@contextmanager
def running(line: CommandLine, ledger: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A node in a process of its own; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with line.start("serve", "--port", str(port), TENURE_LEDGER=ledger) as process:
        try:
            until(lambda: is_ready(url))
            yield url, process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def is_ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz", timeout=20).status_code == 200
    except httpx2.TransportError:
        return False


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STARTING
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
