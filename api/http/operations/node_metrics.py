"""Metrics of a node, from what `/readyz` tells: how far it is, and what hinders it."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from domain.control.verdict import RULE


def node_metrics(told: Mapping[str, Any], version: str) -> Iterator[Metric]:
    """The metrics of the node, from the document of `/readyz`."""
    build = GaugeMetricFamily(
        "tenure_build_info", "The version of Tenure and of the rule.", labels=["version", "rule"]
    )
    build.add_metric([version, RULE], 1)
    yield build
    yield _gauge("tenure_ready", "Whether the node is ready: 1 or 0.", int(told["ready"]))
    reasons = GaugeMetricFamily(
        "tenure_not_ready_reason", "1 for each reason against readiness.", labels=["code"]
    )
    for code in sorted({each["code"] for each in told["reasons"]}):
        reasons.add_metric([code], 1)
    yield reasons
    yield _gauge("tenure_ledger_position", "The last position of the ledger.", told["position"])
    yield from _views(told["views"])
    log = told["log"]
    yield _gauge("tenure_log_size", "Leaves of the log.", log["size"])
    yield _gauge("tenure_log_lag", "Entries that the log has not taken in yet.", log["lag"])
    yield _gauge(
        "tenure_unreadable_entries", "Entries that can't be read.", len(told["unreadable"])
    )
    yield from _witnesses(told["witnesses"])


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    """The number; without a sample where it is not known now."""
    family = GaugeMetricFamily(name, meaning)
    if value is not None:
        family.add_metric([], value)
    return family


def _views(views: Mapping[str, Mapping[str, int | None]]) -> Iterator[Metric]:
    position = GaugeMetricFamily(
        "tenure_view_position", "The position that the view has reached.", labels=["view"]
    )
    lag = GaugeMetricFamily(
        "tenure_view_lag", "Entries of the ledger that the view lacks.", labels=["view"]
    )
    for name, each in views.items():
        for family, value in ((position, each["position"]), (lag, each["lag"])):
            if value is not None:
                family.add_metric([name], value)
    yield from (position, lag)


def _witnesses(witnesses: list[Mapping[str, Any]]) -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "tenure_witness_lag", "Leaves of the log not cosigned yet.", labels=["witness"]
    )
    failing = GaugeMetricFamily(
        "tenure_witness_failing", "Whether the last submission failed.", labels=["witness"]
    )
    for each in witnesses:
        if each["lag"] is not None:
            lag.add_metric([each["name"]], each["lag"])
        failing.add_metric([each["name"]], int(each["failing"]))
    yield from (lag, failing)
