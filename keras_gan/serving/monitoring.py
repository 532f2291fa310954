"""Metrics for Prometheus, under TensorFlow Serving's path and names.

What TensorFlow Serving counts has its name, its labels and its unit here, so that
its dashboards work. What it does not have starts with `keras_gan_serving`.
"""

from __future__ import annotations

import prometheus_client
from prometheus_client import core

PATH = "/monitoring/prometheus/metrics"
LABELS = ["model_name", "API"]

# Microseconds, as in TensorFlow Serving: ten, and 1.8 times the one before.
BUCKETS = [10 * 1.8**power for power in range(33)]

STATUSES = {
    200: "OK",
    400: "INVALID_ARGUMENT",
    404: "NOT_FOUND",
    413: "OUT_OF_RANGE",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Monitoring:
    """The metrics of one server.

    Args:
        names: collection of the names of models. Others are counted together, as a
            client could make up as many as it likes.
    """

    def __init__(self, names):
        self.names = names
        self.registry = prometheus_client.CollectorRegistry()
        prometheus_client.ProcessCollector(registry=self.registry)
        # A `Counter` would add "_total" to TensorFlow Serving's name.
        self.requests = prometheus_client.Gauge(
            ":tensorflow:serving:request_count",
            "The total number of requests.",
            ["model_name", "status"],
            registry=self.registry,
        )
        self.request_latency = self._latency("request", "entrypoint")
        self.runtime_latency = self._latency("runtime", "runtime")

    def _latency(self, kind, label):
        return prometheus_client.Histogram(
            f":tensorflow:serving:{kind}_latency",
            f"Distribution of wall time (in microseconds) of a {kind}.",
            [*LABELS, label],
            buckets=BUCKETS,
            registry=self.registry,
        )

    def watch(self, name: str, text: str, value):
        """Add a gauge of what a function returns."""
        gauge = prometheus_client.Gauge(
            f"keras_gan_serving_{name}", text, registry=self.registry
        )
        gauge.set_function(value)

    def watch_counts(self, name: str, text: str, label: str, counts: dict):
        """Add a counter for each key of a dict."""
        self.registry.register(
            _Counts(f"keras_gan_serving_{name}", text, label, counts)
        )

    def count_request(self, model: str, verb: str, status: int, seconds: float):
        """Count an answered request."""
        model = model if model in self.names else ""
        status = STATUSES.get(status, "UNKNOWN")
        self.requests.labels(model, status).inc()
        self.request_latency.labels(model, verb, "REST").observe(seconds * 1e6)

    def count_run(self, model: str, seconds: float):
        """Count a call of a model, which many requests may share."""
        self.runtime_latency.labels(model, "predict", "TF2").observe(seconds * 1e6)

    def page(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return prometheus_client.generate_latest(self.registry)


class _Counts:
    """A collector of counts that are kept elsewhere."""

    def __init__(self, name, text, label, counts):
        self.name, self.text, self.label, self.counts = name, text, label, counts

    def collect(self):
        family = core.CounterMetricFamily(self.name, self.text, labels=[self.label])
        for key, count in tuple(self.counts.items()):
            family.add_metric([key], count)
        yield family
