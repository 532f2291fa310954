"""Conversion of nested lists to arrays, with a check of every value."""

from __future__ import annotations

import base64
import binascii
import itertools
import json

import numpy as np

from .errors import ServingError

SHOWN = 200  # characters of a value in an error
MAX_RANK = 32  # of an array, in every version of NumPy

JSON_TYPES = {
    type(None): "Null",
    bool: "Bool",
    dict: "Object",
    list: "Array",
    str: "String",
    int: "Number",
    float: "Number",
}


def to_array(value, dtype) -> np.ndarray:
    """Convert a nested list to an array.

    Args:
        value: a JSON value.
        dtype: `tf.DType`.

    Raises:
        ServingError: if it is ragged, or holds a value of another type.
    """
    shape, level = [], [value]
    while level and type(level[0]) is list:
        if len(shape) == MAX_RANK:
            raise ServingError(
                f"Encountered list at unexpected level: {len(shape)} expected < "
                f"{MAX_RANK}"
            )
        shape.append(len(level[0]))
        for item in level:
            if type(item) is not list:
                raise ServingError(
                    f"JSON Value: {shown(item)} found at incorrect level: {len(shape)} "
                    f"in the JSON DOM. Expected at level: {len(shape) + 1}"
                )
            if len(item) != shape[-1]:
                raise ServingError(
                    f"Encountered list at unexpected size: {len(item)} at level: "
                    f"{len(shape) - 1} expected size: {shape[-1]}"
                )
        level = list(itertools.chain.from_iterable(level))
    if any(type(item) is list for item in level):
        raise ServingError(
            f"Encountered list at unexpected level: {len(shape)} expected < "
            f"{len(shape)}"
        )
    return _leaves(level, dtype).reshape(shape)


def _leaves(values, dtype):
    name, kinds = dtype.name, set(map(type, values))
    if name == "string":
        return np.array([_bytes(value) for value in values], object)
    expected = {"bool": {bool}}.get(name, {int} if dtype.is_integer else {int, float})
    if not kinds <= expected:
        wrong = next(value for value in values if type(value) not in expected)
        raise _type_error(wrong, dtype)
    if dtype.is_integer:
        limits = np.iinfo(dtype.as_numpy_dtype)
        for value in values:
            if not limits.min <= value <= limits.max:
                raise _type_error(value, dtype)
    elif name != "bool":
        _check_lossless(values, kinds, dtype)
    return np.array(values, dtype.as_numpy_dtype)


def _check_lossless(values, kinds, dtype):
    largest = float(np.finfo(dtype.as_numpy_dtype).max)
    whole = 2 ** (np.finfo(dtype.as_numpy_dtype).nmant + 1) - 1
    suspects = values if int in kinds or any(abs(v) > largest for v in values) else []
    for value in suspects:
        lost = abs(value) > (whole if type(value) is int else largest)
        if lost and abs(value) != float("inf"):
            raise ServingError(
                f"Cannot convert JSON value: {shown(value)} to {_type_name(dtype)} "
                "without loss of precision."
            )


def _bytes(value):
    if isinstance(value, str):
        return value.encode(errors="surrogatepass")
    if not isinstance(value, dict):
        raise ServingError(
            f"JSON Value: {shown(value)} Type: {JSON_TYPES[type(value)]} is not of "
            "expected type: string"
        )
    if not is_base64(value):
        raise ServingError(
            f"JSON Value: {shown(value)} not formatted correctly for base64 data"
        )
    try:
        return base64.b64decode(value["b64"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ServingError("Unable to base64 decode") from error


def _type_error(value, dtype):
    return ServingError(
        f"JSON Value: {shown(value)} Type: {JSON_TYPES[type(value)]} is not of "
        f"expected type: {_type_name(dtype)}"
    )


def _type_name(dtype):
    return {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)


def is_base64(value) -> bool:
    """Whether a JSON value is `{"b64": ...}`, which stands for bytes."""
    return (
        isinstance(value, dict)
        and value.keys() == {"b64"}
        and isinstance(value["b64"], str)
    )


def is_text(value: str) -> bool:
    """Whether a string can be encoded; JSON may hold half a pair of surrogates."""
    return value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value)


def shown(value) -> str:
    """Return a JSON value as text for an error, shortened."""
    text = ""
    try:
        for piece in json.JSONEncoder().iterencode(value):
            text += piece
            if len(text) > SHOWN:
                return text[:SHOWN] + " ..."
    except RecursionError:
        return "(nested too deeply)"
    return text
