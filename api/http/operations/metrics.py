"""Metrics of a server in the text format of Prometheus.

A server of one process keeps its numbers in memory. Where several processes serve together, each
keeps them in a file in the folder that PROMETHEUS_MULTIPROC_DIR names (worker_folder), and any
process tells the sums of all.
"""

import os
import resource
from collections.abc import Callable, Collection, Iterator
from http import HTTPStatus
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from api.graphql.request_notes import RequestNotes
from api.http.operations.worker_folder import VARIABLE

MEDIA = CONTENT_TYPE_LATEST
GONE = 499
"""The status of a request whose client hung up before the answer, as nginx counts it."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_MILLISECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000)
_MOST_REASONS = 64
"""The most different reasons of refusals; a further one counts as "Other"."""
_OTHER = "other"
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SINGLE_REQUESTS = frozenset({"", "query", "mutation", "table"})


class ServerMetrics:
    """The numbers of one process. `routes` and `documents` are the only values of their labels."""

    def __init__(self, routes: Collection[str] = (), documents: Collection[str] = ()) -> None:
        self.routes, self.documents = frozenset(routes), frozenset(documents)
        self._folder = os.environ.get(VARIABLE)
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        if not self._folder:
            ProcessCollector(registry=registry)
            GCCollector(registry)
        self._requests = Counter(
            "tenure_requests",
            "Requests that have ended, by route, kind of operation, kept document and status.",
            ["route", "kind", "document", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "tenure_request_seconds",
            "Seconds from the first byte of a request to the last of its answer.",
            ["route", "kind"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._cost = Histogram(
            "tenure_question_cost_milliseconds",
            "The price of a question before it runs, in milliseconds of computing.",
            ["kind"],
            buckets=_MILLISECONDS,
            registry=registry,
        )
        self._bytes = Counter(
            "tenure_response_bytes", "Bytes of the bodies sent.", ["route"], registry=registry
        )
        self._refused = Counter(
            "tenure_refused",
            "Requests that were refused or failed as a whole, by the code of the reason.",
            ["reason"],
            registry=registry,
        )
        self._kept = Counter(
            "tenure_kept_answers_given",
            "Answers that had been made for an earlier request, and were given again.",
            registry=registry,
        )
        self._log_lines = Counter(
            "tenure_log_lines", "Lines of the server's log.", ["level"], registry=registry
        )
        self.follower_failures = Counter(
            "tenure_follower_failures", "Failed attempts to follow the ledger.", registry=registry
        )
        self.open_requests = self.gauge("tenure_open_requests", "Requests being answered.")
        self.subscriptions = self.gauge("tenure_open_subscriptions", "Subscriptions being served.")
        self._gauges: list[tuple[Gauge, Callable[[], float]]] = []
        self._counts: dict[tuple[str, str, str, int], Counter] = {}
        self._times: dict[tuple[str, str], tuple[Histogram, Counter]] = {}
        self._costs: dict[str, Histogram] = {}
        self._reasons: dict[str, Counter] = {}
        self._levels = {each: self._log_lines.labels(each) for each in ("warning", "error")}
        if self._folder:
            self.watch("tenure_memory_bytes", "Memory of the serving processes.", _memory)
            self.watch("tenure_open_files", "Open files of the serving processes.", _open_files)

    def gauge(self, name: str, meaning: str) -> Gauge:
        """A number that goes up and down; of several processes their sum."""
        return Gauge(name, meaning, registry=self._registry, multiprocess_mode="livesum")

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """A gauge that is read whenever the metrics are told."""
        self._gauges.append((self.gauge(name, meaning), value))

    def add(self, route: str, notes: RequestNotes, status: int, seconds: float, size: int) -> None:
        """Counts a request that has ended, `status` 0 where its client had gone before."""
        route = route if route in self.routes else _OTHER
        key = (route, notes.kind, notes.document, status or GONE)
        if (count := self._counts.get(key)) is None:
            count = self._count(*key)
        count.inc()
        if (times := self._times.get(key[:2])) is None:
            times = self._seconds.labels(*key[:2]), self._bytes.labels(route)
            self._times[key[:2]] = times
        if notes.kind in _SINGLE_REQUESTS:  # a subscription lasts as long as its client likes
            times[0].observe(seconds)
        if size:
            times[1].inc(size)
        if notes.cost is not None:
            if (costs := self._costs.get(notes.kind)) is None:
                costs = self._costs[notes.kind] = self._cost.labels(notes.kind)
            costs.observe(notes.cost)
        if notes.is_kept:
            self._kept.inc()
        if notes.refused or status >= 400:
            self.add_refusal(notes.refused or _reason(status))

    def add_status(self, status: int) -> None:
        """Counts a request that no application has seen, refused with that status."""
        self.add_refusal(_reason(status))

    def add_refusal(self, reason: str) -> None:
        """Counts a refusal, by a code of ours."""
        if reason not in self._reasons:
            reason = reason if len(self._reasons) < _MOST_REASONS else "Other"
            self._reasons[reason] = self._refused.labels(reason)
        self._reasons[reason].inc()

    def add_log_line(self, level: str) -> None:
        """Counts a line of the log, of the level warning or error."""
        self._levels[level].inc()

    def refresh(self) -> None:
        """Reads the watched gauges; once a second where several processes serve, as each of them
        may be asked about all."""
        for gauge, value in self._gauges:
            gauge.set(value())

    @property
    def is_shared(self) -> bool:
        """Whether several processes serve together."""
        return bool(self._folder)

    def page(self, *more: Metric) -> bytes:
        """The text for Prometheus, with `more` metrics of the node. It may take milliseconds."""
        self.refresh()
        registry = CollectorRegistry() if self._folder else self._registry
        if self._folder:
            MultiProcessCollector(registry, self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(_Together(registry, more))

    def _count(self, route: str, kind: str, document: str, status: int) -> Counter:
        # Documents and statuses are told by clients or applications: only known ones are labels.
        key = (route, kind, document, status)
        if document and document not in self.documents:
            return self._count(route, kind, "", status)
        if key not in self._counts:
            self._counts[key] = self._requests.labels(route, kind, document, str(status))
        return self._counts[key]


class _Together(CollectorRegistry):
    """A registry, and metrics beside it."""

    def __init__(self, registry: CollectorRegistry, more: Collection[Metric]) -> None:
        super().__init__()
        self._one, self._more = registry, more

    def collect(self) -> Iterator[Metric]:
        yield from self._one.collect()
        yield from self._more


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")
    except ValueError:
        return "Other"


def _memory() -> float:
    try:
        return float(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE)
    except OSError:  # only the peak is told elsewhere
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024)


def _open_files() -> float:
    try:
        return float(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    except OSError:
        return 0.0
