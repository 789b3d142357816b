"""Traces by OpenTelemetry: a span for each request with its phases, and one for each batch of the
follower.

The standard variables say where to (OTEL_EXPORTER_OTLP_ENDPOINT), how much (OTEL_TRACES_SAMPLER),
and under which name (OTEL_SERVICE_NAME). Where no address is set nothing of OpenTelemetry is
imported.
"""

import logging
from collections.abc import Mapping
from importlib.util import find_spec
from threading import Thread
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from api.graphql.request_notes import RequestNotes
from api.http.log_flood import FloodFilter
from api.http.operations.routes import route_of
from domain.refusals import Refusal
from infra.ledger.ledger import utc_now

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
_HTTP = "http/protobuf"
_LIBRARY = "opentelemetry.exporter.otlp.proto.http"
_SPAN = "tenure.span"
_UNTRACED = frozenset({"/healthz", "/readyz", "/metrics"})
_PROPAGATED = (b"traceparent", b"tracestate")
_LAST = 2.0
"""Seconds for the last spans when the server stops."""


class NoTraces(Refusal):
    """Traces are asked for, and can't be sent; the message says why."""


def are_traces_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the standard variables name an address for traces. Raises NoTraces."""
    is_off = (
        environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
        or environment.get("OTEL_TRACES_EXPORTER", "").strip() == "none"
    )
    named = [each for each in ENDPOINTS if environment.get(each, "").strip()]
    if is_off or not named:
        return False
    for each in named:
        if not environment[each].strip().lower().startswith(("http://", "https://")):
            raise NoTraces(f"{each}: write an address that begins with http:// or https://")
    for each in _PROTOCOLS:
        if environment.get(each, _HTTP).strip() not in ("", _HTTP):
            raise NoTraces(f"{each}: traces are sent as {_HTTP} only; unset it, or say so")
    if not _is_installed():
        raise NoTraces(
            f"{named[0]} asks for traces, and their library is not installed; "
            "install tenure[otel], or unset it"
        )
    return True


def _is_installed() -> bool:
    try:
        return find_spec(_LIBRARY) is not None
    except ModuleNotFoundError:
        return False


class Traces:
    """The spans of one process, sent in batches by a thread of the library. Raises NoTraces."""

    def __init__(self, version: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        logging.getLogger("opentelemetry").addFilter(FloodFilter())
        named = Resource.create({SERVICE_VERSION: version})
        if str(named.attributes.get(SERVICE_NAME, "unknown_service")).startswith("unknown_service"):
            named = named.merge(Resource({SERVICE_NAME: "tenure"}))
        self._provider: TracerProvider = TracerProvider(resource=named, shutdown_on_exit=False)
        try:
            self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        except ValueError as wrong:
            raise NoTraces(f"traces can't be sent: {wrong}") from None
        self.requests = RequestTraces(self._provider)
        self._tracer = self._provider.get_tracer("tenure")

    def add_batch(self, entries: int, began_ns: int) -> None:
        """Tells of a batch that the follower took in, begun at that time of `perf_counter_ns`."""
        told = {"tenure.entries": entries}
        began = began_ns + _since_epoch()
        self._tracer.start_span("follow", attributes=told, start_time=began).end()

    def close(self) -> None:
        """Sends the spans that wait, as far as a moment allows."""
        last = Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        last.start()
        last.join(_LAST)


class RequestTraces:
    """Spans of requests, by the conventions for HTTP servers. A request that names a trace
    (`traceparent`) becomes part of it."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = provider.get_tracer("tenure")
        self._extract = TraceContextTextMapPropagator().extract
        self._kind, self._in_context = SpanKind.SERVER, set_span_in_context
        self._error = Status(StatusCode.ERROR)

    def begin(self, scope: Scope, notes: RequestNotes) -> bool:
        """Begins the span of a request; probes have none."""
        if scope["path"] in _UNTRACED:
            return False
        carried = {
            name.decode(): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in _PROPAGATED
        }
        span = self._tracer.start_span(
            "HTTP", context=self._extract(carried) if carried else None, kind=self._kind
        )
        scope[_SPAN] = span
        if span.is_recording():
            notes.phases = []
        return True

    def end(self, scope: Scope, notes: RequestNotes, status: int) -> str:
        """Ends the span, with a child for each phase; returns the id of the trace."""
        span: Span = scope[_SPAN]
        if span.is_recording():
            self._describe(span, scope, notes, status)
            self._add_phases(span, notes.phases or [])
        span.end()
        return f"{span.get_span_context().trace_id:032x}"

    def _describe(self, span: "Span", scope: Scope, notes: RequestNotes, status: int) -> None:
        method, path = scope.get("method", "WEBSOCKET"), scope["path"]
        route = getattr(scope.get("route"), "path", None)
        if route is None and "endpoint" in scope:
            route = route_of(path)
        span.update_name(f"{method} {route}" if route else method)
        told: dict[str, Any] = {
            "http.request.method": method,
            "url.path": path[:200],
            "url.scheme": scope.get("scheme"),
            "http.route": route,
            "http.response.status_code": status or None,
            "client.address": (scope.get("client") or [None])[0],
            "network.protocol.version": scope.get("http_version"),
            "error.type": str(status) if status >= 500 else None,
            "graphql.operation.type": notes.kind,
            "graphql.operation.name": notes.operation[:100],
            "tenure.document": notes.document[:100],
            "tenure.cost": notes.cost,
            "tenure.position": notes.position,
            "tenure.refused": notes.refused,
            "tenure.kept": notes.is_kept or None,
        }
        span.set_attributes(
            {name: value for name, value in told.items() if value not in (None, "")}
        )
        if status >= 500:
            span.set_status(self._error)

    def _add_phases(self, span: "Span", phases: list[tuple[str, int]]) -> None:
        within, since = self._in_context(span), _since_epoch()
        ends = [*(began for _, began in phases[1:]), perf_counter_ns()]
        for (name, began), end in zip(phases, ends, strict=False):
            phase = self._tracer.start_span(name, context=within, start_time=began + since)
            phase.end(end + since)


def _since_epoch() -> int:
    """The nanoseconds from the epoch of Unix to the zero of `perf_counter_ns`."""
    return int(utc_now().timestamp() * 1e9) - perf_counter_ns()
