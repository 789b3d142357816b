"""Answers: does a collector get a span for each request, with its phases, in the caller's trace?"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.http.operations.traces import NoTraces, are_traces_wanted
from tests.api.server import describe_the_world, server_at
from tests.api.test_serving import record_the_world, until
from tests.nodes import WORLD

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
QUESTION = '{ control(location: "kidal", at: "2023-11-20") { status } }'
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Collector:
    """Takes spans by OTLP over HTTP."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                assert self.path == "/v1/traces"
                collector.requests.append(
                    ExportTraceServiceRequest.FromString(self.rfile.read(length))
                )
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def spans(self) -> list[Any]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def services(self) -> set[str]:
        return {
            each.value.string_value
            for request in self.requests
            for resource in request.resource_spans
            for each in resource.resource.attributes
            if each.key == "service.name"
        }


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    found = Collector()
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{found.server.server_port}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def attributes(span: Any) -> dict[str, Any]:
    return {
        each.key: getattr(each.value, str(each.value.WhichOneof("value")))
        for each in span.attributes
    }


def test_a_request_is_a_span_with_its_phases_in_the_trace_of_its_caller(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")  # its spans would hold the query
    with server_at(tmp_path, ledger="memory:") as server:
        describe_the_world(server)
        server.get(QUESTION, traceparent=f"00-{TRACE}-{PARENT}-01")
        server.http.get("/healthz")
        server.http.get("/tlog/tile/0/000")
    spans = collector.spans
    (asked,) = (each for each in spans if each.parent_span_id.hex() == PARENT)
    told = attributes(asked)
    assert (asked.name, asked.trace_id.hex()) == ("GET /graphql", TRACE)
    assert (told["http.route"], told["http.response.status_code"]) == ("/graphql", 200)
    assert (told["graphql.operation.type"], told["tenure.position"]) == ("query", 16)
    assert told["tenure.cost"] > 0
    phases = [each for each in spans if each.parent_span_id == asked.span_id]
    assert [each.name for each in phases] == ["document", "price", "execute", "write"]
    for before, after in pairwise(phases):
        assert before.end_time_unix_nano == after.start_time_unix_nano
    assert all(each.start_time_unix_nano <= each.end_time_unix_nano for each in phases)
    assert not [each for each in spans if "healthz" in str(each)]
    assert [each for each in spans if each.name.startswith("GET /tlog/")]
    assert collector.services == {"tenure"}
    assert not [each for each in spans if QUESTION[:20] in str(each)], "no text of a document"


def test_a_batch_of_the_follower_is_a_span(tmp_path: Path, collector: Collector) -> None:
    record_the_world(f"sqlite:///{tmp_path / 'ledger.db'}")
    with server_at(tmp_path) as server:
        until(lambda: server.http.get("/readyz").status_code == 200)
    followed = [attributes(each)["tenure.entries"] for each in collector.spans]
    assert followed == [len(WORLD)]


def test_the_callers_decision_and_the_sampler_count(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "mali")
    with server_at(tmp_path, ledger="memory:") as server:
        server.get("{ __typename }")
        server.get("{ __typename }", traceparent=f"00-{TRACE}-{PARENT}-01")
        server.get("{ __typename }", traceparent="00-not-a-trace")
        server.get("{ __typename }", traceparent="9" * 20_000)
    requests = [each for each in collector.spans if each.name == "GET /graphql"]
    assert [each.trace_id.hex() for each in requests] == [TRACE]
    assert collector.services == {"mali"}


def test_a_collector_that_is_gone_delays_nothing(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:1")
    with server_at(tmp_path, ledger="memory:") as server:
        assert server.get("{ __typename }").status_code == 200
    assert not collector.spans


def test_a_trace_is_named_in_the_access_log(tmp_path: Path, collector: Collector) -> None:
    path = tmp_path / "access.log"
    with server_at(tmp_path, ledger="memory:", access_log=str(path)) as server:
        server.get("{ __typename }", traceparent=f"00-{TRACE}-{PARENT}-01")
        until(lambda: TRACE in path.read_text())


def test_without_an_address_nothing_of_the_library_is_imported() -> None:
    program = """
import sys
from api.http.app import create_app
from infra.settings import Settings
create_app(Settings(ledger="memory:"))
parts = ("opentelemetry.sdk", "opentelemetry.exporter")  # FastAPI imports the rest, where it is
print([name for name in sys.modules if name.startswith(parts)])
"""
    without = {name: each for name, each in os.environ.items() if not name.startswith("OTEL_")}
    environment = without | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_traces_are_wanted_where_the_standard_variables_say_so() -> None:
    there = {ENDPOINT: "http://collector:4318"}
    assert are_traces_wanted(there)
    assert not are_traces_wanted({})
    assert not are_traces_wanted({ENDPOINT: " "})
    assert not are_traces_wanted(there | {"OTEL_SDK_DISABLED": "true"})
    assert not are_traces_wanted(there | {"OTEL_TRACES_EXPORTER": "none"})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({ENDPOINT: "collector:4318"}, "begins with http:// or https://"),
        (
            {ENDPOINT: "http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "traces are sent as http/protobuf only",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_at_the_start(given: dict[str, str], told: str) -> None:
    with pytest.raises(NoTraces, match=told):
        are_traces_wanted(given)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)
    with pytest.raises(NoTraces, match=r"install tenure\[otel\]"):
        are_traces_wanted({ENDPOINT: "http://collector:4318"})
