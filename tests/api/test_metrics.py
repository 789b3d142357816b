"""Answers: do the metrics say what a server did, to whoever may know, and of all its processes?"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.graphql.request_notes import notes_of
from api.http.connections import ConnectionLimits, bounded_connections
from api.http.operations.metrics import ServerMetrics
from api.http.operations.observation import ObservationMiddleware
from api.http.operations.worker_folder import VARIABLE, forget_worker, worker_folder
from api.node import open_node
from infra.settings import Settings
from tests.api.server import Server, server_at
from tests.api.serving import serving
from tests.api.test_access import bearer
from tests.api.test_serving import record_the_world, until
from tests.keys import token_of, write_keys
from tests.nodes import WORLD
from tests.pages import PAGES

CLOSED = '{ control(location: "kidal", at: "2023-11-20", position: 5) { status } }'
WORKER = """
import sys
from api.graphql.request_notes import RequestNotes
from api.http.operations.metrics import ServerMetrics

metrics = ServerMetrics({"/graphql"})
for _ in range(int(sys.argv[1])):
    metrics.add("/graphql", RequestNotes(kind="query", cost=1.0), 200, 0.01, 100)
metrics.subscriptions.set(2)
metrics.refresh()
print(metrics.page().decode() if sys.argv[2:] else "")
"""


def samples(text: str) -> dict[str, float]:
    """The numbers by name and labels, as `tenure_requests_total{kind=query,status=200}`; labels
    without a value are left out."""
    found = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in each.labels.items() if value)
            found[f"{each.name}{{{labels}}}" if labels else each.name] = each.value
    return found


def metrics_of(server: Server) -> dict[str, float]:
    answer = server.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return samples(answer.text)


def test_requests_are_counted_by_route_kind_and_status(server: Server) -> None:
    before = metrics_of(server)
    for _ in range(2):
        server.get(CLOSED)
    server.seized("fama", on="2023-11-14")
    server.get("{ nonsense }")
    server.http.get("/nowhere/at/all")
    told = metrics_of(server)
    asked = "tenure_requests_total{kind=query,route=/graphql,status=200}"
    assert told[asked] - before.get(asked, 0) == 2
    recorded = "tenure_requests_total{kind=mutation,route=/graphql,status=200}"
    assert told[recorded] - before[recorded] == 1
    assert told["tenure_requests_total{route=other,status=404}"] == 1
    assert told["tenure_refused_total{reason=InvalidDocument}"] == 1
    assert told["tenure_kept_answers_given_total"] == 1
    seconds = "tenure_request_seconds_count{kind=query,route=/graphql}"
    assert told[seconds] - before.get(seconds, 0) == 2
    assert told["tenure_question_cost_milliseconds_count{kind=query}"] >= 1
    assert told["tenure_open_requests"] == 1, "the one that asks"


def test_what_strangers_write_is_no_label(server: Server) -> None:
    for number in range(20):
        query = f"query Stranger{number} {{ __typename }}"
        server.http.post("/graphql", json={"query": query, "operationName": f"Stranger{number}"})
        server.http.get(f"/stranger{number}")
        server.http.get("/graphql", params={"documentId": f"stranger{number}"})
    text = server.http.get("/metrics").text
    assert "tranger" not in text
    assert len(text.splitlines()) < 500


def test_a_kept_document_is_counted_by_its_id(server: Server) -> None:
    asked = {"documentId": "places", "variables": "{}"}
    assert server.http.get("/graphql", params=asked).status_code == 200
    told = metrics_of(server)
    name = "tenure_requests_total{document=places,kind=query,route=/graphql,status=200}"
    assert told[name] == 1


def test_the_node_says_how_far_it_is(server: Server) -> None:
    until(lambda: server.http.get("/readyz").json()["log"]["lag"] == 0)
    told = metrics_of(server)
    head = server.head
    assert told["tenure_ready"] == 1
    assert told["tenure_ledger_position"] == head
    assert told["tenure_view_position{view=control}"] == head
    assert (told["tenure_view_lag{view=control}"], told["tenure_log_lag"]) == (0, 0)
    assert told["tenure_log_size"] == head
    assert told["tenure_follower_failures_total"] == 0


def test_the_metrics_are_for_bearers_of_tokens_unless_they_are_for_anybody(tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"prometheus": ["read"]})
    for name, given, status in (
        ("shut", {"read": "anybody"}, 401),
        ("open", {"read": "keys", "metrics": "anybody"}, 200),
    ):
        folder = tmp_path / name
        folder.mkdir()
        with server_at(folder, ledger="memory:", keys=keys, **given) as server:
            assert server.http.get("/metrics").status_code == status
            known = bearer(token_of("prometheus"))
            assert server.http.get("/metrics", headers=known).status_code == 200
            assert server.http.get("/metrics", headers=bearer("unknown")).status_code in {401, 200}
            if status == 200:
                asked = server.http.get("/graphql", params={"query": "{ __typename }"})
                assert asked.status_code == 401, "the rest is for readers"


def test_a_warning_and_an_error_of_the_log_are_counted(tmp_path: Path) -> None:
    keys = write_keys(tmp_path / "keys.json", {"ana": ["read"]})
    with server_at(tmp_path, ledger="memory:", keys=keys, metrics="anybody") as server:
        before = metrics_of(server)["tenure_log_lines_total{level=warning}"]
        server.http.get("/graphql", headers=bearer("unknown"))
        told = metrics_of(server)
        assert told["tenure_log_lines_total{level=warning}"] == before + 1
        assert told["tenure_requests_total{route=/graphql,status=401}"] == 1
        assert told["tenure_refused_total{reason=Unauthorized}"] == 1


def test_a_socket_is_counted_without_its_duration() -> None:
    async def taken(socket: WebSocket) -> None:
        notes_of(socket.scope).kind = "subscription"
        await socket.accept()
        metrics.subscriptions.inc()
        await socket.send_text("one")
        await socket.receive_text()
        metrics.subscriptions.dec()
        await socket.close()

    async def refused(socket: WebSocket) -> None:
        await socket.close()

    metrics = ServerMetrics({"/taken", "/refused"})
    app = Starlette(routes=[WebSocketRoute("/taken", taken), WebSocketRoute("/refused", refused)])
    app.add_middleware(ObservationMiddleware, metrics=metrics)
    with TestClient(app) as http:
        with http.websocket_connect("/taken") as socket:
            assert socket.receive_text() == "one"
            told = samples(metrics.page().decode())
            assert (told["tenure_open_subscriptions"], told["tenure_open_requests"]) == (1, 1)
            socket.send_text("enough")
        with pytest.raises(WebSocketDisconnect), http.websocket_connect("/refused"):
            pass
    told = samples(metrics.page().decode())
    assert told["tenure_requests_total{kind=subscription,route=/taken,status=101}"] == 1
    assert told["tenure_requests_total{route=/refused,status=403}"] == 1
    assert told["tenure_response_bytes_total{route=/taken}"] == 3
    assert told["tenure_request_seconds_count{kind=subscription,route=/taken}"] == 0
    assert (told["tenure_open_subscriptions"], told["tenure_open_requests"]) == (0, 0)


def test_a_request_that_no_application_sees_is_counted_too() -> None:
    metrics = ServerMetrics()

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("no request gets here")

    protocol = bounded_connections(ConnectionLimits(longest_head=100), metrics.add_status)
    with (
        serving(never, lifespan="off", protocol=protocol) as url,
        pytest.raises(HTTPError, match="431"),
    ):
        urlopen(f"{url}/{'x' * 200}", timeout=10)
    told = samples(metrics.page().decode())
    assert told["tenure_refused_total{reason=RequestHeaderFieldsTooLarge}"] == 1


def run_worker(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WORKER, *words],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_several_processes_tell_one_sum() -> None:
    with worker_folder():
        folder = Path(os.environ[VARIABLE])
        run_worker("3")
        run_worker("4")
        told = samples(run_worker("5", "tell"))
        assert told["tenure_requests_total{kind=query,route=/graphql,status=200}"] == 12
        assert told["tenure_open_subscriptions"] == 6
        assert told["tenure_memory_bytes"] > 1_000_000
        pids = {int(each) for each in re.findall(r"livesum_(\d+)\.db", str([*folder.iterdir()]))}
        for pid in pids:
            forget_worker(pid)
        told = samples(run_worker("0", "tell"))
        assert told["tenure_requests_total{kind=query,route=/graphql,status=200}"] == 12
        assert told["tenure_open_subscriptions"] == 2
    assert not folder.exists()
    assert VARIABLE not in os.environ


@pytest.mark.parametrize("page", ["docs/operations.md"])
def test_every_metric_has_its_row(page: str, server: Server) -> None:
    families = text_string_to_metric_families(server.http.get("/metrics").text)
    told = {each.name for each in families if each.name.startswith("tenure_")}
    rows = set(re.findall(r"^\| `(tenure_\w+?)(?:_total)?`", PAGES[page], re.MULTILINE))
    workers = {"tenure_memory_bytes", "tenure_open_files", "tenure_access_log_lost"}
    assert rows == told | workers


def test_a_follower_that_fails_is_told(tmp_path: Path) -> None:
    record_the_world(f"sqlite:///{tmp_path / 'ledger.db'}")
    with open_node(Settings(ledger="memory:", views=tmp_path / "views.db")):
        pass  # the tables are there, and empty
    with closing(sqlite3.connect(tmp_path / "views.db", isolation_level=None)) as db:
        db.execute("CREATE TRIGGER stop BEFORE INSERT ON entry BEGIN SELECT raise(FAIL, 'no'); END")
        with server_at(tmp_path) as server:
            until(lambda: metrics_of(server)["tenure_follower_failures_total"] >= 1)
            told = metrics_of(server)
            assert told["tenure_ready"] == 0
            assert told["tenure_not_ready_reason{code=ViewsBehind}"] == 1
            assert told["tenure_view_lag{view=control}"] == len(WORLD)
            assert told["tenure_log_lines_total{level=error}"] >= 1
            db.execute("DROP TRIGGER stop")
            until(lambda: metrics_of(server)["tenure_ready"] == 1)
