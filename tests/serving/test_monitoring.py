"""Metrics for Prometheus, under the names that TensorFlow Serving has."""

import urllib.request

import pytest
from prometheus_client import parser
from toy import request, rows, running

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture(scope="module")
def samples():
    """What is measured of two rows, an error, and two unknown models."""
    with running() as server:
        server.predict(2)
        server.ask(request(b"{"))
        for name in ("one", "other"):
            server.ask(request(rows(1), path=f"/v1/models/{name}:predict"))
        url = f"{server.address}/monitoring/prometheus/metrics"
        with urllib.request.urlopen(url) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            text = answer.read().decode()
    families = parser.text_string_to_metric_families(text)
    return [sample for family in families for sample in family.samples]


def value(samples, name, **labels):
    (found,) = (s.value for s in samples if (s.name, s.labels) == (name, labels))
    return found


def test_requests_are_counted_by_model_and_status(samples):
    name = ":tensorflow:serving:request_count"
    assert value(samples, name, model_name="toy", status="OK") == 1
    assert value(samples, name, model_name="toy", status="INVALID_ARGUMENT") == 1
    # Names that clients make up do not fill the memory.
    assert value(samples, name, model_name="", status="NOT_FOUND") == 2


def test_latencies_are_in_microseconds(samples):
    labels = {"model_name": "toy", "API": "predict"}
    name = ":tensorflow:serving:request_latency"
    assert value(samples, f"{name}_count", **labels, entrypoint="REST") == 2
    assert 100 < value(samples, f"{name}_sum", **labels, entrypoint="REST") < 20e6
    name = ":tensorflow:serving:runtime_latency"
    assert value(samples, f"{name}_count", **labels, runtime="TF2") == 1


def test_the_queue_and_the_memory_are_watched(samples):
    assert value(samples, "keras_gan_serving_requests") == 0
    assert value(samples, "keras_gan_serving_waiting_rows") == 0
    assert value(samples, "keras_gan_serving_bodies_bytes") == 0
    assert value(samples, "keras_gan_serving_connections") == 1
    assert value(samples, "process_resident_memory_bytes") > 0
