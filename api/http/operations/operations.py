"""Metrics, access log and traces of one server, wired together."""

import asyncio
import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

from anyio import to_thread
from fastapi import FastAPI, Request, Response

from api.graphql.helpers import Helpers
from api.graphql.view import GraphQLView
from api.http.auth.admission import principal_of
from api.http.auth.gate import ANYBODY, NOBODY, require_scope
from api.http.operations.access_log import AccessLog
from api.http.operations.metrics import MEDIA, ServerMetrics
from api.http.operations.node_metrics import node_metrics
from api.http.operations.observation import Observation, ObservationMiddleware
from api.http.operations.routes import routes_among
from api.http.operations.traces import Traces, are_traces_wanted
from api.http.operations.watched_log import counted_log_lines
from api.schema.context import Context
from infra.settings import Settings

METRICS = "/metrics"
_BEAT = 1.0
"""Seconds between two readings of the gauges, where several processes serve together."""
_TOLD = "The metrics of the server and its node, in the text format of Prometheus."


@dataclass(frozen=True)
class Operations:
    """What operators see of a server."""

    metrics: ServerMetrics
    access_log: AccessLog | None
    traces: Traces | None
    version: str
    is_public: bool
    """Whether anybody may read the metrics."""

    @classmethod
    def of(cls, settings: Settings) -> "Operations":
        """Raises NoAccessLog and NoTraces."""
        return cls(
            ServerMetrics(),
            AccessLog(settings.access_log) if settings.access_log else None,
            Traces(version("tenure")) if are_traces_wanted(os.environ) else None,
            version("tenure"),
            settings.metrics == "anybody",
        )

    @classmethod
    def of_follower(cls) -> "Operations":
        """Those of a process that follows the ledger and serves nothing. Raises NoTraces."""
        return cls.of(Settings())

    def add_batch(self, entries: int, began_ns: int) -> None:
        """Tells of a batch that the follower took in, begun at that time of `perf_counter_ns`."""
        if self.traces:
            self.traces.add_batch(entries, began_ns)

    def add_failure(self) -> None:
        """Counts an attempt of the follower that failed."""
        self.metrics.follower_failures.inc()

    @property
    def public_paths(self) -> frozenset[str]:
        """The paths that need no right to read."""
        return frozenset({METRICS}) if self.is_public else frozenset()

    @property
    def observation(self) -> Observation | None:
        """What is told of a request outside the layers; None where traces follow it through."""
        return None if self.traces else Observation(self.metrics, self.access_log)

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the metrics, and the layer that sees each request end. The last layer
        to be added is the outermost."""
        app.add_middleware(
            ObservationMiddleware,
            metrics=self.metrics,
            access_log=self.access_log,
            traces=self.traces.requests if self.traces else None,
        )

        @app.get(METRICS, summary=_TOLD)
        async def metrics(request: Request) -> Response:
            if not self.is_public:
                _refuse_without_token(request)
            _, told = await request.app.state.readiness.answer()
            node = [*node_metrics(told, self.version)]
            page = await to_thread.run_sync(self.metrics.page, *node)
            return Response(page, headers={"Cache-Control": "no-store"}, media_type=MEDIA)

    def watch(
        self, view: GraphQLView[Context], helpers: Helpers, documents: Collection[str]
    ) -> None:
        """Has the metrics tell how busy the view and the helpers are, and how often each of the
        kept documents is asked for."""
        self.metrics.documents = frozenset(documents)
        watch = self.metrics.watch
        watch("tenure_helpers", "Processes for dear questions.", lambda: helpers.at_once)
        watch("tenure_busy_helpers", "Those at work.", lambda: helpers.busy)
        watch("tenure_waiting_tasks", "Tasks waiting for one of them.", lambda: helpers.waiting)
        watch("tenure_mutations", "Mutations at work or waiting.", lambda: view.waiting_writers)
        watch("tenure_kept_answers", "Answers kept for later.", lambda: len(view.answers))
        watch("tenure_kept_answer_bytes", "Their bytes.", lambda: view.answers.weight)
        if view.subscriptions:
            view.subscriptions.places.tell_open = self.metrics.subscriptions.set
        kept = view.documents.recent
        watch("tenure_kept_documents", "Checked documents kept for later.", lambda: len(kept))
        if self.access_log:
            lines = self.access_log
            watch("tenure_access_log_lost", "Lines that found no room.", lambda: lines.lost)

    @contextmanager
    def running(self, app: FastAPI | None = None) -> Iterator[None]:
        """Inside the block lines and spans are written; without `app` in a follower's process."""
        if app:
            self.metrics.routes = routes_among(app.router.routes)
        with ExitStack() as stack:
            stack.enter_context(counted_log_lines(self.metrics))
            if self.access_log:
                self.access_log.start()
                stack.callback(self.access_log.close)
            if self.traces:
                stack.callback(self.traces.close)
            if app and self.metrics.is_shared:
                task = asyncio.create_task(self._refresh())
                stack.callback(task.cancel)
            yield

    async def _refresh(self) -> None:
        with suppress(asyncio.CancelledError):
            while True:
                self.metrics.refresh()
                await asyncio.sleep(_BEAT)


def _refuse_without_token(request: Request) -> None:
    """Raises HTTPException for whoever reads without a token, where there are tokens."""
    if (principal := principal_of(request)) is ANYBODY:
        principal = NOBODY
    require_scope(principal, "read", "reading the metrics")
