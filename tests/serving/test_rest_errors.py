"""What the REST API refuses, with the codes and words of TensorFlow Serving."""

import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

H = "/v1/models/half_plus_three"
ROWS = [
    {"tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]]},
    {"tag": "bar", "signal": [3, 4, 1, 2, 5], "sensor": [[4, 5], [6, 8]]},
]
PREDICT = f"{H}:predict"
# method, path, body, status, part of the error.
REFUSED = {
    "unknown model": (
        "POST",
        "/v1/models/half:predict",
        {"instances": [1.0, 5.0]},
        404,
        "Servable not found for request: Latest(half)",
    ),
    "unknown version": (
        "POST",
        f"{H}/versions/9:predict",
        {"instances": [1.0]},
        404,
        "Servable not found for request: Specific(half_plus_three, 9)",
    ),
    "unknown label": (
        "POST",
        f"{H}/labels/none:predict",
        {"instances": [1.0]},
        400,
        "Unrecognized servable version label: none",
    ),
    "status of none": (
        "GET",
        "/v1/models/half",
        None,
        404,
        "Could not find any versions of model half",
    ),
    "status of a missing version": (
        "GET",
        f"{H}/versions/9",
        None,
        404,
        "Could not find version 9 of model half_plus_three",
    ),
    "metadata of none": ("GET", "/v1/models/half/metadata", None, 404, "Latest(half)"),
    "no name": ("GET", "/v1/models", None, 400, "Missing model name in request."),
    "another path": ("GET", "/v1/foo", None, 400, "Malformed request: GET /v1/foo"),
    "predict by GET": ("GET", PREDICT, None, 400, f"Malformed request: GET {PREDICT}"),
    "status by POST": ("POST", H, {}, 400, f"Malformed request: POST {H}"),
    "a word for a version": (
        "POST",
        f"{H}/versions/HELLO:predict",
        {},
        400,
        "Malformed request",
    ),
    "a large version": (
        "POST",
        f"{H}/versions/{2**64 - 1}:predict",
        {},
        400,
        "Failed to convert version: 18446744073709551615 to numeric.",
    ),
    "no body": ("POST", PREDICT, b"", 400, "JSON Parse error: The document is empty"),
    "no JSON": (
        "POST",
        PREDICT,
        b"instances = [1, 2]",
        400,
        "JSON Parse error: Invalid value. at offset: 0",
    ),
    "a list": ("POST", PREDICT, [1], 400, "JSON Value: [1] Is not object"),
    "no inputs": ("POST", PREDICT, {}, 400, "Missing 'inputs' or 'instances' key"),
    "both forms": (
        "POST",
        PREDICT,
        {"instances": [1], "inputs": [1]},
        400,
        "expecting only one of 'inputs' or 'instances' keys to exist",
    ),
    "unknown signature": (
        "POST",
        PREDICT,
        {"signature_name": "foo", "instances": [1]},
        400,
        'Serving signature name: "foo" not found in signature def',
    ),
    "signature of a wrong type": (
        "POST",
        PREDICT,
        {"signature_name": 100},
        400,
        "'signature_name' key must be a string value.",
    ),
    "instances of a wrong type": (
        "POST",
        PREDICT,
        {"instances": 1},
        400,
        "Excepting 'instances' to be an list/array",
    ),
    "no instances": (
        "POST",
        PREDICT,
        {"instances": []},
        400,
        "No values in 'instances' array",
    ),
    "a word for a number": (
        "POST",
        PREDICT,
        {"instances": ["one"]},
        400,
        "Failed to process element: 0 of 'instances' list. Error: INVALID_ARGUMENT: "
        'JSON Value: "one" Type: String is not of expected type: float',
    ),
    "a bool for a number": (
        "POST",
        PREDICT,
        {"inputs": [True]},
        400,
        "JSON Value: true Type: Bool is not of expected type: float",
    ),
    "a number that float cannot hold": (
        "POST",
        PREDICT,
        {"inputs": [2**24 + 1]},
        400,
        "Cannot convert JSON value: 16777217 to float without loss of precision.",
    ),
    "ragged rows": (
        "POST",
        PREDICT,
        {"instances": [[1.0], [1.0, 2.0]]},
        400,
        "Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: "
        "Expecting shape [1] but got: [2]",
    ),
    "ragged columns": (
        "POST",
        PREDICT,
        {"inputs": [[1.0], [1.0, 2.0]]},
        400,
        "Encountered list at unexpected size: 2 at level: 1 expected size: 1",
    ),
    "a list that comes late": (
        "POST",
        PREDICT,
        {"inputs": [1.0, [2.0]]},
        400,
        "Encountered list at unexpected level: 1 expected < 1",
    ),
    "a wrong shape": (
        "POST",
        PREDICT,
        {"instances": [[1.0], [2.0]]},
        400,
        "has the shape [2,1], and the model takes [-1]",
    ),
    "a plain list for several inputs": (
        "POST",
        PREDICT,
        {"signature_name": "echo", "instances": [1]},
        400,
        "instances is a plain list, but expecting list of objects as multiple input "
        "tensors required as per tensorinfo_map",
    ),
    "a plain column for several inputs": (
        "POST",
        PREDICT,
        {"signature_name": "echo", "inputs": [1]},
        400,
        "inputs is a plain value/list, but expecting an object as multiple input "
        "tensors required as per tensorinfo_map",
    ),
    "a missing input in a row": (
        "POST",
        PREDICT,
        {"signature_name": "echo", "instances": [ROWS[0], {"tag": "bar"}]},
        400,
        "Failed to process element: 1 of 'instances' list. JSON object: "
        '{"tag": "bar"} keys must be equal to: sensor,signal,tag',
    ),
    "an unknown input in a row": (
        "POST",
        PREDICT,
        {"signature_name": "echo", "instances": [ROWS[0] | {"nose": 1}]},
        400,
        "Failed to process element: 0 key: nose of 'instances' list. Error: "
        "INVALID_ARGUMENT: JSON object: does not have named input: nose",
    ),
    "a missing column": (
        "POST",
        PREDICT,
        {"signature_name": "echo", "inputs": {"tag": ["x"]}},
        400,
        "Missing named input: sensor in 'inputs' object.",
    ),
    "objects and values": (
        "POST",
        PREDICT,
        {"instances": [{"x": 1.0}, 2.0]},
        400,
        "Expecting object but got list at item 1 of input list",
    ),
    "bad base64": (
        "POST",
        PREDICT,
        {"signature_name": "blob", "instances": [{"b64": "*"}]},
        400,
        "Unable to base64 decode",
    ),
    "no examples": (
        "POST",
        f"{H}:regress",
        {"signature_name": "tensorflow/serving/regress"},
        400,
        "key 'examples' is expected and was not found",
    ),
}


DEEP = b"[" * 65 + b"1" + b"]" * 65
REFUSED |= {
    f"nested deeply in {key}": (
        "POST",
        PREDICT,
        b'{"%s": %s}' % (key.encode(), DEEP),
        400,
        "Encountered list at unexpected level: 32 expected < 32",
    )
    for key in ("instances", "inputs")
}
REFUSED |= {
    "a surrogate for a signature": (
        "POST",
        PREDICT,
        b'{"signature_name": "\\ud800", "inputs": [1]}',
        400,
        "not found in signature def",
    ),
    "a surrogate for an input": (
        "POST",
        PREDICT,
        b'{"instances": [{"\\ud800": 1}]}',
        400,
        "does not have named input",
    ),
    "a surrogate in an example": (
        "POST",
        f"{H}:regress",
        b'{"signature_name": "tensorflow/serving/regress", '
        b'"examples": [{"\\ud800": 1.0}]}',
        400,
        "is not valid UTF-8",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_have_a_code_and_a_reason(call, case):
    method, path, body, status, reason = REFUSED[case]
    answer = call(method, path, body)
    assert answer[0] == status
    assert answer[1].keys() == {"error"}
    assert reason in answer[1]["error"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"seed": [0], "label": [4], "truncation": [0]}, "'label' must be -1 to 3"),
        ({"seed": [0], "label": [0], "truncation": [-1]}, "must be at least 0"),
        ({"seed": [0, 1], "label": [0], "truncation": [0]}, "equal 0th-dimension size"),
        ({"seed": [0.5], "label": [0], "truncation": [0]}, "expected type: int64"),
    ],
)
def test_values_out_of_range_are_refused(call, rows, reason):
    body = {"signature_name": "sample", "inputs": rows}
    status, answer = call("POST", "/v1/models/classes:predict", body)
    assert status == 400
    assert reason in answer["error"]


def test_a_wrong_latent_size_is_refused(call):
    body = {"instances": [[0.0] * 5]}
    status, answer = call("POST", "/v1/models/plain:predict", body)
    assert status == 400
    assert "has the shape [1,5], and the model takes [-1,6]" in answer["error"]


def test_a_body_that_is_too_large_is_refused(call):
    status, answer = call("POST", PREDICT, b" " * (2**20 + 1))
    assert status == 413
    assert "larger than 1048576 bytes" in answer["error"]
