"""The methods `:classify` and `:regress`, which take `tf.train.Example`s."""

from __future__ import annotations

import numpy as np

from .errors import ServingError
from .json_arrays import is_base64, is_text, shown, to_array
from .json_tensors import dump


def read_inputs(request: dict, signature) -> dict:
    """Serialize the examples of a request for a signature's one input.

    Raises:
        ServingError: if the request or the signature is of another kind.
    """
    if "examples" not in request:
        raise ServingError(
            f"JSON Value: {shown(request)} When method is classify, key 'examples' is "
            "expected and was not found"
        )
    examples, context = request["examples"], request.get("context", {})
    if not isinstance(examples, list):
        raise ServingError(
            f"JSON Value: {shown(request)} Expecting 'examples' value to be an "
            "list/array"
        )
    if not examples:
        raise ServingError(
            f"JSON Value: {shown(request)} 'examples' value is an empty array"
        )
    names = list(signature.inputs)
    if len(names) != 1 or signature.inputs[names[0]].dtype.name != "string":
        raise ServingError(
            "The signature does not take examples. Ask for it with `:predict`."
        )
    serialized = [_example(context, example) for example in examples]
    return {names[0]: np.array(serialized, object)}


def write_outputs(outputs: dict, verb: str) -> bytes:
    """Write the body of the answer.

    Raises:
        ServingError: if the signature's outputs are of another kind.
    """
    if verb == "regress":
        if "outputs" not in outputs:
            raise ServingError("The signature has no output 'outputs' to regress.")
        return dump({"results": outputs["outputs"].reshape(-1)})
    if not outputs.keys() & {"classes", "scores"}:
        raise ServingError("The signature has no output 'classes' or 'scores'.")
    classes, scores = outputs.get("classes"), outputs.get("scores")
    if classes is None:
        classes = np.full(scores.shape, b"", object)
    if scores is None:
        scores = np.zeros(classes.shape, "float32")
    results = [
        [
            [label.decode(errors="replace"), score]
            for label, score in zip(*row, strict=True)
        ]
        for row in zip(classes.tolist(), scores.tolist(), strict=True)
    ]
    return dump({"results": results})


def _example(context, example):
    from tensorflow import train

    if not isinstance(example, dict) or not isinstance(context, dict):
        raise ServingError(
            f"Example must be JSON object but got JSON {type(example).__name__}"
        )
    features = {**context, **example}
    message = train.Example()
    for name, value in features.items():
        if not is_text(name):
            raise ServingError(f"Feature: {shown(name)} is not valid UTF-8")
        values = value if isinstance(value, list) else [value]
        _fill(message.features.feature[name], name, values)
    return message.SerializeToString()


def _fill(feature, name, values):
    from tensorflow import dtypes

    kinds = set(map(type, values))
    if kinds <= {int, bool}:
        feature.int64_list.value.extend(to_array([*map(int, values)], dtypes.int64))
    elif kinds <= {float}:
        feature.float_list.value.extend(to_array(values, dtypes.float32))
    elif all(isinstance(value, str) or is_base64(value) for value in values):
        feature.bytes_list.value.extend(to_array(values, dtypes.string))
    else:
        raise ServingError(
            f"Feature: {name} has element with unexpected JSON type: {shown(values)}"
        )
