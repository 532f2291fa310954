"""The REST API, held against what TensorFlow Serving's documentation prints."""

import base64

import numpy as np
import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

H = "/v1/models/half_plus_three"


AVAILABLE = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
ROWS = [
    {"tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]]},
    {"tag": "bar", "signal": [3, 4, 1, 2, 5], "sensor": [[4, 5], [6, 8]]},
]
COLUMNS = {
    "tag": ["foo", "bar"],
    "signal": [[1, 2, 3, 4, 5], [3, 4, 1, 2, 5]],
    "sensor": [[[1, 2], [3, 4]], [[4, 5], [6, 8]]],
}
B64 = {"b64": "aW1hZ2UgYnl0ZXM="}  # "image bytes"
TWICE = {"b64": base64.b64encode(b"image bytes" * 2).decode()}

# Requests of the documentation, and similar ones: method, path, body, answer.
ANSWERED = {
    "status": (
        "GET",
        H,
        None,
        {"model_version_status": [{"version": "123"} | AVAILABLE]},
    ),
    "status of a version": (
        "GET",
        f"{H}/versions/123",
        None,
        {"model_version_status": [{"version": "123"} | AVAILABLE]},
    ),
    "status of a label": (
        "GET",
        "/v1/models/classes/labels/stable",
        None,
        {"model_version_status": [{"version": "1"} | AVAILABLE]},
    ),
    "status of all versions": (
        "GET",
        "/v1/models/classes",
        None,
        {"model_version_status": [{"version": v} | AVAILABLE for v in "21"]},
    ),
    "predict": (
        "POST",
        f"{H}:predict",
        {"instances": [1.0, 2.0, 5.0]},
        {"predictions": [3.5, 4.0, 5.5]},
    ),
    "a version": (
        "POST",
        f"{H}/versions/123:predict",
        {"instances": [1.0, 2.0]},
        {"predictions": [3.5, 4.0]},
    ),
    "a signature": (
        "POST",
        f"{H}:predict",
        {"signature_name": "serving_default", "instances": [3.0]},
        {"predictions": [4.5]},
    ),
    "whole numbers": (
        "POST",
        f"{H}:predict",
        {"instances": [2]},
        {"predictions": [4.0]},
    ),
    "columns": (
        "POST",
        f"{H}:predict",
        {"inputs": [3.0, 4.0]},
        {"outputs": [4.5, 5.0]},
    ),
    "a named column": (
        "POST",
        f"{H}:predict",
        {"inputs": {"x": [3.0, 4.0]}},
        {"outputs": [4.5, 5.0]},
    ),
    "regress": (
        "POST",
        f"{H}:regress",
        {
            "signature_name": "tensorflow/serving/regress",
            "examples": [{"x": 1.0}, {"x": 2.0}],
        },
        {"results": [3.5, 4.0]},
    ),
    "classify": (
        "POST",
        f"{H}:classify",
        {
            "signature_name": "classify_objects",
            "examples": [
                {"image": {"b64": "aW1hZ2UgYnl0ZXM="}, "caption": "seaside"},
                {
                    "image": {"b64": "YXdlc29tZSBpbWFnZSBieXRlcw=="},
                    "caption": "mountains",
                },
            ],
        },
        {
            "results": [
                [["seaside", 1.0], ["SEASIDE", 0.25]],
                [["mountains", 1.0], ["MOUNTAINS", 0.25]],
            ]
        },
    ),
    "several inputs in rows": (
        "POST",
        f"{H}:predict",
        {"signature_name": "echo", "instances": ROWS},
        {
            "predictions": [
                {"tag": "foo", "total": 15.0, "sensor": [[1, 2], [3, 4]]},
                {"tag": "bar", "total": 15.0, "sensor": [[4, 5], [6, 8]]},
            ]
        },
    ),
    "several inputs in columns": (
        "POST",
        f"{H}:predict",
        {"signature_name": "echo", "inputs": COLUMNS},
        {
            "outputs": {
                "tag": ["foo", "bar"],
                "total": [15.0, 15.0],
                "sensor": COLUMNS["sensor"],
            }
        },
    ),
    "base64": (
        "POST",
        f"{H}:predict",
        {"signature_name": "blob", "instances": [B64]},
        {"predictions": [TWICE]},
    ),
    "base64 in columns": (
        "POST",
        f"{H}:predict",
        {"signature_name": "blob", "inputs": [B64]},
        {"outputs": [TWICE]},
    ),
    "base64 by name": (
        "POST",
        f"{H}:predict",
        {"signature_name": "blob", "instances": [{"text": B64}]},
        {"predictions": [TWICE]},
    ),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_requests_are_answered(call, case):
    method, path, body, expected = ANSWERED[case]
    assert call(method, path, body) == (200, expected)


PREDICT = f"{H}:predict"


def test_metadata_lists_the_signatures(call):
    status, answer = call("GET", f"{H}/metadata")
    assert status == 200
    spec = {"name": "half_plus_three", "signature_name": "", "version": "123"}
    assert answer["model_spec"] == spec
    definition = answer["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert definition["method_name"] == "tensorflow/serving/predict"
    x = definition["inputs"]["x"]
    assert x["dtype"] == "DT_FLOAT"
    shape = {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}
    assert x["tensor_shape"] == shape


def test_numbers_that_json_has_not_go_in_and_out(call):
    body = b'{"instances": [1.0, NaN, Infinity, -Infinity]}'
    status, answer = call("POST", PREDICT, body)
    assert status == 200
    np.testing.assert_array_equal(answer["predictions"], [3.5, np.nan, np.inf, -np.inf])


def test_floats_are_written_shortest(call):
    status, answer = call("POST", PREDICT, {"instances": [0.2]})
    assert (status, answer) == (200, {"predictions": [3.1]})


def test_rest_makes_the_images_that_keras_makes(call, plain, latents):
    body = {"instances": latents.tolist()}
    status, answer = call("POST", "/v1/models/plain:predict", body)
    assert status == 200
    expected = plain(latents, training=False)
    np.testing.assert_allclose(answer["predictions"], expected, atol=1e-5)
